"""Reading events."""

from django.db.models import QuerySet, Subquery

from qingqu.kernel.ledger.models import Event


def history(subject_kind: str, subject_id: object) -> QuerySet[Event]:
    """A subject's events, oldest first."""
    return Event.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("id")


def last_seq(subject_kind: str, subject_id: str) -> Subquery:
    """The number of a subject's latest event, counted in the database; null when there is none."""
    rows = Event.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("-id")
    return Subquery(rows.values("seq")[:1])
