"""What follows from an award: a contract, its supplements, acceptance, and payment in parts."""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qingqu.site.demo.world.catalogue import ACCOUNTS, METHODS
from qingqu.site.demo.world.days import Dates, Numbers
from qingqu.site.demo.world.money import Spending, write_spending
from qingqu.site.demo.world.parties import World
from qingqu.site.demo.world.tenders import Tenders, Texts

_STOPPED_SHARE = 0.003
"""Signatures that waited for the answer to a challenge: late by the calendar, and rightly so."""

_UNENTERED_SHARE = 0.015
"""Advance clauses that stand in the contract and were not entered in the record."""

_AGREED_SHARE = 0.005
"""Contracts that agreed on a longer time to pay, within what the law allows (FI-02)."""


def write_contracts(
    world: World, tenders: Tenders, winners: Texts, amounts: Numbers, noticed: Dates, done: NDArray[Any]
) -> None:
    """Contracts signed, published and filed in time, then delivered, accepted and paid. Law: PR-17, PR-18, PR-19."""
    chance, days = world.chance("contracts"), world.days
    is_stopped = chance.random(len(noticed)) < _STOPPED_SHARE
    pause = chance.integers(2, 14, len(noticed)) + np.where(is_stopped, 25, 0)
    signed = days.after(np.where(done, noticed, days.end), pause)
    rows = np.flatnonzero(done & (signed <= days.end - 14))
    count, signed, fen, unit = len(rows), signed[rows], amounts[rows], tenders.units[rows]
    contract = [f"{one}-C" for one in tenders.ids[rows]]
    advance = chance.choice(np.array([0.0, 0.3]), size=count, p=(0.62, 0.38))
    retention = np.where(
        tenders.trades[rows] == "WORKS", 0.03, chance.choice(np.array([0.0, 0.05]), count, p=(0.7, 0.3))
    )
    delivered = signed + chance.integers(12, 75, count)
    world.book.add(
        "contract", contract_id=contract, award_id=[f"{one}-A" for one in tenders.ids[rows]],
        tender_id=tenders.ids[rows], supplier_id=winners[rows], unit_id=unit, signed_on=signed,
        published_on=days.after(signed, chance.integers(0, 3, count)),
        filed_on=days.after(signed, chance.integers(1, 8, count)), amount_fen=fen, starts_on=signed,
        ends_on=delivered + chance.integers(30, 300, count),
        advance_share=np.ma.MaskedArray(advance, (advance > 0) & (chance.random(count) < _UNENTERED_SHARE)),
        retention_share=retention,
    )  # fmt: skip
    more = _supplements(world, contract, unit, signed, fen)
    accepted = days.after(delivered, chance.integers(1, 6, count))
    _acceptances(world, contract, unit, accepted, fen + more)
    shared = {"contract": contract, "unit": unit, "supplier": winners[rows], "trade": tenders.trades[rows],
              "category": tenders.categories[rows], "detail": tenders.details[rows]}  # fmt: skip
    first = (fen * advance).astype(np.int64)
    last = (fen * retention).astype(np.int64)
    _pay(world, "ADVANCE", days.after(signed, chance.integers(2, 9, count)), first, shared)
    is_agreed = chance.random(count) < _AGREED_SHARE
    paid = np.where(is_agreed, days.workday(accepted + 45), days.after(accepted, chance.integers(2, 15, count)))
    _pay(world, "MAIN", paid, fen + more - first - last, shared)
    _pay(world, "RETENTION", days.workday(accepted + 365), last, shared)


def _supplements(world: World, contract: list[str], unit: Texts, signed: Dates, fen: Numbers) -> Numbers:
    """Approved supplements within a tenth of the contract; returns what each adds. Law: PR-13."""
    chance = world.chance("supplements")
    more = np.where(chance.random(len(fen)) < 0.05, fen * chance.uniform(0.01, 0.095, len(fen)), 0).astype(np.int64)
    rows = np.flatnonzero(more)
    world.book.add(
        "amendment", amendment_id=[f"{contract[row]}-S" for row in rows], contract_id=[contract[row] for row in rows],
        unit_id=unit[rows], decided_on=world.days.after(signed[rows], 5), delta_fen=more[rows], kind="SUPPLEMENT",
        reason="追加同类标的", approver_id=[world.staff_by_unit[one][0] for one in unit[rows]],
    )  # fmt: skip
    return more


def _acceptances(world: World, contract: list[str], unit: Texts, accepted: Dates, fen: Numbers) -> None:
    chance = world.chance("acceptances")
    rows = np.flatnonzero(accepted <= world.days.end)
    first = chance.integers(3, 12, len(rows))
    staff = [world.staff_by_unit[one] for one in unit[rows]]
    world.book.add(
        "acceptance", acceptance_id=[f"{contract[row]}-Y" for row in rows], contract_id=[contract[row] for row in rows],
        unit_id=unit[rows], accepted_on=accepted[rows], accepted_fen=fen[rows],
        acceptor_ids=["|".join(sorted({known[place], known[5], known[place + 8]}))
                      for known, place in zip(staff, first, strict=True)],
        users_invited=chance.random(len(rows)) < 0.9,
    )  # fmt: skip


def _pay(world: World, part: str, paid: Dates, fen: Numbers, shared: dict[str, Any]) -> None:
    """One part of the price of each contract, as far as it has fallen due."""
    rows = np.flatnonzero((fen > 0) & (paid <= world.days.end))
    trade = shared["trade"][rows]
    write_spending(
        world,
        Spending(
            name=f"{part}",
            unit=shared["unit"][rows],
            supplier=shared["supplier"][rows],
            paid=paid[rows],
            fen=fen[rows],
            account=np.array([ACCOUNTS[one] for one in trade], dtype=object),
            category=shared["category"][rows],
            contract=np.array([shared["contract"][row] for row in rows], dtype=object),
            method=np.array([METHODS[one] for one in shared["detail"][rows]], dtype=object),
        ),
    )
