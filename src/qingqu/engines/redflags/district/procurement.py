"""Procurement against the law: splitting, method by threshold, tender period, clocks of signature and publication."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from qingqu.engines.redflags.cardinal.base import processes
from qingqu.engines.redflags.expressions import hints, join_refs, listed, ref
from qingqu.engines.redflags.frames import Frames
from qingqu.engines.redflags.parameters import NoParams, param
from qingqu.engines.redflags.registry import HIGH, LOW, MEDIUM, Clock, indicator

FAMILY = "PROCUREMENT"

OPEN = ("open", "OPEN")
"""Open tendering, as OCDS and as the mart's own codes spell it."""

TENDERED = (*OPEN, "selective", "INVITED")
"""Methods with a tender: open and invited."""


@dataclass(frozen=True)
class Splitting:
    """Parameters of PR-27; the limit itself is a shared setting, since it is local."""

    open_methods: tuple[str, ...] = param("texts", OPEN, "视为公开招标的采购方式", "Methods that count as open")
    fewest: int = param("int", 2, "最少采购次数", "Fewest purchases")


def purchases(frames: Frames) -> ir.Table:
    """What was bought by each process: ``(tender_id, unit_id, method, category, budget_id, fen, rationale, year)``.

    The sum of its contracts, else of its active awards, else the estimate. The year is that of the notice.
    """
    tender = frames.derived(processes)
    contract, award, plan = frames["contract"], frames["award"], frames["procurement_plan"]
    signed = contract.filter(contract.tender_id.notnull()).group_by("tender_id").aggregate(
        contract_fen=contract.amount_fen.sum()
    )  # fmt: skip
    active = award.filter(award.status == "active")
    awarded = active.group_by("tender_id").aggregate(award_fen=active.amount_fen.sum())
    budget = plan.select("plan_id", "budget_id")
    joined = tender.left_join(signed, "tender_id").drop("tender_id_right")
    joined = joined.left_join(awarded, "tender_id").drop("tender_id_right").left_join(budget, "plan_id")
    return joined.select(
        "tender_id", "unit_id", "method", "category", "budget_id", "estimate_fen", "rationale", "year",
        fen=ibis.coalesce(joined.contract_fen, joined.award_fen, joined.estimate_fen),
    )  # fmt: skip


@indicator(
    "PR-27", "化整为零规避公开招标", "Purchases split below the limit",
    family=FAMILY, legal_basis=("PR-27", "PR-28", "PR-44"), params=Splitting, severity=HIGH,
    settings=("open_tender_limit_fen",), source_paper="OCP R011",
    needs={"tender": "plan_id category method", "procurement_plan": "budget_id"},
    helps={"contract": "tender_id amount_fen", "award": "amount_fen", "budget_line": "adjusted_fen"},
    null=("同一预算项目、同一品目的非公开采购，全年累计不超过公开招标数额标准。",
          "Non-open purchases of one class under one budget item stay below the limit over the year."),
    innocent=(("预算年中调整或追加，后一次需求此前无法预见", "The budget was adjusted and the later need could not be foreseen"),
              ("经财政部门批准采用其他方式", "Another method was approved by the finance department"),
              ("需求互不相关，仅品目代码相同", "Unrelated needs that share a class code")),
    explanation=("%(period)s 年同一预算项目、同一品目非公开采购 %(n)s 次，累计为公开招标数额标准的 %(value)s 倍，每次均未达到标准。",
                 "%(n)s non-open purchases of one class under one budget item in %(period)s add up to %(value)s times "
                 "the limit, each below it."),
)  # fmt: skip
def splitting(frames: Frames, params: Splitting) -> ir.Table:
    """Units whose non-open purchases of a class and budget item exceed the limit in a year though none reaches it.

    One hint a unit and year, over all the classes concerned; the value is the highest multiple of the limit.
    """
    limit = frames.shared.open_tender_limit_fen or 0
    table = frames.derived(purchases)
    table = table.filter(
        table.budget_id.notnull(), table.category.notnull(), table.method.notnull(), table.year != "",
        ~table.method.isin(params.open_methods), table.fen < limit,
    )  # fmt: skip
    table = table.mutate(tender_ref=ref("tender", tender_id=table.tender_id))
    groups = table.group_by("unit_id", "year", "budget_id", "category").aggregate(
        n=table.count(), fen=table.fen.sum(), refs=listed(table.tender_ref)
    )
    groups = groups.filter(groups.n >= params.fewest, groups.fen > limit)
    groups = groups.mutate(refs=join_refs(groups.refs, ref("budget_line", budget_id=groups.budget_id)))
    found = groups.group_by("unit_id", "year").aggregate(
        n=groups.n.sum(), times=groups.fen.max() / limit, refs=listed(groups.refs)
    )
    return hints(
        found, "PR-27", grp="UNIT", key=found.unit_id, value=found.times, n=found.n, unit=found.unit_id,
        period=found.year, evidence=found.refs, severity=HIGH,
    )  # fmt: skip


@dataclass(frozen=True)
class Method:
    """Parameters of PR-28."""

    open_methods: tuple[str, ...] = param("texts", OPEN, "视为公开招标的采购方式", "Methods that count as open")


@indicator(
    "PR-28", "达到数额标准未公开招标", "Not open although above the limit",
    family=FAMILY, legal_basis=("PR-28", "PR-36", "PR-44", "PR-12"), params=Method, severity=HIGH,
    settings=("open_tender_limit_fen",), source_paper="OCP R010",
    needs={"tender": "method estimate_fen"}, helps={"tender": "rationale"},
    null=("达到公开招标数额标准的项目采用公开招标，或有批准的理由。",
          "At or above the limit a purchase is tendered openly, or for an approved reason otherwise."),
    innocent=(("经设区的市级以上财政部门批准", "Approved by the finance department in charge"),
              ("法定单一来源续购，未超过原合同金额的一成", "A lawful follow-on within a tenth of the original contract")),
    explanation=("预算 %(estimate)s 元，为公开招标数额标准的 %(value)s 倍，采用非公开方式%(reason)s。",
                 "An estimate of %(estimate)s, %(value)s times the limit, by a non-open method%(reason_en)s."),
)  # fmt: skip
def method_by_threshold(frames: Frames, params: Method) -> ir.Table:
    """Processes at or above the limit by another method than open tendering; a recorded reason lowers the severity."""
    limit = frames.shared.open_tender_limit_fen or 0
    table = frames.derived(purchases)
    fen = ibis.greatest(ibis.coalesce(table.estimate_fen, 0), ibis.coalesce(table.fen, 0))
    table = table.mutate(highest=fen, has_reason=table.rationale.fill_null("").strip() != "")
    found = table.filter(table.method.notnull(), ~table.method.isin(params.open_methods), table.highest >= limit)
    return hints(
        found, "PR-28", grp="TENDER", key=found.tender_id, value=found.highest / limit, n=1, unit=found.unit_id,
        period=found.year, evidence=ref("tender", tender_id=found.tender_id),
        severity=ibis.ifelse(found.has_reason, LOW, HIGH),
        facts={"estimate": found.highest / 100, "reason": ibis.ifelse(found.has_reason, "（已记录理由）", "，未记录理由"),
               "reason_en": ibis.ifelse(found.has_reason, " (a reason is recorded)", " without a recorded reason")},
    )  # fmt: skip


@dataclass(frozen=True)
class TenderPeriod:
    """Parameters of PR-01."""

    days: float = param("number", None, "货物服务最短天数", "Fewest days for goods and services", law="PR-01")
    works_days: float = param("number", None, "工程最短天数", "Fewest days for works", law="CN-06")
    works: tuple[str, ...] = param("texts", ("works", "WORKS"), "工程类品目", "Classes that are works")
    methods: tuple[str, ...] = param("texts", TENDERED, "实行招标的采购方式", "Methods with a tender")


@indicator(
    "PR-01", "招标期限不足法定天数", "Tender period below the law's",
    family=FAMILY, legal_basis=("PR-01", "CN-06"), params=TenderPeriod, severity=HIGH,
    needs={"tender": "method opens_at closes_at"},
    null=("自招标文件发出至投标截止不少于法定天数。", "From issue to closing there are at least the days the law asks for."),
    innocent=(("公告更正后重新计算期限，记录未更新", "The period was counted anew after a correction that the records lack"),
              ("实际采用的是非招标方式，方式录入有误", "The method was mistyped and is not a tender")),
    explanation=("招标文件发出至投标截止 %(value)s 天，法定不少于 %(limit)s 天。",
                 "%(value)s days from issue to closing; the law asks for at least %(limit)s."),
)  # fmt: skip
def tender_period(frames: Frames, params: TenderPeriod) -> ir.Table:
    """Tenders whose days from issue to closing, by local date, are fewer than the law's."""
    table = frames.derived(processes)
    table = table.filter(table.method.isin(params.methods), table.opens_at.notnull(), table.closes_at.notnull())
    shift = ibis.interval(hours=frames.shared.utc_offset_hours)
    days = (table.closes_at + shift).date().epoch_days() - (table.opens_at + shift).date().epoch_days()
    limit = ibis.ifelse(table.category.fill_null("").isin(params.works), float(params.works_days), float(params.days))
    table = table.mutate(days=days, limit=limit)
    found = table.filter(table.days < table["limit"])
    return hints(
        found, "PR-01", grp="TENDER", key=found.tender_id, value=found.days, n=1, unit=found.unit_id,
        period=found.year, evidence=ref("tender", tender_id=found.tender_id), severity=HIGH,
        facts={"limit": found["limit"]},
    )  # fmt: skip


@indicator(
    "PR-17", "合同逾期签订", "Contract signed late",
    family=FAMILY, legal_basis=("PR-17",), severity=MEDIUM, clocks=(Clock("PR-17", "award", "notice_on"),),
    source_paper="OCP R060",
    needs={"award": "notice_on", "contract": "award_id tender_id signed_on"},
    null=("合同在中标通知书发出后的法定期限内签订。", "A contract is signed within the time the law sets after the notice."),
    innocent=(("质疑投诉期间暂停签约", "Signature was suspended during a challenge"), ("签订日期录入的是补签日期", "The date is that of a later copy")),
    explanation=("通知书发出于 %(notice)s，应于 %(due)s 前签订，实际签订于 %(signed)s，逾期 %(value)s 天。",
                 "Notice on %(notice)s, due by %(due)s, signed on %(signed)s: %(value)s days late."),
)  # fmt: skip
def late_signature(frames: Frames, params: NoParams) -> ir.Table:
    """Contracts signed after the due date that the notice of their award starts."""
    del params
    award = frames["award"].select("tender_id", "award_id", "notice_on")
    contract = frames["contract"].select("contract_id", "tender_id", "award_id", "signed_on", "unit_id")
    joined = contract.join(award, ["tender_id", "award_id"])
    due = frames.due("PR-17")
    joined = joined.join(due, joined.notice_on == due.start_on)
    found = joined.filter(joined.signed_on > joined.due_on)
    return hints(
        found, "PR-17", grp="CONTRACT", key=found.contract_id, n=1, unit=found.unit_id,
        value=found.signed_on.epoch_days() - found.due_on.epoch_days(), period=found.signed_on.year().cast("string"),
        evidence=join_refs(ref("contract", contract_id=found.contract_id),
                           ref("award", tender_id=found.tender_id, award_id=found.award_id)),
        severity=MEDIUM, facts={"notice": found.notice_on, "due": found.due_on, "signed": found.signed_on},
    )  # fmt: skip


@indicator(
    "PR-18", "合同未按时公告", "Contract published late or not at all",
    family=FAMILY, legal_basis=("PR-18",), severity=MEDIUM, clocks=(Clock("PR-18", "contract", "signed_on"),),
    source_paper="OCP R063", needs={"contract": "tender_id signed_on published_on"},
    null=("政府采购合同在签订后的法定工作日内公告。", "A procurement contract is published within the working days the law sets."),
    innocent=(("涉及国家秘密、商业秘密的内容依法不公开", "Content that the law keeps secret"), ("平台故障，有情况说明", "The platform was down, with a note"),
              ("不属于政府采购的合同", "Not a contract of public procurement")),
    explanation=("签订于 %(signed)s，应于 %(due)s 前公告，%(state)s，逾期 %(value)s 天。",
                 "Signed on %(signed)s, due by %(due)s, %(state_en)s: %(value)s days late."),
)  # fmt: skip
def late_publication(frames: Frames, params: NoParams) -> ir.Table:
    """Contracts of a procurement process published after the due date, or not by the last day of the records.

    Working days and make-up workdays are those of the statutes' calendar.
    """
    del params
    contract = frames["contract"]
    contract = contract.filter(contract.tender_id.notnull(), contract.signed_on.notnull())
    due = frames.due("PR-18")
    joined = contract.join(due, contract.signed_on == due.start_on)
    last = ibis.null("date") if frames.shared.as_of is None else ibis.literal(frames.shared.as_of)
    joined = joined.mutate(shown_on=ibis.coalesce(joined.published_on, last))
    found = joined.filter(joined.shown_on > joined.due_on)
    is_absent = found.published_on.isnull()
    return hints(
        found, "PR-18", grp="CONTRACT", key=found.contract_id, n=1, unit=found.unit_id,
        value=found.shown_on.epoch_days() - found.due_on.epoch_days(), period=found.signed_on.year().cast("string"),
        evidence=ref("contract", contract_id=found.contract_id), severity=MEDIUM,
        facts={
            "signed": found.signed_on, "due": found.due_on,
            "state": ibis.ifelse(is_absent, "至今未公告", "公告于 " + found.shown_on.cast("string")),
            "state_en": ibis.ifelse(is_absent, "not published so far", "published on " + found.shown_on.cast("string")),
        },
    )  # fmt: skip
