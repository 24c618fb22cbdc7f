"""A first draft of a mapping from the headers and some rows of a table, for a person to check.

Headers are compared with the words people use for each column, Chinese and English; the rows decide
the scale of money and the order of a date. The draft is never used without a person's yes.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from qingqu.engines.redflags.load.schema import Field, fields_of, table_names

WORDS: dict[str, tuple[str, ...]] = {
    "unit_id": ("学校", "单位", "学校编码", "单位编码", "school", "unit", "body name"),
    "currency": ("币种", "currency"),
    "payment_id": (
        "付款编号",
        "支付编号",
        "支付单号",
        "凭证编号",
        "流水号",
        "transaction id",
        "payment id",
        "trans ref/no",
    ),
    "paid_on": ("付款日期", "支付日期", "支出日期", "payment date", "paid on", "trans date", "date paid"),
    "amount_fen": ("金额", "付款金额", "支付金额", "合同金额", "发票金额", "价税合计", "amount", "net amount", "value"),
    "supplier_id": (
        "供应商编码",
        "供应商编号",
        "供应商",
        "收款单位",
        "收款人",
        "supplier id",
        "supplier",
        "payee",
        "supplier name",
    ),
    "account_code": ("科目编码", "会计科目", "科目", "经济分类", "account code", "expense type", "account"),
    "category": ("类别", "品目", "采购品目", "category", "expense area"),
    "method": ("采购方式", "支付方式", "结算方式", "method", "procurement method"),
    "approver_id": ("审批人", "批准人", "approver"),
    "budget_id": ("预算编号", "预算指标", "指标编号", "budget id"),
    "contract_id": ("合同编号", "合同号", "contract id", "contract no"),
    "tender_id": ("项目编号", "采购编号", "采购项目编号", "tender id", "ocid"),
    "award_id": ("中标编号", "成交编号", "award id"),
    "plan_id": ("计划编号", "采购计划编号", "plan id"),
    "signed_on": ("签订日期", "合同签订日期", "签约日期", "signed on", "date signed"),
    "published_on": ("公告日期", "发布日期", "公示日期", "published on"),
    "filed_on": ("备案日期", "filed on"),
    "starts_on": ("开始日期", "起始日期", "starts on", "start date"),
    "ends_on": ("结束日期", "终止日期", "到期日期", "ends on", "end date"),
    "name": ("名称", "供应商名称", "企业名称", "项目名称", "name"),
    "uscc": ("统一社会信用代码", "信用代码", "uscc"),
    "legal_person": ("法定代表人", "法人", "legal person"),
    "phone": ("电话", "联系电话", "手机", "phone"),
    "address": ("地址", "注册地址", "address"),
    "bank_account": ("银行账号", "账号", "开户账号", "bank account"),
    "registered_on": ("成立日期", "注册日期", "registered on"),
    "invoice_id": ("发票编号", "invoice id"),
    "number": ("发票号码", "发票号", "invoice number"),
    "issued_on": ("开票日期", "issued on", "invoice date"),
    "acceptance_id": ("验收编号", "acceptance id"),
    "accepted_on": ("验收日期", "accepted on"),
    "accepted_fen": ("验收金额", "accepted amount"),
    "title": ("标题", "采购项目名称", "title"),
    "estimate_fen": ("预算金额", "最高限价", "estimate"),
    "person_id": ("人员编号", "工号", "教职工编号", "person id", "staff id"),
    "student_id": ("学号", "学生编号", "学籍号", "student id"),
    "class": ("班级", "class"),
    "enrolled_on": ("入学日期", "注册学籍日期", "enrolled on"),
    "left_on": ("离校日期", "left on"),
    "day": ("日期", "就餐日期", "配送日期", "date", "day"),
    "month": ("月份", "month"),
    "days": ("出勤天数", "天数", "days"),
    "meals": ("就餐人数", "就餐人次", "meals"),
    "charged_fen": ("收取伙食费", "伙食费收入", "charged"),
    "food_cost_fen": ("食材成本", "食材支出", "food cost"),
    "claimed": ("申报人数", "申报份数", "claimed"),
    "item": ("品名", "食材名称", "商品名称", "item"),
    "invoiced_qty": ("开票数量", "结算数量", "invoiced quantity"),
    "weighed_qty": ("验收数量", "过秤数量", "实收数量", "weighed quantity"),
    "unit": ("计量单位", "unit of measure"),
    "unit_price_fen": ("单价", "unit price"),
    "scheme": ("资助项目", "补助项目", "scheme"),
    "granted_on": ("发放日期", "granted on"),
    "gross_fen": ("应发工资", "应发合计", "gross pay"),
    "account": ("工资账号", "发放账号", "account"),
    "year": ("年度", "年份", "year"),
    "approved_fen": ("批复金额", "预算批复数", "approved amount"),
}
DATE_SHAPES = (
    (r"\d{1,2}/\d{1,2}/\d{4}", ("%d/%m/%Y", "%m/%d/%Y")),
    (r"\d{1,2}-\d{1,2}-\d{4}", ("%d-%m-%Y", "%m-%d-%Y")),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", ("%d.%m.%Y", "%m.%d.%Y")),
)
LAST_MONTH = 12
FEN_PER_YUAN = 100

Rows = Sequence[Sequence[str | None]]


def suggest_mapping(headers: Sequence[str], sample: Rows, *, table: str | None = None) -> dict[str, Any]:
    """A draft mapping ``{table, constants, columns, missing}`` for the mapping screen.

    Without ``table`` the one whose required columns are best covered is taken. ``missing`` lists the
    required columns nothing was found for; the person fills them in or gives a constant.
    """
    choices = [table] if table else table_names()
    chosen = max(choices, key=lambda name: (_fit(name, headers), -len(fields_of(name))))
    found = _matched(chosen, headers)
    columns = {name: _rule(_field(chosen, name), header, headers, sample) for name, header in found.items()}
    return {
        "table": chosen,
        "constants": {},
        "columns": columns,
        "missing": [field.name for field in _fillable(chosen) if field.is_required and field.name not in found],
    }


def _fillable(table: str) -> list[Field]:
    """The columns of a table that a file can fill."""
    return [field for field in fields_of(table) if field.name not in {"source", "source_row"}]


def _field(table: str, name: str) -> Field:
    """A column of a table by name."""
    return next(field for field in fields_of(table) if field.name == name)


def _fit(table: str, headers: Sequence[str]) -> float:
    """How well headers cover a table: matched columns, required ones counted double, less required ones missed."""
    found = _matched(table, headers)
    required = [field.name for field in _fillable(table) if field.is_required and field.name != "unit_id"]
    return len(found) + 2 * sum(name in found for name in required) - 2 * sum(name not in found for name in required)


def _matched(table: str, headers: Sequence[str]) -> dict[str, str]:
    """{mart column: header}, each header used once; exact words go before contained ones."""
    found: dict[str, str] = {}
    for is_exact in (True, False):
        for field in _fillable(table):
            if field.name not in found:
                header = _header(field.name, headers, set(found.values()), is_exact=is_exact)
                if header is not None:
                    found[field.name] = header
    return found


def _header(column: str, headers: Sequence[str], taken: set[str], *, is_exact: bool) -> str | None:
    """The free header that names a column, by its own name or one of its words, the longest word first."""
    words = sorted({_plain(column), *map(_plain, WORDS.get(column, ()))}, key=len, reverse=True)
    for word in words:
        for header in headers:
            plain = _plain(header)
            if header not in taken and (plain == word or (not is_exact and _is_word(word, plain))):
                return header
    return None


def _is_word(word: str, header: str) -> bool:
    """Whether a header contains a word long enough to mean something."""
    minimum = 2 if not word.isascii() else 6
    return len(word) >= minimum and word in header


def _plain(text: str) -> str:
    """A name without case, blanks, underscores and anything in brackets."""
    return re.sub(r"[\s_]+|[（(].*?[)）]", "", text).casefold()


def _rule(field: Field, header: str, headers: Sequence[str], sample: Rows) -> str | dict[str, Any]:
    """The rule of a column: money is scaled unless the header says 分, a slashed date gets its order."""
    place = list(headers).index(header)
    cells = [row[place] for row in sample if place < len(row) and row[place]]
    if field.name.endswith("_fen"):
        return header if re.search(r"[（(]分[)）]|_fen$", header) else {"column": header, "scale": FEN_PER_YUAN}
    if field.kind == "date":
        format_ = _date_format(str(cell) for cell in cells)
        return {"column": header, "format": format_} if format_ else header
    return header


def _date_format(cells: Iterable[str]) -> str | None:
    """The format of dates that begin with day or month; None for other shapes.

    Day first unless some second number is above twelve, as it is in most of the world.
    """
    texts = [cell.strip() for cell in cells]
    for shape, (day_first, month_first) in DATE_SHAPES:
        if texts and all(re.fullmatch(shape, cell) for cell in texts):
            seconds = [int(re.split(r"\D", cell)[1]) for cell in texts]
            return month_first if max(seconds) > LAST_MONTH else day_first
    return None
