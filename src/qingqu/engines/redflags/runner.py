"""One run: the indicators that can run, compiled to one query, its rows kept in the engine and read when asked for."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from qingqu.engines.redflags import law
from qingqu.engines.redflags.evidence import parse
from qingqu.engines.redflags.expressions import ROW, UNIT_SEPARATOR
from qingqu.engines.redflags.frames import CLOCK, Frames
from qingqu.engines.redflags.mart import Mart
from qingqu.engines.redflags.readiness import readiness
from qingqu.engines.redflags.registry import REGISTER, Indicator
from qingqu.engines.redflags.settings import Settings, load_settings, plain
from qingqu.engines.redflags.types import FlagRow, Manifest, Skipped

Progress = Callable[[str, int, int], None]
"""Called with what has just been done (``prepared``, ``computed``, ``written``), the step and the number of steps."""

HINTS = "hints"
SQL_NAMES = {"string": "VARCHAR", "float64": "DOUBLE", "int64": "BIGINT"}
STEPS = ("prepared", "computed", "written")
BATCH = 1_000
PLANS_KEPT = 8

AS_OF_COLUMNS = (
    ("payment", "paid_on"), ("contract", "signed_on"), ("contract", "published_on"), ("acceptance", "accepted_on"),
    ("invoice", "issued_on"), ("meal_count", "day"), ("meal_delivery", "day"), ("subsidy", "paid_on"),
)  # fmt: skip
"""Columns of things that have happened: the latest of them is how far the records reach."""


class UnknownIndicator(ValueError):
    """An indicator that is not in the register; the message lists those that are."""


@dataclass(frozen=True)
class Run:
    """A finished run: its manifest, and its hints, which stay in the mart's connection until the next run."""

    mart: Mart
    manifest: Manifest

    def flags(self) -> Iterator[FlagRow]:
        """The hints in order of severity, indicator and subject, read in batches."""
        cursor = self.mart.connection.con.cursor()
        try:
            names = ("indicator", "grp", "key", "unit_id", "period", "severity", "value", "n", "p_value",
                     "evidence_keys", "facts")  # fmt: skip
            cursor.execute(
                f'SELECT {", ".join(names)} FROM "{HINTS}" '  # noqa: S608 - constant names
                "ORDER BY severity DESC, indicator, grp, key, unit_id, period"
            )
            while rows := cursor.fetchmany(BATCH):
                for row in rows:
                    yield _flag(dict(zip(names, row, strict=True)))
        finally:
            cursor.close()


def run(
    mart: Mart,
    indicators: Iterable[str] | None = None,
    params: Settings | dict[str, Any] | str | Path | None = None,
    *,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Compute the indicators (all, or the named ones) over a mart as one query; write the rows to ``out`` if given.

    ``params`` is a settings file, its content or checked settings. ``out`` is ``.parquet``, ``.csv`` or JSON Lines; its
    rows never pass through Python. Indicators that cannot run are in the manifest with the reason. Raises
    UnknownIndicator, SettingsError or MartError.
    """
    say = progress or _silent
    settings = params if isinstance(params, Settings) else load_settings(params)
    chosen, skipped = _chosen(mart, indicators, settings)
    settings = _dated(mart, settings)
    unknown = _prepare_clocks(mart, chosen)
    say(STEPS[0], 1, len(STEPS))
    made, sql = compute(mart, chosen, settings)
    say(STEPS[1], 2, len(STEPS))
    if out is not None:
        _write(mart, Path(out))
    counted = mart.fetch(f'SELECT indicator, count(*) FROM "{HINTS}" GROUP BY indicator')  # noqa: S608 - a constant name
    counts = {each.id: 0 for each in chosen} | dict(counted)
    manifest = Manifest(
        input_hash=input_hash(mart),
        sql_hash=hashlib.sha256(sql.encode()).hexdigest(),
        as_of=settings.shared.as_of,
        settings=plain(settings),
        params={name: asdict(each) for name, each in made.items()},
        versions={name: version(name) for name in ("ibis-framework", "duckdb", "pyarrow")},
        counts=counts,
        skipped=skipped,
        unknown_days=unknown,
    )
    say(STEPS[2], 3, len(STEPS))
    return Run(mart, manifest)


def flags(
    mart: Mart,
    indicators: Iterable[str] | None = None,
    params: Settings | dict[str, Any] | str | Path | None = None,
    *,
    progress: Progress | None = None,
) -> Iterator[FlagRow]:
    """The hints of a run, one by one."""
    return run(mart, indicators, params, progress=progress).flags()


def input_hash(mart: Mart) -> str:
    """A hash of the mart's files: names and contents, in order."""
    digest = hashlib.sha256()
    for table in sorted(mart.tables_present):
        for file in sorted((mart.path / table).glob("*.parquet")):
            with file.open("rb") as content:
                digest.update(f"{table}/{file.name}\n".encode())
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


def _silent(_step: str, _number: int, _steps: int) -> None:
    """Nobody wants to know how far the run is."""


def _chosen(mart: Mart, names: Iterable[str] | None, settings: Settings) -> tuple[list[Indicator], tuple[Skipped, ...]]:
    wanted = list(REGISTER) if names is None else list(dict.fromkeys(names))
    unknown = sorted(set(wanted) - set(REGISTER))
    if unknown:
        raise UnknownIndicator(
            f"没有这些指标：{unknown}；可用：{sorted(REGISTER)} / "
            f"no such indicators: {unknown}; there are {sorted(REGISTER)}"
        )
    found = readiness(mart, settings=settings, indicators=wanted)
    chosen = [REGISTER[each.indicator] for each in found if each.can_run]
    return chosen, tuple(Skipped(each.indicator, each.reason) for each in found if not each.can_run)


def _dated(mart: Mart, settings: Settings) -> Settings:
    """Settings that say how far the records reach."""
    if settings.shared.as_of is not None:
        return settings
    parts = [f'SELECT max("{column}") AS day FROM "{table}"' for table, column in AS_OF_COLUMNS]  # noqa: S608 - constant names
    last: date | None = mart.fetch(f"SELECT max(day) FROM ({' UNION ALL '.join(parts)})")[0][0]  # noqa: S608 - constant names
    return replace(settings, shared=replace(settings.shared, as_of=last))


def _prepare_clocks(mart: Mart, chosen: Iterable[Indicator]) -> dict[str, int]:
    """The table of due dates for the days that occur; returns how many days are unknown, by rule."""
    connection = mart.connection.con
    connection.execute(f'CREATE OR REPLACE TABLE "{CLOCK}" (rule VARCHAR, start_on DATE, due_on DATE)')
    unknown: dict[str, int] = {}
    for clock in dict.fromkeys(each for one in chosen for each in one.clocks):
        days = mart.fetch(f'SELECT DISTINCT "{clock.column}" FROM "{clock.table}" WHERE "{clock.column}" IS NOT NULL')  # noqa: S608 - names of the register
        due, missing = law.due_days(clock.rule, sorted(day for (day,) in days))
        connection.execute(
            f'INSERT INTO "{CLOCK}" SELECT ?, unnest(?::DATE[]), unnest(?::DATE[])',
            [clock.rule, list(due), list(due.values())],
        )
        if missing:
            unknown[clock.rule] = unknown.get(clock.rule, 0) + missing
    return unknown


def compute(mart: Mart, chosen: Sequence[Indicator], settings: Settings) -> tuple[dict[str, Any], str]:
    """Compute the hints of the indicators, one UNION ALL a family; returns their parameters and the queries.

    What several indicators derive is stored once, before.
    """
    made = {each.id: settings.of(each) for each in chosen}
    key = repr((settings.shared, made))
    known = _PLANS.get(key)
    statements = known if known is not None else _planned(mart, chosen, made, settings)
    _PLANS[key] = _executed(mart, statements)
    while len(_PLANS) > PLANS_KEPT:
        _PLANS.pop(next(iter(_PLANS)))
    return made, "\n".join(_PLANS[key])


def _executed(mart: Mart, statements: Iterable[str]) -> tuple[str, ...]:
    """The statements, executed in their order while the next one is still being compiled."""
    cursor = mart.connection.con.cursor()
    try:
        with ThreadPoolExecutor(max_workers=1) as pool, _without_collecting():
            started = [(statement, pool.submit(cursor.execute, statement)) for statement in statements]
            for _statement, execution in started:
                execution.result()
    finally:
        cursor.close()
    return tuple(statement for statement, _execution in started)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No garbage collection inside: compiling makes millions of small objects that all live until its end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_PLANS: dict[str, tuple[str, ...]] = {}
"""Statements by shared settings and parameters: they depend on nothing else, since the tables are always the same."""


def _planned(mart: Mart, chosen: Sequence[Indicator], made: dict[str, Any], settings: Settings) -> Iterator[str]:
    """The statements of a run.

    Each branch is compiled by itself and joined as text: compiling a union as one expression takes several times as
    long for the same plan.
    """
    shared: list[str] = []

    def keep(name: str, expression: ir.Table) -> ir.Table:
        shared.append(f'CREATE OR REPLACE TABLE "{name}" AS {_sql(expression)}')
        return ibis.table(expression.schema(), name=name)

    frames = Frames(mart.tables(), settings.shared, keep)
    yield f'CREATE OR REPLACE TABLE "{HINTS}" AS {_no_rows()}'
    for family in dict.fromkeys(each.family for each in chosen):
        parts = [f"({_sql(each.compute(frames, made[each.id]))})" for each in chosen if each.family == family]
        yield from shared
        shared.clear()
        yield f'INSERT INTO "{HINTS}" {" UNION ALL ".join(parts)}'


def _sql(expression: ir.Table) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb", pretty=False))


def _no_rows() -> str:
    columns = ", ".join(f'NULL::{SQL_NAMES[str(kind)]} AS "{name}"' for name, kind in ROW.items())
    return f"SELECT {columns} WHERE FALSE"


def _write(mart: Mart, out: Path) -> None:
    """The hints as a file: every column of the row shape, with the fingerprint."""
    form = {".parquet": "PARQUET", ".csv": "CSV, HEADER"}.get(out.suffix, "JSON")
    unit_code = ord(UNIT_SEPARATOR)
    select = (
        "SELECT indicator, grp AS subject_kind, key AS subject_id, unit_id AS unit, period, severity, "  # noqa: S608
        "value AS score, n, p_value, evidence_keys AS evidence, facts, "
        f"sha256(concat_ws(chr({unit_code}), indicator, grp, key, unit_id, period)) AS fingerprint "
        f'FROM "{HINTS}" ORDER BY severity DESC, indicator, grp, key, unit_id, period'
    )
    waiting = out.with_name(f".{out.name}.part")
    name = str(waiting).replace("'", "''")
    mart.connection.con.execute(f"COPY ({select}) TO '{name}' (FORMAT {form})")
    waiting.replace(out)


def _flag(row: dict[str, Any]) -> FlagRow:
    indicator = REGISTER[row["indicator"]]
    words = _words(row)
    chance = "" if row["p_value"] is None else f"p≤{row['p_value']:.2g}"
    template = indicator.beside if indicator.beside and row["grp"] == "SUPPLIER" else indicator.explanation
    return FlagRow(
        indicator=indicator.id,
        subject_kind=row["grp"],
        subject_id=row["key"],
        unit=row["unit_id"],
        period=row["period"],
        severity=row["severity"],
        score=row["value"],
        evidence=parse(row["evidence_keys"]),
        explanation={
            "zh": _explained(
                template.zh, words, indicator.null.zh, f"（n={words['n']}，{chance or '规则判断，无概率'}）"
            ),
            "en": _explained(template.en, words, indicator.null.en, f" (n={words['n']}, {chance or 'rule, no p'})"),
        },
    )


def _explained(template: str, words: dict[str, str], null: str, basis: str) -> str:
    """The template filled in, the honest world it departs from, and what the judgement rests on."""
    gap = "" if null.endswith("。") else " "
    return f"{template % words}{gap}{null.rstrip('。.')}{basis}{null[-1:]}"


def _words(row: dict[str, Any]) -> dict[str, str]:
    facts = dict(part.split("=", 1) for part in row["facts"].split(UNIT_SEPARATOR) if part)
    shown = {name: _shown(value) for name, value in facts.items()}
    return shown | {
        "value": f"{row['value']:.4g}", "n": str(row["n"]), "subject": row["key"], "unit": row["unit_id"],
        "period": row["period"],
    }  # fmt: skip


def _shown(value: str) -> str:
    """A figure as people write it: whole numbers without a point; other text as it is."""
    try:
        number = float(value)
    except ValueError:
        return value
    if number.is_integer():
        return f"{number:.0f}"
    return f"{number:.2f}" if abs(number) >= 1 else f"{number:.3g}"
