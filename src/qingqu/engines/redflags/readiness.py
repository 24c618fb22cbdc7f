"""Which indicators can run on a mart, and what the others lack. One that cannot run says so; it never reports zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qingqu.engines.redflags.mart import Mart
from qingqu.engines.redflags.registry import REGISTER, Indicator, Words
from qingqu.engines.redflags.settings import Settings


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether one indicator can run: missing tables, columns without any value, settings not given.

    ``empty_shares`` is ``{"table.column": share of rows without a value}`` over what it needs.
    """

    indicator: str
    can_run: bool
    missing_tables: tuple[str, ...]
    missing_columns: tuple[str, ...]
    missing_settings: tuple[str, ...]
    empty_shares: dict[str, float]

    @property
    def reason(self) -> Words:
        """Why it cannot run, in both languages; empty when it can."""
        zh: list[str] = []
        en: list[str] = []
        for names, left, right in (
            (self.missing_tables, "缺少数据表", "missing tables"),
            (self.missing_columns, "缺少数据列（或全部为空）", "missing or empty columns"),
            (self.missing_settings, "缺少设置", "missing settings"),
        ):
            if names:
                zh.append(f"{left}：{'、'.join(names)}")
                en.append(f"{right}: {', '.join(names)}")
        return Words("；".join(zh), "; ".join(en))


def readiness(mart: Mart, *, settings: Settings | None = None, indicators: Iterable[str] | None = None) -> list[Ready]:
    """For every indicator (or the named ones): can it run on this mart with these settings, and what is missing."""
    chosen = [REGISTER[name] for name in indicators] if indicators is not None else list(REGISTER.values())
    filled = _filled(mart, chosen)
    return [_judge(each, filled, settings or Settings()) for each in chosen]


def _judge(indicator: Indicator, filled: dict[str, tuple[int, int]], settings: Settings) -> Ready:
    tables = tuple(table for table in indicator.needs if filled[f"{table}."][0] == 0)
    names = [f"{table}.{name}" for table, columns in indicator.needs.items() if table not in tables for name in columns]
    columns = tuple(name for name in names if filled[name][1] == 0)
    lacking = tuple(name for name in indicator.settings if getattr(settings.shared, name) is None)
    shares = {name: 1 - filled[name][1] / filled[name][0] for name in names}
    return Ready(indicator.id, not (tables or columns or lacking), tables, columns, lacking, shares)


def _filled(mart: Mart, chosen: Iterable[Indicator]) -> dict[str, tuple[int, int]]:
    """``{"table.column": (rows, rows with a value)}``, and ``"table."`` for the rows of a table."""
    asked: dict[str, set[str]] = {}
    for indicator in chosen:
        for table, columns in indicator.needs.items():
            asked.setdefault(table, set()).update(columns)
    found: dict[str, tuple[int, int]] = {}
    for table, names in asked.items():
        ordered = sorted(names)
        counts = ", ".join(["count(*)", *(f'count("{name}")' for name in ordered)])
        row = mart.fetch(f'SELECT {counts} FROM "{table}"')[0]  # noqa: S608 - names come from the register
        found[f"{table}."] = (row[0], row[0])
        found.update({f"{table}.{name}": (row[0], row[place + 1]) for place, name in enumerate(ordered)})
    return found
