"""Imports with their rejected rows, runs, flags and triage."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.org.models import Unit


class Mapping(models.Model):
    """A saved column mapping: which columns of a table mean what in the mart."""

    name = models.CharField(_("名称"), max_length=80, unique=True)
    text = models.TextField(_("映射（YAML）"))
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        """The mapping's name."""
        return self.name


class Job(models.Model):
    """What an import and a run share: a state, who asked, and when."""

    class State(models.TextChoices):
        """How far the job is."""

        QUEUED = "QUEUED", _("排队中")
        RUNNING = "RUNNING", _("进行中")
        DONE = "DONE", _("已完成")
        REFUSED = "REFUSED", _("未能完成")

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    message_zh = models.TextField(blank=True)
    message_en = models.TextField(blank=True)

    class Meta:
        """No table of its own."""

        abstract = True


class ImportJob(Job):
    """One file being loaded into the mart; read = accepted + rejected when it is done."""

    class Format(models.TextChoices):
        """What the file is."""

        TABLE = "table", _("表格（CSV、XLSX、Parquet）")
        OCDS = "ocds", _("OCDS 公开采购数据")

    name = models.CharField(max_length=200)
    path = models.CharField(max_length=400)
    format = models.CharField(max_length=10, choices=Format)
    mapping = models.ForeignKey(Mapping, on_delete=models.PROTECT, null=True, blank=True)
    unit_code = models.CharField(max_length=40, blank=True)
    batch = models.CharField(max_length=80, blank=True)
    progress = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        """The books balance; lists by age."""

        constraints = (
            models.CheckConstraint(
                condition=~Q(state="DONE") | Q(read=models.F("accepted") + models.F("rejected")), name="import_balances"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("DONE", "REFUSED"), finished_at__isnull=False)
                | Q(state__in=("QUEUED", "RUNNING"), finished_at__isnull=True),
                name="import_finished_once",
            ),
        )

    def __str__(self) -> str:
        """The file's name."""
        return self.name

    @property
    def waits_for_mapping(self) -> bool:
        """Whether the columns of the table still have to be named."""
        return self.format == self.Format.TABLE and self.mapping_id is None


class Reject(models.Model):
    """A row that was not loaded, with its reason; kept until it is corrected and loaded.

    ``columns`` are the names of its cells as the file orders them: PostgreSQL keeps no order inside ``row``.
    """

    job = models.ForeignKey(ImportJob, on_delete=models.PROTECT, related_name="rejects")
    file = models.CharField(max_length=200, blank=True)
    line = models.PositiveIntegerField()
    table = models.CharField(max_length=40)
    reason_code = models.CharField(max_length=40)
    reason_zh = models.TextField()
    reason_en = models.TextField()
    row = models.JSONField()
    columns = models.JSONField(default=list)
    corrected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Lists by job and line."""

        indexes = (models.Index(fields=("job", "line", "id"), name="reject_job"),)

    def __str__(self) -> str:
        """Job and line."""
        return f"{self.job_id}:{self.line}"


class Run(Job):
    """One run of the indicators over the mart, with the manifest that lets it be repeated."""

    manifest = models.JSONField(default=dict)
    parameters = models.JSONField(default=dict)
    raised = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)

    class Meta:
        """A run has ended exactly when it says so."""

        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("DONE", "REFUSED"), finished_at__isnull=False)
                | Q(state__in=("QUEUED", "RUNNING"), finished_at__isnull=True),
                name="run_finished_once",
            ),
        )

    def __str__(self) -> str:
        """The run's number."""
        return f"#{self.pk}"


class Flag(models.Model):
    """A hint to be checked: one row a hint, however many runs raise it."""

    class State(models.TextChoices):
        """What has become of the hint."""

        OPEN = "OPEN", _("待核查")
        EXPLAINED = "EXPLAINED", _("已说明")
        DISMISSED = "DISMISSED", _("已排除")
        LEAD = "LEAD", _("已转问题线索")

    fingerprint = models.CharField(max_length=64, unique=True)
    indicator = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="flags")
    unit_code = models.TextField(blank=True)
    period = models.TextField(blank=True)
    severity = models.PositiveSmallIntegerField()
    score = models.FloatField()
    evidence = models.JSONField(default=dict)
    explanation_zh = models.TextField()
    explanation_en = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    first_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="first_flags")
    last_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="last_flags")

    class Meta:
        """Known states and severities only; one index a way of listing."""

        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("OPEN", "EXPLAINED", "DISMISSED", "LEAD")), name="flag_state_known"
            ),
            models.CheckConstraint(condition=Q(severity__gte=1, severity__lte=3), name="flag_severity_known"),
        )
        indexes = (
            models.Index(fields=("-severity", "id"), name="flag_severity"),
            models.Index(fields=("state", "-severity", "id"), name="flag_state"),
            models.Index(fields=("state", "id"), name="flag_state_newest"),
            models.Index(fields=("indicator", "-severity", "id"), name="flag_indicator"),
            models.Index(fields=("indicator", "id"), name="flag_indicator_newest"),
            models.Index(fields=("indicator", "state"), name="flag_figures"),
            models.Index(fields=("unit_code", "-severity", "id"), name="flag_unit_code"),
            models.Index(fields=("last_run", "-severity", "id"), name="flag_last_run"),
            models.Index(fields=("first_run", "-severity", "id"), name="flag_first_run"),
        )

    def __str__(self) -> str:
        """Indicator and subject."""
        return f"{self.indicator} {self.subject_id}"


class Triage(models.Model):
    """One decision about a flag, with its reason; the last one is the flag's state."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="triages")
    outcome = models.CharField(max_length=10, choices=Flag.State)
    reason = models.TextField()
    person_id = models.CharField(max_length=40)
    at = models.DateTimeField()
    lead_id = models.CharField(max_length=40, blank=True)

    class Meta:
        """A lead is named exactly when the flag became one; no decision without a reason."""

        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="LEAD") & ~Q(lead_id="") | ~Q(outcome="LEAD") & Q(lead_id=""), name="triage_lead"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="triage_reason"),
        )
        indexes = (models.Index(fields=("flag", "id"), name="triage_flag"),)

    def __str__(self) -> str:
        """Flag and outcome."""
        return f"{self.flag_id}: {self.outcome}"


class Parameter(models.Model):
    """A district's own value for an indicator's parameters, from a day on."""

    indicator = models.CharField(max_length=40, unique=True)
    values = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        """The indicator."""
        return self.indicator
