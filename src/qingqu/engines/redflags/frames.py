"""What an indicator computes from: the mart's tables, shared settings, due dates, and derived tables built once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from qingqu.engines.redflags.parameters import Shared

CLOCK = "clock_due"
"""The table of due dates that a run makes: ``(rule, start_on, due_on)``; an unknown year has no due date."""

_CLOCK_SCHEMA = ibis.schema({"rule": "string", "start_on": "date", "due_on": "date"})


Keep = Callable[[str, ir.Table], ir.Table]
"""Stores an expression under a name and gives the stored table."""


def _inline(_name: str, expression: ir.Table) -> ir.Table:
    """The expression itself."""
    return expression


class Frames:
    """The tables of one run. ``derived`` builds a shared expression once, so that one query computes it once."""

    def __init__(self, tables: Mapping[str, ir.Table], shared: Shared, keep: Keep | None = None) -> None:
        """Frames over the given tables; nothing is computed yet.

        ``keep`` stores a shared expression under a name and gives the stored table; without it the expression itself
        is used wherever it is asked for.
        """
        self._tables = dict(tables)
        self._derived: dict[str, ir.Table] = {}
        self._keep = keep or _inline
        self.shared = shared

    def __getitem__(self, name: str) -> ir.Table:
        """The mart table of that name."""
        return self._tables[name]

    def derived(self, build: Callable[[Frames], ir.Table]) -> ir.Table:
        """The expression that ``build`` gives, built at the first call."""
        name = f"{build.__module__}.{build.__qualname__}"
        if name not in self._derived:
            self._derived[name] = self._keep(f"derived_{build.__name__}_{len(self._derived)}", build(self))
        return self._derived[name]

    def due(self, rule: str) -> ir.Table:
        """The due dates of a rule: ``(start_on, due_on)``, one row a starting day; days without one are absent."""
        table = ibis.table(_CLOCK_SCHEMA, name=CLOCK)
        return table.filter(table.rule == rule, table.due_on.notnull()).select("start_on", "due_on")
