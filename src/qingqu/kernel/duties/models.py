"""One table for every dated obligation, with its extensions, pauses and sent reminders."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

OPEN = Q(completed_at__isnull=True, cancelled_at__isnull=True)
"""The condition that a duty is open."""


class Duty(models.Model):
    """Something a post must have done by a day.

    The accountable seat is a post; the holder on a day is whoever is appointed to it. ``why`` is the list of steps
    from the start to the due date. ``completed_by`` is null while open and empty when an event completed it.
    """

    title = models.CharField(_("事项"), max_length=200)
    post = models.ForeignKey("org.Post", on_delete=models.PROTECT, related_name="duties", verbose_name=_("责任岗位"))
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="duties", verbose_name=_("单位"))
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    url = models.CharField(max_length=300, blank=True)
    rule_id = models.CharField(max_length=20, blank=True)
    start_on = models.DateField(_("起算日"))
    due_on = models.DateField(_("到期日"))
    why = models.JSONField(default=list)
    is_provisional = models.BooleanField(default=False)
    is_private = models.BooleanField(default=False)
    is_by_hand = models.BooleanField(default=False)
    paused_on = models.DateField(null=True, blank=True)
    pause_ground = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - null while the clock runs
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    completed_by = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 - null while open
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_ground = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - null unless cancelled

    class Meta:
        """Pairs stand together; one open duty a subject and post; lists by post, unit and date."""

        constraints = (
            models.UniqueConstraint(
                fields=("subject_kind", "subject_id", "post"), condition=OPEN, name="one_open_duty"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("start_on")), name="duty_due_after_start"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True, completed_on__isnull=True, completed_by__isnull=True)
                | Q(completed_at__isnull=False, completed_on__isnull=False, completed_by__isnull=False),
                name="duty_completed_pair",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancel_ground__isnull=True)
                | (Q(cancelled_at__isnull=False, cancel_ground__isnull=False) & ~Q(cancel_ground="")),
                name="duty_cancelled_pair",
            ),
            models.CheckConstraint(
                condition=Q(paused_on__isnull=True, pause_ground__isnull=True)
                | (Q(paused_on__isnull=False, pause_ground__isnull=False) & ~Q(pause_ground="")),
                name="duty_paused_pair",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(cancelled_at__isnull=True), name="duty_done_or_cancelled"
            ),
            models.CheckConstraint(condition=Q(paused_on__isnull=True) | OPEN, name="duty_paused_is_open"),
        )
        indexes = (
            models.Index(fields=("post", "due_on", "id"), condition=OPEN, name="duty_open_post"),
            models.Index(fields=("due_on", "id"), condition=OPEN, name="duty_open_due"),
            models.Index(fields=("unit", "due_on", "id"), name="duty_unit"),
            models.Index(fields=("subject_kind", "subject_id"), name="duty_subject"),
        )

    def __str__(self) -> str:
        """The duty's title."""
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether the duty is neither completed nor cancelled."""
        return self.completed_at is None and self.cancelled_at is None


class Extension(models.Model):
    """A later due date that somebody approved; the old date is kept."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="extensions")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    ground = models.CharField(_("延期理由"), max_length=200)
    approver = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """An extension moves the date later and has a ground."""

        constraints = (
            models.CheckConstraint(condition=Q(new_due_on__gt=F("old_due_on")), name="extension_is_later"),
            models.CheckConstraint(condition=~Q(ground=""), name="extension_has_ground"),
        )

    def __str__(self) -> str:
        """Both dates."""
        return f"{self.old_due_on} → {self.new_due_on}"


class Pause(models.Model):
    """A finished pause of a duty's clock."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="pauses")
    paused_on = models.DateField()
    resumed_on = models.DateField()
    ground = models.CharField(max_length=200)

    class Meta:
        """A pause ends after it began and has a ground."""

        constraints = (
            models.CheckConstraint(condition=Q(resumed_on__gte=F("paused_on")), name="pause_ends_after_start"),
            models.CheckConstraint(condition=~Q(ground=""), name="pause_has_ground"),
        )

    def __str__(self) -> str:
        """Both dates."""
        return f"{self.paused_on} → {self.resumed_on}"


class Reminder(models.Model):
    """A rung of the ladder that was sent for one due date of a duty."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="reminders")
    step = models.CharField(max_length=20)
    due_on = models.DateField()
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Each rung is sent once for a due date."""

        constraints = (models.UniqueConstraint(fields=("duty", "due_on", "step"), name="reminder_once"),)

    def __str__(self) -> str:
        """The rung and the date."""
        return f"{self.step} {self.due_on}"
