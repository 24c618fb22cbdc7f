"""Events, their outbox, and the public log built from them.

Plain text ids, no foreign keys to other packages: the log never interferes with live rows.
"""

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """Something that happened, written once and never changed (database triggers refuse update and delete).

    ``seq`` counts the events of one subject. An event whose opener was destroyed keeps its place with an empty payload.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=40, blank=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    unit_id = models.CharField(max_length=40, blank=True)
    payload = models.JSONField(default=dict)
    seq = models.PositiveIntegerField(default=0)

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
    """An event that the sequencer has not yet committed to the public log.

    ``leaf`` and ``row_digest`` are fixed early only when somebody was promised that the event will be committed.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="outbox")
    leaf = models.BinaryField(null=True)
    row_digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        """The waiting event's id."""
        return str(self.pk)


class Promise(models.Model):
    """The log's signed word that an event which waits will be in it by ``due_at``; ``text`` is what its holder keeps.

    ``leaf_hash`` is the hex hash of the promised leaf.
    """

    event_id = models.BigIntegerField(primary_key=True)
    leaf_hash = models.CharField(max_length=64)
    text = models.TextField()
    promised_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        """Nothing is promised for the past; those that are due are found by their day."""

        indexes = (models.Index(fields=("due_at", "event_id"), name="promise_due"),)
        constraints = (
            models.CheckConstraint(condition=Q(due_at__gt=models.F("promised_at")), name="promise_is_for_later"),
        )

    def __str__(self) -> str:
        """The event's id."""
        return str(self.event_id)


class Entry(models.Model):
    """One leaf of the log: which event it commits to, and what of that event the public may open.

    ``row_digest`` is what the subject's row was when the event was committed, where its package lets the log watch it.
    ``opening`` has the shape of ``rules.opening``; null for what the public is not told, and after an erasure.
    An entry without an event says that an opener was destroyed.
    """

    index = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True, null=True)
    row_digest = models.CharField(max_length=64, blank=True)
    opening = models.JSONField(null=True)

    def __str__(self) -> str:
        """The leaf's number."""
        return str(self.index)


class Tile(models.Model):
    """One file of the log as the public reads it: a tile of hashes or a bundle of entries, by its path."""

    path = models.CharField(max_length=80, primary_key=True)
    data = models.BinaryField()
    is_published = models.BooleanField(default=False)

    class Meta:
        """What the publisher has to write next."""

        indexes = (models.Index(fields=("path",), condition=Q(is_published=False), name="tile_unpublished"),)

    def __str__(self) -> str:
        """The file's path."""
        return self.path


class Head(models.Model):
    """How far the log has come: one row. ``edge`` is the right edge of the tree, from which it grows.

    ``waiting_since`` is when the publisher first asked the witnesses in vain.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField()
    edge = models.BinaryField()
    waiting_since = models.DateTimeField(null=True)

    class Meta:
        """There is one head."""

        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_head"),)

    def __str__(self) -> str:
        """The size."""
        return str(self.size)


class Checkpoint(models.Model):
    """A head as it was signed and published: the text anybody may verify, with the signatures of its witnesses."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    text = models.TextField()
    witnesses = models.JSONField(default=list)
    is_witnessed = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    stamp = models.BinaryField(null=True)

    class Meta:
        """The latest of a size."""

        indexes = (models.Index(fields=("size", "id"), name="checkpoint_size"),)

    def __str__(self) -> str:
        """The size."""
        return str(self.size)


class Erasure(models.Model):
    """An opener that was destroyed: whose, why, by whom; the log says so at ``index``."""

    event_id = models.BigIntegerField(primary_key=True)
    index = models.BigIntegerField(null=True)
    reason = models.TextField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        """Never without a reason."""

        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="erasure_has_reason"),)

    def __str__(self) -> str:
        """The event's id."""
        return str(self.event_id)


class Check(models.Model):
    """One comparison of all records with the log: {trouble, event, index, subject} of each difference."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    size = models.BigIntegerField()
    findings = models.JSONField(default=list)

    class Meta:
        """The latest one."""

        indexes = (models.Index(fields=("at", "id"), name="check_at"),)

    def __str__(self) -> str:
        """Moment and number of findings."""
        return f"{self.at}: {len(self.findings)}"
