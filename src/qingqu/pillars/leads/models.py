"""Leads, the parties and themes in them, their dispositions, interventions, and what came of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingqu.pillars.leads import rules, types
from qingqu.pillars.leads.labels import (
    ChannelChoice,
    DecisionChoice,
    ExitChoice,
    KindChoice,
    StateChoice,
    ThemeChoice,
    TrackChoice,
)


class Lead(models.Model):
    """A matter to be looked into.

    ``evidence`` is frozen when the lead is opened and ``evidence_sha256`` is its hash. ``handler`` is the seat that
    must propose a disposition; empty when everybody in line is obstructed. A duplicate has its ``master``, where the
    matter goes on. Who the named reporter is stands nowhere here, only that there is one to be told of the result.
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
    channel = models.CharField(_("渠道"), max_length=10, choices=ChannelChoice, default=ChannelChoice.INTERNAL)
    amount_fen = models.BigIntegerField(_("涉及金额"), null=True)
    has_named_reporter = models.BooleanField(_("实名"), default=False)
    master = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    fed_back_at = models.DateTimeField(null=True)
    fed_back_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    feedback = models.TextField(_("反馈情况"), blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    close_reason = models.TextField(blank=True)

    class Meta:
        """One open lead a source; closed, merged and fed back only whole; lists by unit, state, seat, track, source."""

        constraints = (
            models.UniqueConstraint(
                fields=("source_kind", "source_id"),
                condition=~Q(state__in=[s.value for s in rules.FINISHED]) & ~Q(source_id=""),
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
            models.CheckConstraint(
                condition=Q(channel__in=[c.value for c in types.Channel]), name="lead_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(state=types.State.MERGED, master__isnull=False)
                | (~Q(state=types.State.MERGED) & Q(master__isnull=True)),
                name="lead_merged_with_master",
            ),
            models.CheckConstraint(
                condition=Q(master__isnull=True) | ~Q(master=F("id")), name="lead_is_not_its_own_master"
            ),
            models.CheckConstraint(
                condition=Q(fed_back_at__isnull=True, fed_back_by__isnull=True, feedback="")
                | (Q(fed_back_at__isnull=False, fed_back_by__isnull=False, has_named_reporter=True) & ~Q(feedback="")),
                name="lead_feedback_pair",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gt=0), name="lead_amount_is_positive"
            ),
        )
        indexes = (
            models.Index(fields=("received_at", "id"), name="lead_received"),
            models.Index(fields=("state", "received_at", "id"), name="lead_state"),
            models.Index(fields=("unit", "received_at", "id"), name="lead_unit"),
            models.Index(fields=("handler", "state"), name="lead_handler"),
            models.Index(fields=("track", "received_at", "id"), name="lead_track"),
            models.Index(fields=("channel", "received_at", "id"), name="lead_channel"),
            models.Index(fields=("source_kind", "received_at", "id"), name="lead_source"),
            models.Index(fields=("amount_fen",), condition=Q(amount_fen__isnull=False), name="lead_amount"),
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
    """One proposed disposition with its reason, the collective study of it, and the decision another person took.

    ``attendees`` are the person ids of those who studied it and ``attended_by`` their names on that day, as in minutes.
    """

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="dispositions")
    kind = models.CharField(_("处置方式"), max_length=10, choices=KindChoice)
    reason = models.TextField(_("理由"))
    proposed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=DecisionChoice, default=DecisionChoice.PENDING)
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    opinion = models.TextField(_("审批意见"), blank=True)
    way_out = models.CharField(_("上一处置的结果"), max_length=10, choices=ExitChoice, blank=True)
    review_on = models.DateField(_("清理日期"), null=True)
    studied_on = models.DateField(_("研究日期"), null=True)
    attendees = models.JSONField(default=list)
    attended_by = models.TextField(_("参加人员"), blank=True)
    study_note = models.TextField(_("研究意见"), blank=True)
    talked_on = models.DateField(_("谈话或者收到复函日期"), null=True)

    class Meta:
        """Four kinds only; a reason always; decided by another person; one pending a lead; what each kind asks for."""

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
            models.CheckConstraint(
                condition=Q(kind=types.Kind.HOLD, review_on__isnull=False)
                | (~Q(kind=types.Kind.HOLD) & Q(review_on__isnull=True)),
                name="disposition_held_until_review",
            ),
            models.CheckConstraint(
                condition=Q(studied_on__isnull=True, attended_by="", study_note="")
                | (Q(studied_on__isnull=False) & ~Q(attended_by="") & ~Q(study_note="")),
                name="disposition_study_whole",
            ),
            models.CheckConstraint(
                condition=Q(talked_on__isnull=True) | Q(kind=types.Kind.TALK, decision=types.Decision.APPROVED),
                name="disposition_talked_after_approval",
            ),
        )
        indexes = (models.Index(fields=("lead", "id"), name="disposition_lead"),)

    def __str__(self) -> str:
        """Kind and lead."""
        return f"{self.kind} of {self.lead_id}"


class LeadTheme(models.Model):
    """One of the things a lead is about."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="themes")
    code = models.CharField(max_length=12, choices=ThemeChoice)

    class Meta:
        """Each theme once a lead, and a known one; leads by theme."""

        constraints = (
            models.UniqueConstraint(fields=("lead", "code"), name="lead_theme_once"),
            models.CheckConstraint(condition=Q(code__in=[t.value for t in types.Theme]), name="lead_theme_known"),
        )
        indexes = (models.Index(fields=("code", "lead"), name="lead_theme_code"),)

    def __str__(self) -> str:
        """The theme's label."""
        return self.get_code_display()


class Intervention(models.Model):
    """Somebody asked after a lead or put in a word for somebody; the database refuses to change or delete the entry."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="interventions")
    who = models.CharField(_("过问人"), max_length=100)
    asked_on = models.DateField(_("过问日期"))
    how = models.CharField(_("过问方式"), max_length=100)
    about = models.TextField(_("过问内容"))
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        """Nothing is left out."""

        constraints = (
            models.CheckConstraint(condition=~Q(who="") & ~Q(how="") & ~Q(about=""), name="intervention_is_whole"),
        )
        indexes = (models.Index(fields=("lead", "id"), name="intervention_lead"),)

    def __str__(self) -> str:
        """Who asked, and when."""
        return f"{self.who} {self.asked_on}"


class Passage(models.Model):
    """A matter about somebody a higher level manages went up: number, time and handler, and nothing else, ever."""

    number = models.CharField(_("编号"), max_length=30, unique=True, null=True)  # noqa: DJ001 - null until the id is known
    at = models.DateTimeField(_("时间"))
    handler = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("经手人"))

    class Meta:
        """One's own, the latest first."""

        indexes = (models.Index(fields=("handler", "at", "id"), name="passage_handler"),)

    def __str__(self) -> str:
        """The number."""
        return self.number or ""


class Alarm(models.Model):
    """The receipt of somebody who reported harm to a minor to the police: number, time and person; no matter."""

    number = models.CharField(_("编号"), max_length=30, unique=True, null=True)  # noqa: DJ001 - null until the id is known
    at = models.DateTimeField(_("时间"))
    reporter = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("报告人"))

    class Meta:
        """One's own, the latest first."""

        indexes = (models.Index(fields=("reporter", "at", "id"), name="alarm_reporter"),)

    def __str__(self) -> str:
        """The number."""
        return self.number or ""


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
