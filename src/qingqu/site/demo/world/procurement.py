"""Honest procurement: plans, tenders, bids and awards, and the contracts that follow."""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qingqu.site.demo.world.book import account_of, ids
from qingqu.site.demo.world.catalogue import ACCOUNTS, METHODS, OPEN_LIMIT_FEN
from qingqu.site.demo.world.contracts import write_contracts
from qingqu.site.demo.world.days import Dates, Numbers, at_hour, year_of
from qingqu.site.demo.world.parties import World
from qingqu.site.demo.world.tenders import TRADES, Tenders, Texts, tenders_of

_FIXED_PRICE_SHARE = 0.006
"""Tenders with a price fixed by the price office: every bidder quotes the same, and service decides."""

_LONE = "仅一家投标，经论证并报批准后继续"
_SOLE = "原供应商配套续购，未超过原合同金额的百分之十"
_LEAVE = "经财政部门批准，采用竞争性磋商方式"

_TITLES = {"GOODS": "教学设备采购", "DIGITAL": "信息化设备采购", "WORKS": "校舍维修工程", "SERVICE": "后勤服务采购"}


def write_procurement(world: World) -> None:
    """Every honest tender with what follows from it, up to the last day of the records."""
    tenders = tenders_of(world)
    _plans(world, tenders)
    winners, amounts = _bids(world, tenders)
    decided, noticed = _decisions(world, tenders)
    _tender_rows(world, tenders, noticed)
    done = noticed <= world.days.end
    _awards(world, tenders, winners, amounts, decided, noticed, done)
    write_contracts(world, tenders, winners, amounts, noticed, done)


def _plans(world: World, tenders: Tenders) -> None:
    """An intention published at least thirty days before each tender. Law: PR-38."""
    chance, count = world.chance("plans"), len(tenders.ids)
    world.book.add(
        "procurement_plan",
        plan_id=[f"{tender}-P" for tender in tenders.ids],
        unit_id=tenders.units,
        budget_id=[
            f"B-{unit}-{year}-{ACCOUNTS[trade]}"
            for unit, year, trade in zip(tenders.units, year_of(tenders.published), tenders.trades, strict=True)
        ],
        category=tenders.categories,
        method=[METHODS[detail] for detail in tenders.details],
        planned_fen=tenders.estimates,
        intended_on=tenders.published,
        published_on=tenders.published - chance.integers(31, 75, count),
    )


def _tender_rows(world: World, tenders: Tenders, noticed: Dates) -> None:
    chance, count = world.chance("tender rows"), len(tenders.ids)
    is_done = noticed <= world.days.end
    opens, closes = at_hour(tenders.published, 9.0), at_hour(tenders.closes, 9.5)
    world.book.add(
        "tender",
        tender_id=tenders.ids,
        plan_id=[f"{tender}-P" for tender in tenders.ids],
        unit_id=tenders.units,
        title=[_TITLES[trade] for trade in tenders.trades],
        category=tenders.categories,
        method=[METHODS[detail] for detail in tenders.details],
        method_detail=tenders.details,
        status=np.where(is_done, "complete", "active").astype(object),
        estimate_fen=tenders.estimates,
        published_on=tenders.published,
        opens_at=opens,
        closes_at=closes,
        opens_raw=[f"{moment}Z" for moment in np.datetime_as_string(opens, unit="s")],
        closes_raw=[f"{moment}Z" for moment in np.datetime_as_string(closes, unit="s")],
        opened_at=np.where(closes.astype("datetime64[D]") <= world.days.end, closes, np.datetime64("NaT")),
        bid_bond_fen=tenders.estimates // 100,
        tenderers_count=np.where(is_done, tenders.bidders, 0),
        buyer_id=tenders.units,
        procuring_entity_id=tenders.units,
        agent_id=chance.choice(np.array(ids("AG", 6, width=2), dtype=object), size=count),
        rationale=_rationales(tenders),
        is_framework=False,
        has_awards=is_done,
        has_bids=is_done,
        ids_are_text=True,
    )
    world.book.add(
        "lot",
        lot_id=[f"{tender}-1" for tender in tenders.ids],
        tender_id=tenders.ids,
        unit_id=tenders.units,
        category=tenders.categories,
        quantity=1.0,
        unit="项",
        estimate_fen=tenders.estimates,
    )


def _rationales(tenders: Tenders) -> list[str | None]:
    """Why a tender was not contested or not open, where that needs a reason."""
    return [
        _SOLE
        if detail == "单一来源"
        else _LONE
        if bidders == 1
        else _LEAVE
        if is_large and detail != "公开招标"
        else None
        for detail, bidders, is_large in zip(
            tenders.details, tenders.bidders, tenders.estimates >= OPEN_LIMIT_FEN, strict=True
        )
    ]


def _bids(world: World, tenders: Tenders) -> tuple[Texts, Numbers]:
    """The bids of every tender that has been opened; returns the winners and their amounts.

    Costs differ by a few percent, so two bids lie close or far by chance; the lowest valid bid usually wins.
    """
    chance, count = world.chance("bids"), len(tenders.ids)
    widest = int(tenders.bidders.max())
    companies = _invited(world, tenders, widest)
    present = np.arange(widest) < tenders.bidders[:, None]
    cost = tenders.estimates * chance.uniform(0.80, 0.93, count)
    prices = cost[:, None] * np.exp(chance.normal(0, 0.035, (count, widest)))
    prices = np.minimum(prices, tenders.estimates[:, None] * chance.uniform(0.985, 1.0, (count, widest)))
    is_fixed = chance.random(count) < _FIXED_PRICE_SHARE
    prices = np.where(is_fixed[:, None], tenders.estimates[:, None], prices)
    amounts = (prices / 100).astype(np.int64) * 100
    refused = present & (np.arange(widest) >= 3) & (chance.random((count, widest)) < 0.1)
    ranked = np.where(present & ~refused, amounts, np.iinfo(np.int64).max)
    order = ranked.argsort(axis=1)
    by_score = (chance.random(count) < 0.25) & (tenders.bidders > 1)
    chosen = order[np.arange(count), by_score.astype(int)]
    _bid_rows(world, tenders, companies, amounts, present, refused)
    rows = np.arange(count)
    return companies[rows, chosen], amounts[rows, chosen]


def _invited(world: World, tenders: Tenders, widest: int) -> Texts:
    """Different companies of the trade for every tender: [tender, place]; the large ones bid more often."""
    found = np.empty((len(tenders.ids), widest), dtype=object)
    for trade in TRADES:
        rows = np.flatnonzero(tenders.trades == trade)
        companies = world.suppliers(trade)
        size = (1.0 + np.arange(len(companies))) ** -0.6
        order = (world.chance(f"invited {trade}").exponential(size=(len(rows), len(companies))) / size).argsort(axis=1)
        found[rows] = companies[order[:, :widest]]
    return found


def _bid_rows(
    world: World, tenders: Tenders, companies: Texts, amounts: Numbers, present: NDArray[Any], refused: NDArray[Any]
) -> None:
    chance = world.chance("bid rows")
    happened = present & (tenders.closes <= world.days.end - 12)[:, None]
    row, place = np.nonzero(happened)
    count = len(row)
    hours = np.asarray(at_hour(tenders.closes[row], 9.5) - chance.integers(20, 2000, count)).astype("datetime64[m]")
    tender, names = tenders.ids[row], [f"{number + 1}" for number in place]
    fen = amounts[row, place]
    world.book.add(
        "bid",
        bid_id=names,
        tender_id=tender,
        lot_id=[f"{one}-1" for one in tender],
        unit_id=tenders.units[row],
        position=place,
        tenderers_count=np.ones(count, dtype=np.int64),
        submitted_at=hours,
        submitted_raw=[f"{moment}Z" for moment in np.datetime_as_string(hours, unit="s")],
        amount_fen=fen,
        amount=fen / 100,
        status=np.where(refused[row, place], "disqualified", "valid").astype(object),
        bond_account=[account_of(company) for company in companies[row, place]],
        file_author=[f"author-{company}" for company in companies[row, place]],
        file_mac=[f"mac-{company}" for company in companies[row, place]],
        file_hash=[f"{one}-{name}" for one, name in zip(tender, names, strict=True)],
    )
    world.book.add(
        "bid_tenderer",
        tender_id=tender,
        bid_id=names,
        supplier_id=companies[row, place],
        unit_id=tenders.units[row],
        id_is_text=np.ones(count, dtype=bool),
    )


def _decisions(world: World, tenders: Tenders) -> tuple[Dates, Dates]:
    """The days of the decision and of its notice. Law: PR-15, PR-16."""
    chance, count = world.chance("decisions"), len(tenders.ids)
    decided = world.days.after(tenders.closes, chance.integers(0, 5, count))
    noticed = world.days.after(decided, chance.integers(0, 3, count))
    late = tenders.closes > world.days.end - 12
    never = np.datetime64("2999-01-01")
    return decided, np.where(late, never, noticed)


def _awards(
    world: World, tenders: Tenders, winners: Texts, amounts: Numbers, decided: Dates, noticed: Dates, done: NDArray[Any]
) -> None:
    tender, category, fen = tenders.ids[done], tenders.categories[done], amounts[done]
    unit = tenders.units[done]
    award = [f"{one}-A" for one in tender]
    chance = world.chance("awards")
    world.book.add(
        "award", award_id=award, tender_id=tender, lot_id=[f"{one}-1" for one in tender], unit_id=unit, status="active",
        suppliers_count=np.ones(len(fen), dtype=np.int64), decided_on=decided[done], amount_fen=fen, amount=fen / 100,
        notice_on=noticed[done],
    )  # fmt: skip
    world.book.add(
        "award_supplier", tender_id=tender, award_id=award, supplier_id=winners[done], unit_id=unit,
        id_is_text=np.ones(len(fen), dtype=bool),
    )  # fmt: skip
    quantity = chance.integers(1, 60, len(fen))
    world.book.add(
        "award_item", tender_id=tender, award_id=award, item_no=np.ones(len(fen), dtype=np.int64), category=category,
        classification_id=category, quantity=quantity.astype(float), unit="套", unit_price_fen=fen // quantity,
        unit_id=unit,
    )  # fmt: skip
