"""What every write on duties shares: the row locked, the event recorded."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.ledger import operations as ledger


class NotOpen(Refused):
    """The duty is completed or cancelled."""

    code = "DUTY_NOT_OPEN"


def locked(duty: Duty) -> Duty:
    """The duty's row as it is in the database, locked; raises NotOpen when it is closed."""
    fresh = Duty.objects.select_for_update().get(pk=duty.pk)
    if not fresh.is_open:
        raise NotOpen(_("该事项已办结或已取消。"))
    return fresh


def record(kind: str, duties: Sequence[Duty], at: datetime, actor_id: object, **payload: str) -> None:
    """One event a duty, with its subject and date."""
    facts = [
        ledger.Fact(
            duty.pk,
            duty.unit_id,
            {
                "subject_kind": duty.subject_kind,
                "subject_id": duty.subject_id,
                "post_id": duty.post_id,
                "due_on": duty.due_on.isoformat(),
                **payload,
            },
        )
        for duty in duties
    ]
    ledger.record_many(kind, at=at, subject_kind="duty", facts=facts, actor_id=actor_id)
