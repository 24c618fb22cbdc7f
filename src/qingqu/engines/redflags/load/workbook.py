"""The rows of an Excel sheet as text, after checking that the workbook is safe, whole and free of formulas."""

import re
import zipfile
from collections.abc import Generator
from datetime import date, datetime, time, timedelta
from html import unescape
from pathlib import Path, PurePosixPath

import python_calamine as calamine

from qingqu.engines.redflags.load.errors import refusal
from qingqu.engines.redflags.load.sniff import BLOCK_BYTES, check_zip

EXAMPLES = 3
OVERLAP_BYTES = 512
EXACT_FLOAT = 1e15
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f[\s>/]")
_REFERENCE = re.compile(rb'\br="([A-Z]+[0-9]+)"')
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)/?>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)/?>")


def sheet_rows(path: Path, kind: str, sheet: str | None) -> Generator[tuple[int, list[str]], None, None]:
    """The rows of a sheet (the first one unless named) with their row number from 1.

    Empty cells are empty text, numbers plain decimals, dates ISO. Raises BadSource TOO_LARGE, DAMAGED,
    NO_SHEET or FORMULAS before the first row.
    """
    if kind == "XLSX":
        check_zip(path)
    try:
        with calamine.load_workbook(str(path)) as book:
            name = _chosen(book, path, sheet)
            if kind == "XLSX":
                _refuse_formulas(path, name)
            for number, cells in enumerate(book.get_sheet_by_name(name).iter_rows(), 1):
                yield number, [as_text(cell) for cell in cells]
    except calamine.CalamineError as error:
        raise refusal("DAMAGED", file=path.name, detail=str(error)) from error


def _chosen(book: calamine.CalamineWorkbook, path: Path, sheet: str | None) -> str:
    """The name of the sheet to read; raises BadSource NO_SHEET."""
    names: list[str] = book.sheet_names
    wanted = sheet or (names[0] if names else "")
    if wanted not in names:
        raise refusal("NO_SHEET", file=path.name, sheet=wanted, sheets="、".join(names))
    return wanted


def as_text(cell: object) -> str:
    """A cell as the text a person would type: 12 for 12.0, ISO for dates, TRUE or FALSE, empty for nothing."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT_FLOAT else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _refuse_formulas(path: Path, sheet: str) -> None:
    """Raises BadSource FORMULAS when the sheet holds any, naming the first cells."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = _formula_cells(archive, _part_of(archive, sheet))
    except (zipfile.BadZipFile, KeyError, OSError, EOFError) as error:
        raise refusal("DAMAGED", file=path.name, detail=str(error)) from error
    if found:
        raise refusal("FORMULAS", file=path.name, sheet=sheet, cells="、".join(found))


def _formula_cells(archive: zipfile.ZipFile, part: str) -> list[str]:
    """The references of the first formula cells of a sheet, read as a stream and checked by its CRC."""
    found: list[str] = []
    tail = b""
    with archive.open(part) as stream:
        while block := stream.read(BLOCK_BYTES):
            text = tail + block
            for match in _FORMULA.finditer(text):
                name = _REFERENCE.search(match.group(1))
                reference = name.group(1).decode() if name else "?"
                if reference not in found and len(found) < EXAMPLES:
                    found.append(reference)
            tail = text[-OVERLAP_BYTES:]
    return found


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The archive member that holds a sheet, by way of the workbook's relations."""
    book = archive.read("xl/workbook.xml").decode("utf-8", errors="replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
    identifier = next(
        _attribute(text, r"[\w]+:id") for text in _SHEET.findall(book) if _attribute(text, "name") == sheet
    )
    target = next(
        _attribute(text, "Target") for text in _RELATION.findall(relations) if _attribute(text, "Id") == identifier
    )
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _attribute(text: str, name: str) -> str:
    """The value of an XML attribute in a tag's text; empty when it is not there."""
    match = re.search(rf'(?:^|\s){name}="([^"]*)"', text)
    return unescape(match.group(1)) if match else ""
