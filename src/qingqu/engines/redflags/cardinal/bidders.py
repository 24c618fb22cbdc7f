"""R025, R030, R035, R038 and R048: what the conduct of tenderers and suppliers tells."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from qingqu.engines.redflags.cardinal.base import (
    BESIDE,
    FAMILY,
    SOURCE,
    final,
    processes,
    single_bids,
    single_winners,
    submitted_bids,
    tenderers,
    winners,
)
from qingqu.engines.redflags.expressions import fences, hints, listed, quantiles, ref
from qingqu.engines.redflags.frames import Frames
from qingqu.engines.redflags.parameters import NoParams, param
from qingqu.engines.redflags.registry import HIGH, LOW, MEDIUM, indicator

HUNDRED = 100


@dataclass(frozen=True)
class TopLoser:
    """Parameters of R025."""

    percentile: int = param("int", 75, "投标次数百分位", "Percentile of the number of processes")
    threshold: float | None = param("number", None, "固定中标率界限", "Fixed cut-off of the win ratio")


@indicator(
    "R025", "屡投不中", "Top loser",
    family=FAMILY, legal_basis=("CN-29",), params=TopLoser, severity=MEDIUM, source_paper=SOURCE,
    needs={"tender": "has_awards has_bids", "bid": "status", "bid_tenderer": "supplier_id", "award": "status",
           "award_supplier": "supplier_id"},
    null=("经常投标的供应商，中标率与同行相近。", "A frequent tenderer wins about as often as its peers."),
    innocent=(("新进入市场，尚在积累业绩", "A newcomer without a record yet"), ("规模小、报价缺乏竞争力", "A small firm whose prices do not compete")),
    explanation=("参加 %(n)s 个项目，中标率 %(value)s，明显低于同行。", "Took part in %(n)s processes with a win ratio of %(value)s, far below its peers."),
)  # fmt: skip
def top_loser(frames: Frames, params: TopLoser) -> ir.Table:
    """Tenderers with many processes whose win ratio lies at or below the lower fence; each process counts once."""
    bids = frames.derived(single_bids).select("tender_id", "supplier_id").distinct()
    joined = bids.join(frames.derived(single_winners).select("tender_id", "winner_id"), "tender_id")
    joined = joined.mutate(tender_ref=ref("tender", tender_id=joined.tender_id))
    won = (joined.supplier_id == joined.winner_id).cast("int64")
    table = joined.group_by("supplier_id").aggregate(n=joined.count(), wins=won.sum(), refs=listed(joined.tender_ref))
    table = table.mutate(ratio=table.wins / table.n)
    busy = quantiles(table, "n", {"busy": params.percentile / HUNDRED}).select("busy")
    table = table.cross_join(busy)
    if params.threshold is None:
        limit = fences(table, "ratio")
        limit = limit.filter(limit.q1 > 0, limit.lower > 0).select("lower")
    else:
        limit = busy.select(lower=ibis.literal(float(params.threshold))).filter(lambda t: t.lower > 0)
    found = table.cross_join(limit)
    found = found.filter(found.n >= found.busy, found.ratio <= found.lower)
    return hints(
        found, "R025", grp="SUPPLIER", key=found.supplier_id, value=found.ratio, n=found.n, unit=None,
        evidence=found.refs, severity=MEDIUM, facts={"wins": found.wins},
    )  # fmt: skip


@indicator(
    "R030", "逾期递交的投标中标", "Late bid won",
    family=FAMILY, beside=BESIDE, severity=HIGH, source_paper=SOURCE,
    needs={"tender": "closes_at", "bid": "submitted_at status", "bid_tenderer": "supplier_id", "award": "status",
           "award_supplier": "supplier_id"},
    null=("中标的投标都在截止时间前递交。", "A winning bid came in before the deadline."),
    innocent=(("截止时间有顺延公告但未更新记录", "The deadline was moved by a notice the records lack"), ("系统时钟或时区录入有误", "A wrong clock or time zone")),
    explanation=("中标的投标递交于 %(submitted)s，晚于截止时间 %(closes)s。", "The winning bid came in at %(submitted)s, after the deadline %(closes)s."),
)  # fmt: skip
def late_winner(frames: Frames, params: NoParams) -> ir.Table:
    """Valid bids after the deadline of a supplier with an active award: the process and the supplier.

    Compared as moments; as text only for Cardinal's own results, where offsets are ignored.
    """
    del params
    closing = frames.derived(processes).select("tender_id", "closes_at", "closes_raw")
    bids = frames.derived(submitted_bids)
    bids = bids.filter(bids.status == "valid").join(closing, "tender_id")
    is_late = bids.submitted_raw > bids.closes_raw if frames.shared.is_cardinal else bids.submitted_at > bids.closes_at
    late = bids.filter(is_late).join(frames.derived(tenderers), ["tender_id", "bid_id"])
    late = late.semi_join(frames.derived(winners), ["tender_id", "supplier_id"])
    found = late.group_by("tender_id", "unit_id", "year").aggregate(
        n=late.bid_id.nunique(),
        refs=listed(late.bid_ref),
        submitted=late.submitted_raw.max(),
        closes=late.closes_raw.max(),
    )
    tenders = hints(
        found, "R030", grp="TENDER", key=found.tender_id, value=1.0, n=found.n, unit=found.unit_id, period=found.year,
        evidence=found.refs, severity=HIGH, facts={"submitted": found.submitted, "closes": found.closes},
    )  # fmt: skip
    by = late.group_by("supplier_id").aggregate(
        n=late.tender_id.nunique(),
        refs=listed(late.bid_ref),
        submitted=late.submitted_raw.max(),
        closes=late.closes_raw.max(),
    )
    suppliers = hints(
        by, "R030", grp="SUPPLIER", key=by.supplier_id, value=1.0, n=by.n, unit=None, evidence=by.refs, severity=LOW,
        facts={"submitted": by.submitted, "closes": by.closes},
    )  # fmt: skip
    return ibis.union(tenders, suppliers)


@dataclass(frozen=True)
class OthersOut:
    """Parameters of R035."""

    threshold: int = param("int", 1, "被否决的其他投标人不少于", "Fewest other tenderers disqualified")


@indicator(
    "R035", "其他投标人全部被否决", "All others disqualified",
    family=FAMILY, beside=BESIDE, params=OthersOut, severity=HIGH, source_paper=SOURCE,
    needs={"tender": "has_awards has_bids", "bid": "status", "bid_tenderer": "supplier_id", "award": "status",
           "award_supplier": "supplier_id"},
    null=("有效投标通常不止一家。", "More than one tenderer usually stays in."),
    innocent=(("其他投标确有实质性缺陷，评审报告有记载", "The other bids had real defects, recorded in the evaluation"),),
    explanation=("除成交供应商外，另有 %(n)s 家投标人全部被否决。", "All %(n)s other tenderers were disqualified."),
)  # fmt: skip
def others_out(frames: Frames, params: OthersOut) -> ir.Table:
    """Final processes whose only valid tenderer is the only active supplier, the others being disqualified."""
    bids = frames.derived(submitted_bids).select("tender_id", "bid_id", "status", "bid_ref")
    bids = bids.semi_join(frames.derived(final), "tender_id").join(frames.derived(tenderers), ["tender_id", "bid_id"])
    valid = bids.filter(bids.status == "valid")
    one = valid.group_by("tender_id").aggregate(
        valid_count=valid.supplier_id.nunique(), winner_id=valid.supplier_id.max()
    )
    one = one.filter(one.valid_count == 1)
    won = frames.derived(winners)
    single = won.group_by("tender_id").aggregate(suppliers=won.count(), winner_id=won.supplier_id.max())
    single = single.filter(single.suppliers == 1).select("tender_id", "winner_id")
    alone = one.select("tender_id", "winner_id").semi_join(single, ["tender_id", "winner_id"])
    out = bids.filter(bids.status == "disqualified").join(alone, "tender_id")
    out = out.filter(out.supplier_id != out.winner_id)
    found = out.group_by("tender_id", "winner_id").aggregate(n=out.supplier_id.nunique(), refs=listed(out.bid_ref))
    found = found.filter(found.n >= max(params.threshold, 1)).join(frames.derived(final), "tender_id")
    tenders = hints(
        found, "R035", grp="TENDER", key=found.tender_id, value=found.n, n=found.n, unit=found.unit_id,
        period=found.year, evidence=found.refs, severity=HIGH,
    )  # fmt: skip
    by = found.mutate(tender_ref=ref("tender", tender_id=found.tender_id))
    by = by.group_by("winner_id").aggregate(n=by.n.sum(), refs=listed(by.tender_ref))
    suppliers = hints(
        by, "R035", grp="SUPPLIER", key=by.winner_id, value=0.0, n=by.n, unit=None, evidence=by.refs, severity=LOW
    )
    return ibis.union(tenders, suppliers)


@dataclass(frozen=True)
class ExcessOut:
    """Parameters of R038. For buyers the minimum counts submitted bids, as Cardinal does."""

    threshold: float | None = param("number", None, "固定否决率界限", "Fixed cut-off of the disqualified share")
    minimum_submitted_bids: int = param("int", 2, "投标人的最少投标数", "Fewest bids of a tenderer")
    minimum_contracting_processes: int = param("int", 2, "采购人的最少投标数", "Fewest bids to a buyer")


@indicator(
    "R038", "被否决投标过多", "Excess disqualified bids",
    family=FAMILY, params=ExcessOut, severity=MEDIUM, source_paper=SOURCE,
    needs={"tender": "buyer_id", "bid": "status", "bid_tenderer": "supplier_id"},
    null=("各单位的否决率与同行相近。", "The share of disqualified bids is about that of the peers."),
    innocent=(("招标文件要求严格而清楚", "Strict but clear conditions"), ("投标人经验不足", "Inexperienced tenderers")),
    explanation=("%(n)s 份投标中被否决的占 %(value)s，明显高于同行。", "Of %(n)s bids, a share of %(value)s was disqualified, far above the peers."),
)  # fmt: skip
def excess_out(frames: Frames, params: ExcessOut) -> ir.Table:
    """Buyers, procuring entities and tenderers whose share of disqualified bids lies at or above the upper fence."""
    bids = frames.derived(submitted_bids).select("tender_id", "bid_id", "status", "unit_id")
    tender = frames.derived(processes)
    owners = tender.filter(tender.ids_are_text).select("tender_id", "buyer_id", "procuring_entity_id")
    bought = bids.join(owners, "tender_id")
    people = bids.join(frames.derived(tenderers), ["tender_id", "bid_id"])
    minimum = params.minimum_contracting_processes
    return ibis.union(
        _excess(bought.mutate(key=bought.buyer_id), "BUYER", minimum, params.threshold),
        _excess(bought.mutate(key=bought.procuring_entity_id), "PROCURING_ENTITY", minimum, params.threshold),
        _excess(people.mutate(key=people.supplier_id), "SUPPLIER", params.minimum_submitted_bids, params.threshold),
    )


def _excess(bids: ir.Table, grp: str, minimum: int, threshold: float | None) -> ir.Table:
    is_out = bids.status == "disqualified"
    bids = bids.filter(bids.key.notnull())
    bids = bids.mutate(out_ref=ibis.ifelse(is_out, ref("bid", tender_id=bids.tender_id, bid_id=bids.bid_id), None))
    table = bids.group_by("key").aggregate(
        n=bids.count(), out=is_out.cast("int64").sum(), refs=listed(bids.out_ref), units=bids.unit_id.nunique(),
        unit_id=bids.unit_id.max(),
    )  # fmt: skip
    table = table.filter(table.n >= minimum)
    table = table.mutate(ratio=table.out / table.n)
    limit = fences(table, "ratio")
    upper = limit.upper if threshold is None else ibis.literal(float(threshold))
    joined = table.cross_join(limit.select(fence=upper))
    found = joined.filter(joined.fence > 0, joined.ratio >= joined.fence)
    unit = ibis.ifelse(found.units == 1, found.unit_id, "") if grp != "SUPPLIER" else None
    return hints(
        found, "R038", grp=grp, key=found.key, value=found.ratio, n=found.n, unit=unit,
        evidence=ibis.coalesce(found.refs, ""), severity=MEDIUM, facts={"disqualified": found.out},
    )  # fmt: skip


@dataclass(frozen=True)
class Heterogeneous:
    """Parameters of R048."""

    digits: int = param("int", 2, "品目代码取前几位", "Leading characters of the class")
    threshold: float | None = param("number", None, "固定品类数界限", "Fixed cut-off of the number of classes")
    minimum_contracting_processes: int = param("int", 20, "最少成交项目数", "Fewest processes")


@indicator(
    "R048", "供应商经营范围过杂", "Heterogeneous supplier",
    family=FAMILY, params=Heterogeneous, severity=LOW, source_paper=SOURCE,
    needs={"award": "status suppliers_count", "award_supplier": "supplier_id", "award_item": "classification_id"},
    null=("供应商大多在自己的行业内成交。", "A supplier mostly wins within its trade."),
    innocent=(("综合商贸企业或电商平台", "A general trader or a platform"), ("分类代码录入不规范", "Careless classification codes")),
    explanation=("在 %(n)s 个成交项目中涉及 %(value)s 个品类。", "Won %(n)s processes over %(value)s classes."),
)  # fmt: skip
def heterogeneous(frames: Frames, params: Heterogeneous) -> ir.Table:
    """Suppliers whose number of item classes lies at or above the upper fence."""
    award, item, link = frames["award"], frames["award_item"], frames["award_supplier"]
    active = award.filter(award.status == "active", award.suppliers_count == 1).select("tender_id", "award_id")
    active = active.semi_join(frames.derived(processes), "tender_id")
    people = link.filter(link.id_is_text).select("tender_id", "award_id", "supplier_id")
    classified = item.filter(item.classification_id.notnull())
    classes = classified.select("tender_id", "award_id", part=classified.classification_id.left(params.digits))
    joined = active.join(people, ["tender_id", "award_id"]).join(classes, ["tender_id", "award_id"])
    joined = joined.mutate(award_ref=ref("award", tender_id=joined.tender_id, award_id=joined.award_id))
    distinct = joined.distinct()
    table = distinct.group_by("supplier_id").aggregate(
        n=distinct.tender_id.nunique(), classes=distinct.part.nunique(), refs=listed(distinct.award_ref)
    )
    table = table.filter(table.n >= params.minimum_contracting_processes)
    limit = fences(table, "classes")
    upper = limit.upper if params.threshold is None else ibis.literal(float(params.threshold))
    joined_limit = table.cross_join(limit.select(fence=upper))
    found = joined_limit.filter(joined_limit.classes >= joined_limit.fence)
    return hints(
        found, "R048", grp="SUPPLIER", key=found.supplier_id, value=found.classes, n=found.n, unit=None,
        evidence=found.refs, severity=LOW,
    )  # fmt: skip
