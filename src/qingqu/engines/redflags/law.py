"""The thin bridge to the statutes: numbers of rules and due dates of the days that occur in a mart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qingqu.engines import statutes


def number(rule_id: str) -> float:
    """The number that a rule sets; raises ValueError when the rule sets none."""
    value = statutes.rule(rule_id).value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise ValueError(f"rule {rule_id} sets no number: {value!r}")


def due_days(rule_id: str, starts: Iterable[date]) -> tuple[dict[date, date], int]:
    """``{start: due date}`` of a rule, and for how many starting days the calendar or the rule is unknown.

    A day whose span the calendar does not cover, or on which no version of the rule stood, is left out: its due date
    is never guessed.
    """
    found: dict[date, date] = {}
    unknown = 0
    for start in starts:
        try:
            found[start] = statutes.due_on(rule_id, start).due_on
        except (statutes.UnknownYear, statutes.NotInForce):
            unknown += 1
    return found, unknown
