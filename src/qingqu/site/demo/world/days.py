"""The district's days: working days with make-up days, school days, and dates moved along them, on whole arrays."""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import chinese_calendar
import numpy as np
from numpy.typing import NDArray

Dates = NDArray[Any]
Numbers = NDArray[np.int64]

_MARGIN = 120
"""Days known before the first record, for plans and intentions."""

_AHEAD = 60
"""Days known after the last record, within its year, so that what falls due later is seen to be later."""


@dataclass(frozen=True)
class Days:
    """Days from some months before ``start`` to some weeks after ``end``; what is later has not happened."""

    start: np.datetime64
    end: np.datetime64
    origin: np.datetime64
    is_work: NDArray[np.bool_]

    def workday(self, days: Dates) -> Dates:
        """Each day, or the next working day after it."""
        return self.after(days, 0)

    def after(self, days: Dates, count: Numbers | int) -> Dates:
        """The working day ``count`` working days after each day; 0 rolls a day off forward."""
        opened = np.flatnonzero(self.is_work)
        place = np.searchsorted(opened, self._index(days)) + count
        return np.asarray(self.origin + opened[np.minimum(place, len(opened) - 1)])

    def school_days(self) -> Dates:
        """Working days in term: mid-February to early July, September to mid-January."""
        days = np.arange(self.start, self.end + 1)
        month, day = month_of(days), day_of(days)
        spring = ((month == 2) & (day >= 17)) | ((month >= 3) & (month <= 6)) | ((month == 7) & (day <= 4))
        autumn = (month >= 9) | ((month == 1) & (day <= 17))
        return np.asarray(days[self.is_work[self._index(days)] & (spring | autumn)])

    def months(self) -> Dates:
        """The first day of every month of the records."""
        first = np.arange(self.start.astype("datetime64[M]"), self.end.astype("datetime64[M]") + 1)
        return first.astype("datetime64[D]")

    def years(self) -> range:
        """The calendar years of the records."""
        return range(int(str(self.start)[:4]), int(str(self.end)[:4]) + 1)

    def _index(self, days: Dates) -> Numbers:
        return np.clip((days - self.origin).astype(np.int64), 0, len(self.is_work) - 1)


def days_between(start: date, end: date) -> Days:
    """The days of the records; holidays and make-up days come from the working calendar.

    Raises NotImplementedError when the calendar does not know a year.
    """
    origin = start - timedelta(days=_MARGIN)
    last = min(end + timedelta(days=_AHEAD), date(max(end.year, start.year), 12, 31))
    count = (last - origin).days + 1
    is_work = np.array([chinese_calendar.is_workday(origin + timedelta(days=place)) for place in range(count)])
    return Days(np.datetime64(start), np.datetime64(end), np.datetime64(origin), is_work)


def month_of(days: Dates) -> Numbers:
    """The month of each day, 1 to 12."""
    return (days.astype("datetime64[M]").astype(np.int64) % 12 + 1).astype(np.int64)


def year_of(days: Dates) -> Numbers:
    """The calendar year of each day."""
    return (days.astype("datetime64[Y]").astype(np.int64) + 1970).astype(np.int64)


def day_of(days: Dates) -> Numbers:
    """The day of the month of each day."""
    return np.asarray((days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1)


def at_hour(days: Dates, hours: NDArray[np.float64] | float) -> Dates:
    """Moments (UTC) at a local hour of each day; the district's clock is eight hours ahead."""
    minutes = np.asarray((np.asarray(hours) - 8.0) * 60).astype(np.int64)
    return days.astype("datetime64[m]") + minutes


def month_end(days: Dates) -> Dates:
    """The last day of each day's month."""
    following = (days.astype("datetime64[M]") + 1).astype("datetime64[D]")
    return following - np.timedelta64(1, "D")
