"""What every write on duties shares: the date reckoned, the row locked, the event recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingqu.engines.statutes import Pause, StatuteError, due_on
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import rules
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.queries import working_calendar


class NotOpen(Refused):
    """The duty is completed or cancelled."""

    code = "DUTY_NOT_OPEN"


class NotCountable(Refused):
    """The rule gives no date: it has no term, or no version of it is known for the day of the act."""

    code = "DUTY_NOT_COUNTABLE"


@dataclass(frozen=True)
class Reckoned:
    """A due date with its steps; provisional when it reaches a year without a published calendar."""

    due_on: date
    why: list[dict[str, Any]]
    is_provisional: bool


def by_rule(rule_id: str, start_on: date, pauses: Sequence[Pause] = ()) -> Reckoned:
    """The due date a rule gives as it stood on ``start_on``, by the district's working calendar (one query).

    A year without a published calendar counts Monday to Friday and makes the date provisional: the steps say so, and
    the date is counted again when the calendar is there. Raises NotCountable.
    """
    try:
        found = due_on(rule_id, start_on, calendar=working_calendar(), pauses=pauses, unknown_year="weekends")
    except StatuteError as error:
        in_english = (get_language() or "").startswith("en")
        raise NotCountable(error.en if in_english else error.zh) from error
    return Reckoned(found.due_on, rules.why_by_rule(found), found.is_provisional)


def locked(duty: Duty, **asked: Exists) -> Duty:
    """The duty locked as it is in the database, with what is ``asked`` of it; raises NotOpen when it is closed."""
    fresh = Duty.objects.select_for_update(of=("self",)).annotate(**asked).get(pk=duty.pk)
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
    is_first = kind == "duty.assigned"
    ledger.record_many(kind, at=at, subject_kind="duty", facts=facts, actor_id=actor_id, are_new=is_first)
