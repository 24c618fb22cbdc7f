"""Rectifications and the reports in which the owner says what was done."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingqu.pillars.rectification import rules, types


class StateChoice(models.TextChoices):
    """States with their labels."""

    ORDERED = types.State.ORDERED, _("待报整改方案")
    PLANNED = types.State.PLANNED, _("整改中")
    DONE = types.State.DONE, _("待复核")
    VERIFIED = types.State.VERIFIED, _("已销号")
    REOPENED = types.State.REOPENED, _("重新整改")


class VerdictChoice(models.TextChoices):
    """Re-check outcomes with their labels."""

    PENDING = types.Verdict.PENDING, _("待复核")
    PASSED = types.Verdict.PASSED, _("复核通过")
    FAILED = types.Verdict.FAILED, _("复核未通过")


class Rectification(models.Model):
    """One thing that must be put right by the owner's seat until ``due_on``."""

    number = models.CharField(_("编号"), max_length=30, unique=True, null=True)  # noqa: DJ001 - null until the id is known
    title = models.CharField(_("整改事项"), max_length=200)
    cause = models.TextField(_("存在的问题"))
    plan = models.TextField(_("整改方案"), blank=True)
    unit = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, related_name="rectifications", verbose_name=_("单位")
    )
    owner = models.ForeignKey(
        "org.Post", on_delete=models.PROTECT, related_name="rectifications", verbose_name=_("责任岗位")
    )
    source_kind = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    ordered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    due_on = models.DateField(_("整改期限"))
    planned_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField(null=True)
    state = models.CharField(_("状态"), max_length=10, choices=StateChoice, default=StateChoice.ORDERED)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Closed means verified, by a named person at a moment; a plan has its author; lists by unit, state, date."""

        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in types.State]), name="rectification_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=types.State.VERIFIED, verified_at__isnull=False, verified_by__isnull=False)
                | (~Q(state=types.State.VERIFIED) & Q(verified_at__isnull=True, verified_by__isnull=True)),
                name="rectification_verified_pair",
            ),
            models.CheckConstraint(
                condition=(Q(plan="", planned_by__isnull=True, planned_at__isnull=True))
                | (~Q(plan="") & Q(planned_by__isnull=False, planned_at__isnull=False)),
                name="rectification_plan_pair",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("planned_by")),
                name="rectification_verified_by_another",
            ),
        )
        indexes = (
            models.Index(fields=("due_on", "id"), name="rectification_due"),
            models.Index(
                fields=("due_on", "id"),
                condition=Q(state__in=[s.value for s in rules.UNDONE]),
                name="rectification_undone",
            ),
            models.Index(fields=("unit", "due_on", "id"), name="rectification_unit"),
            models.Index(fields=("state", "due_on", "id"), name="rectification_state"),
            models.Index(fields=("source_kind", "source_id"), name="rectification_source"),
        )

    def __str__(self) -> str:
        """The rectification's number."""
        return self.number or ""


class Report(models.Model):
    """What the owner says was done, and what the re-check by another person found."""

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="reports")
    text = models.TextField(_("整改情况"))
    reported_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=VerdictChoice, default=VerdictChoice.PENDING)
    finding = models.TextField(_("复核意见"), blank=True)
    checked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        """The checker is not the doer; a verdict has person, moment and words; one pending report each."""

        constraints = (
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("reported_by")), name="report_checked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(verdict=types.Verdict.PENDING, checked_by__isnull=True, checked_at__isnull=True)
                | (
                    Q(
                        verdict__in=[types.Verdict.PASSED, types.Verdict.FAILED],
                        checked_by__isnull=False,
                        checked_at__isnull=False,
                    )
                    & ~Q(finding="")
                ),
                name="report_verdict_pair",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="report_has_text"),
            models.UniqueConstraint(
                fields=("rectification",), condition=Q(verdict=types.Verdict.PENDING), name="one_pending_report"
            ),
        )
        indexes = (models.Index(fields=("rectification", "id"), name="report_rectification"),)

    def __str__(self) -> str:
        """The rectification and the verdict."""
        return f"{self.rectification_id}: {self.verdict}"
