"""The life of a purchase on one time line: budget, plan, tender, contract, acceptance, payment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qingqu.engines.redflags.mart import TABLES, Mart

STAGES = ("BUDGET", "PLAN", "TENDER", "AWARD", "CONTRACT", "AMENDMENT", "ACCEPTANCE", "INVOICE", "PAYMENT")

LINKS: dict[str, tuple[str, str, str]] = {
    # stage: (table, column of the day, column of the amount)
    "BUDGET": ("budget_line", "", "approved_fen"),
    "PLAN": ("procurement_plan", "published_on", "planned_fen"),
    "TENDER": ("tender", "published_on", "estimate_fen"),
    "AWARD": ("award", "notice_on", "amount_fen"),
    "CONTRACT": ("contract", "signed_on", "amount_fen"),
    "AMENDMENT": ("amendment", "decided_on", "delta_fen"),
    "ACCEPTANCE": ("acceptance", "accepted_on", "accepted_fen"),
    "INVOICE": ("invoice", "issued_on", "amount_fen"),
    "PAYMENT": ("payment", "paid_on", "amount_fen"),
}

SUBJECTS = {
    "TENDER": ("tender", "tender_id"),
    "CONTRACT": ("contract", "contract_id"),
    "PAYMENT": ("payment", "payment_id"),
    "INVOICE": ("invoice", "invoice_id"),
    "PLAN": ("procurement_plan", "plan_id"),
    "BUDGET": ("budget_line", "budget_id"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: stage, day if known, amount in the smallest unit if any, and the row it stands in."""

    stage: str
    on: date | None
    amount_fen: int | None
    table: str
    key: dict[str, Any]


def chain(mart: Mart, subject_kind: str, subject_id: str) -> list[Event]:
    """What belongs to a tender, contract, payment, invoice, plan or budget line, in order of day and stage.

    Upward the chain follows the one contract, tender, plan and budget line; downward everything that hangs on them,
    yet never from a budget line or plan that only other purchases share. Another kind of subject has no chain: an
    empty list. An event without a day stands before those of its next stage.
    """
    if subject_kind not in SUBJECTS:
        return []
    table, column = SUBJECTS[subject_kind]
    start = _fetch(mart, table, column, [subject_id])
    found: dict[str, list[dict[str, Any]]] = {table: start}
    if table in {"payment", "invoice"}:
        _climb_from_money(mart, found)
    if table in {"budget_line", "procurement_plan"}:
        _fall_from_plan(mart, found, table)
    _around(mart, found)
    return _ordered(found)


def _values(rows: Iterable[dict[str, Any]], column: str) -> list[Any]:
    return list(dict.fromkeys(row[column] for row in rows if row.get(column) is not None))


def _fetch(mart: Mart, table: str, column: str, values: Iterable[Any]) -> list[dict[str, Any]]:
    return [row for value in values for row in mart.rows(table, None, **{column: value})]


def _climb_from_money(mart: Mart, found: dict[str, list[dict[str, Any]]]) -> None:
    """From a payment or invoice to its contract; one without a contract keeps its own invoice or payments."""
    money = [row for rows in found.values() for row in rows]
    contracts = _values(money, "contract_id")
    found["contract"] = _fetch(mart, "contract", "contract_id", contracts)
    if not contracts:
        invoices = _values(money, "invoice_id")
        found["invoice"] = _fetch(mart, "invoice", "invoice_id", invoices)
        found["payment"] = _fetch(mart, "payment", "invoice_id", invoices) or found.get("payment", [])
        found["budget_line"] = _fetch(mart, "budget_line", "budget_id", _values(found["payment"], "budget_id"))


def _fall_from_plan(mart: Mart, found: dict[str, list[dict[str, Any]]], table: str) -> None:
    if table == "budget_line":
        budgets = _values(found["budget_line"], "budget_id")
        found["procurement_plan"] = _fetch(mart, "procurement_plan", "budget_id", budgets)
    found["tender"] = _fetch(mart, "tender", "plan_id", _values(found["procurement_plan"], "plan_id"))


def _around(mart: Mart, found: dict[str, list[dict[str, Any]]]) -> None:
    """Upward to tender, plan and budget line, downward to everything under the contracts."""
    if not found.get("tender"):
        found["tender"] = _fetch(mart, "tender", "tender_id", _values(found.get("contract", []), "tender_id"))
    tenders = _values(found["tender"], "tender_id")
    if tenders:
        found["contract"] = _fetch(mart, "contract", "tender_id", tenders)
        found["award"] = _fetch(mart, "award", "tender_id", tenders)
        if not found.get("procurement_plan"):
            found["procurement_plan"] = _fetch(mart, "procurement_plan", "plan_id", _values(found["tender"], "plan_id"))
        if not found.get("budget_line"):
            budgets = _values(found["procurement_plan"], "budget_id")
            found["budget_line"] = _fetch(mart, "budget_line", "budget_id", budgets)
    contracts = _values(found.get("contract", []), "contract_id")
    if contracts:
        for table in ("amendment", "acceptance", "invoice", "payment"):
            found[table] = _fetch(mart, table, "contract_id", contracts)


def _ordered(found: dict[str, list[dict[str, Any]]]) -> list[Event]:
    events: list[Event] = []
    for stage in STAGES:
        table, day, amount = LINKS[stage]
        events.extend(
            Event(stage, _day(row, day), row.get(amount), table, _key(table, row)) for row in found.get(table, [])
        )
    place = {stage: number for number, stage in enumerate(STAGES)}
    known = [event.on for event in events if event.on is not None]
    earliest = min(known, default=date.min)
    return sorted(events, key=lambda event: (event.on or earliest, place[event.stage], str(event.key)))


def _day(row: dict[str, Any], column: str) -> date | None:
    if not column:
        return date(row["year"], 1, 1)
    value = row.get(column)
    if value is None and column == "published_on" and row.get("opens_at"):
        value = row["opens_at"]
    return value.date() if isinstance(value, datetime) else value


def _key(table: str, row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in TABLES[table].key}
