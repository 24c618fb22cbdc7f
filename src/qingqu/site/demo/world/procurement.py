"""Honest procurement: plans, tenders, bids, awards, contracts, acceptances and their payments."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qingqu.site.demo.world.book import ids
from qingqu.site.demo.world.days import Dates, Numbers, at_hour, month_of, year_of
from qingqu.site.demo.world.money import Spending, write_spending
from qingqu.site.demo.world.parties import World

A_YEAR = 7
"""Tenders a school runs in a year."""

MONTH_WEIGHTS = np.array([0.7, 0.5, 1.1, 1.1, 1.1, 1.2, 1.0, 0.8, 1.1, 1.0, 1.1, 1.0])
"""How busy the months are; January first, with the summer works and a mild end of the year."""

OPEN_LIMIT_FEN = 400_000_000
"""The demo district's own limit above which a purchase is tendered openly (a district setting, PR-44)."""

METHODS = {
    "公开招标": "OPEN", "竞争性磋商": "CONSULTATION", "竞争性谈判": "NEGOTIATION", "询价": "INQUIRY",
    "单一来源": "SINGLE_SOURCE",
}  # fmt: skip
"""Procurement methods and the public codes they are filed under."""

LONE_SHARE = 0.012
"""Open tenders that drew one bidder and went on with the approval that is needed: innocent, and seen by nobody's rule."""

_FIXED_PRICE_SHARE = 0.006
"""Tenders with a price fixed by the price office: every bidder quotes the same, and service decides."""

_SHARES = (0.36, 0.24, 0.12, 0.22, 0.06)
_TRADES = ("GOODS", "DIGITAL", "WORKS", "SERVICE")
_TRADE_SHARES = (0.42, 0.18, 0.18, 0.22)
_MEDIAN_YUAN = {"GOODS": 160_000, "DIGITAL": 240_000, "WORKS": 520_000, "SERVICE": 180_000}

CATEGORIES = {
    "GOODS": ("05010201", "05010301", "05040101", "06030100"),
    "DIGITAL": ("02010105", "02010301", "02020100"),
    "WORKS": ("52050000", "53070000"),
    "SERVICE": ("21040000", "81140100", "24030000"),
}
"""Catalogue codes of what each trade sells."""

ACCOUNTS = {"GOODS": "31002", "DIGITAL": "31007", "WORKS": "30213", "SERVICE": "30209"}
"""The budget account each trade is paid from."""

_TITLES = {"GOODS": "教学设备采购", "DIGITAL": "信息化设备采购", "WORKS": "校舍维修工程", "SERVICE": "后勤服务采购"}

Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Tenders:
    """The tenders as columns, one element each."""

    ids: Texts
    units: Texts
    trades: Texts
    categories: Texts
    details: Texts
    estimates: Numbers
    published: Dates
    closes: Dates
    bidders: Numbers


def write_procurement(world: World) -> None:
    """Every honest tender with what follows from it, up to the last day of the records."""
    tenders = _tenders(world)
    _plans(world, tenders)
    winners, amounts = _bids(world, tenders)
    decided, noticed = _decisions(world, tenders)
    _tender_rows(world, tenders, noticed)
    done = noticed <= world.days.end
    _awards(world, tenders, winners, amounts, decided, noticed, done)
    _contracts(world, tenders, winners, amounts, noticed, done)


def _tenders(world: World) -> Tenders:
    chance, days = world.chance("tenders"), world.days
    months = days.months()
    busy = MONTH_WEIGHTS[month_of(months) - 1]
    count = int(len(world.schools) * A_YEAR * len(months) / 12)
    month = np.sort(chance.choice(len(months), size=count, p=busy / busy.sum()))
    published = days.workday(months[month] + chance.integers(0, 27, count))
    trades = chance.choice(np.array(_TRADES, dtype=object), size=count, p=_TRADE_SHARES)
    median = np.array([_MEDIAN_YUAN[trade] for trade in trades])
    estimates = (median * chance.lognormal(0, 0.75, count) / 100).astype(np.int64) * 100 * 100
    details = chance.choice(np.array(list(METHODS), dtype=object), size=count, p=_SHARES)
    details[estimates >= OPEN_LIMIT_FEN] = "公开招标"
    is_open = details == "公开招标"
    wait = np.where(is_open, chance.integers(20, 29, count), chance.integers(6, 13, count))
    bidders = np.where(is_open, chance.integers(3, 8, count), chance.integers(3, 5, count))
    bidders[details == "单一来源"] = 1
    is_alone = is_open & (chance.random(count) < LONE_SHARE)
    bidders[is_alone] = 1
    places = chance.random(count)
    return Tenders(
        ids=np.array(ids("QY-T", count, width=5), dtype=object),
        units=chance.choice(world.schools, size=count),
        trades=trades,
        categories=np.array(
            [CATEGORIES[trade][int(place * len(CATEGORIES[trade]))] for trade, place in zip(trades, places, strict=True)],
            dtype=object,
        ),
        details=details,
        estimates=estimates,
        published=published,
        closes=days.workday(published + wait),
        bidders=bidders,
    )


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
    """Why a tender was not contested, where it was not."""
    lone = "仅一家投标,经论证并报批准后继续"
    sole = "原供应商配套续购,未超过原合同金额的百分之十"
    return [
        (sole if detail == "单一来源" else lone) if bidders == 1 else None
        for detail, bidders in zip(tenders.details, tenders.bidders, strict=True)
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
    refused = present & (np.arange(widest) >= 3) & (chance.random((count, widest)) < 0.14)
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
    for trade in _TRADES:
        rows = np.flatnonzero(tenders.trades == trade)
        companies = world.suppliers(trade)
        size = (1.0 + np.arange(len(companies))) ** -0.6
        order = (world.chance(f"invited {trade}").exponential(size=(len(rows), len(companies))) / size).argsort(axis=1)
        found[rows] = companies[order[:, :widest]]
    return found


def _bid_rows(  # noqa: PLR0913 - one table's columns
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
        bond_account=[f"acct-{company}" for company in companies[row, place]],
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


def _awards(  # noqa: PLR0913 - one table's columns
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


def _contracts(  # noqa: PLR0913 - one table's columns
    world: World, tenders: Tenders, winners: Texts, amounts: Numbers, noticed: Dates, done: NDArray[Any]
) -> None:
    """Contracts signed, published and filed in time, then delivered, accepted and paid. Law: PR-17, PR-18, PR-19."""
    chance, days = world.chance("contracts"), world.days
    signed = days.after(np.where(done, noticed, days.end), chance.integers(2, 14, len(noticed)))
    rows = np.flatnonzero(done & (signed <= days.end - 14))
    count, signed, fen, unit = len(rows), signed[rows], amounts[rows], tenders.units[rows]
    contract = [f"{one}-C" for one in tenders.ids[rows]]
    advance = chance.choice(np.array([0.0, 0.3]), size=count, p=(0.62, 0.38))
    retention = np.where(tenders.trades[rows] == "WORKS", 0.03, chance.choice(np.array([0.0, 0.05]), count, p=(0.7, 0.3)))
    delivered = signed + chance.integers(12, 75, count)
    world.book.add(
        "contract", contract_id=contract, award_id=[f"{one}-A" for one in tenders.ids[rows]], tender_id=tenders.ids[rows],
        supplier_id=winners[rows], unit_id=unit, signed_on=signed,
        published_on=days.after(signed, chance.integers(0, 3, count)),
        filed_on=days.after(signed, chance.integers(1, 8, count)), amount_fen=fen, starts_on=signed,
        ends_on=delivered + chance.integers(30, 300, count), advance_share=advance, retention_share=retention,
    )  # fmt: skip
    more = _supplements(world, contract, unit, signed, fen)
    accepted = days.after(delivered, chance.integers(1, 6, count))
    _acceptances(world, contract, unit, accepted, fen + more)
    shared = {"contract": contract, "unit": unit, "supplier": winners[rows], "trade": tenders.trades[rows],
              "category": tenders.categories[rows], "detail": tenders.details[rows]}  # fmt: skip
    first = (fen * advance).astype(np.int64)
    last = (fen * retention).astype(np.int64)
    _pay(world, "ADVANCE", days.after(signed, chance.integers(2, 9, count)), first, shared)
    _pay(world, "MAIN", days.after(accepted, chance.integers(2, 15, count)), fen + more - first - last, shared)
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
