"""The thin bridge to the statutes: numbers of rules and due dates of the days that occur in a mart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pyarrow as pa

CLOCK_SCHEMA = pa.schema([("rule", pa.string()), ("start_on", pa.date32()), ("due_on", pa.date32())])


def number(rule_id: str) -> float:
    """The number that a rule sets; raises ValueError when the rule sets none."""
    from qingqu.engines import statutes

    value = statutes.rule(rule_id).value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"rule {rule_id} sets no number: {value!r}")
    return value


def due_rows(rule_id: str, starts: Iterable[date]) -> tuple[pa.Table, int]:
    """The due date of every starting day, and for how many days the calendar is unknown.

    A day whose year the calendar does not cover gets no row: it is never guessed.
    """
    from qingqu.engines import statutes

    rows: list[dict[str, object]] = []
    unknown = 0
    for start in starts:
        try:
            due = statutes.due_on(rule_id, start).due_on
        except statutes.UnknownYear:
            unknown += 1
            continue
        rows.append({"rule": rule_id, "start_on": start, "due_on": due})
    return pa.Table.from_pylist(rows, schema=CLOCK_SCHEMA), unknown
