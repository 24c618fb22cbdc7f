"""Pure decisions about dated obligations: status on a day, reminder ladder, words."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from qingqu.engines.statutes import Due, UnknownYear
from qingqu.kernel.duties.types import Horizon, Message, Standing, Status, Step

SOON_WORKING_DAYS = 3
"""How many working days ahead count as soon (the work list's own grouping, not law)."""

LADDER: tuple[Step, ...] = (
    Step("BEFORE_10", -10),
    Step("BEFORE_3", -3),
    Step("ON_DAY", 0),
    Step("AFTER_1", 1),
    Step("ESCALATE_3", 3, level=1),
    Step("ESCALATE_10", 10, level=2),
)
"""When the holder is reminded and when the heads above are told (a working habit, not law)."""

WORDS: dict[Status, Message] = {
    Status.OVERDUE: Message("已逾期", "Overdue"),
    Status.SOON: Message("临期", "Due soon"),
    Status.WEEK: Message("本周到期", "Due this week"),
    Status.WAITING: Message("未到期", "Not yet due"),
    Status.PAUSED: Message("暂停计时", "Clock paused"),
    Status.DONE_IN_TIME: Message("按期办结", "Done in time"),
    Status.DONE_LATE: Message("逾期办结", "Done late"),
    Status.CANCELLED: Message("已取消", "Cancelled"),
}

TONES: dict[Status, str] = {
    Status.OVERDUE: "overdue",
    Status.SOON: "soon",
    Status.WEEK: "info",
    Status.WAITING: "waiting",
    Status.PAUSED: "waiting",
    Status.DONE_IN_TIME: "done",
    Status.DONE_LATE: "warning",
    Status.CANCELLED: "neutral",
}

GROUPS: dict[Status, str] = {
    Status.OVERDUE: "overdue",
    Status.SOON: "soon",
    Status.WEEK: "week",
    Status.WAITING: "waiting",
    Status.PAUSED: "waiting",
}
"""The group of the work list each open status belongs to."""


def horizon(on: date, *, is_workday: Callable[[date], bool]) -> Horizon:
    """The limits of soon and of this week as seen on a day.

    Soon reaches to the third working day after ``on``. Where ``is_workday`` raises UnknownYear, it reaches to the
    third day after ``on`` that is no Saturday or Sunday, and the horizon says so.
    """
    week_until = on + timedelta(days=6 - on.weekday())
    try:
        return Horizon(on, _after_working_days(on, is_workday), week_until)
    except UnknownYear:
        return Horizon(on, _after_working_days(on, _is_weekday), week_until, is_certain=False)


def _after_working_days(on: date, is_workday: Callable[[date], bool]) -> date:
    """The day on which SOON_WORKING_DAYS working days after ``on`` have been counted."""
    day, counted = on, 0
    while counted < SOON_WORKING_DAYS:
        day += timedelta(days=1)
        counted += is_workday(day)
    return day


def _is_weekday(day: date) -> bool:
    """Whether the day is Monday to Friday."""
    return day.weekday() < 5  # noqa: PLR2004 - Saturday is 5


def standing(
    *,
    due_on: date,
    seen: Horizon,
    completed_on: date | None = None,
    is_paused: bool = False,
    is_cancelled: bool = False,
) -> Standing:
    """A duty's status and days left as seen from one day; late begins the day after the due date."""
    if is_cancelled:
        return Standing(Status.CANCELLED, None)
    if completed_on is not None:
        return Standing(Status.DONE_IN_TIME if completed_on <= due_on else Status.DONE_LATE, None)
    if is_paused:
        return Standing(Status.PAUSED, None)
    return Standing(_open_status(due_on, seen), (due_on - seen.on).days)


def _open_status(due_on: date, seen: Horizon) -> Status:
    """The status of an open duty whose clock runs."""
    if due_on < seen.on:
        return Status.OVERDUE
    if due_on <= seen.soon_until:
        return Status.SOON
    return Status.WEEK if due_on <= seen.week_until else Status.WAITING


def days_phrase(shown: Standing) -> Message:
    """How many days are left or past, in words; empty words for a duty without a running clock."""
    if shown.days_left is None:
        return Message("", "")
    if shown.days_left < 0:
        return Message(f"已超 {-shown.days_left} 天", f"{-shown.days_left} days late")
    if shown.days_left == 0:
        return Message("今天到期", "due today")
    return Message(f"还剩 {shown.days_left} 天", f"{shown.days_left} days left")


def reached(due_on: date, on: date) -> tuple[Step, ...]:
    """The rung now standing at each level: the last one whose day has come, the holder's first.

    A rung that was passed over (the daily job did not run) is not sent afterwards; the later one of the same level
    replaces it.
    """
    latest: dict[int, Step] = {}
    for step in LADDER:
        if due_on + timedelta(days=step.days) <= on:
            latest[step.level] = step
    return tuple(latest[level] for level in sorted(latest))


def to_send(due_on: date, on: date, sent: Collection[str]) -> tuple[Step, ...]:
    """The rungs reached and not yet sent for this due date."""
    return tuple(step for step in reached(due_on, on) if step.code not in sent)


def last_due_with_reminder(on: date) -> date:
    """The latest due date that has a rung on ``on`` or before: the daily job reads no further."""
    return on - timedelta(days=min(step.days for step in LADDER))


def above(chain: Sequence[int], level: int) -> int | None:
    """The post ``level`` seats up a chain of head posts; the highest when the chain is shorter; None when empty."""
    return chain[min(level, len(chain)) - 1] if chain and level > 0 else None


def moved(due_on: date, *, paused_on: date, resumed_on: date) -> date:
    """The due date after a pause: as many days later as the clock stood still.

    Law: XF-09 (time of a hearing does not count), DS-03.
    """
    return due_on + (resumed_on - paused_on)


def why_by_hand(start_on: date, due_on: date) -> list[dict[str, Any]]:
    """The steps to a date that a person set: [{"step": "START", "on": …}, {"step": "SET", "on": …}]."""
    return [{"step": "START", "on": start_on.isoformat()}, {"step": "SET", "on": due_on.isoformat()}]


def why_by_rule(due: Due) -> list[dict[str, Any]]:
    """The steps to a date that a rule gives, as the rulebook reasoned them."""
    return [dict(step) for step in due.steps]


def basis(why: Iterable[Mapping[str, Any]]) -> Message:
    """The legal basis that the steps to a date name, with its article only where that is verified; else empty words."""
    found = next((step for step in why if step.get("step") == "RULE"), {})
    return Message(str(found.get("basis", "")), str(found.get("basis_en", "")))


def why_extended(old_due_on: date, new_due_on: date, ground: str, approver: str) -> dict[str, Any]:
    """The step an approved extension adds."""
    return {
        "step": "EXTENDED",
        "old": old_due_on.isoformat(),
        "on": new_due_on.isoformat(),
        "ground": ground,
        "approver": approver,
    }


def why_paused(paused_on: date, resumed_on: date, ground: str, due_on: date) -> dict[str, Any]:
    """The step a finished pause adds."""
    return {
        "step": "PAUSED",
        "old": paused_on.isoformat(),
        "resumed": resumed_on.isoformat(),
        "ground": ground,
        "on": due_on.isoformat(),
    }


def why_recounted(old_due_on: date, due_on: date) -> dict[str, Any]:
    """The step a newly published calendar adds."""
    return {"step": "RECOUNTED", "old": old_due_on.isoformat(), "on": due_on.isoformat()}
