"""Every watched row is still what its latest event left behind."""

from collections.abc import Iterator

from django.db.models import Max

from qingqu.kernel.ledger import registry, rules
from qingqu.kernel.ledger.models import Erasure, Event
from qingqu.kernel.ledger.types import Finding, Trouble

AT_ONCE = 500


def rows_match_events() -> Iterator[Finding]:
    """Rows that were changed or deleted without an event."""
    for subject_kind in registry.watched():
        latest = (
            Event.objects.filter(subject_kind=subject_kind)
            .exclude(id__in=Erasure.objects.values("event_id"))
            .values("subject_id")
            .annotate(last=Max("id"))
            .order_by("subject_id")
            .values_list("last", flat=True)
        )
        chosen: list[int] = []
        for event_id in latest.iterator(chunk_size=AT_ONCE):
            chosen.append(event_id)
            if len(chosen) == AT_ONCE:
                yield from row_findings(subject_kind, chosen)
                chosen = []
        yield from row_findings(subject_kind, chosen)


def row_findings(subject_kind: str, event_ids: list[int]) -> Iterator[Finding]:
    """The rows among the subjects of some latest events that are not as those left them."""
    events = [event for event in Event.objects.filter(id__in=event_ids).order_by("id") if event.row_digest]
    rows = registry.facts(subject_kind, [event.subject_id for event in events])
    for event in events:
        trouble = None
        if event.subject_id not in rows:
            trouble = Trouble.ROW_MISSING
        elif rules.digest(rows[event.subject_id]) != event.row_digest:
            trouble = Trouble.ROW_CHANGED
        if trouble:
            yield Finding(trouble, event.id, None, event.subject_kind, event.subject_id)
