"""No event claims to be older than a head that was published without it."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from qingqu.kernel.ledger.models import Checkpoint, Entry, Event
from qingqu.kernel.ledger.types import Finding, Trouble

LATEST = timedelta(days=1)
"""How long after its moment an event may come into the log; the worker takes seconds."""
BEHIND_ALL = 2**62


def events_are_in_time() -> Iterator[Finding]:
    """Events that came into the log, or wait to, more than a day after the moment they claim.

    The head published last before an event came in bounds its moment from below: what had happened by then would
    stand under that head. Before the first head nothing is known.
    """
    own = Entry.objects.filter(event_id=OuterRef("id")).values("index")
    before = Checkpoint.objects.filter(size__lte=OuterRef("place")).order_by("-size", "-id").values("published_at")
    rows = Event.objects.annotate(place=Coalesce(Subquery(own), Value(BEHIND_ALL)), published=Subquery(before[:1]))
    for event in rows.filter(at__lt=F("published") - LATEST).order_by("id").iterator():
        place = None if event.place == BEHIND_ALL else event.place
        yield Finding(Trouble.EVENT_BACKDATED, event.id, place, event.subject_kind, event.subject_id)
