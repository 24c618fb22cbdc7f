"""Events and their outbox. Plain text ids, no foreign keys: the log never interferes with live rows."""

from django.db import models


class Event(models.Model):
    """Something that happened, written once and never changed (database triggers refuse update and delete)."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=40, blank=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    unit_id = models.CharField(max_length=40, blank=True)
    payload = models.JSONField(default=dict)

    class Meta:
        """Indexes for a subject's history, a kind's stream and a unit's stream."""

        indexes = (
            models.Index(fields=("subject_kind", "subject_id", "id"), name="event_subject"),
            models.Index(fields=("kind", "id"), name="event_kind"),
            models.Index(fields=("unit_id", "id"), name="event_unit"),
        )

    def __str__(self) -> str:
        """The event in one line."""
        return f"{self.kind} {self.subject_kind}:{self.subject_id}"


class Outbox(models.Model):
    """An event that the sequencer has not yet committed to the public log."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="outbox")

    def __str__(self) -> str:
        """The waiting event's id."""
        return str(self.pk)
