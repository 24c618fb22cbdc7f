"""Due dates: counting days, months and years from a rule, with every step kept."""

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from qingqu.engines.statutes.calendar import NATIONAL, Calendar
from qingqu.engines.statutes.errors import BadTerm, NoDuration, UnknownYear
from qingqu.engines.statutes.rulebook import rule
from qingqu.engines.statutes.types import Day, Due, Extension, Pause, Rule

UnknownYears = Literal["refuse", "weekends"]

_DAY = timedelta(days=1)
_MONTHS = {"月": 1, "年": 12}
_KINDS = {"workday": ("个工作日", "working days"), "natural": ("日", "days")}
_LENGTHS = {"月": ("个月", "months"), "年": ("年", "years")}


def due_on(
    rule_id: str,
    start: date,
    *,
    on: date | None = None,
    calendar: Calendar = NATIONAL,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    unknown_year: UnknownYears = "refuse",
) -> Due:
    """The last day a duty may be done without being late, and why.

    Day zero is ``start``; late begins the day after the result. Working days skip days off and count make-up
    workdays; months end on the corresponding day or the month's last; a longest term that ends on a day off moves to
    the next workday where its rule says so, a shortest one never moves. The rule applies as it stood on ``start``, the
    day of the act, or on ``on``; an extension's rule as it stood when it was approved. A calendar term whose last day
    lies in a year without a calendar is given unmoved, as provisional; working days that reach such a year raise
    UnknownYear, or with ``unknown_year="weekends"`` count Monday to Friday as provisional. Raises UnknownRule,
    NotInForce, NoDuration, UnknownYear, BadTerm.
    Law: the rule asked for.
    """
    term = rule(rule_id, on=on or start)
    count = _Count(start, calendar, tuple(pauses), unknown_year)
    count.check()
    count.steps.append(_rule_step(term))
    try:
        count.add(term)
        for extension in extensions:
            count.extend(extension, on=on or extension.approved_on)
    except OverflowError as error:
        raise BadTerm(
            "起算日过晚，推算不出到期日，请核对。", "the start is too late to count from; check it"
        ) from error
    return count.finish(term)


@dataclass
class _Count:
    """A count under way: where it stands, and what it passed."""

    start: date
    calendar: Calendar
    pauses: tuple[Pause, ...]
    unknown_year: UnknownYears
    counted: int = 0
    skipped: list[Day] = field(default_factory=list)
    made_up: list[Day] = field(default_factory=list)
    unknown: set[int] = field(default_factory=set)
    steps: list[dict[str, Any]] = field(default_factory=list)
    reached: date = date.min
    rolled_from: date | None = None

    def __post_init__(self) -> None:
        self.reached = self.start
        self.steps.append({"step": "START", "on": self.start.isoformat()})

    def check(self) -> None:
        for pause in self.pauses:
            if pause.until_on < pause.from_on or not pause.ground.strip():
                raise BadTerm(
                    "暂停须写明依据，且结束日不早于开始日。",
                    "a pause needs a ground and ends no earlier than it starts",
                )

    def add(self, term: Rule) -> None:
        """Move on by one rule's term, then past days off where the rule says so."""
        amount, unit, kind = _term(term)
        self.rolled_from = None
        if unit in _MONTHS:
            self._pass_paused(self.reached, add_months(self.reached, amount * _MONTHS[unit]))
        elif kind == "workday":
            self._count(amount, working=True)
        else:
            self._count(amount, working=False)
        if term.rollover == "next_workday":
            self._roll()

    def _count(self, amount: int, *, working: bool) -> None:
        left = amount
        while left:
            self.reached += _DAY
            if self._is_paused(self.reached):
                continue
            if working:
                day = self._day(self.reached)
                if not day.is_workday:
                    self.skipped.append(day)
                    continue
                if day.zh:
                    self.made_up.append(day)
            left -= 1
            self.counted += 1

    def _pass_paused(self, begin: date, end: date) -> None:
        """Move to ``end``, and by one more day for every paused day on the way."""
        day = begin
        while day < end:
            day += _DAY
            if self._is_paused(day):
                end += _DAY
            else:
                self.counted += 1
        self.reached = end

    def _is_paused(self, day: date) -> bool:
        return any(pause.from_on <= day <= pause.until_on for pause in self.pauses)

    def _roll(self) -> None:
        ended = self.reached
        try:
            while not self.calendar.day(self.reached).is_workday:
                self.skipped.append(self.calendar.day(self.reached))
                self.reached += _DAY
        except UnknownYear as unknown:
            self.unknown.add(unknown.year)
        if self.reached != ended:
            self.rolled_from = ended

    def _day(self, on: date) -> Day:
        try:
            return self.calendar.day(on)
        except UnknownYear as unknown:
            if self.unknown_year == "refuse":
                raise
            self.unknown.add(unknown.year)
            return Calendar(years=frozenset({on.year})).day(on)

    def extend(self, extension: Extension, *, on: date) -> None:
        """Move on by an approved extension, counted from the day that was due.

        Raises BadTerm without approver or ground, or when it was approved after the day it extends.
        """
        if not extension.approver.strip() or not extension.ground.strip():
            raise BadTerm("延期须有批准人和理由。", "an extension needs an approver and a ground")
        if extension.approved_on > self.reached:
            raise BadTerm("延期须在原到期日之前批准。", "an extension must be approved before the day it extends")
        old = self.reached
        term = rule(extension.rule_id, on=on)
        self.add(term)
        self.steps.append(
            {
                "step": "EXTENDED",
                "rule": extension.rule_id,
                "old": old.isoformat(),
                "on": self.reached.isoformat(),
                "approver": extension.approver,
                "approved_on": extension.approved_on.isoformat(),
                "ground": extension.ground,
            }
        )

    def finish(self, term: Rule) -> Due:
        """The due date with its steps."""
        steps = [*self.steps, *self._passed_steps(), {"step": "DUE", "on": self.reached.isoformat()}]
        return Due(
            rule_id=term.id,
            start=self.start,
            due_on=self.reached,
            counted=self.counted,
            skipped=tuple(self.skipped),
            rolled_from=self.rolled_from,
            citation=term.citation,
            is_provisional=bool(self.unknown),
            steps=tuple(steps),
        )

    def _passed_steps(self) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = [
            {
                "step": "PAUSED",
                "old": pause.from_on.isoformat(),
                "resumed": pause.until_on.isoformat(),
                "ground": pause.ground,
            }
            for pause in self.pauses
        ]
        if self.skipped:
            steps.append({"step": "SKIPPED", "days": [_day_step(day) for day in self.skipped]})
        if self.made_up:
            steps.append({"step": "MADE_UP", "days": [_day_step(day) for day in self.made_up]})
        if self.rolled_from:
            steps.append({"step": "ROLLED", "old": self.rolled_from.isoformat(), "on": self.reached.isoformat()})
        steps += [{"step": "UNKNOWN_YEAR", "year": year} for year in sorted(self.unknown)]
        return steps


def add_months(start: date, number: int) -> date:
    """The corresponding day ``number`` months later, or the last day of that month when there is none.

    Raises OverflowError outside the years 1 to 9999.
    Law: 民法典 article 202, the convention of every rule counted in months.
    """
    index = start.year * 12 + start.month - 1 + number
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(year)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _term(term: Rule) -> tuple[int, str, str]:
    """A rule's length, unit and way of counting; raises NoDuration when it sets no single one."""
    is_length = isinstance(term.value, int) and not isinstance(term.value, bool)
    if not is_length or not term.calendar or term.unit not in {"日", *_MONTHS}:
        raise NoDuration(
            f"规则“{term.id}”没有规定单一期限，不能推算到期日。", f"rule {term.id} sets no single term to count"
        )
    return int(term.value), term.unit, term.calendar  # type: ignore[arg-type]


def _rule_step(term: Rule) -> dict[str, Any]:
    amount, unit, kind = _term(term)
    zh, en = _LENGTHS[unit] if unit in _LENGTHS else _KINDS[kind]
    return {
        "step": "RULE",
        "rule": term.id,
        "term": f"{amount}{zh}",
        "term_en": f"{amount} {en}",
        "basis": term.citation.zh,
        "basis_en": term.citation.en,
    }


def _day_step(day: Day) -> dict[str, str]:
    return {"on": day.on.isoformat(), "name": day.zh, "name_en": day.en}
