"""What the pages show of an indicator, a flag and its evidence, in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingqu.engines import redflags, statutes
from qingqu.engines.redflags.evidence import EVIDENCE_ROWS
from qingqu.engines.redflags.registry import Words
from qingqu.pillars.audit.models import Flag, Run
from qingqu.pillars.audit.queries import Measured

TONES = {"OPEN": "waiting", "EXPLAINED": "done", "DISMISSED": "neutral", "LEAD": "warning"}
"""The chip of each state."""

SEVERITY_TONES = {1: "neutral", 2: "warning", 3: "danger"}
"""The chip of each severity."""

ROWS_SHOWN = 50
FEN_A_YUAN = 100


@dataclass(frozen=True)
class About:
    """What stands behind a flag: why it was raised, what would explain it innocently, what it rests on."""

    title: str
    explanation: str
    severity: str
    legal: tuple[str, ...]
    null: str
    innocent: tuple[str, ...]
    parameters: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Shown:
    """One table of evidence rows; ``total`` is how many there are, at most ROWS_SHOWN are shown."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


@dataclass(frozen=True)
class Step:
    """One step of the chain: what happened when, for how much, and whether the flag was computed from it."""

    stage: str
    on: date | None
    title: str
    amount: str
    is_evidence: bool


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def said(words: Words) -> str:
    """A bilingual text in the reader's language."""
    return words.en if is_english() else words.zh


def title_of(indicator: str) -> str:
    """An indicator's name; its id when it is no longer declared."""
    declared = redflags.REGISTER.get(indicator)
    return said(declared.title) if declared else indicator


def choices() -> list[tuple[str, str]]:
    """Every indicator as (id, name), by id."""
    return [(each.id, f"{each.id} {said(each.title)}") for each in redflags.indicators()]


def severity_word(severity: int) -> str:
    """How pressing a flag is, in a word."""
    return {1: _("一般"), 2: _("较重"), 3: _("严重")}.get(severity, str(severity))


def about(flag: Flag) -> About:
    """What stands behind a flag."""
    declared = redflags.REGISTER.get(flag.indicator)
    explanation = flag.explanation_en if is_english() else flag.explanation_zh
    if declared is None:
        return About(flag.indicator, explanation, severity_word(flag.severity), (), "", (), ())
    used = flag.last_run.manifest.get("params", {}).get(flag.indicator, {})
    return About(
        title=said(declared.title),
        explanation=explanation,
        severity=severity_word(flag.severity),
        legal=tuple(cited(rule_id) for rule_id in declared.legal_basis),
        null=said(declared.null),
        innocent=tuple(said(each) for each in declared.innocent),
        parameters=tuple((name, value) for name, value in used.items() if value not in (None, "", [], {})),
    )


def cited(rule_id: str) -> str:
    """A rule's statement and, where one may be claimed, its article."""
    rule = statutes.rule(rule_id)
    cited = rule.citation.en if is_english() else rule.citation.zh
    return _("%(statement)s（%(citation)s）") % {"statement": rule.statement, "citation": cited}


def record_line(measured: Measured | None) -> str:
    """How the indicator has done so far, in a sentence."""
    if measured is None or measured.precision is None:
        return _("尚无核查，准确率未知。")
    return _("已核查%(triaged)d条，其中%(lead)d条转为问题线索。") % {
        "triaged": measured.raised - measured.open,
        "lead": measured.lead,
    }


def precision_word(measured: Measured | None) -> str:
    """A precision as a share; empty before the first triage."""
    return "" if measured is None or measured.precision is None else f"{measured.precision:.0%}"


def as_row(flag: Flag) -> redflags.FlagRow:
    """A stored flag as the engine knows it."""
    return redflags.FlagRow(
        indicator=flag.indicator,
        subject_kind=flag.subject_kind,
        subject_id=flag.subject_id,
        unit=flag.unit_code,
        period=flag.period,
        severity=flag.severity,
        score=flag.score,
        evidence=flag.evidence,
        explanation={"zh": flag.explanation_zh, "en": flag.explanation_en},
    )


def read_evidence(flag: Flag, mart: Path) -> dict[str, list[dict[str, Any]]]:
    """The mart rows a flag was computed from: {table: rows}; empty when the records are gone."""
    if not mart.is_dir():
        return {}
    with redflags.open_mart(mart) as opened:
        return {table: rows for table, rows in redflags.evidence(opened, as_row(flag)).items() if rows}


def shown_evidence(flag: Flag, mart: Path, found: Mapping[str, list[dict[str, Any]]]) -> list[Shown]:
    """Evidence rows as tables: Chinese or English heads, money in yuan, empty columns left out."""
    totals = {name: len(rows) for name, rows in found.items()}
    if any(total == EVIDENCE_ROWS for total in totals.values()):
        with redflags.open_mart(mart) as opened:
            totals = redflags.evidence_counts(opened, as_row(flag))
    return [_table(name, rows, totals[name]) for name, rows in found.items()]


def _table(name: str, rows: list[dict[str, Any]], total: int) -> Shown:
    spec = redflags.TABLES[name]
    columns = [each for each in spec.columns if any(row.get(each.name) is not None for row in rows)]
    heads = tuple(each.title_en if is_english() else each.title_zh for each in columns)
    cells = tuple(tuple(_cell(each.name, row.get(each.name)) for each in columns) for row in rows[:ROWS_SHOWN])
    return Shown(spec.title_en if is_english() else spec.title_zh, heads, cells, total)


def _cell(column: str, value: object) -> str:
    if value is None:
        return ""
    if column.endswith("_fen") and isinstance(value, int):
        return money(value)
    return str(value)


def money(fen: int) -> str:
    """An amount as people write it: 1,234.50."""
    return f"{fen / FEN_A_YUAN:,.2f}"


def frozen(found: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Evidence rows as JSON values, to be kept with a lead."""
    return {
        table: [
            {name: value if isinstance(value, int | float | str | None) else str(value) for name, value in row.items()}
            for row in rows
        ]
        for table, rows in found.items()
    }


def staleness(flag: Flag, latest: Run | None) -> str:
    """Why a flag may be out of date: the latest run did not raise it again; empty while it did."""
    if latest is None or latest.pk <= flag.last_run_id:
        return ""
    return _("最近一次跟踪审计（%(latest)s）没有再提示这一条：数据可能已更正，或者参数已调整。") % {"latest": latest}


def manifest_lines(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What lets a run be repeated, as (name, value)."""
    if not manifest:
        return []
    lines = [
        (_("数据指纹"), manifest["input_hash"]),
        (_("查询指纹"), manifest["sql_hash"]),
        (_("数据截至"), manifest["as_of"] or _("未知")),
    ]
    lines += [(name, value) for name, value in manifest["versions"].items()]
    lines += [
        (_("工作日历未公布的起算日（%(rule)s）") % {"rule": rule}, str(days))
        for rule, days in manifest["unknown_days"].items()
    ]
    return lines


def chain_of(flag: Flag, mart: Path, evidence: Mapping[str, list[dict[str, Any]]]) -> list[Step]:
    """The purchase the flag is about, from budget to payment; empty when its subject belongs to no one purchase.

    A subject that is no record of a purchase (a supplier, a unit) is followed from its first evidence that is one.
    """
    if not mart.is_dir():
        return []
    with redflags.open_mart(mart) as opened:
        for kind, key in _beginnings(flag, evidence):
            if events := redflags.chain(opened, kind, key):
                return [_step(event, evidence) for event in events]
    return []


def _beginnings(flag: Flag, evidence: Mapping[str, list[dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    """Where a chain may begin: the flag's own subject, then the kinds of evidence that stand for one purchase."""
    yield flag.subject_kind, flag.subject_id
    for kind, (table, column) in redflags.SUBJECTS.items():
        keys = {str(row[column]) for row in evidence.get(table, ()) if row.get(column) is not None}
        if len(keys) == 1:
            yield kind, keys.pop()


def _step(event: redflags.Event, evidence: Mapping[str, list[dict[str, Any]]]) -> Step:
    proven = any(
        all(str(row.get(name)) == str(value) for name, value in event.key.items())
        for row in evidence.get(event.table, ())
    )
    return Step(
        stage=_stages().get(event.stage, event.stage),
        on=event.on,
        title=" ".join(str(value) for value in event.key.values()),
        amount="" if event.amount_fen is None else money(event.amount_fen),
        is_evidence=proven,
    )


def _stages() -> dict[str, str]:
    """What the stages of a purchase are called."""
    return {
        "BUDGET": _("预算"),
        "PLAN": _("采购计划"),
        "TENDER": _("招标"),
        "AWARD": _("中标"),
        "CONTRACT": _("合同"),
        "AMENDMENT": _("合同变更"),
        "ACCEPTANCE": _("验收"),
        "INVOICE": _("发票"),
        "PAYMENT": _("付款"),
    }
