"""Leads, the parties in them, their dispositions, and what came of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingqu.pillars.leads import types


class TrackChoice(models.TextChoices):
    """Tracks with their labels."""

    DISCIPLINE = types.Track.DISCIPLINE, _("纪检监察")
    EDUCATION = types.Track.EDUCATION, _("教育行政")
    PROCUREMENT = types.Track.PROCUREMENT, _("采购质疑投诉")
    MINORS = types.Track.MINORS, _("未成年人侵害强制报告")


class StateChoice(models.TextChoices):
    """States with their labels."""

    RECEIVED = types.State.RECEIVED, _("待提处置意见")
    PROPOSED = types.State.PROPOSED, _("待审批")
    DISPOSED = types.State.DISPOSED, _("处置中")
    CLOSED = types.State.CLOSED, _("已了结")


class KindChoice(models.TextChoices):
    """The four dispositions with their labels."""

    TALK = types.Kind.TALK, _("谈话函询")
    VERIFY = types.Kind.VERIFY, _("初步核实")
    HOLD = types.Kind.HOLD, _("暂存待查")
    SETTLE = types.Kind.SETTLE, _("予以了结")


class DecisionChoice(models.TextChoices):
    """Decisions on a proposed disposition with their labels."""

    PENDING = types.Decision.PENDING, _("待审批")
    APPROVED = types.Decision.APPROVED, _("已批准")
    RETURNED = types.Decision.RETURNED, _("已退回")


class Lead(models.Model):
    """A matter to be looked into.

    ``evidence`` is frozen when the lead is opened and ``evidence_sha256`` is its hash. ``handler`` is the seat that
    must propose a disposition; empty when everybody in line is obstructed.
    """

    number = models.CharField(_("编号"), max_length=30, unique=True, null=True)  # noqa: DJ001 - null until the id is known
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("反映问题"), blank=True)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="leads", verbose_name=_("涉及单位"))
    track = models.CharField(_("轨道"), max_length=2, choices=TrackChoice)
    source_kind = models.CharField(max_length=40)
    source_id = models.CharField(max_length=60, blank=True)
    evidence = models.JSONField(default=dict)
    evidence_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(_("收到时间"))
    state = models.CharField(_("状态"), max_length=10, choices=StateChoice, default=StateChoice.RECEIVED)
    handler = models.ForeignKey("org.Post", on_delete=models.PROTECT, null=True, related_name="leads")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    close_reason = models.TextField(blank=True)

    class Meta:
        """One open lead a source; a closed lead has moment, approver and reason; lists by unit, state and seat."""

        constraints = (
            models.UniqueConstraint(
                fields=("source_kind", "source_id"),
                condition=~Q(state=types.State.CLOSED) & ~Q(source_id=""),
                name="one_open_lead_a_source",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=types.State.CLOSED, closed_at__isnull=False, closed_by__isnull=False) & ~Q(close_reason="")
                )
                | (~Q(state=types.State.CLOSED) & Q(closed_at__isnull=True, closed_by__isnull=True, close_reason="")),
                name="lead_closed_with_reason_and_approver",
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in types.State]), name="lead_state_known"),
            models.CheckConstraint(
                condition=Q(track__in=[t.value for t in types.Track if t is not types.Track.MINORS]),
                name="lead_track_known",
            ),
        )
        indexes = (
            models.Index(fields=("received_at", "id"), name="lead_received"),
            models.Index(fields=("state", "received_at", "id"), name="lead_state"),
            models.Index(fields=("unit", "received_at", "id"), name="lead_unit"),
            models.Index(fields=("handler", "state"), name="lead_handler"),
        )

    def __str__(self) -> str:
        """The lead's number."""
        return self.number or ""


class Party(models.Model):
    """Somebody in a lead: whom it is about, whose act it examines, or a supplier in it."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="parties")
    standing = models.CharField(max_length=10, choices=[(s.value, s.value) for s in types.Standing])
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    supplier_id = models.CharField(max_length=60, blank=True)

    class Meta:
        """A party is a person or a supplier, once in each standing."""

        constraints = (
            models.CheckConstraint(
                condition=(Q(standing=types.Standing.SUPPLIER, person__isnull=True) & ~Q(supplier_id=""))
                | (~Q(standing=types.Standing.SUPPLIER) & Q(person__isnull=False, supplier_id="")),
                name="party_person_or_supplier",
            ),
            models.UniqueConstraint(fields=("lead", "standing", "person"), name="party_person_once"),
            models.UniqueConstraint(
                fields=("lead", "supplier_id"), condition=~Q(supplier_id=""), name="party_supplier_once"
            ),
        )
        indexes = (
            models.Index(fields=("person", "lead"), name="party_person"),
            models.Index(fields=("supplier_id", "lead"), name="party_supplier"),
        )

    def __str__(self) -> str:
        """Standing and lead."""
        return f"{self.standing} in {self.lead_id}"


class Disposition(models.Model):
    """One proposed disposition with its reason, and the decision another person took on it."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="dispositions")
    kind = models.CharField(_("处置方式"), max_length=10, choices=KindChoice)
    reason = models.TextField(_("理由"))
    proposed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=DecisionChoice, default=DecisionChoice.PENDING)
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    opinion = models.TextField(_("审批意见"), blank=True)

    class Meta:
        """Four kinds only; a reason always; decided by another person; one pending a lead."""

        constraints = (
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in types.Kind]), name="disposition_four_kinds"),
            models.CheckConstraint(condition=~Q(reason=""), name="disposition_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="disposition_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decision=types.Decision.PENDING, decided_by__isnull=True, decided_at__isnull=True)
                | (Q(decision=types.Decision.APPROVED, decided_by__isnull=False, decided_at__isnull=False))
                | (
                    Q(decision=types.Decision.RETURNED, decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(opinion="")
                ),
                name="disposition_decided_pair",
            ),
            models.UniqueConstraint(
                fields=("lead",), condition=Q(decision=types.Decision.PENDING), name="one_pending_disposition"
            ),
        )
        indexes = (models.Index(fields=("lead", "id"), name="disposition_lead"),)

    def __str__(self) -> str:
        """Kind and lead."""
        return f"{self.kind} of {self.lead_id}"


class Outcome(models.Model):
    """Something that came of a lead elsewhere (a rectification, a publication), told by that package's events."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="outcomes")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=300, blank=True)
    last_event = models.CharField(max_length=60)
    last_at = models.DateTimeField()

    class Meta:
        """One row a matter."""

        constraints = (models.UniqueConstraint(fields=("subject_kind", "subject_id"), name="outcome_once"),)
        indexes = (models.Index(fields=("lead", "id"), name="outcome_lead"),)

    def __str__(self) -> str:
        """The matter's title."""
        return self.title
