"""Expressions that indicators share: rows of hints, references to evidence, R-8 quantiles, corrected p-values."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import ibis
import ibis.expr.types as ir

UNIT_SEPARATOR = "\x1f"
ROW_SEPARATOR = "\n"
THIRD = 1.0 / 3.0
TUKEY = 1.5
"""Tukey 1977, Exploratory Data Analysis: the inner fence lies one and a half interquartile ranges out."""

ROW = ibis.schema(
    {
        "grp": "string",
        "key": "string",
        "indicator": "string",
        "value": "float64",
        "n": "int64",
        "p_value": "float64",
        "evidence_keys": "string",
        "unit_id": "string",
        "period": "string",
        "severity": "int64",
        "facts": "string",
    }
)
"""The one shape of every indicator's rows; ``facts`` are further figures for the explanation."""


def hints(
    table: ir.Table,
    indicator: str,
    *,
    grp: str,
    key: ir.Value,
    value: Any,
    n: Any,
    evidence: ir.Value,
    unit: ir.Value | None,
    severity: Any,
    period: ir.Value | str = "",
    p_value: ir.Value | None = None,
    facts: Mapping[str, ir.Value] | None = None,
) -> ir.Table:
    """The table's rows in the one shape; ``unit`` None means a hint above the units."""
    columns: dict[str, Any] = {
        "grp": grp,
        "key": key,
        "indicator": indicator,
        "value": value,
        "n": n,
        "p_value": p_value,
        "evidence_keys": evidence,
        "unit_id": "" if unit is None else unit,
        "period": period,
        "severity": severity,
        "facts": facts_text(facts or {}),
    }
    return table.select(**{name: _typed(columns[name], kind) for name, kind in ROW.items()})


def _typed(value: Any, kind: Any) -> ir.Value:
    expression = ibis.null(kind) if value is None else ibis.literal(value) if not isinstance(value, ir.Value) else value
    return expression.cast(kind)


def facts_text(facts: Mapping[str, ir.Value]) -> ir.Value | str:
    """Figures as one text: ``name=value`` parts joined by a separator; empty values are empty."""
    text: Any = ""
    for number, (name, value) in enumerate(facts.items()):
        text = text + (UNIT_SEPARATOR if number else "") + f"{name}=" + ibis.coalesce(value.cast("string"), "")
    return text


def ref(table: str, **columns: ir.Value) -> ir.StringValue:
    """A reference to the rows of a mart table whose columns equal the values, as text.

    ``payment?payment_id=P1``; several columns are joined by a separator. ``from_`` and ``to_`` before a name make a
    bound: ``from_paid_on`` reads ``paid_on>=``.
    """
    text: Any = f"{table}?"
    for number, (name, value) in enumerate(columns.items()):
        text = text + (UNIT_SEPARATOR if number else "") + _left(name) + value.cast("string")
    return text


def _left(name: str) -> str:
    if name.startswith("from_"):
        return f"{name.removeprefix('from_')}>="
    if name.startswith("to_"):
        return f"{name.removeprefix('to_')}<="
    return f"{name}="


def listed(text: ir.StringColumn) -> ir.StringScalar:
    """The references of a group as one text, in order, empty ones left out."""
    return text.group_concat(ROW_SEPARATOR, order_by=text)


def join_refs(*texts: ir.Value) -> ir.StringValue:
    """Several texts of references as one; an empty one is left out."""
    joined: Any = texts[0]
    for text in texts[1:]:
        joined = joined + ibis.coalesce(ROW_SEPARATOR + text, "")
    return joined


@ibis.udf.scalar.builtin(name="qingqu_fused", signature=(("float64", "float64", "float64"), "float64"))  # type: ignore[untyped-decorator]
def fused(times: float, factor: float, plus: float) -> float:  # type: ignore[empty-body]
    """``times * factor + plus`` rounded once, as Cardinal computes quantiles and fences."""


def fused_exactly(times: float, factor: float, plus: float) -> float:
    """The same on plain floats; what the engine registers under the name of ``fused``."""
    return float(Fraction(times) * Fraction(factor) + Fraction(plus))


def quantiles(table: ir.Table, column: str, wanted: Mapping[str, float], *, by: tuple[str, ...] = ()) -> ir.Table:
    """Quantiles of a column by definition R-8: one row a group with the columns ``by``, ``wanted`` and ``size``.

    Empty values do not count. Hyndman & Fan 1996: with h = (n + 1/3) p + 1/3, interpolate between the values at
    floor(h) and the next, never outside the smallest and largest.
    """
    values = table.select(*by, measured=table[column].cast("float64"))
    values = values.filter(values.measured.notnull())
    window = ibis.window(group_by=by or None)
    ranked = values.mutate(
        place=ibis.row_number().over(ibis.window(group_by=by or None, order_by=values.measured)) + 1,
        size=values.measured.count().over(window),
    )
    columns: dict[str, ir.Value] = {"size": ranked["size"].max()}
    for name, share in wanted.items():
        height = (ranked["size"] + THIRD) * share + THIRD
        floor = height.floor().cast("int64")
        for side, place in (("low", floor), ("high", floor + 1)):
            kept = ibis.greatest(ibis.least(place, ranked["size"]), 1)
            columns[f"{name}_{side}"] = ranked.measured.max(where=ranked.place == kept)
        columns[f"{name}_rest"] = (height - floor).max()
    found = ranked.aggregate(by=by, **columns)
    return found.select(
        *by,
        "size",
        **{
            name: fused(found[f"{name}_rest"], found[f"{name}_high"] - found[f"{name}_low"], found[f"{name}_low"])
            for name in wanted
        },
    )


def fences(table: ir.Table, column: str) -> ir.Table:
    """Tukey's fences of a column: one row ``(q1, q3, lower, upper, size)``; no row where there is no value."""
    found = quantiles(table, column, {"q1": 0.25, "q3": 0.75})
    spread = found.q3 - found.q1
    return found.select(
        "q1",
        "q3",
        "size",
        lower=fused(spread, ibis.literal(-TUKEY), found.q1),
        upper=fused(spread, ibis.literal(TUKEY), found.q3),
    ).filter(found["size"] > 0)


def chernoff(hits: ir.Value, trials: ir.Value, share: ir.Value) -> ir.Value:
    """An upper bound of the chance of at least ``hits`` in ``trials`` when each has the chance ``share``.

    exp(-n KL(k/n, p)); 1 where the hits do not exceed what is expected. Chernoff 1952; Hoeffding 1963 for unequal
    chances with that mean. ``share`` must lie strictly between 0 and 1.
    """
    seen = hits / trials
    rest = 1 - seen
    upper = ibis.ifelse(rest > 0, rest * (ibis.greatest(rest, 1e-300) / (1 - share)).ln(), 0.0)
    distance = seen * (ibis.greatest(seen, 1e-300) / share).ln() + upper
    return ibis.ifelse(seen <= share, 1.0, (-1.0 * trials * distance).exp())


def surviving(table: ir.Table, *, false_share: float) -> ir.Table:
    """The rows whose ``p_value`` survives Benjamini–Hochberg at the given share of false discoveries.

    Benjamini & Hochberg 1995; every row of the table is one test.
    """
    ranked = table.mutate(
        test_place=ibis.row_number().over(ibis.window(order_by=table.p_value)) + 1,
        tests=table.p_value.count().over(ibis.window()),
    )
    limit = ranked.test_place.max(where=ranked.p_value * ranked.tests <= ranked.test_place * false_share)
    judged = ranked.mutate(last_place=limit.over(ibis.window()))
    return judged.filter(judged.test_place <= judged.last_place).drop("last_place")
