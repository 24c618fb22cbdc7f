"""Contracts and the money that follows them: late, early and excess payment, endless supply, undeclared ties."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from qingqu.engines.redflags.expressions import hints, join_refs, listed, ref
from qingqu.engines.redflags.frames import Frames
from qingqu.engines.redflags.parameters import NoParams, param
from qingqu.engines.redflags.registry import HIGH, MEDIUM, Clock, indicator

FAMILY = "CONTRACT"
MONTHS_A_YEAR = 12


def contract_payments(frames: Frames) -> ir.Table:
    """Every payment under a contract, with the contract's terms: ``price_fen`` is the amount with its changes."""
    contract, change, payment = frames["contract"], frames["amendment"], frames["payment"]
    changes = change.group_by("contract_id").aggregate(change_fen=change.delta_fen.sum())
    terms = contract.select("contract_id", "amount_fen", "advance_share", "retention_share", "signed_on")
    terms = terms.left_join(changes, "contract_id").drop("contract_id_right")
    terms = terms.select(
        "contract_id", "advance_share", "retention_share", contract_fen=terms.amount_fen,
        price_fen=terms.amount_fen + terms.change_fen.fill_null(0),
    )  # fmt: skip
    paid = payment.select("payment_id", "contract_id", "paid_on", "unit_id", paid_fen=payment.amount_fen)
    return paid.join(terms, "contract_id")


@indicator(
    "FI-01", "逾期付款", "Late payment",
    family=FAMILY, legal_basis=("FI-01", "FI-02"), severity=MEDIUM,
    clocks=(Clock("FI-01", "acceptance", "accepted_on"),),
    needs={"acceptance": "accepted_on", "payment": "contract_id paid_on", "contract": "contract_id"},
    null=("交付验收后在法定期限内付款。", "What was delivered and accepted is paid within the time the law sets."),
    innocent=(("供应商不属于中小企业", "The supplier is not a small or medium enterprise"),
              ("合同约定了不超过上限的更长期限", "The contract agreed on a longer time within the limit"),
              ("质保金到期支付", "Retention money that fell due"), ("发票迟交或存在质量争议", "A late invoice or a dispute over quality")),
    explanation=("验收于 %(accepted)s，应于 %(due)s 前付款，实际付款于 %(paid)s，逾期 %(value)s 天。",
                 "Accepted on %(accepted)s, due by %(due)s, paid on %(paid)s: %(value)s days late."),
)  # fmt: skip
def late_payment(frames: Frames, params: NoParams) -> ir.Table:
    """Payments after the due date that the latest acceptance before them starts; retention money is left out."""
    del params
    acceptance = frames["acceptance"].select("contract_id", "acceptance_id", "accepted_on")
    paid = frames.derived(contract_payments)
    paid = paid.filter(paid.paid_fen > 0)
    pairs = paid.join(acceptance, "contract_id")
    pairs = pairs.filter(pairs.accepted_on <= pairs.paid_on)
    window = ibis.window(group_by=pairs.payment_id, order_by=[pairs.accepted_on.desc(), pairs.acceptance_id])
    latest = pairs.mutate(place=ibis.row_number().over(window))
    latest = latest.filter(latest.place == 0)
    is_retention = latest.paid_fen <= latest.retention_share.fill_null(0.0) * latest.price_fen + 1
    due = frames.due("FI-01")
    joined = latest.filter(~is_retention).join(due, latest.accepted_on == due.start_on)
    found = joined.filter(joined.paid_on > joined.due_on)
    return hints(
        found, "FI-01", grp="PAYMENT", key=found.payment_id, n=1, unit=found.unit_id,
        value=found.paid_on.epoch_days() - found.due_on.epoch_days(), period=found.paid_on.cast("string"),
        evidence=join_refs(ref("payment", payment_id=found.payment_id), ref("contract", contract_id=found.contract_id),
                           ref("acceptance", acceptance_id=found.acceptance_id)),
        severity=MEDIUM, facts={"accepted": found.accepted_on, "due": found.due_on, "paid": found.paid_on},
    )  # fmt: skip


@indicator(
    "L14A", "先付款后验收", "Paid before acceptance",
    family=FAMILY, legal_basis=("PR-34",), severity=HIGH, source_paper="OCP R068",
    needs={"acceptance": "accepted_on", "payment": "contract_id paid_on amount_fen", "contract": "amount_fen"},
    helps={"contract": "advance_share"},
    null=("除约定的预付款外，验收之后才付款。", "Beyond an agreed advance, money is paid after acceptance."),
    innocent=(("合同约定按进度付款", "The contract pays by progress"), ("货物先行到货，验收单补填", "Goods arrived and the note was written later"),
              ("预付条款未录入", "The advance clause was not entered")),
    explanation=("付款于 %(paid)s，首次验收为 %(accepted)s；至此已付合同价的 %(share)s%%，约定预付 %(advance)s%%。",
                 "Paid on %(paid)s, first acceptance on %(accepted)s; by then %(share)s%% of the price was paid against "
                 "an advance of %(advance)s%%."),
)  # fmt: skip
def early_payment(frames: Frames, params: NoParams) -> ir.Table:
    """Payments before the first acceptance of their contract that exceed the agreed advance, taken together."""
    del params
    acceptance = frames["acceptance"]
    first = acceptance.group_by("contract_id").aggregate(accepted_on=acceptance.accepted_on.min())
    joined = frames.derived(contract_payments).join(first, "contract_id")
    early = joined.filter(joined.paid_on < joined.accepted_on, joined.price_fen > 0)
    window = ibis.window(group_by=early.contract_id, order_by=[early.paid_on, early.payment_id], preceding=(None, 0))
    early = early.mutate(sum_fen=early.paid_fen.sum().over(window), advance=early.advance_share.fill_null(0.0))
    found = early.filter(early.paid_fen > 0, early.sum_fen > early.advance * early.price_fen + 1)
    share = found.sum_fen / found.price_fen
    return hints(
        found, "L14A", grp="PAYMENT", key=found.payment_id, n=1, unit=found.unit_id,
        value=found.accepted_on.epoch_days() - found.paid_on.epoch_days(), period=found.paid_on.cast("string"),
        evidence=join_refs(ref("payment", payment_id=found.payment_id), ref("contract", contract_id=found.contract_id),
                           ref("acceptance", contract_id=found.contract_id)),
        severity=HIGH, facts={"paid": found.paid_on, "accepted": found.accepted_on, "share": (share * 100).round(1),
                              "advance": (found.advance * 100).round(1)},
    )  # fmt: skip


@dataclass(frozen=True)
class OverContract:
    """Parameters of R068."""

    supplement_percent: float = param(
        "number", None, "补充合同上限（%）", "Most that supplements may add (%)", law="PR-13"
    )


@indicator(
    "R068", "付款超过合同金额", "Paid above the contract",
    family=FAMILY, legal_basis=("PR-13", "CN-31"), params=OverContract, severity=HIGH, source_paper="OCP R068",
    needs={"contract": "amount_fen", "payment": "contract_id amount_fen"}, helps={"amendment": "delta_fen"},
    null=("累计付款不超过合同价与经批准的变更之和。", "Payments do not exceed the price with its approved changes."),
    innocent=(("经批准的补充合同未录入", "An approved supplement was not entered"), ("按实结算或调价条款", "Settlement by quantity or a price clause"),
              ("退款未冲销", "A refund that was not booked")),
    explanation=("累计付款为合同价（含变更）的 %(value)s 倍，超出 %(over)s 元；超出原合同的比例为 %(percent)s%%，补充合同上限 %(limit)s%%。",
                 "Paid %(value)s times the price with its changes, %(over)s too much; %(percent)s%% above the original "
                 "contract, where supplements may add %(limit)s%%."),
)  # fmt: skip
def over_contract(frames: Frames, params: OverContract) -> ir.Table:
    """Contracts paid beyond their price with its changes; beyond the law's supplement the severity is high."""
    table = frames.derived(contract_payments)
    table = table.mutate(payment_ref=ref("payment", payment_id=table.payment_id))
    found = table.group_by("contract_id", "unit_id", "contract_fen", "price_fen").aggregate(
        n=table.count(), paid_fen=table.paid_fen.sum(), last_on=table.paid_on.max(), refs=listed(table.payment_ref)
    )
    found = found.filter(found.paid_fen > found.price_fen, found.price_fen > 0, found.contract_fen > 0)
    percent = (found.paid_fen - found.contract_fen) / found.contract_fen * 100
    return hints(
        found, "R068", grp="CONTRACT", key=found.contract_id, value=found.paid_fen / found.price_fen, n=found.n,
        unit=found.unit_id,
        evidence=join_refs(ref("contract", contract_id=found.contract_id), found.refs,
                           ref("amendment", contract_id=found.contract_id)),
        severity=ibis.ifelse(percent > params.supplement_percent, HIGH, MEDIUM),
        facts={"over": (found.paid_fen - found.price_fen) / 100, "percent": percent.round(1),
               "limit": ibis.literal(float(params.supplement_percent))},
    )  # fmt: skip


@dataclass(frozen=True)
class Endless:
    """Parameters of M03."""

    years: float = param("number", None, "最长年限", "Most years", law="FI-23")


@indicator(
    "M03", "供货合同期限过长", "Endless supply contract",
    family=FAMILY, legal_basis=("FI-23",), params=Endless, severity=MEDIUM, needs={"contract": "starts_on ends_on"},
    null=("供货合同定期重新竞争。", "Supply is put to competition again after some years."),
    innocent=(("经竞争性程序后依法续签", "A lawful renewal after competition"), ("合作办学、特许经营等长期合同", "A long contract by nature, such as a concession")),
    explanation=("合同自 %(starts)s 至 %(ends)s，共 %(value)s 年，超过 %(limit)s 年。",
                 "The contract runs from %(starts)s to %(ends)s, %(value)s years, more than %(limit)s."),
)  # fmt: skip
def endless_supply(frames: Frames, params: Endless) -> ir.Table:
    """Contracts that run longer than the given years, to the day."""
    contract = frames["contract"]
    contract = contract.filter(contract.starts_on.notnull(), contract.ends_on.notnull())
    longest = contract.starts_on + ibis.interval(months=round(params.years * MONTHS_A_YEAR))
    found = contract.filter(contract.ends_on.cast("date") > longest.cast("date"))
    years = (found.ends_on.epoch_days() - found.starts_on.epoch_days()) / 365.25
    return hints(
        found, "M03", grp="CONTRACT", key=found.contract_id, value=years.round(2), n=1, unit=found.unit_id,
        evidence=ref("contract", contract_id=found.contract_id), severity=MEDIUM,
        facts={"starts": found.starts_on, "ends": found.ends_on, "limit": ibis.literal(float(params.years))},
    )  # fmt: skip


@dataclass(frozen=True)
class Ties:
    """Parameters of L13."""

    years_after: float = param(
        "number", None, "关系结束后仍须回避的年数", "Years a tie counts after its end", law="PR-26"
    )
    most_sharing: int = param(
        "int", 3, "同一电话、账户或地址最多由几方共用", "Most parties that may share a phone, account or address"
    )


TRAITS = ("phone", "address", "bank_account")


@indicator(
    "L13", "人员与供应商关系未申报", "Undeclared tie between staff and supplier",
    family=FAMILY, legal_basis=("PR-26", "PR-29", "FI-24"), params=Ties, severity=HIGH, source_paper="OCP R043",
    needs={"relationship": "other_id other_kind", "contract": "supplier_id signed_on"},
    helps={"person": "phone address bank_account", "supplier": "phone address bank_account"},
    null=("与供应商有利害关系的人员事先申报并回避。", "Staff with a tie to a supplier declare it beforehand and step aside."),
    innocent=(("同名或共用电话、地址，实无关系", "A shared phone or address without any tie"), ("关系已口头申报，登记滞后", "Declared in time, entered late"),
              ("该人员不参与该项采购", "The person took no part in the purchase")),
    explanation=("签约时单位人员与供应商有 %(n)s 项关联（%(kinds)s），签约前没有申报记录。",
                 "At signature %(n)s ties between staff and the supplier (%(kinds)s), none declared before."),
)  # fmt: skip
def undeclared_tie(frames: Frames, params: Ties) -> ir.Table:
    """Contracts of a unit with a supplier tied to its staff, no declaration lying before the signature.

    A tie is a recorded relationship in force, or ended within the years the law names; or a phone, address or account
    that person and supplier share and hardly anybody else does.
    """
    contract = frames["contract"].select("contract_id", "supplier_id", "unit_id", "signed_on")
    contract = contract.filter(contract.signed_on.notnull())
    known = frames["relationship"]
    known = known.filter(known.other_kind == "SUPPLIER").select(
        "person_id", "unit_id", "kind", "declared_on", "starts_on", "ends_on", supplier_id=known.other_id
    )
    recorded = contract.join(known, ["supplier_id", "unit_id"])
    until = recorded.ends_on + ibis.interval(months=round(params.years_after * MONTHS_A_YEAR))
    in_force = (recorded.starts_on.isnull() | (recorded.starts_on <= recorded.signed_on)) & (
        recorded.ends_on.isnull() | (until.cast("date") >= recorded.signed_on)
    )
    columns = ("contract_id", "supplier_id", "unit_id", "signed_on", "person_id", "kind")
    tied = recorded.filter(in_force).select(*columns)
    ties = ibis.union(tied, _shared_traits(frames, contract, params.most_sharing).select(*columns))
    declared = recorded.filter(recorded.declared_on <= recorded.signed_on).select("contract_id", "person_id")
    open_ties = ties.anti_join(declared, ["contract_id", "person_id"])
    open_ties = open_ties.mutate(
        refs=join_refs(ref("person", person_id=open_ties.person_id),
                       ref("relationship", person_id=open_ties.person_id, other_id=open_ties.supplier_id)),
    )  # fmt: skip
    found = open_ties.group_by("contract_id", "supplier_id", "unit_id", "signed_on").aggregate(
        n=open_ties.count(), refs=listed(open_ties.refs),
        kinds=open_ties.kind.group_concat("、", order_by=open_ties.kind),
    )  # fmt: skip
    return hints(
        found, "L13", grp="CONTRACT", key=found.contract_id, value=found.n, n=found.n, unit=found.unit_id,
        period=found.signed_on.year().cast("string"),
        evidence=join_refs(ref("contract", contract_id=found.contract_id), ref("supplier", supplier_id=found.supplier_id),
                           found.refs),
        severity=HIGH, facts={"kinds": found.kinds},
    )  # fmt: skip


def _shared_traits(frames: Frames, contract: ir.Table, most: int) -> ir.Table:
    """Contracts whose supplier shares a phone, address or account with somebody of the same unit, employed then."""
    person, supplier = frames["person"], frames["supplier"]
    theirs = ibis.union(*[_trait(person, "person_id", each) for each in TRAITS])
    its = ibis.union(*[_trait(supplier, "supplier_id", each) for each in TRAITS])
    owners = ibis.union(
        theirs.select("trait", "shared", owner=theirs.person_id), its.select("trait", "shared", owner=its.supplier_id)
    )
    counted = owners.group_by("trait", "shared").aggregate(owners=owners.owner.nunique())
    rare = counted.filter(counted.owners <= most).select("trait", "shared")
    pairs = theirs.join(its, ["trait", "shared"]).semi_join(rare, ["trait", "shared"])
    pairs = pairs.select("person_id", "supplier_id", kind=pairs.trait)
    staff = person.select("person_id", "unit_id", "employed_from", "employed_until")
    joined = contract.join(pairs, "supplier_id").join(staff, ["person_id", "unit_id"])
    return joined.filter(
        joined.employed_from.isnull() | (joined.employed_from <= joined.signed_on),
        joined.employed_until.isnull() | (joined.employed_until >= joined.signed_on),
    )


def _trait(table: ir.Table, owner: str, name: str) -> ir.Table:
    """``(owner, trait, shared)`` of the rows that have the trait."""
    kept = table.filter(table[name].notnull())
    return kept.select(owner, trait=ibis.literal(name.upper()), shared=kept[name])
