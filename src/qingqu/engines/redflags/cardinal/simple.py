"""R003 and R018: what the notice alone tells."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from qingqu.engines.redflags.cardinal.base import FAMILY, SOURCE, processes
from qingqu.engines.redflags.expressions import hints, ref
from qingqu.engines.redflags.frames import Frames
from qingqu.engines.redflags.parameters import param
from qingqu.engines.redflags.registry import LOW, MEDIUM, indicator

SECONDS_A_DAY = 86_400
CARDINAL_OPEN = ("open", "selective")
CHINESE_OPEN = ("OPEN", "INVITED")


@dataclass(frozen=True)
class ShortPeriod:
    """Parameters of R003; the default threshold is Cardinal's, not the law's."""

    threshold: int = param("int", 15, "最短天数", "Fewest days")
    procurement_methods: tuple[str, ...] | None = param("texts", None, "只看这些采购方式", "Only these methods")
    procurement_method_details: dict[str, float] | None = param(
        "map", None, "按采购方式细类的最短天数", "Fewest days by method detail"
    )


@indicator(
    "R003", "投标期限过短", "Short submission period",
    family=FAMILY, legal_basis=("PR-01", "CN-06"), params=ShortPeriod, severity=MEDIUM, source_paper=SOURCE,
    needs={"tender": "opens_at closes_at"},
    null=("正常情况下，投标人有足够时间编制投标文件。", "In an honest process tenderers have time to prepare a bid."),
    innocent=(("法定允许的紧急采购或竞争性磋商", "An urgent purchase or a method with a shorter lawful period"),
              ("公告更正后截止时间录入有误", "A closing time mistyped after a correction of the notice")),
    explanation=("投标期限为 %(days)s 天，低于设定的 %(limit)s 天。", "The submission period is %(days)s days, below the %(limit)s set."),
)  # fmt: skip
def short_period(frames: Frames, params: ShortPeriod) -> ir.Table:
    """Processes whose whole days between issue and closing are below the threshold."""
    table = frames.derived(processes)
    if params.procurement_methods is not None:
        table = table.filter(table.method.isin(params.procurement_methods))
    seconds = table.closes_at.epoch_seconds() - table.opens_at.epoch_seconds()
    days = ibis.ifelse(seconds < 0, -1, 1) * (seconds.abs() // SECONDS_A_DAY)
    limit: ir.Value = ibis.literal(float(params.threshold))
    for name, own in (params.procurement_method_details or {}).items():
        limit = ibis.ifelse(table.method_detail.fill_null("") == name, float(own), limit)
    table = table.mutate(days=days, limit=limit)
    found = table.filter(table.opens_at.notnull(), table.closes_at.notnull(), table.days < table["limit"])
    return hints(
        found, "R003", grp="TENDER", key=found.tender_id, value=1.0, n=1, unit=found.unit_id, period=found.year,
        evidence=ref("tender", tender_id=found.tender_id), severity=MEDIUM,
        facts={"days": found.days, "limit": found["limit"]},
    )  # fmt: skip


@dataclass(frozen=True)
class SingleBid:
    """Parameters of R018."""

    procurement_methods: tuple[str, ...] | None = param("texts", None, "有竞争的采购方式", "Competitive methods")


@indicator(
    "R018", "只有一家投标", "Single bid",
    family=FAMILY, legal_basis=("PR-07", "CN-09"), params=SingleBid, severity=MEDIUM, source_paper=SOURCE,
    needs={"tender": "tenderers_count method"}, helps={"bid": "status"},
    null=("有竞争的采购通常有多家投标。", "A competitive process usually attracts several bids."),
    innocent=(("专业性强、供应商很少的市场", "A market with few suppliers"),
              ("投标人数量录入有误，请与投标记录核对", "A mistyped number of tenderers: compare with the bids")),
    explanation=("公布的投标人数量为 1，记录中的投标有 %(bids)s 份。", "One tenderer is published; the records hold %(bids)s bids."),
)  # fmt: skip
def single_bid(frames: Frames, params: SingleBid) -> ir.Table:
    """Processes of a competitive method that publish exactly one tenderer; the number of bids is shown beside it."""
    own = CARDINAL_OPEN if frames.shared.is_cardinal else CARDINAL_OPEN + CHINESE_OPEN
    methods = own if params.procurement_methods is None else params.procurement_methods
    table = frames.derived(processes)
    table = table.filter(table.tenderers_count == 1, table.method.isin(methods))
    counted = frames["bid"].group_by("tender_id").aggregate(bids=frames["bid"].count())
    joined = table.left_join(counted, "tender_id")
    found = joined.select("tender_id", "unit_id", "year", bids=joined.bids.fill_null(0))
    return hints(
        found, "R018", grp="TENDER", key=found.tender_id, value=1.0, n=found.bids, unit=found.unit_id,
        period=found.year, evidence=ref("tender", tender_id=found.tender_id),
        severity=ibis.ifelse(found.bids > 1, LOW, MEDIUM), facts={"bids": found.bids},
    )  # fmt: skip
