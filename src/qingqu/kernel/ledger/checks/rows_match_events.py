"""Every watched row is still what it was when its latest event was committed."""

from collections.abc import Iterator

from django.db.models import Exists, Max, OuterRef, QuerySet

from qingqu.kernel.ledger import registry, rules
from qingqu.kernel.ledger.models import Entry, Event, Outbox
from qingqu.kernel.ledger.types import Finding, Trouble

AT_ONCE = 500


def rows_match_events() -> Iterator[Finding]:
    """Rows that were changed or deleted without an event; a subject with an event still waiting is left for later."""
    for subject_kind in registry.watched():
        chosen: list[int] = []
        for event_id in _latest(subject_kind).iterator(chunk_size=AT_ONCE):
            chosen.append(event_id)
            if len(chosen) == AT_ONCE:
                yield from row_findings(subject_kind, chosen)
                chosen = []
        yield from row_findings(subject_kind, chosen)


def _latest(subject_kind: str) -> QuerySet[Event, int]:
    """The id of each subject's latest event."""
    rows = Event.objects.filter(subject_kind=subject_kind).values("subject_id").annotate(last=Max("id"))
    return rows.order_by("subject_id").values_list("last", flat=True)


def row_findings(subject_kind: str, event_ids: list[int]) -> Iterator[Finding]:
    """The rows among the subjects of some latest events that are not as they were committed."""
    entries = Entry.objects.filter(event_id__in=event_ids).exclude(row_digest="").order_by("index")
    is_waiting = Exists(Outbox.objects.filter(event_id=OuterRef("id")))
    events = Event.objects.filter(~is_waiting).in_bulk(event_ids)
    rows = registry.facts(subject_kind, [event.subject_id for event in events.values()])
    for entry in entries:
        event = events[entry.event_id]
        trouble = None
        if event.subject_id not in rows:
            trouble = Trouble.ROW_MISSING
        elif rules.digest(rows[event.subject_id]) != entry.row_digest:
            trouble = Trouble.ROW_CHANGED
        if trouble:
            yield Finding(trouble, event.id, entry.index, event.subject_kind, event.subject_id)
