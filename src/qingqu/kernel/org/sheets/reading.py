"""Reading the workbook: safely, whoever made it, with an error for every cell that cannot be used."""

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.org.sheets.columns import SHEETS, Column, Row, Sheet, Value

LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes a workbook may unpack to: 8,000 people take 5 MB."""

MOST_PARTS = 500
MOST_ROWS = 200_000
MOST_COLUMNS = 64
DATE_TEXT = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
YES, NO = frozenset({"是", "TRUE", "1", "Y", "YES"}), frozenset({"否", "FALSE", "0", "N", "NO", ""})


class BadWorkbook(Refused):
    """The file cannot be read as the template; nothing was changed."""

    code = "ORG_BAD_WORKBOOK"


@dataclass(frozen=True)
class CellError:
    """One thing wrong with one cell: sheet, cell (``B3``), the value found there, and what to do."""

    sheet: str
    cell: str
    value: str
    message: str


@dataclass
class Reading:
    """What a workbook holds: {sheet: [(row number, row)]} and its unusable cells."""

    rows: dict[str, list[tuple[int, Row]]] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)


def read(content: bytes, *, sheets: tuple[Sheet, ...] = SHEETS) -> Reading:
    """The rows of a workbook and its unusable cells.

    Raises BadWorkbook when the file is not such a workbook at all: empty, truncated, another type, too large when
    unpacked, with document type declarations, with doubled or missing headers.
    """
    _refuse_unsafe(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False)
        reading = Reading()
        for sheet in sheets:
            if sheet.name in book.sheetnames:
                reading.rows[sheet.name] = _read_sheet(sheet, book[sheet.name], reading.errors)
    except Refused:
        raise
    except Exception as error:
        raise BadWorkbook(_("文件已损坏，无法读取，请重新导出后再上传。")) from error
    if not reading.rows:
        raise BadWorkbook(_("没有找到模板中的工作表，请下载模板后填写。"))
    return reading


def _refuse_unsafe(content: bytes) -> None:
    """Raise BadWorkbook before anything is unpacked that could be too large or could expand."""
    if not content:
        raise BadWorkbook(_("文件是空的。"))
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise BadWorkbook(_("文件解压后过大，已拒绝读取。"))
            if "xl/workbook.xml" not in packed.namelist():
                raise BadWorkbook(_("这不是 XLSX 工作簿，请使用模板。"))
            for part in parts:
                with packed.open(part) as stream:
                    if part.filename.endswith((".xml", ".rels")) and b"<!" in stream.read(2048):
                        raise BadWorkbook(_("文件中含有不允许的声明，已拒绝读取。"))
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise BadWorkbook(_("这不是 XLSX 工作簿，或者文件不完整。")) from error


def _read_sheet(sheet: Sheet, found: Any, errors: list[CellError]) -> list[tuple[int, Row]]:
    """The rows of one sheet; blank rows are passed over."""
    found.reset_dimensions()
    lines = found.iter_rows(max_col=MOST_COLUMNS)
    columns = _headers(sheet, next(lines, ()))
    rows: list[tuple[int, Row]] = []
    for number, cells in enumerate(lines, start=2):
        if number > MOST_ROWS:
            raise BadWorkbook(_("工作表“%(sheet)s”行数过多，请分批导入。") % {"sheet": sheet.name})
        if all(cell.value is None or str(cell.value).strip() == "" for cell in cells):
            continue
        row = _read_row(sheet, columns, cells, number, errors)
        if row is not None:
            rows.append((number, row))
    return rows


def _headers(sheet: Sheet, cells: tuple[Any, ...]) -> dict[int, Column]:
    """{position: column} of the header row. Raises BadWorkbook for a doubled, unknown or missing header."""
    known = {column.header: column for column in sheet.columns}
    texts = [(place, str(cell.value).strip()) for place, cell in enumerate(cells) if cell.value is not None]
    named = [text for _place, text in texts if text]
    for text in named:
        if named.count(text) > 1:
            raise BadWorkbook(_("工作表“%(sheet)s”的表头“%(header)s”重复。") % {"sheet": sheet.name, "header": text})
        if text not in known:
            raise BadWorkbook(_("工作表“%(sheet)s”中没有“%(header)s”这一列。") % {"sheet": sheet.name, "header": text})
    for column in sheet.columns:
        if column.is_required and column.header not in named:
            raise BadWorkbook(
                _("工作表“%(sheet)s”缺少“%(header)s”一列。") % {"sheet": sheet.name, "header": column.header}
            )
    return {place: known[text] for place, text in texts if text}


def _read_row(
    sheet: Sheet, columns: dict[int, Column], cells: tuple[Any, ...], number: int, errors: list[CellError]
) -> Row | None:
    """One row's values; None when a cell of it cannot be used."""
    row: Row = {column.field: False if column.holds == "FLAG" else _blank(column) for column in sheet.columns}
    before = len(errors)
    for place, column in columns.items():
        cell = cells[place] if place < len(cells) else None
        raw = None if cell is None else cell.value
        problem = ""
        if cell is not None and getattr(cell, "data_type", "") == "f":
            problem = _("不接受公式，请粘贴为数值。")
        else:
            row[column.field], problem = _value(column, raw)
        if problem:
            shown = "" if raw is None else str(raw)
            errors.append(CellError(sheet.name, f"{get_column_letter(place + 1)}{number}", shown[:120], problem))
    return row if len(errors) == before else None


def _blank(column: Column) -> Value:
    """What an empty cell of the column means."""
    return "" if column.holds == "TEXT" else None


def _value(column: Column, raw: object) -> tuple[Value, str]:
    """A cell's value, and what is wrong with it ("" when nothing is)."""
    text = as_text(raw)
    if column.holds == "FLAG":
        known = text.upper() in YES | NO
        return text.upper() in YES, "" if known else _("请填“是”或“否”。")
    if not text:
        return _blank(column), _("此项必填。") if column.is_required else ""
    if column.holds == "DATE":
        return _date(raw, text)
    if column.holds == "CHOICE":
        codes = {label: code for code, label in column.choices.items()} | {code: code for code in column.choices}
        allowed = "、".join(column.choices.values())
        return codes.get(text), "" if text in codes else _("请从以下选项中选填：%(allowed)s。") % {"allowed": allowed}
    too_long = _("不能超过 %(longest)s 个字。") % {"longest": column.longest}
    return text, too_long if len(text) > column.longest else ""


def as_text(raw: object) -> str:
    """A cell's value as text: whole numbers without a decimal point, spaces around it gone."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw).strip()


def _date(raw: object, text: str) -> tuple[Value, str]:
    """A date from a date cell or from text like 2026-09-01 or 2026年9月1日."""
    if isinstance(raw, datetime):
        return raw.date(), ""
    if isinstance(raw, date):
        return raw, ""
    matched = DATE_TEXT.match(text)
    try:
        return (date(*(int(part) for part in matched.groups())), "") if matched else (None, _bad_date())
    except ValueError:
        return None, _bad_date()


def _bad_date() -> str:
    """What to say about an unusable date."""
    return _("请填写日期，如 2026-09-01。")
