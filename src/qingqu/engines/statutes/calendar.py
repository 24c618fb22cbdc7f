"""The working calendar: national holidays and make-up workdays, with a district's own days over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import chinese_calendar

from qingqu.engines.statutes.errors import UnknownYear
from qingqu.engines.statutes.types import Day

_NAMES = {each.value: each.chinese for each in chinese_calendar.Holiday}
_SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """The national calendar with ``overrides`` over it: {day: True for a workday, False for a day off}.

    ``years`` are years the overrides cover wholly, before the national calendar does: in them Monday to Friday are
    workdays unless overridden.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def day(self, on: date) -> Day:
        """What a day is.

        Raises UnknownYear when neither the national calendar nor the overrides cover it.
        """
        if on in self.overrides:
            works = self.overrides[on]
            return Day(
                on, works, "本地规定上班" if works else "本地规定放假", "local workday" if works else "local day off"
            )
        if on.year in self.years:
            return _weekly(on)
        return _national(on)


def _national(on: date) -> Day:
    try:
        is_off, english = chinese_calendar.get_holiday_detail(on)
    except NotImplementedError as error:
        raise UnknownYear(on.year) from error
    if is_off and english is None:
        return Day(on, is_workday=False, zh="周末", en="weekend")
    if is_off:
        return Day(on, is_workday=False, zh=_NAMES[english], en=english)
    if on.weekday() >= _SATURDAY:
        return Day(on, is_workday=True, zh="调休上班", en="make-up workday")
    return Day(on, is_workday=True)


def _weekly(on: date) -> Day:
    if on.weekday() >= _SATURDAY:
        return Day(on, is_workday=False, zh="周末", en="weekend")
    return Day(on, is_workday=True)


NATIONAL = Calendar()
"""The national calendar without local days."""


def is_workday(day: date, calendar: Calendar = NATIONAL) -> bool:
    """Whether people work on a day, make-up workdays included.

    Raises UnknownYear for a year whose calendar has not been published.
    """
    return calendar.day(day).is_workday
