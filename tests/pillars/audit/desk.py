"""A small district with an audit desk: records in its mart, files to import, hints raised by a real run."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org.models import Person, Unit
from qingqu.kernel.org.types import Role
from qingqu.pillars.audit import models, operations
from qingqu.pillars.audit.models import Flag, ImportJob, Run
from tests.engines.redflags.load.factories import HEADERS, MAPPING, csv_text
from tests.engines.redflags.marts import make_mart
from tests.factories import AT, actor, seat
from tests.pillars.leads.district import District, make_district

MAPPING_TEXT = """
table: payment
constants: {unit_id: S001, currency: CNY}
columns:
  payment_id: 付款编号
  supplier_id: 供应商
  paid_on: 付款日期
  amount_fen: {column: 金额, scale: 100}
  account_code: 科目
"""
"""MAPPING of the engine's tests, as people write it."""

assert MAPPING["columns"]["payment_id"] == HEADERS[0] == "付款编号"


def saved_mapping(text: str = MAPPING_TEXT, name: str = "付款") -> models.Mapping:
    """A saved mapping."""
    return models.Mapping.objects.create(name=name, text=text, created_at=AT)


def ask(auditor: Person, content: bytes, name: str = "a.csv", **given: Any) -> ImportJob:
    """A queued import of a table under a saved mapping unless said otherwise."""
    facts: dict[str, Any] = {"format": "table", "folder": settings.QINGQU_HOME / "imports", "at": AT} | given
    if facts["format"] == "table" and "mapping" not in facts:
        facts["mapping"] = models.Mapping.objects.first() or saved_mapping()
    return operations.ask_import(name=name, content=[content], actor=actor(auditor), **facts)


def perform(job: ImportJob) -> ImportJob:
    """The import, performed."""
    return operations.perform_import(job_id=job.pk, mart=settings.QINGQU_MART, clock=lambda: AT)


def imported(auditor: Person, rows: list[list[str]], **given: Any) -> ImportJob:
    """A performed import of payment rows."""
    return perform(ask(auditor, csv_text(rows).encode(), **given))


def overpaid(unit: Unit, number: int, *, times: float = 1.5, supplier: str = "S1") -> dict[str, list[dict[str, Any]]]:
    """A contract of a unit with its whole chain, paid so many times its price."""
    at_unit = {"unit_id": unit.code}
    key = f"{unit.code}-{number}"
    contract = {"contract_id": f"C{key}", "tender_id": f"T{key}", "supplier_id": supplier, "amount_fen": 100_000}
    return {
        "budget_line": [
            {"budget_id": f"B{key}", "year": 2025, "account_code": "30201", "approved_fen": 200_000, **at_unit}
        ],
        "procurement_plan": [
            {"plan_id": f"P{key}", "budget_id": f"B{key}", "category": "A", "method": "OPEN", "planned_fen": 120_000,
             "published_on": date(2025, 1, 2), **at_unit}
        ],
        "tender": [{"tender_id": f"T{key}", "plan_id": f"P{key}", "published_on": date(2025, 2, 3), **at_unit}],
        "contract": [{"signed_on": date(2025, 3, 4), **contract, **at_unit}],
        "acceptance": [
            {"acceptance_id": f"A{key}", "contract_id": f"C{key}", "accepted_on": date(2025, 4, 7), **at_unit}
        ],
        "payment": [
            {"payment_id": f"X{key}", "contract_id": f"C{key}", "supplier_id": supplier, "paid_on": date(2025, 5, 6),
             "amount_fen": round(100_000 * times), **at_unit}
        ],
    }  # fmt: skip


def write_mart(*parts: dict[str, list[dict[str, Any]]], folder: Path | None = None) -> Path:
    """The mart of these rows; it replaces the one before."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        for table, rows in part.items():
            tables.setdefault(table, []).extend(rows)
    place = folder or settings.QINGQU_MART
    make_mart(place, **tables).close()
    return place


def run_audit(auditor: Person) -> Run:
    """A run of every indicator over the mart."""
    run = operations.ask_run(actor=actor(auditor), at=AT)
    return operations.perform_run(run_id=run.pk, mart=settings.QINGQU_MART, clock=lambda: AT)


def raised(district: District, count: int = 1) -> list[Flag]:
    """Hints of R068 about the district's school, from a real run over a real mart."""
    write_mart(*(overpaid(district.school, number) for number in range(count)))
    run_audit(district.auditor)
    return list(Flag.objects.filter(indicator="R068").order_by("id"))


def finished_run() -> Run:
    """A run that has come to its end, without a mart."""
    return Run.objects.create(state="DONE", asked_at=AT, finished_at=AT)


def many_flags(unit: Unit | None, count: int, run: Run | None = None, **facts: Any) -> list[Flag]:
    """Hints as rows only, however many."""
    run = run or finished_run()
    code = unit.code if unit else ""
    start = Flag.objects.count()
    rows = [
        Flag(**{
            "fingerprint": f"{start + number:064d}", "indicator": "R068", "subject_kind": "CONTRACT",
            "subject_id": f"C{start + number}", "unit": unit, "unit_code": code, "period": "2025",
            "severity": 1 + number % 3, "score": 1.5, "explanation_zh": "累计付款过多。", "explanation_en": "Too much.",
            "first_run": run, "last_run": run, **facts,
        })
        for number in range(count)
    ]  # fmt: skip
    return Flag.objects.bulk_create(rows)


def events(*kinds: str) -> list[str]:
    """The kinds of the audit's events so far, oldest first; only those asked for, when any are."""
    rows = Event.objects.filter(kind__startswith="audit.").order_by("id").values_list("kind", flat=True)
    return [kind for kind in rows if not kinds or kind in kinds]


def school_auditor(district: District) -> Person:
    """Somebody who keeps the audit of one school only."""
    return seat(Role.AUDITOR, district.school, "校审计甲")


__all__ = ["AT", "District", "make_district"]
