"""Meals and subsidies: food money not spent on food, notes above the scales, more paid than enrolled."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from qingqu.engines.redflags.expressions import hints, join_refs, listed, ref
from qingqu.engines.redflags.frames import Frames
from qingqu.engines.redflags.parameters import NoParams, param
from qingqu.engines.redflags.registry import HIGH, indicator

FAMILY = "PUPILS"


@dataclass(frozen=True)
class Notes:
    """Parameters of M01."""

    ratio: float = param("number", None, "送货单与实称之比上限", "Most the note may exceed the scales", law="FI-21")
    fewest: int = param("int", 2, "每月最少超限送货次数", "Fewest such deliveries a month")


@indicator(
    "M01", "送货单多于实称", "Delivery note above the scales",
    family=FAMILY, legal_basis=("FI-21",), params=Notes, severity=HIGH,
    needs={"meal_delivery": "invoiced_qty weighed_qty unit_price_fen"},
    null=("送货单与实称只有秤的误差。", "Note and scales agree within the error of scales."),
    innocent=(("包装、沥水损耗", "Packaging or drained weight"), ("计量单位录入不一致", "Units of measure that differ"), ("分次过磅未合并", "Weighed in parts that were not added")),
    explanation=("%(period)s 有 %(n)s 次送货的单据数量超过实称，合计金额为实称的 %(value)s 倍，相差 %(over)s 元。",
                 "In %(period)s %(n)s deliveries were noted above the scales, together %(value)s times what was weighed, "
                 "a difference of %(over)s."),
)  # fmt: skip
def light_delivery(frames: Frames, params: Notes) -> ir.Table:
    """Units and months with deliveries whose note exceeds the scales by more than the limit."""
    table = frames["meal_delivery"]
    table = table.filter(table.weighed_qty > 0, table.invoiced_qty > table.weighed_qty * params.ratio)
    table = table.mutate(
        month=table.day.strftime("%Y-%m"), noted=table.invoiced_qty * table.unit_price_fen,
        weighed=table.weighed_qty * table.unit_price_fen, note_ref=ref("meal_delivery", delivery_id=table.delivery_id),
    )  # fmt: skip
    found = table.group_by("unit_id", "month").aggregate(
        n=table.count(), noted=table.noted.sum(), weighed=table.weighed.sum(), refs=listed(table.note_ref)
    )
    found = found.filter(found.n >= params.fewest, found.weighed > 0)
    return hints(
        found, "M01", grp="UNIT", key=found.unit_id, value=found.noted / found.weighed, n=found.n, unit=found.unit_id,
        period=found.month, evidence=found.refs, severity=HIGH,
        facts={"over": ((found.noted - found.weighed) / 100).round(2)},
    )  # fmt: skip


@dataclass(frozen=True)
class Thin:
    """Parameters of M02."""

    share: float = param("number", None, "食材支出占比下限", "Least share spent on food", law="FI-22")
    fewest_days: int = param("int", 5, "每月最少供餐天数", "Fewest days with meals a month")


@indicator(
    "M02", "伙食费用于食材比例过低", "Meal money not spent on food",
    family=FAMILY, legal_basis=("FI-22", "FI-11"), params=Thin, severity=HIGH,
    needs={"meal_count": "charged_fen food_cost_fen"},
    null=("收取的伙食费基本用于食材。", "Meal money is spent on food."),
    innocent=(("月初月末库存结转", "Stock carried over between months"), ("学期初末供餐不足月", "A part of a month at the edge of a term"),
              ("收费含加工费并已批准", "The charge covers processing, as approved")),
    explanation=("%(period)s 收取伙食费 %(charged)s 元，食材支出 %(spent)s 元，占 %(percent)s%%，低于 %(limit)s%%。",
                 "In %(period)s %(charged)s was charged and %(spent)s spent on food, %(percent)s%%, below %(limit)s%%."),
)  # fmt: skip
def thin_meals(frames: Frames, params: Thin) -> ir.Table:
    """Units and months whose food cost falls below the given share of what was charged."""
    table = frames["meal_count"]
    table = table.filter(table.charged_fen.notnull(), table.food_cost_fen.notnull())
    table = table.mutate(month=table.day.strftime("%Y-%m"))
    found = table.group_by("unit_id", "month").aggregate(
        n=table.count(),
        charged=table.charged_fen.sum(),
        spent=table.food_cost_fen.sum(),
        first=table.day.min(),
        last=table.day.max(),
    )
    found = found.filter(found.n >= params.fewest_days, found.charged > 0, found.spent < found.charged * params.share)
    share = found.spent / found.charged
    return hints(
        found, "M02", grp="UNIT", key=found.unit_id, value=share, n=found.n, unit=found.unit_id, period=found.month,
        evidence=ref("meal_count", unit_id=found.unit_id, from_day=found.first, to_day=found.last), severity=HIGH,
        facts={"charged": found.charged / 100, "spent": found.spent / 100, "percent": (share * 100).round(1),
               "limit": ibis.literal(float(params.share) * 100)},
    )  # fmt: skip


@indicator(
    "S02", "资助人数多于在籍人数", "More subsidised than enrolled",
    family=FAMILY, legal_basis=("FI-25", "FI-11"), severity=HIGH,
    needs={"subsidy": "student_id period", "student": "student_id"},
    null=("受资助学生都在本校学籍之内。", "Everyone who is subsidised is on the roll."),
    innocent=(("学籍异动尚未更新", "A change of roll not yet entered"), ("学期中转学，两校交接", "A transfer in mid-term"), ("补发以前学期的资助", "Arrears of an earlier term")),
    explanation=("%(period)s“%(scheme)s”发放 %(n)s 人，当时在籍 %(enrolled)s 人，其中 %(strangers)s 人不在本校学籍。",
                 "For %(period)s %(n)s were paid under “%(scheme)s” while %(enrolled)s were enrolled; %(strangers)s of them "
                 "are not on the roll."),
)  # fmt: skip
def more_than_enrolled(frames: Frames, params: NoParams) -> ir.Table:
    """Units and terms in which a scheme paid more pupils than were enrolled between its first and last payment."""
    del params
    subsidy, student = frames["subsidy"], frames["student"]
    paid = subsidy.filter(subsidy.student_id.notnull())
    paid = paid.mutate(on=ibis.coalesce(paid.paid_on, paid.granted_on))
    groups = paid.group_by("unit_id", "scheme", "period").aggregate(
        n=paid.student_id.nunique(), first=paid.on.min(), last=paid.on.max()
    )
    groups = groups.filter(groups.first.notnull())
    roll = student.select("unit_id", "student_id", "enrolled_on", "left_on")
    joined = groups.join(roll, "unit_id")
    present = (joined.enrolled_on <= joined.last) & (joined.left_on.isnull() | (joined.left_on >= joined.first))
    keys = ("unit_id", "scheme", "period")
    counted = joined.filter(present).group_by(*keys).aggregate(enrolled=joined.student_id.nunique())
    table = groups.left_join(counted, keys).select(*groups.columns, enrolled=counted.enrolled.fill_null(0))
    found = table.filter(table.n > table.enrolled)
    named = paid.select(*keys, "student_id", "subsidy_id").semi_join(found, keys)
    strangers = named.anti_join(roll, ["unit_id", "student_id"])
    strangers = strangers.mutate(subsidy_ref=ref("subsidy", subsidy_id=strangers.subsidy_id))
    counted_strangers = strangers.group_by(*keys).aggregate(
        strangers=strangers.student_id.nunique(), refs=listed(strangers.subsidy_ref)
    )
    found = found.left_join(counted_strangers, keys).select(
        *found.columns, strangers=counted_strangers.strangers.fill_null(0), refs=counted_strangers.refs
    )
    everything = ref("subsidy", unit_id=found.unit_id, scheme=found.scheme, period=found.period)
    worst = found.mutate(all_refs=join_refs(everything, found.refs)).mutate(
        place=ibis.row_number().over(
            ibis.window(
                group_by=[found.unit_id, found.period], order_by=[(found.n - found.enrolled).desc(), found.scheme]
            )
        )
    )
    worst = worst.filter(worst.place == 0)
    return hints(
        worst, "S02", grp="UNIT", key=worst.unit_id, value=worst.n / ibis.greatest(worst.enrolled, 1), n=worst.n,
        unit=worst.unit_id, period=worst.period, evidence=worst.all_refs, severity=HIGH,
        facts={"scheme": worst.scheme, "enrolled": worst.enrolled, "strangers": worst.strangers},
    )  # fmt: skip
