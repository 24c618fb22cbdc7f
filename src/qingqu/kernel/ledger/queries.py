"""Reading events."""

from django.db.models import QuerySet

from qingqu.kernel.ledger.models import Event


def history(subject_kind: str, subject_id: object) -> QuerySet[Event]:
    """A subject's events, oldest first."""
    return Event.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("id")
