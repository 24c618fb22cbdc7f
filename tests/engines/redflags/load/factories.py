"""Sources for import tests: rows, files of every kind, releases; and what a mart folder holds."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

HEADERS = ["付款编号", "供应商", "付款日期", "金额", "科目"]
MAPPING: dict[str, Any] = {
    "table": "payment",
    "constants": {"unit_id": "S001", "currency": "CNY"},
    "columns": {
        "payment_id": "付款编号",
        "supplier_id": "供应商",
        "paid_on": "付款日期",
        "amount_fen": {"column": "金额", "scale": 100},
        "account_code": "科目",
    },
}


def payment(number: int, **changes: str) -> list[str]:
    """One sound row of payments; ``changes`` replaces cells by header."""
    row = dict(zip(HEADERS, [f"P{number}", "清源食品有限公司", "2025-03-04", f"{number}.50", "伙食费"], strict=True))
    return list({**row, **changes}.values())


def payments(count: int) -> list[list[str]]:
    """That many sound rows."""
    return [payment(number) for number in range(1, count + 1)]


def csv_text(rows: list[list[str]], headers: list[str] = HEADERS, delimiter: str = ",") -> str:
    """Rows under headers as CSV text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([headers, *rows])
    return out.getvalue()


def csv_file(path: Path, rows: list[list[str]], headers: list[str] = HEADERS, encoding: str = "utf-8") -> Path:
    """A CSV file of rows under headers."""
    path.write_bytes(csv_text(rows, headers).encode(encoding))
    return path


def xlsx_file(path: Path, rows: list[list[Any]], headers: list[str] = HEADERS) -> Path:
    """An Excel workbook of rows under headers."""
    book = openpyxl.Workbook()
    for row in [headers, *rows]:
        book.active.append(row)
    book.save(path)
    book.close()
    return path


def parquet_file(path: Path, rows: list[list[Any]], headers: list[str] = HEADERS) -> Path:
    """A Parquet file of rows under headers."""
    pq.write_table(pa.table(dict(zip(headers, map(list, zip(*rows, strict=True)), strict=True))), path)
    return path


def release(ocid: str, **parts: Any) -> dict[str, Any]:
    """An OCDS release with the given parts."""
    return {"ocid": ocid, **parts}


def json_lines(path: Path, values: list[Any]) -> Path:
    """A file of one JSON value a line."""
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), encoding="utf-8")
    return path


def stored(mart: Path, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """The rows of a mart table in key order, as plain values."""
    with duckdb.connect() as connection:
        files = f"{mart}/{table}/*.parquet"
        found = connection.sql(f"SELECT {columns} FROM read_parquet('{files}') ORDER BY ALL").to_arrow_table()  # noqa: S608
    return list(zip(*(column.to_pylist() for column in found.columns), strict=True))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, and every folder with none."""
    if not folder.exists():
        return {}
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


def rejects(mart: Path, batch: str) -> list[dict[str, Any]]:
    """The rejected rows of a batch."""
    path = mart / "_rejects" / f"{batch}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
