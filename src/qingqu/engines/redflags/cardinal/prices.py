"""R024, R028, R036 and R058: what prices tell."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from qingqu.engines.redflags.cardinal.base import (
    BESIDE,
    FAMILY,
    SOURCE,
    active_awards,
    compared,
    single_bids,
    single_winners,
    submitted_bids,
    tenderers,
)
from qingqu.engines.redflags.expressions import UNIT_SEPARATOR, fences, hints, join_refs, listed, ref
from qingqu.engines.redflags.frames import Frames
from qingqu.engines.redflags.parameters import NoParams, param
from qingqu.engines.redflags.registry import HIGH, LOW, MEDIUM, indicator

PRICES = {
    "tender": "has_awards has_bids",
    "bid": "amount_fen currency status",
    "bid_tenderer": "supplier_id",
    "award": "status",
    "award_supplier": "supplier_id",
}


@dataclass(frozen=True)
class Fence:
    """A fixed cut-off in place of the fence of the quartiles."""

    threshold: float | None = param(
        "number", None, "固定界限（不设则用四分位界）", "Fixed cut-off (else the quartile fence)"
    )


def ratios(frames: Frames) -> ir.Table:
    """How far the lowest other price lies above the winner's: one row a process with both.

    ``(tender_id, unit_id, year, winner_id, runner_up_id, ratio, refs)``; only where the other price is not lower.
    """
    winner = frames.derived(single_winners)
    bids = frames.derived(single_bids)
    allowed = frames.derived(compared).select("tender_id")
    priced = bids.filter(bids.currency == (frames.shared.currency or ""), bids.price.notnull())
    priced = priced.drop("unit_id", "year").join(winner, "tender_id").semi_join(allowed, "tender_id")
    own = priced.supplier_id == priced.winner_id
    best = priced.group_by("tender_id", "unit_id", "year", "winner_id").aggregate(
        winning=priced.price.min(where=own),
        other=priced.price.min(where=~own),
    )
    second = priced.filter(priced.supplier_id != priced.winner_id)
    ranked = second.mutate(
        place=ibis.row_number().over(ibis.window(group_by=second.tender_id, order_by=[second.price, second.position]))
    )
    runner = ranked.filter(ranked.place == 0).select(
        "tender_id", runner_up_id=ranked.supplier_id, runner_ref=ranked.bid_ref
    )
    first = priced.filter(own)
    lowest = first.mutate(
        place=ibis.row_number().over(ibis.window(group_by=first.tender_id, order_by=[first.price, first.position]))
    )
    winning = lowest.filter(lowest.place == 0).select("tender_id", winner_ref=lowest.bid_ref)
    found = best.filter(best.other >= best.winning)
    joined = found.join(runner, "tender_id").join(winning, "tender_id")
    return joined.select(
        "tender_id", "unit_id", "year", "winner_id", "runner_up_id", "winning", "other",
        ratio=(joined.other - joined.winning) / joined.winning,
        refs=join_refs(joined.winner_ref, joined.runner_ref),
    ).filter(lambda t: t.ratio.notnull() & ~t.ratio.isnan())  # fmt: skip


def _tenders(found: ir.Table, indicator_id: str, severity: int) -> ir.Table:
    return hints(
        found, indicator_id, grp="TENDER", key=found.tender_id, value=found.ratio, n=2, unit=found.unit_id,
        period=found.year, evidence=found.refs, severity=severity,
        facts={"winning": found.winning, "other": found.other, "percent": (found.ratio * 100).round(2)},
    )  # fmt: skip


def _suppliers(found: ir.Table, column: str) -> ir.Table:
    people = found.select(supplier_id=found[column], tender_id=found.tender_id)
    return people.select("supplier_id", "tender_id")


def _supplier_hints(people: ir.Table, indicator_id: str) -> ir.Table:
    """One row a supplier of flagged processes; the value is Cardinal's 0.0, ``n`` counts the processes."""
    grouped = people.distinct()
    grouped = grouped.mutate(tender_ref=ref("tender", tender_id=grouped.tender_id))
    found = grouped.group_by("supplier_id").aggregate(n=grouped.count(), refs=listed(grouped.tender_ref))
    return hints(
        found, indicator_id, grp="SUPPLIER", key=found.supplier_id, value=0.0, n=found.n, unit=None,
        evidence=found.refs, severity=LOW,
    )  # fmt: skip


@indicator(
    "R024", "次低价与中标价异常接近", "Price close to the winner's",
    family=FAMILY, beside=BESIDE, params=Fence, severity=MEDIUM, source_paper=SOURCE, needs=PRICES, settings=("currency",),
    null=("相互独立的报价之间有通常的差距。", "Independent prices differ by the usual distance."),
    innocent=(("成本透明、价格统一的商品", "Goods whose cost is known to all"), ("控制价或指导价附近的报价", "Prices near a published ceiling")),
    explanation=("最低的其他有效报价只比中标价高 %(percent)s%%（%(winning)s 与 %(other)s）。",
                 "The lowest other valid price is only %(percent)s%% above the winner's (%(winning)s and %(other)s)."),
)  # fmt: skip
def close_price(frames: Frames, params: Fence) -> ir.Table:
    """Processes whose ratio lies at or below the lower fence, and the winner and runner-up of each."""
    table = frames.derived(ratios)
    if params.threshold is None:
        limit = fences(table, "ratio")
        limit = limit.filter(limit.q1 > 0, limit.lower > 0)
        joined = table.cross_join(limit.select("lower"))
        found = joined.filter(joined.ratio <= joined.lower).drop("lower")
    else:
        found = table.filter(table.ratio <= params.threshold) if params.threshold > 0 else table.limit(0)
    people = ibis.union(_suppliers(found, "winner_id"), _suppliers(found, "runner_up_id"))
    return ibis.union(_tenders(found, "R024", MEDIUM), _supplier_hints(people, "R024"))


@indicator(
    "R058", "中标价异常偏低", "Heavily discounted price",
    family=FAMILY, beside=BESIDE, params=Fence, severity=MEDIUM, source_paper=SOURCE, needs=PRICES, settings=("currency",),
    null=("中标价与次低价的差距在通常范围内。", "The winner's price lies at the usual distance from the next."),
    innocent=(("供应商有库存或规模优势", "A supplier with stock or scale"), ("其他投标人对需求理解不同", "Others read the needs differently")),
    explanation=("最低的其他有效报价比中标价高 %(percent)s%%（%(winning)s 与 %(other)s）。",
                 "The lowest other valid price is %(percent)s%% above the winner's (%(winning)s and %(other)s)."),
)  # fmt: skip
def discounted_price(frames: Frames, params: Fence) -> ir.Table:
    """Processes whose ratio lies at or above the upper fence, and the winner of each."""
    table = frames.derived(ratios)
    if params.threshold is None:
        limit = fences(table, "ratio")
        limit = limit.filter(limit.upper > 0)
        joined = table.cross_join(limit.select("upper"))
        found = joined.filter(joined.ratio >= joined.upper).drop("upper")
    else:
        found = table.filter(table.ratio >= params.threshold) if params.threshold > 0 else table.limit(0)
    return ibis.union(_tenders(found, "R058", MEDIUM), _supplier_hints(_suppliers(found, "winner_id"), "R058"))


def identical(frames: Frames) -> ir.Table:
    """Submitted bids of compared processes that share an exact price with another set of tenderers."""
    link = frames.derived(tenderers)
    sets = link.group_by("tender_id", "bid_id").aggregate(
        members=link.supplier_id.group_concat(UNIT_SEPARATOR, order_by=link.supplier_id)
    )
    bids = frames.derived(submitted_bids)
    bids = bids.filter(bids.price.notnull(), bids.currency.notnull())
    priced = bids.semi_join(frames.derived(compared), "tender_id").join(sets, ["tender_id", "bid_id"])
    groups = priced.group_by("tender_id", "price", "currency").aggregate(sets_count=priced.members.nunique())
    groups = groups.filter(groups.sets_count > 1)
    return priced.semi_join(groups, ["tender_id", "price", "currency"]).select(
        "tender_id", "unit_id", "year", "bid_id", "bid_ref", "price"
    )


@indicator(
    "R028", "不同投标人报价完全相同", "Identical prices",
    family=FAMILY, beside=BESIDE, legal_basis=("CN-29",), severity=HIGH, source_paper=SOURCE,
    needs={"bid": "amount_fen currency status", "bid_tenderer": "supplier_id"},
    null=("相互独立的投标人很少报出完全相同的价格。", "Independent tenderers seldom quote the very same price."),
    innocent=(("政府定价或统一目录价", "A price set by regulation or catalogue"), ("均按控制价封顶报价", "Everybody bids the published ceiling")),
    explanation=("有 %(n)s 份投标的报价与其他投标人完全相同。", "%(n)s bids quote exactly the price of another tenderer."),
)  # fmt: skip
def identical_prices(frames: Frames, params: NoParams) -> ir.Table:
    """Processes with the same price and currency in bids of different tenderers, and those tenderers."""
    del params
    bids = frames.derived(identical)
    found = bids.group_by("tender_id", "unit_id", "year").aggregate(n=bids.count(), refs=listed(bids.bid_ref))
    tenders = hints(
        found, "R028", grp="TENDER", key=found.tender_id, value=1.0, n=found.n, unit=found.unit_id, period=found.year,
        evidence=found.refs, severity=HIGH,
    )  # fmt: skip
    people = bids.join(frames.derived(tenderers), ["tender_id", "bid_id"])
    by = people.group_by("supplier_id").aggregate(n=people.tender_id.nunique(), refs=listed(people.bid_ref))
    suppliers = hints(
        by, "R028", grp="SUPPLIER", key=by.supplier_id, value=1.0, n=by.n, unit=None, evidence=by.refs, severity=LOW
    )
    return ibis.union(tenders, suppliers)


@indicator(
    "R036", "最低报价被否决", "Lowest bid disqualified",
    family=FAMILY, severity=MEDIUM, source_paper=SOURCE, settings=("currency",),
    needs={"bid": "amount_fen currency status", "award": "status"},
    null=("最低报价通常不会被否决。", "The lowest bid is usually not the one disqualified."),
    innocent=(("最低报价确实不满足实质性条件", "The lowest bid did not meet the conditions"), ("异常低价且未能说明理由", "An abnormally low price left unexplained")),
    explanation=("最低报价 %(price)s 被否决，另有有效报价成交。", "The lowest price, %(price)s, was disqualified and another bid won."),
)  # fmt: skip
def lowest_disqualified(frames: Frames, params: NoParams) -> ir.Table:
    """Awarded processes whose first lowest submitted price was disqualified while some valid bid had a price."""
    del params
    bids = frames.derived(submitted_bids)
    bids = bids.filter(bids.price.notnull(), bids.currency == (frames.shared.currency or ""))
    bids = bids.semi_join(frames.derived(compared), "tender_id").semi_join(frames.derived(active_awards), "tender_id")
    ranked = bids.mutate(
        place=ibis.row_number().over(ibis.window(group_by=bids.tender_id, order_by=[bids.price, bids.position])),
        valid_count=(bids.status == "valid").sum().over(ibis.window(group_by=bids.tender_id)),
    )
    found = ranked.filter(ranked.place == 0, ranked.status == "disqualified", ranked.valid_count > 0)
    return hints(
        found, "R036", grp="TENDER", key=found.tender_id, value=1.0, n=found.valid_count + 1, unit=found.unit_id,
        period=found.year, evidence=found.bid_ref, severity=MEDIUM, facts={"price": found.price},
    )  # fmt: skip
