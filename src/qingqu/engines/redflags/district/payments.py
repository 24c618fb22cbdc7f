"""Payments: paid twice, too round, odd first digits, rush at the year's end, too much to one supplier."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from qingqu.engines.redflags.expressions import chernoff, hints, join_refs, listed, ref, surviving
from qingqu.engines.redflags.frames import Frames
from qingqu.engines.redflags.parameters import param
from qingqu.engines.redflags.registry import HIGH, LOW, MEDIUM, indicator

FAMILY = "PAYMENT"
DECEMBER = 12
MAD_TO_SD = 1.4826
"""Iglewicz & Hoaglin 1993: scales the median absolute deviation to a standard deviation under normality."""

NIGRINI = "Nigrini 2012, Forensic Analytics"


@dataclass(frozen=True)
class Twice:
    """Parameters of L01."""

    days: int = param("int", 30, "同一账户同额付款的间隔天数", "Days between equal payments to one account")


def net_payments(frames: Frames) -> ir.Table:
    """Positive payments that no reversal of the same supplier, unit and amount cancels, with their invoice number.

    ``k`` reversals cancel the ``k`` earliest of the equal payments.
    """
    payment, invoice = frames["payment"], frames["invoice"].select("invoice_id", "number_norm")
    numbered = payment.left_join(invoice, "invoice_id").select(
        "payment_id",
        "invoice_id",
        "supplier_id",
        "unit_id",
        "paid_on",
        "amount_fen",
        "currency",
        "payee_account",
        "number_norm",
    )
    back = numbered.filter(numbered.amount_fen < 0).mutate(amount_fen=-numbered.amount_fen)
    keys = ("unit_id", "supplier_id", "amount_fen")
    reversed_ = back.group_by(*keys).aggregate(back=back.count())
    paid = numbered.filter(numbered.amount_fen > 0, numbered.supplier_id.notnull())
    ordered = paid.mutate(
        turn=ibis.row_number().over(ibis.window(group_by=list(keys), order_by=[paid.paid_on, paid.payment_id]))
    )
    joined = ordered.left_join(reversed_, keys)
    return joined.filter(joined.turn >= joined.back.fill_null(0)).select(*ordered.columns)


@indicator(
    "L01", "疑似重复付款", "Duplicate payment",
    family=FAMILY, params=Twice, severity=HIGH, source_paper=NIGRINI,
    needs={"payment": "supplier_id paid_on amount_fen", "invoice": "number_norm"}, helps={"payment": "payee_account"},
    null=("每张发票只付一次款。", "Each invoice is paid once."),
    innocent=(("分期付款，合计未超过发票金额", "Instalments that stay within the invoice"), ("付款被退回后重新支付", "A payment that bounced and was made again"),
              ("不同业务恰好金额相同、共用收款账户", "Different dealings of the same amount and a shared account")),
    explanation=("与 %(first)s 的付款 %(other)s %(ground)s，金额均为 %(amount)s 元，相隔 %(value)s 天。",
                 "Repeats payment %(other)s of %(first)s (%(ground_en)s), each of %(amount)s, %(value)s days apart."),
)  # fmt: skip
def duplicate(frames: Frames, params: Twice) -> ir.Table:
    """Later payments that repeat an earlier one: same supplier, number and amount; or one account, two suppliers.

    Reversals are netted first. One hint a payment, against the earliest it repeats.
    """
    paid = frames.derived(net_payments)
    paid = paid.mutate(number=paid.number_norm.re_replace(r"[^0-9A-Za-z]", "").re_replace("^0+", ""))
    earlier = paid.select(
        "supplier_id", "amount_fen", "unit_id", "number", "payee_account", first_id=paid.payment_id,
        first_on=paid.paid_on, first_supplier=paid.supplier_id, first_invoice=paid.invoice_id,
    )  # fmt: skip
    same = paid.filter(paid.number != "").join(
        earlier.drop("unit_id", "payee_account"), ["supplier_id", "amount_fen", "number"]
    )
    columns = ("payment_id", "unit_id", "paid_on", "amount_fen", "first_id", "first_on", "invoice_id", "first_invoice")
    by_number = same.select(*columns, ground=ibis.literal("INVOICE"))
    account = paid.filter(paid.payee_account.notnull()).join(
        earlier.drop("unit_id", "supplier_id", "number"), ["payee_account", "amount_fen"]
    )
    account = account.filter(
        account.supplier_id != account.first_supplier,
        account.paid_on.epoch_days() - account.first_on.epoch_days() <= params.days,
    )
    pairs = ibis.union(by_number, account.select(*columns, ground=ibis.literal("ACCOUNT")))
    pairs = pairs.filter(
        (pairs.first_on < pairs.paid_on) | ((pairs.first_on == pairs.paid_on) & (pairs.first_id < pairs.payment_id))
    )
    pairs = _beyond_invoice(frames, pairs)
    window = ibis.window(group_by=pairs.payment_id, order_by=[pairs.first_on, pairs.first_id, pairs.ground])
    found = pairs.mutate(place=ibis.row_number().over(window))
    found = found.filter(found.place == 0)
    is_invoice = found.ground == "INVOICE"
    refs = join_refs(ref("payment", payment_id=found.payment_id), ref("payment", payment_id=found.first_id),
                     ref("invoice", invoice_id=found.invoice_id), ref("invoice", invoice_id=found.first_invoice))  # fmt: skip
    return hints(
        found, "L01", grp="PAYMENT", key=found.payment_id, n=2, unit=found.unit_id,
        value=found.paid_on.epoch_days() - found.first_on.epoch_days(), period=found.paid_on.cast("string"),
        evidence=refs, severity=HIGH,
        facts={
            "first": found.first_on, "other": found.first_id, "amount": found.amount_fen / 100,
            "ground": ibis.ifelse(is_invoice, "供应商、发票号码相同", "收款账户相同而供应商不同"),
            "ground_en": ibis.ifelse(is_invoice, "same supplier and invoice number", "same account, another supplier"),
        },
    )  # fmt: skip


def _beyond_invoice(frames: Frames, pairs: ir.Table) -> ir.Table:
    """Pairs on one invoice only where what was paid on it exceeds its amount: instalments are not duplicates."""
    paid, invoice = frames.derived(net_payments), frames["invoice"]
    sums = paid.group_by("invoice_id").aggregate(paid_fen=paid.amount_fen.sum())
    worth = invoice.select("invoice_id", invoice_fen=invoice.amount_fen)
    full = sums.join(worth, "invoice_id")
    beyond = full.filter(full.paid_fen > full.invoice_fen).select("invoice_id")
    one_invoice = (pairs.invoice_id == pairs.first_invoice).fill_null(False)  # noqa: FBT003 - a value
    return ibis.union(pairs.filter(~one_invoice), pairs.filter(one_invoice).semi_join(beyond, "invoice_id"))


@dataclass(frozen=True)
class Round:
    """Parameters of L04."""

    multiple_fen: int = param("int", 100_000, "整数单位（分）", "What counts as round (smallest unit)")
    false_share: float = param("number", 0.01, "可接受的误报比例", "Accepted share of false discoveries")
    fewest: int = param("int", 50, "最少付款笔数", "Fewest payments")
    times: float = param("number", 2.0, "至少为同类单位的几倍", "At least this multiple of the peers' share")


@indicator(
    "L04", "整数金额付款过多", "Too many round amounts",
    family=FAMILY, params=Round, severity=LOW, source_paper=NIGRINI, needs={"payment": "amount_fen account_code"},
    null=("在相同科目下，整数金额的比例与其他单位相近。", "Under the same accounts, round amounts are as common as elsewhere."),
    innocent=(("拨款、预付、定额补助按规定为整数", "Grants, advances and allowances are round by rule"), ("定价为整数的服务", "Services priced in round sums")),
    explanation=("%(n)s 笔付款中整数金额占 %(percent)s%%，同科目其他单位的基准为 %(base)s%%。",
                 "Of %(n)s payments %(percent)s%% are round; the base rate elsewhere under the same accounts is %(base)s%%."),
)  # fmt: skip
def round_amounts(frames: Frames, params: Round) -> ir.Table:
    """Units whose share of round amounts exceeds what the others' shares by account lead one to expect.

    Accounts under which the others have too few payments between them are left out.
    The chance is bounded by Chernoff; units are corrected together by Benjamini–Hochberg.
    """
    payment = frames["payment"]
    payment = payment.filter(payment.amount_fen > 0)
    cell = payment.mutate(is_round=(payment.amount_fen % params.multiple_fen == 0).cast("int64"))
    by = cell.group_by("unit_id", "account_code").aggregate(n=cell.count(), hits=cell.is_round.sum())
    window = ibis.window(group_by=by.account_code)
    peers = by.mutate(other_n=by.n.sum().over(window) - by.n, other_hits=by.hits.sum().over(window) - by.hits)
    peers = peers.filter(peers.other_n >= params.fewest)
    expected = peers.mutate(expected=peers.n * (peers.other_hits + 0.5) / (peers.other_n + 1.0))
    table = expected.group_by("unit_id").aggregate(
        n=expected.n.sum(), hits=expected.hits.sum(), expected=expected.expected.sum()
    )
    table = table.filter(table.n >= params.fewest)
    table = table.mutate(share=table.hits / table.n, base=table.expected / table.n)
    table = table.filter(table.base < 1)
    table = table.mutate(p_value=chernoff(table.hits, table.n, table.base))
    found = surviving(table, false_share=params.false_share)
    found = found.filter(found.share >= params.times * found.base)
    return hints(
        found, "L04", grp="UNIT", key=found.unit_id, value=found.share, n=found.n, p_value=found.p_value,
        unit=found.unit_id, evidence=ref("payment", unit_id=found.unit_id), severity=LOW,
        facts={"percent": (found.share * 100).round(2), "base": (found.base * 100).round(2)},
    )  # fmt: skip


@dataclass(frozen=True)
class FirstDigit:
    """Parameters of L03; the default of ``mad`` is Nigrini's limit of nonconformity for first digits."""

    mad: float = param("number", 0.015, "平均绝对偏差界限", "Limit of the mean absolute deviation")
    fewest: int = param("int", 300, "最少付款笔数", "Fewest payments")
    false_share: float = param("number", 0.01, "可接受的误报比例", "Accepted share of false discoveries")


DIGITS = 9
FREEDOM = 8
NOISE = 0.7979
"""sqrt(2 / pi): the mean of the absolute value of a standard normal variable."""


@indicator(
    "L03", "金额首位数字分布异常", "Odd first digits",
    family=FAMILY, params=FirstDigit, severity=LOW, source_paper=f"{NIGRINI}; Drake & Nigrini 2000",
    needs={"payment": "amount_fen"},
    null=("首位数字的分布与其他单位相近。", "First digits are distributed as in the other units."),
    innocent=(("固定标准的收支较多", "Many payments at a fixed rate"), ("审批或限额附近的正常集中", "Honest crowding near a limit of approval"),
              ("业务构成与其他单位不同", "A different mix of business")),
    explanation=("%(n)s 个不同付款金额的首位数字平均偏离其他单位 %(value)s（随机波动约 %(noise)s）；最突出的是 %(digit)s，占 %(percent)s%%，基准 %(base)s%%。",
                 "The first digits of %(n)s different payments deviate by %(value)s on average from the other units (chance alone: "
                 "about %(noise)s); most of all %(digit)s with %(percent)s%% against %(base)s%%."),
)  # fmt: skip
def first_digits(frames: Frames, params: FirstDigit) -> ir.Table:
    """Units whose first digits deviate from those of the other units beyond Nigrini's limit and beyond chance.

    Equal payments to one supplier count once: a monthly rate is one figure, not thirty. Where the other units have too
    few payments between them there is nothing to compare with, and no hint.

    Compared with the other units and not with Benford: public payments are seldom Benford by design. The chance is
    that of chi-squared with eight degrees of freedom by Wilson & Hilferty 1931, corrected by Benjamini–Hochberg.
    """
    payment = frames["payment"]
    payment = payment.filter(payment.amount_fen > 0).select("unit_id", "supplier_id", "amount_fen").distinct()
    digit = payment.amount_fen.cast("string").left(1).cast("int64")
    units = payment.group_by("unit_id").aggregate(n=payment.count())
    units = units.filter(units.n >= params.fewest)
    digits = payment.select("unit_id", digit=digit)
    cells = digits.group_by("unit_id", "digit").aggregate(hits=digits.count())
    all_digits = cells.select("digit").distinct()
    grid = units.cross_join(all_digits).left_join(cells, ["unit_id", "digit"])
    grid = grid.select("unit_id", "n", "digit", hits=grid.hits.fill_null(0))
    totals = cells.group_by("digit").aggregate(total=cells.hits.sum())
    whole = payment.aggregate(everything=payment.count())
    grid = grid.join(totals, "digit").cross_join(whole)
    grid = grid.filter(grid.everything - grid.n >= params.fewest)
    grid = grid.mutate(base=(grid.total - grid.hits + 0.5) / (grid.everything - grid.n + 0.5 * DIGITS))
    grid = grid.mutate(gap=grid.hits / grid.n - grid.base)
    window = ibis.window(group_by=grid.unit_id, order_by=[grid.gap.desc(), grid.digit])
    grid = grid.mutate(place=ibis.row_number().over(window))
    top = grid.place == 0
    table = grid.group_by("unit_id", "n").aggregate(
        mad=grid.gap.abs().sum() / DIGITS,
        noise=(NOISE * (grid.base * (1 - grid.base) / grid.n).sqrt()).sum() / DIGITS,
        chi=(grid.n * grid.gap * grid.gap / grid.base).sum(),
        digit=grid.digit.max(where=top), share=(grid.hits / grid.n).max(where=top), base=grid.base.max(where=top),
    )  # fmt: skip
    spread = 2.0 / (9 * FREEDOM)
    z = ((table.chi / FREEDOM) ** (1 / 3) - (1 - spread)) / spread**0.5
    table = table.mutate(p_value=ibis.ifelse(z > 0, 0.5 * (-z * z / 2).exp(), 1.0))
    found = surviving(table, false_share=params.false_share)
    found = found.filter(found.mad > params.mad + found.noise)
    return hints(
        found, "L03", grp="UNIT", key=found.unit_id, value=found.mad, n=found.n, p_value=found.p_value,
        unit=found.unit_id, evidence=ref("payment", unit_id=found.unit_id), severity=LOW,
        facts={"noise": found.noise, "digit": found.digit, "percent": (found.share * 100).round(1),
               "base": (found.base * 100).round(1)},
    )  # fmt: skip


@dataclass(frozen=True)
class Rush:
    """Parameters of L06; ``z`` is Iglewicz & Hoaglin's limit for a modified z-score."""

    z: float = param("number", 3.5, "稳健 z 值界限", "Limit of the robust z")
    least_share: float = param("number", 0.15, "十二月支出占比不低于", "Least share of December")
    fewest_peers: int = param("int", 8, "最少可比单位数", "Fewest units to compare with")
    fewest: int = param("int", 20, "最少付款笔数", "Fewest payments")
    least_spread: float = param("number", 0.01, "同类单位差异下限", "Least spread among the peers")


@indicator(
    "L06", "年末突击花钱", "Year-end rush",
    family=FAMILY, params=Rush, severity=MEDIUM, source_paper="Liebman & Mahoney 2017, AER",
    needs={"payment": "paid_on amount_fen"},
    null=("十二月支出的比例与同年其他单位相近。", "December takes about the same share as in other units that year."),
    innocent=(("上级资金年底才下达", "Funds were released only at the end of the year"), ("跨年工程按合同节点结算", "A milestone of works fell in December"),
              ("寒假采购计划", "Purchases planned for the winter holidays")),
    explanation=("%(period)s 年十二月支出占全年 %(percent)s%%，同年其他单位的中位数为 %(base)s%%（稳健 z 值 %(z)s）。",
                 "December took %(percent)s%% of %(period)s; the median of the units is %(base)s%% (robust z %(z)s)."),
)  # fmt: skip
def year_end_rush(frames: Frames, params: Rush) -> ir.Table:
    """Units and years whose December share lies far above the other units of that year; unfinished years are left out."""
    payment = frames["payment"]
    payment = payment.mutate(year=payment.paid_on.year(), is_late=payment.paid_on.month() == DECEMBER)
    if frames.shared.as_of is not None:
        finished = frames.shared.as_of.year if frames.shared.as_of.month == DECEMBER else frames.shared.as_of.year - 1
        payment = payment.filter(payment.year <= finished)
    table = payment.group_by("unit_id", "year").aggregate(
        n=payment.count(), fen=payment.amount_fen.sum(), late_fen=payment.amount_fen.sum(where=payment.is_late)
    )
    table = table.filter(table.n >= params.fewest, table.fen > 0)
    table = table.mutate(share=table.late_fen.fill_null(0) / table.fen)
    found = _far_above(table, ("year",), params.z, params.least_spread, params.fewest_peers)
    found = found.filter(found.share >= params.least_share)
    year = found.year.cast("string")
    return hints(
        found, "L06", grp="UNIT", key=found.unit_id, value=found.share, n=found.n, unit=found.unit_id, period=year,
        evidence=ref("payment", unit_id=found.unit_id, from_paid_on=year + "-12-01", to_paid_on=year + "-12-31"),
        severity=MEDIUM,
        facts={"percent": (found.share * 100).round(1), "base": (found.median * 100).round(1), "z": found.z.round(1)},
    )  # fmt: skip


def _far_above(table: ir.Table, by: tuple[str, ...], z: float, least_spread: float, peers: int) -> ir.Table:
    """The rows whose ``share`` lies more than ``z`` robust deviations above the median of their group."""
    middle = table.group_by(*by).aggregate(median=table.share.median(), peers=table.count())
    joined = table.join(middle, by)
    joined = joined.mutate(gap=joined.share - joined.median)
    spread = joined.group_by(*by).aggregate(mad=joined.gap.abs().median())
    judged = joined.join(spread, by)
    judged = judged.mutate(z=judged.gap / ibis.greatest(MAD_TO_SD * judged.mad, least_spread))
    return judged.filter(judged.peers >= peers, judged.z > z)


@dataclass(frozen=True)
class Concentration:
    """Parameters of R050."""

    share: float = param("number", 0.6, "占比不低于", "Least share of one supplier")
    z: float = param("number", 3.5, "稳健 z 值界限", "Limit of the robust z")
    fewest: int = param("int", 12, "最少付款笔数", "Fewest payments")
    fewest_suppliers: int = param("int", 5, "该科目全区供应商不少于", "Fewest suppliers under the account")
    fewest_peers: int = param("int", 8, "最少可比单位数", "Fewest units to compare with")
    least_spread: float = param("number", 0.05, "同类单位差异下限", "Least spread among the peers")


@indicator(
    "R050", "付款高度集中于一家供应商", "Concentrated on one supplier",
    family=FAMILY, legal_basis=("PR-28",), params=Concentration, severity=MEDIUM, source_paper="OCP R040, R050",
    needs={"payment": "supplier_id account_code amount_fen"},
    null=("同一科目下，第一大供应商的份额与其他单位相近。", "Under an account, the largest supplier's share is about that of other units."),
    innocent=(("经公开竞争取得的年度框架或定点协议", "A framework won in open competition"), ("当地只有一家合格供应商", "Only one able supplier nearby"),
              ("一次性大额设备采购", "One large purchase of equipment")),
    explanation=("%(period)s 年科目 %(account)s 的付款有 %(percent)s%% 给同一家供应商（%(supplier)s），其他单位第一大供应商份额的中位数为 %(base)s%%。",
                 "Under account %(account)s in %(period)s %(percent)s%% went to one supplier (%(supplier)s); the median of "
                 "the largest shares elsewhere is %(base)s%%."),
)  # fmt: skip
def concentration(frames: Frames, params: Concentration) -> ir.Table:
    """Units and years with an account where one supplier takes far more than the largest does elsewhere."""
    payment = frames["payment"]
    payment = payment.filter(payment.amount_fen > 0, payment.supplier_id.notnull(), payment.account_code.notnull())
    payment = payment.mutate(year=payment.paid_on.year())
    by = payment.group_by("unit_id", "account_code", "year", "supplier_id").aggregate(
        n=payment.count(), fen=payment.amount_fen.sum()
    )
    market = by.group_by("account_code", "year").aggregate(suppliers=by.supplier_id.nunique())
    group = ibis.window(group_by=[by.unit_id, by.account_code, by.year])
    ordered = ibis.window(group_by=[by.unit_id, by.account_code, by.year], order_by=[by.fen.desc(), by.supplier_id])
    ranked = by.mutate(
        place=ibis.row_number().over(ordered), all_n=by.n.sum().over(group), all_fen=by.fen.sum().over(group)
    )
    top = ranked.filter(ranked.place == 0, ranked.all_n >= params.fewest)
    top = top.mutate(share=top.fen / top.all_fen).join(market, ["account_code", "year"])
    top = top.filter(top.suppliers >= params.fewest_suppliers)
    judged = _far_above(top, ("account_code", "year"), params.z, params.least_spread, params.fewest_peers)
    judged = judged.filter(judged.share >= params.share)
    year = judged.year.cast("string")
    judged = judged.mutate(
        refs=ref("payment", unit_id=judged.unit_id, account_code=judged.account_code, supplier_id=judged.supplier_id,
                 from_paid_on=year + "-01-01", to_paid_on=year + "-12-31"),
        first=ibis.row_number().over(
            ibis.window(group_by=[judged.unit_id, judged.year], order_by=[judged.share.desc(), judged.account_code])
        ),
    )  # fmt: skip
    refs = judged.group_by("unit_id", "year").aggregate(all_refs=listed(judged.refs))
    found = judged.filter(judged.first == 0).join(refs, ["unit_id", "year"])
    return hints(
        found, "R050", grp="UNIT", key=found.unit_id, value=found.share, n=found.all_n, unit=found.unit_id,
        period=found.year.cast("string"), evidence=found.all_refs, severity=MEDIUM,
        facts={"account": found.account_code, "supplier": found.supplier_id, "percent": (found.share * 100).round(1),
               "base": (found.median * 100).round(1)},
    )  # fmt: skip
