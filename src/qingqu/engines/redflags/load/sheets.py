"""Tables as streams of text rows: CSV, Excel and Parquet opened the same way, each row with its line number."""

import csv
from collections.abc import Generator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qingqu.engines.redflags.load.errors import BadSource, refusal
from qingqu.engines.redflags.load.sniff import delimiter_of, encoding_of, kind_of
from qingqu.engines.redflags.load.types import Head
from qingqu.engines.redflags.load.workbook import sheet_rows

CHUNK_ROWS = 10_000
HEADER_LINES = 200
_SENTINEL = "\x1eend of table\x1e"

Row = tuple[int, list[str]]
Rows = Generator[Row, None, None]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a table is laid out when the file itself does not say: all optional."""

    header: int = 1
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(kw_only=True)
class Sheet:
    """One opened table: its headers and its rows as text, read once from front to back."""

    file: str
    kind: str
    headers: tuple[str, ...]
    rows: Rows
    encoding: str | None = None
    delimiter: str | None = None

    def close(self) -> None:
        """Closes the file; needed when the rows are not read to the end."""
        self.rows.close()


def open_sheet(path: Path, shape: Shape) -> Sheet:
    """A table opened for reading, its headers checked.

    Wholly empty lines are passed over; cells are text, empty ones ''. Raises BadSource for a file
    that is empty, damaged, of an unknown encoding, without a header or with two headers alike.
    """
    if path.stat().st_size == 0:
        raise refusal("EMPTY", file=path.name)
    kind = kind_of(path)
    if kind == "PARQUET":
        return _parquet(path)
    if kind in {"XLSX", "XLS"}:
        headers, rows = _after_header(path, sheet_rows(path, kind, shape.sheet), shape.header)
        return Sheet(file=path.name, kind=kind, headers=headers, rows=_padded(rows, len(headers)))
    return _text(path, shape)


def read_head(source: Path, *, rows: int = 20, shape: Shape | None = None) -> Head:
    """The headers and the first rows of one table file, for a preview before mapping."""
    sheet = open_sheet(source, shape or Shape())
    first = tuple(tuple(cell or None for cell in cells) for _, cells in islice(sheet.rows, rows))
    sheet.close()
    return Head(
        file=sheet.file,
        kind=sheet.kind,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        headers=sheet.headers,
        rows=first,
    )


def _text(path: Path, shape: Shape) -> Sheet:
    """A delimited text file."""
    encoding = shape.encoding or encoding_of(path)
    delimiter = shape.delimiter or delimiter_of(_header_line(path, encoding, shape.header))
    rows = _text_rows(path, encoding, delimiter)
    headers, rest = _after_header(path, rows, shape.header)
    return Sheet(file=path.name, kind="CSV", headers=headers, rows=rest, encoding=encoding, delimiter=delimiter)


def _header_line(path: Path, encoding: str, header: int) -> str:
    """The line the delimiter is judged by: the header, or the first with content at or after it."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            for number, line in enumerate(islice(file, HEADER_LINES), 1):
                if number >= header and line.strip():
                    return line
    except (UnicodeDecodeError, LookupError) as error:
        raise refusal("UNKNOWN_ENCODING", file=path.name) from error
    raise refusal("NO_HEADER", file=path.name)


def _text_rows(path: Path, encoding: str, delimiter: str) -> Rows:
    """The rows of a text file with the line each begins on; a quote left open is refused, not swallowed."""
    last = 0
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(chain(file, [_SENTINEL]), delimiter=delimiter)
            for cells in reader:
                line, last = last + 1, reader.line_num
                if cells == [_SENTINEL]:
                    return
                if cells and cells[-1].endswith(_SENTINEL):
                    raise refusal("UNCLOSED_QUOTE", file=path.name, line=line)
                if cells:
                    yield line, cells
    except UnicodeDecodeError as error:
        raise refusal("UNKNOWN_ENCODING", file=path.name) from error
    except csv.Error as error:
        if "NUL" in str(error):
            raise refusal("NOT_TABLE", file=path.name) from error
        raise refusal("CELL_TOO_LONG", file=path.name, line=last + 1) from error


def _after_header(path: Path, rows: Rows, header: int) -> tuple[tuple[str, ...], Rows]:
    """The headers, checked, and the rows that follow; rows above the header are passed over."""
    try:
        for line, cells in rows:
            if line >= header and any(cell.strip() for cell in cells):
                return _checked(path, cells), rows
    except BadSource:
        rows.close()
        raise
    raise refusal("NO_HEADER", file=path.name)


def _checked(path: Path, cells: list[str]) -> tuple[str, ...]:
    """The headers without outer space; a nameless one is called by its place (列3).

    Raises BadSource DUPLICATE_HEADER when two are alike.
    """
    names = [cell.strip().lstrip("\ufeff") or f"列{place}" for place, cell in enumerate(cells, 1)]
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise refusal("DUPLICATE_HEADER", file=path.name, columns="、".join(double))
    return tuple(names)


def _padded(rows: Rows, width: int) -> Rows:
    """Worksheet rows brought to the header's width; wholly empty rows are passed over."""
    for line, cells in rows:
        if any(cells):
            short = width - len(cells)
            yield line, [*cells, *[""] * short] if short > 0 else _trimmed(cells, width)


def _trimmed(cells: list[str], width: int) -> list[str]:
    """The cells without the empty ones beyond the width."""
    return cells if any(cells[width:]) else cells[:width]


def _parquet(path: Path) -> Sheet:
    """A Parquet file; its rows are numbered from 1."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, pa.ArrowException, OSError) as error:
        raise refusal("DAMAGED", file=path.name, detail=str(error).split("\n")[0]) from error
    headers = _checked(path, list(file.schema_arrow.names))
    return Sheet(file=path.name, kind="PARQUET", headers=headers, rows=_parquet_rows(path, file))


def _parquet_rows(path: Path, file: pq.ParquetFile) -> Rows:
    """The rows of a Parquet file as text; a damaged page is refused."""
    line = 0
    try:
        for batch in file.iter_batches(batch_size=CHUNK_ROWS):
            columns = [_as_text(column) for column in batch.columns]
            for cells in zip(*columns, strict=True):
                line += 1
                yield line, list(cells)
    except (pa.ArrowException, OSError) as error:
        raise refusal("DAMAGED", file=path.name, detail=str(error).split("\n")[0]) from error


def _as_text(column: pa.Array) -> list[str]:
    """One column as text: ISO dates, shortest decimals, '' for null; lists and structures as JSON-like text."""
    try:
        text = pc.cast(column, pa.string())
    except pa.ArrowNotImplementedError:
        return ["" if cell is None else str(cell) for cell in column.to_pylist()]
    filled: list[str] = pc.fill_null(text, "").to_pylist()
    return filled
