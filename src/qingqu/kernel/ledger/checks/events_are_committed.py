"""Every event is in the log or waits to be."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from qingqu.kernel.ledger.models import Entry, Event, Outbox
from qingqu.kernel.ledger.types import Finding, Trouble


def events_are_committed() -> Iterator[Finding]:
    """Events that were written past the application: neither committed nor waiting."""
    known = Exists(Entry.objects.filter(event_id=OuterRef("id"))) | Exists(
        Outbox.objects.filter(event_id=OuterRef("id"))
    )
    for event in Event.objects.exclude(known).order_by("id").iterator():
        yield Finding(Trouble.EVENT_UNCOMMITTED, event.id, None, event.subject_kind, event.subject_id)
