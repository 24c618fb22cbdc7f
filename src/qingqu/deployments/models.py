"""Directives, measures, assignments with exactly one accountable post, and evidence linked from events."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingqu.deployments.types import Pillar, Recurrence, State

IN_FORCE = ~Q(state=State.WITHDRAWN)
"""The condition that an assignment counts."""


UNDONE = IN_FORCE & ~Q(state=State.DONE)
"""The condition that somebody still has to do something."""

UNDATED = Q(starts_on__isnull=True) | Q(ends_on__isnull=True)
"""The condition that a measure does not say from when to when."""


class PillarChoice(models.TextChoices):
    """The five pillars as people read them."""

    LEARNING = Pillar.LEARNING.value, _("思想引领")
    SAFEGUARDS = Pillar.SAFEGUARDS.value, _("制度机制")
    ETHICS = Pillar.ETHICS.value, _("师德师风")
    SUPERVISION = Pillar.SUPERVISION.value, _("监督执纪")
    PARTY = Pillar.PARTY.value, _("党建融合")


class RecurrenceChoice(models.TextChoices):
    """How often, as people read it."""

    ONCE = Recurrence.ONCE.value, _("一次")
    MONTHLY = Recurrence.MONTHLY.value, _("每月")
    QUARTERLY = Recurrence.QUARTERLY.value, _("每季度")
    TERM = Recurrence.TERM.value, _("每学期")
    YEARLY = Recurrence.YEARLY.value, _("每年")
    STANDING = Recurrence.STANDING.value, _("常态化")


class StateChoice(models.TextChoices):
    """States of an assignment as people read them."""

    PENDING = State.PENDING.value, _("待承接")
    ACCEPTED = State.ACCEPTED.value, _("已承接")
    DECOMPOSED = State.DECOMPOSED.value, _("已分解")
    DONE = State.DONE.value, _("已完成")
    WITHDRAWN = State.WITHDRAWN.value, _("已撤回")


class Directive(models.Model):
    """A document that deploys work: of this district, or a sourced reference to one outside it."""

    code = models.CharField(_("编号"), max_length=40, unique=True)
    title = models.CharField(_("标题"), max_length=200)
    number = models.CharField(_("文号"), max_length=80, blank=True)
    issuer = models.CharField(_("发布机关"), max_length=120)
    issued_on = models.DateField(_("发布日期"))
    source_url = models.CharField(_("来源链接"), max_length=300, blank=True)
    summary = models.TextField(_("摘要"), blank=True)
    text = models.TextField(_("正文"), blank=True)
    unit = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, related_name="directives", verbose_name=_("录入单位")
    )
    is_public = models.BooleanField(_("对外公开"), default=False)
    is_external_reference = models.BooleanField(_("外部参考"), default=False)

    class Meta:
        """An external reference names its source; lists by date."""

        constraints = (
            models.CheckConstraint(
                condition=Q(is_external_reference=False) | ~Q(source_url=""), name="directive_reference_has_source"
            ),
        )
        indexes = (models.Index(fields=("-issued_on", "-id"), name="directive_newest"),)

    def __str__(self) -> str:
        """The title."""
        return self.title


class Measure(models.Model):
    """One thing a directive asks for; known everywhere by its key."""

    key = models.CharField(_("措施编号"), max_length=40, unique=True)
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="measures")
    pillar = models.CharField(_("方面"), max_length=20, choices=PillarChoice)
    keyword = models.CharField(_("关键词"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"))
    name = models.CharField(_("措施名称"), max_length=120)
    text = models.TextField(_("部署内容"), blank=True)
    table_label = models.CharField(_("表中措施"), max_length=60, blank=True)
    target_effect = models.CharField(_("目标效果"), max_length=200, blank=True)
    closing_label = models.CharField(_("小结标题"), max_length=60, blank=True)
    pillar_title = models.CharField(_("方面标题"), max_length=120, blank=True)
    owner = models.ForeignKey(
        "org.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("牵头岗位")
    )
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("完成日期"), null=True, blank=True)
    recurrence = models.CharField(_("频次"), max_length=20, choices=RecurrenceChoice, default=RecurrenceChoice.ONCE)
    indicator = models.CharField(_("衡量指标"), max_length=120, blank=True)

    class Meta:
        """Measures keep their order in a directive; an end is never before the start; an index a list of holes."""

        constraints = (
            models.UniqueConstraint(fields=("directive", "order"), name="measure_order_once"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="measure_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(pillar__in=[pillar.value for pillar in Pillar]), name="measure_pillar"),
        )
        indexes = (
            models.Index(fields=("directive", "order"), condition=Q(owner__isnull=True), name="measure_without_owner"),
            models.Index(fields=("directive", "order"), condition=UNDATED, name="measure_without_date"),
        )

    def __str__(self) -> str:
        """The name."""
        return self.name


class MeasureEvidenceKind(models.Model):
    """A kind of event that is evidence of a measure."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="kinds")
    kind = models.CharField(max_length=60)

    class Meta:
        """Once a measure; found by kind."""

        constraints = (models.UniqueConstraint(fields=("kind", "measure"), name="measure_kind_once"),)

    def __str__(self) -> str:
        """The kind."""
        return self.kind


class Assignment(models.Model):
    """A measure put on one unit with exactly one accountable post; or a share of it given to a post of that unit."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="assignments")
    post = models.ForeignKey("org.Post", on_delete=models.PROTECT, related_name="assignments")
    duty = models.OneToOneField("duties.Duty", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    is_share = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=StateChoice, default=StateChoice.PENDING)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decomposed_at = models.DateTimeField(null=True, blank=True)
    decomposed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """One accountable post a unit, one assignment a post; pairs and states stand together."""

        constraints = (
            models.UniqueConstraint(
                fields=("measure", "unit"), condition=Q(is_share=False) & IN_FORCE, name="one_accountable_a_unit"
            ),
            models.UniqueConstraint(fields=("measure", "post"), condition=IN_FORCE, name="one_assignment_a_post"),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="assignment_state"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="assignment_accepted_pair",
            ),
            models.CheckConstraint(
                condition=Q(decomposed_at__isnull=True, decomposed_by__isnull=True)
                | Q(decomposed_at__isnull=False, decomposed_by__isnull=False),
                name="assignment_decomposed_pair",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="assignment_done_pair",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=State.PENDING, accepted_at__isnull=True, decomposed_at__isnull=True, done_at__isnull=True)
                    | Q(
                        state=State.ACCEPTED,
                        accepted_at__isnull=False,
                        decomposed_at__isnull=True,
                        done_at__isnull=True,
                    )
                    | Q(state=State.DECOMPOSED, decomposed_at__isnull=False, done_at__isnull=True)
                    | Q(state=State.DONE, done_at__isnull=False)
                    | Q(state=State.WITHDRAWN, done_at__isnull=True)
                ),
                name="assignment_state_has_its_act",
            ),
            models.CheckConstraint(condition=Q(is_share=False) | Q(parent__isnull=False), name="share_has_a_parent"),
        )
        indexes = (
            models.Index(fields=("unit", "measure"), name="assignment_unit"),
            models.Index(fields=("measure", "state"), name="assignment_measure_state"),
            models.Index(fields=("state", "id"), name="assignment_state_id"),
            models.Index(fields=("id",), condition=UNDONE, name="assignment_undone"),
            models.Index(fields=("post", "state"), name="assignment_post_state"),
        )

    def __str__(self) -> str:
        """Measure and unit ids."""
        return f"{self.measure_id}:{self.unit_id}"


class Evidence(models.Model):
    """A record of work that proves a measure in a unit; linked from an event, never typed."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="evidence")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    event_id = models.BigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        """An event, and a subject without one, is linked to a measure once."""

        constraints = (
            models.UniqueConstraint(
                fields=("measure", "event_id"), condition=Q(event_id__isnull=False), name="evidence_event_once"
            ),
            models.UniqueConstraint(
                fields=("measure", "unit", "subject_kind", "subject_id"),
                condition=Q(event_id__isnull=True),
                name="evidence_subject_once",
            ),
        )
        indexes = (
            models.Index(fields=("measure", "-at", "-id"), name="evidence_measure"),
            models.Index(fields=("-at", "-id"), name="evidence_newest"),
            models.Index(fields=("unit", "-at", "-id"), name="evidence_unit"),
        )

    def __str__(self) -> str:
        """The title."""
        return self.title


class TriedWorkbook(models.Model):
    """A workbook between its trial and its import, known by its content; one an account, thrown away afterwards."""

    account = models.OneToOneField("org.Account", on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    tried_at = models.DateTimeField()

    def __str__(self) -> str:
        """The hash of the content."""
        return self.sha256
