"""Words of a duty: its status on a day, its place in the reminder ladder, what a reminder carries."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """What a duty's date means on a day; derived, never stored."""

    OVERDUE = "OVERDUE"
    SOON = "SOON"
    WEEK = "WEEK"
    WAITING = "WAITING"
    PAUSED = "PAUSED"
    DONE_IN_TIME = "DONE_IN_TIME"
    DONE_LATE = "DONE_LATE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Horizon:
    """The days against which open duties are told apart on one day.

    ``soon_until`` is the last day that still counts as soon, ``week_until`` the Sunday of the week;
    ``is_certain`` is False when the working calendar does not cover the span and calendar days were taken.
    """

    on: date
    soon_until: date
    week_until: date
    is_certain: bool = True


@dataclass(frozen=True)
class Standing:
    """A duty's status on a day, with the calendar days left (negative when late; None when closed or paused)."""

    status: Status
    days_left: int | None


@dataclass(frozen=True)
class Step:
    """One rung of the reminder ladder.

    ``days`` counts calendar days from the due date (negative is before); ``level`` 0 reminds the holder,
    1 and more tell the head that many seats above.
    """

    code: str
    days: int
    level: int = 0


@dataclass(frozen=True)
class Message:
    """Words in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Notice:
    """What a reminder says, in the reader's language."""

    title: str
    body: str
    url: str
