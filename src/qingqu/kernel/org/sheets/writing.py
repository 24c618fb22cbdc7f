"""Writing the workbook: the template, an export in the same shape, and a copy with its errors marked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from xlsxwriter.worksheet import Worksheet

from qingqu.kernel.org.sheets.columns import NOTES, SHEETS, Row, Sheet, Value
from qingqu.kernel.org.sheets.reading import CellError

FIRST_EXCEL_DATE = date(1900, 3, 1)
"""Spreadsheets count a 29 February 1900 that never was: earlier days are written as text."""

GUIDE = (
    "清渠：组织与人员模板",
    "各表第一行是表头，请勿改动；带 * 的列必填，见下表。",
    "日期写作 2026-09-01；“中共党员”填“是”或“否”。",
    "不接受公式：请粘贴为数值。",
    "表中没有出现的单位和人员保持不变，导入不会删除任何内容。",
    "先试算再导入：试算不改变任何数据，逐格列出错误。",
)


def write(
    rows: Mapping[str, Iterable[Row]], *, sheets: tuple[Sheet, ...] = SHEETS, guide: tuple[str, ...] = GUIDE
) -> bytes:
    """A workbook with these rows by sheet; without rows it is the empty template."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "constant_memory": False})
    bold = book.add_format({"bold": True, "bg_color": "#EDF2F7"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            page.write_string(0, place, column.header, bold)
            page.set_column(place, place, max(12, 2 * len(column.header) + 4))
            if column.choices:
                page.data_validation(
                    1, place, 5000, place, {"validate": "list", "source": list(column.choices.values())}
                )
        for number, row in enumerate(rows.get(sheet.name, ()), start=1):
            _write_row(page, sheet, number, row, day)
    _write_notes(book.add_worksheet(NOTES), bold, sheets, guide)
    book.close()
    return buffer.getvalue()


def annotate(content: bytes, errors: Iterable[CellError]) -> bytes:
    """The uploaded workbook with every wrong cell coloured and its message as a comment."""
    book = load_workbook(BytesIO(content))
    red = PatternFill("solid", fgColor="FDE2E2")
    by_cell: dict[tuple[str, str], list[str]] = defaultdict(list)
    for error in errors:
        by_cell[error.sheet, error.cell].append(error.message)
    for (sheet, cell), messages in by_cell.items():
        found = book[sheet][cell]
        found.fill = red
        found.comment = Comment("\n".join(messages), "清渠")
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_row(page: Worksheet, sheet: Sheet, number: int, row: Row, day: object) -> None:
    """One row; text is always written as text, so that nothing a person typed becomes a formula."""
    for place, column in enumerate(sheet.columns):
        value = row[column.field]
        if isinstance(value, date) and value >= FIRST_EXCEL_DATE:
            page.write_datetime(number, place, value, day)
        elif text := _text(value, column.choices):
            page.write_string(number, place, text)


def _text(value: Value, choices: Mapping[str, str]) -> str:
    """A value as its cell shows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    return choices.get(value or "", value or "")


def _write_notes(page: Worksheet, bold: object, sheets: tuple[Sheet, ...], guide: tuple[str, ...]) -> None:
    """How to fill the template: the guide, then every column with what it holds."""
    page.set_column(0, 4, 24)
    for number, line in enumerate(guide):
        page.write_string(number, 0, line, bold if number == 0 else None)
    number = len(guide) + 1
    for place, header in enumerate(("工作表", "列", "必填", "填什么")):
        page.write_string(number, place, header, bold)
    holds = {"TEXT": "文字", "DATE": "日期", "FLAG": "是或否"}
    for sheet in sheets:
        for column in sheet.columns:
            number += 1
            what = holds.get(column.holds) or "、".join(column.choices.values())
            for place, text in enumerate((sheet.name, column.header, "*" if column.is_required else "", what)):
                page.write_string(number, place, text)
