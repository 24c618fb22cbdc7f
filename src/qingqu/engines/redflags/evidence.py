"""The rows behind a hint, read by reference when somebody opens it."""

from __future__ import annotations

import re
from typing import Any

from qingqu.engines.redflags.expressions import ROW_SEPARATOR, UNIT_SEPARATOR
from qingqu.engines.redflags.mart import TABLES, Mart, MartError
from qingqu.engines.redflags.types import FlagRow

PART = re.compile(r"(?P<name>[a-z_]+)(?P<sign>>=|<=|=)(?P<value>.*)", re.DOTALL)
SIGNS = {"": "=", ">=": ">=", "<=": "<="}
EVIDENCE_ROWS = 500
"""The most rows of a table that are read at once; a page shows no more."""


def parse(text: str) -> dict[str, list[dict[str, str]]]:
    """References as a run writes them: ``{table: [{column: value}]}``, a bound having its sign after the column.

    ``payment?supplier_id=S1␟paid_on>=2025-01-01`` becomes ``{"payment": [{"supplier_id": "S1", "paid_on>=": …}]}``.
    The same reference appears once. Raises MartError for text that is no reference.
    """
    found: dict[str, list[dict[str, str]]] = {}
    for line in dict.fromkeys(text.split(ROW_SEPARATOR)) if text else ():
        table, _, rest = line.partition("?")
        if table not in TABLES:
            raise MartError(f"依据引用无效：{line} / not a reference: {line}")
        found.setdefault(table, []).append(dict(_part(each) for each in rest.split(UNIT_SEPARATOR)))
    return found


def _part(text: str) -> tuple[str, str]:
    match = PART.fullmatch(text)
    if match is None:
        raise MartError(f"依据引用无效：{text} / not a reference: {text}")
    sign = match["sign"]
    return match["name"] + (sign if sign != "=" else ""), match["value"]


def evidence(mart: Mart, flag: FlagRow, *, limit: int = EVIDENCE_ROWS) -> dict[str, list[dict[str, Any]]]:
    """The rows a hint was computed from, ``{table: rows}``, at most ``limit`` a table, in key order.

    Raises MartError when a reference names a table or column that the mart does not have.
    """
    return {table: _rows(mart, table, references, limit) for table, references in flag.evidence.items()}


def evidence_counts(mart: Mart, flag: FlagRow) -> dict[str, int]:
    """How many rows a hint was computed from, ``{table: rows}``, all of them. Raises MartError as ``evidence`` does."""
    found = {}
    for table, references in flag.evidence.items():
        where, values = _condition(table, references)
        found[table] = mart.select(f'SELECT count(*) AS n FROM "{table}" WHERE {where}', values)[0]["n"]  # noqa: S608 - names are checked against TABLES
    return found


def _rows(mart: Mart, table: str, references: list[dict[str, str]], limit: int) -> list[dict[str, Any]]:
    where, values = _condition(table, references[:limit])
    order = ", ".join(f'"{name}"' for name in TABLES[table].key)
    return mart.select(f'SELECT * FROM "{table}" WHERE {where} ORDER BY {order} LIMIT {int(limit)}', values)  # noqa: S608 - names are checked against TABLES


def _condition(table: str, references: list[dict[str, str]]) -> tuple[str, list[str]]:
    """The SQL condition of references to a table, and its values in order."""
    if table not in TABLES:
        raise MartError(f"数据集市没有表 {table} / the mart has no table {table}")
    values: list[str] = []
    tests = []
    for reference in references:
        parts = []
        for name, value in reference.items():
            column, sign = name.rstrip("<>="), name[len(name.rstrip("<>=")) :]
            if column not in TABLES[table].column_names or sign not in SIGNS:
                raise MartError(f"依据引用无效：{table}.{name} / not a reference: {table}.{name}")
            values.append(value)
            parts.append(f'"{column}" {SIGNS[sign]} ?')
        tests.append("(" + " AND ".join(parts) + ")")
    return " OR ".join(tests) or "FALSE", values
