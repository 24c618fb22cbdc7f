"""Notices, their dispatches through other channels, and each person's channels."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.notices import types


class Notice(models.Model):
    """Something told to a person; ``key`` names what it tells, so that it is told once."""

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="notices")
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True)
    url = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Told once; listed by person and moment."""

        constraints = (
            models.UniqueConstraint(fields=("person", "key"), condition=~Q(key=""), name="notice_told_once"),
        )
        indexes = (models.Index(fields=("person", "at", "id"), name="notice_person"),)

    def __str__(self) -> str:
        """The notice's title."""
        return self.title


class Dispatch(models.Model):
    """A notice on its way through one channel: sent once, whatever the workers do."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="dispatches")
    channel = models.CharField(max_length=10, choices=[(c.value, c.value) for c in types.Channel])
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in types.State], default=types.State.WAITING
    )
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """One a channel; sent has its moment, failed its error."""

        constraints = (
            models.UniqueConstraint(fields=("notice", "channel"), name="dispatch_once_a_channel"),
            models.CheckConstraint(
                condition=Q(state=types.State.SENT, sent_at__isnull=False)
                | (~Q(state=types.State.SENT) & Q(sent_at__isnull=True)),
                name="dispatch_sent_pair",
            ),
            models.CheckConstraint(condition=~Q(state=types.State.FAILED) | ~Q(error=""), name="dispatch_failed_why"),
        )
        indexes = (models.Index(fields=("state", "id"), name="dispatch_state"),)

    def __str__(self) -> str:
        """Notice and channel."""
        return f"{self.notice_id} {self.channel}"


class Feed(models.Model):
    """A person's own calendar address: only the hash of its secret part is kept, so that nobody can read it here."""

    person = models.OneToOneField("org.Person", on_delete=models.PROTECT, related_name="feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        """The person's id."""
        return str(self.person_id)


class Channels(models.Model):
    """Through which channels a person wants notices besides the application."""

    person = models.OneToOneField("org.Person", on_delete=models.PROTECT, related_name="channels")
    by_email = models.BooleanField(_("电子邮件"), default=True)
    robot = models.CharField(_("机器人地址"), max_length=300, blank=True)

    def __str__(self) -> str:
        """The person's id."""
        return str(self.person_id)
