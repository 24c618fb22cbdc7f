"""The rows of one table import in a database file of their own: filled as text, judged and written by SQL."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa

from qingqu.engines.redflags.load.convert import literal, name, reading, trimmed
from qingqu.engines.redflags.load.errors import reason, refusal
from qingqu.engines.redflags.load.plan import Plan, value_sql
from qingqu.engines.redflags.load.sheets import CHUNK_ROWS, Row, Sheet
from qingqu.engines.redflags.load.types import Progress, Reject
from qingqu.engines.redflags.schema import Reference

MEMORY_LIMIT = "200MB"
ROW_GROUP_ROWS = 50_000
SHOWN_CHARS = 60
FETCH_ROWS = 2_000
_PLACES = "_n BIGINT, _file VARCHAR, _line BIGINT, _expected INTEGER, _found INTEGER, _extra VARCHAR"


class Work:
    """One import's rows between file and mart; ``with`` opens and closes its database file."""

    def __init__(self, folder: Path, plan: Plan, mart: Path) -> None:
        """Prepares nothing yet; ``folder`` is the batch's staging folder."""
        self._path = folder / "work.duckdb"
        self._plan = plan
        self._mart = mart
        self._columns: dict[str, str] = {}
        self._headers: dict[str, tuple[str, ...]] = {}
        self.read = 0

    def __enter__(self) -> Self:
        """Opens the database file with a bounded memory."""
        self._db = duckdb.connect(
            self._path,
            config={"memory_limit": MEMORY_LIMIT, "threads": 2, "temp_directory": f"{self._path}.tmp"},
        )
        self._db.execute("SET TimeZone = 'UTC'")
        self._db.execute("SET enable_progress_bar = false")
        self._db.execute(f"CREATE TABLE raw ({_PLACES})")
        return self

    def __exit__(self, *_raised: object) -> None:
        """Closes and removes the database file."""
        self._db.close()
        for path in self._path.parent.glob(f"{self._path.name}*"):
            if path.is_file():
                path.unlink()

    def fill(self, sheet: Sheet, progress: Progress | None) -> None:
        """Stores every row of a sheet as text; raises BadSource MISSING_COLUMN before the first one."""
        missing = [column for column in self._plan.source_columns() if column not in sheet.headers]
        if missing:
            raise refusal(
                "MISSING_COLUMN", file=sheet.file, columns="、".join(missing), headers="、".join(sheet.headers)
            )
        for header in sheet.headers:
            if header not in self._columns:
                self._columns[header] = f"c{len(self._columns)}"
                self._db.execute(f"ALTER TABLE raw ADD COLUMN {self._columns[header]} VARCHAR")
        self._headers[sheet.file] = sheet.headers
        while rows := list(islice(sheet.rows, CHUNK_ROWS)):
            self._insert(sheet, rows)
            if progress is not None:
                progress(self.read, "READ")

    def _insert(self, sheet: Sheet, rows: list[Row]) -> None:
        """Stores one portion of rows."""
        width = len(sheet.headers)
        found = [len(cells) for _, cells in rows]
        extra = [json.dumps(cells[width:], ensure_ascii=False) if len(cells) > width else None for _, cells in rows]
        even = [cells if len(cells) == width else _fitted(cells, width) for _, cells in rows]
        portion = pa.table(
            {
                "_n": range(self.read, self.read + len(rows)),
                "_file": pa.array([sheet.file] * len(rows), pa.string()),
                "_line": [line for line, _ in rows],
                "_expected": pa.array([width] * len(rows), pa.int32()),
                "_found": pa.array(found, pa.int32()),
                "_extra": pa.array(extra, pa.string()),
                **{
                    self._columns[header]: pa.array(cells, pa.string())
                    for header, cells in zip(sheet.headers, zip(*even, strict=True), strict=True)
                },
            }
        )
        self._db.register("portion", portion)
        self._db.execute("INSERT INTO raw BY NAME SELECT * FROM portion")
        self._db.unregister("portion")
        self.read += len(rows)

    def judge(self, source_suffix: str) -> None:
        """Reads every cell by its type and marks each row with its errors, keys and references included."""
        self._type(source_suffix)
        if self._plan.mapping.references == "reject":
            self._refuse_orphans()
        self._refuse_known()
        self._refuse_repeats()

    def _type(self, source_suffix: str) -> None:
        """The table ``typed``: one row per raw row, its values and ``_errors`` (CODE:column number, joined by |)."""
        used = self._plan.source_columns()
        cells = {column: f"s{place}" for place, column in enumerate(used)}
        trim = "".join(f", {trimmed(self._columns[column])} AS {s}" for column, s in cells.items())
        values, tests = [], ["CASE WHEN _found <> _expected THEN 'WRONG_WIDTH:' END"]
        for place, target in enumerate(self._plan.targets):
            s = cells[target.rule.column] if target.rule else ""
            values.append(f"{value_sql(target, s)} AS {name(target.field.name)}")
            if target.rule is not None:
                read = reading(
                    target.field.kind, target.rule, required=target.field.is_required, s=s, v=name(target.field.name)
                )
                tests += [f"CASE WHEN {test} THEN '{code}:{place}' END" for code, test in read.errors.items()]
        self._db.execute(
            f"""
            CREATE TABLE typed AS
            SELECT * EXCLUDE (_found, _expected {"".join(f", {s}" for s in cells.values())}),
                   concat_ws('|', {", ".join(tests)}) AS _errors, CAST(NULL AS VARCHAR) AS _first
            FROM (SELECT *, {", ".join(values)}, _file || {literal(source_suffix)} AS source, _line AS source_row
                  FROM (SELECT _n, _file, _line, _found, _expected {trim} FROM raw))
            """  # noqa: S608 - identifiers and literals are quoted by convert
        )

    def _stored(self, table: str) -> str | None:
        """The SQL of a mart table's files, or None while there are none."""
        files = sorted((self._mart / table).glob("*.parquet"))
        listed = ", ".join(literal(str(path)) for path in files)
        return f"read_parquet([{listed}], union_by_name = true)" if files else None

    def _refuse_orphans(self) -> None:
        """Marks rows whose reference is not in the mart."""
        places = {target.field.name: place for place, target in enumerate(self._plan.targets)}
        for reference in self._plan.references:
            self._mark(f"UNKNOWN_REFERENCE:{places[reference.columns[-1]]}", self._orphans(reference))

    def _orphans(self, reference: Reference) -> str:
        """The SQL condition of a reference that leads nowhere."""
        stored = self._stored(reference.table)
        here = ", ".join(name(column) for column in reference.columns)
        there = ", ".join(name(column) for column in reference.target)
        given = " AND ".join(f"{name(column)} IS NOT NULL" for column in reference.columns)
        found = f"({here}) IN (SELECT ({there}) FROM {stored})" if stored else "false"  # noqa: S608 - names are quoted
        return f"{given} AND NOT coalesce({found}, false)"

    def _refuse_known(self) -> None:
        """Marks rows whose key the mart already holds."""
        stored = self._stored(self._plan.table)
        if stored is not None:
            keys = ", ".join(name(column) for column in self._plan.key)
            self._mark("KEY_IN_MART:", f"({keys}) IN (SELECT ({keys}) FROM {stored})")  # noqa: S608 - names are quoted

    def _refuse_repeats(self) -> None:
        """Marks every sound row whose key an earlier sound row carries, with the place of that row."""
        keys = ", ".join(name(column) for column in self._plan.key)
        self._db.execute(
            f"""
            UPDATE typed SET _errors = 'DUPLICATE_KEY:', _first = repeats.first FROM (
                SELECT _n AS n, first_value(_file || ':' || _line) OVER w AS first, row_number() OVER w AS turn
                FROM typed WHERE _errors = '' WINDOW w AS (PARTITION BY {keys} ORDER BY _n)
            ) AS repeats WHERE repeats.n = typed._n AND repeats.turn > 1
            """  # noqa: S608 - identifiers are quoted by convert
        )

    def _mark(self, error: str, condition: str) -> None:
        """Adds an error to the sound rows that meet a condition."""
        self._db.execute(f"UPDATE typed SET _errors = {literal(error)} WHERE _errors = '' AND ({condition})")  # noqa: S608

    def orphan_count(self) -> int:
        """How many accepted rows refer to rows the mart does not hold, counted per reference."""
        tests = [f"count(*) FILTER (WHERE {self._orphans(each)})" for each in self._plan.references]
        if not tests:
            return 0
        row = self._db.execute(f"SELECT {' + '.join(tests)} FROM typed WHERE _errors = ''").fetchone()  # noqa: S608
        return int(row[0]) if row else 0

    def write_accepted(self, path: Path, columns: list[str]) -> int:
        """Writes the sound rows in source order as Parquet; gives their number and writes nothing for none."""
        row = self._db.execute("SELECT count(*) FROM typed WHERE _errors = ''").fetchone()
        count = int(row[0]) if row else 0
        if count:
            listed = ", ".join(name(column) for column in columns)
            self._db.execute(
                f"COPY (SELECT {listed} FROM typed WHERE _errors = '' ORDER BY _n) TO {literal(str(path))} "  # noqa: S608
                f"(FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
            )
        return count

    def rejects(self) -> Iterator[Reject]:
        """The rejected rows in source order, each as it stood in its file."""
        listed = ", ".join(self._columns.values())
        found = self._db.execute(
            f"SELECT _errors, _first, raw._file, raw._line, _expected, _found, _extra, {listed} "  # noqa: S608
            "FROM typed JOIN raw USING (_n) WHERE _errors <> '' ORDER BY _n"
        )
        while rows := found.fetchmany(FETCH_ROWS):
            yield from (self._reject(row) for row in rows)

    def _reject(self, row: tuple[Any, ...]) -> Reject:
        """One rejected row with all its reasons in both languages."""
        errors, first, file, line, expected, width, extra, *cells = row
        by_header = dict(zip(self._columns, cells, strict=True))
        original: dict[str, Any] = {header: by_header[header] for header in self._headers[file]}
        facts = {"first": first, "expected": expected, "width": width}
        sentences = [self._sentence(error, original, facts) for error in errors.split("|")]
        if extra is not None:
            original["_extra"] = json.loads(extra)
        return Reject(
            file=file,
            line=line,
            table=self._plan.table,
            reason_code=errors.split(":")[0],
            reason_zh=f"第 {line} 行：" + "；".join(zh for zh, _ in sentences),
            reason_en=f"row {line}: " + "; ".join(en for _, en in sentences),
            row=original,
        )

    def _sentence(self, error: str, original: dict[str, Any], facts: dict[str, Any]) -> tuple[str, str]:
        """One error as a sentence that names the column as the file does, and the value found."""
        code, place = error.split(":")
        if code == "WRONG_WIDTH":
            return reason(code, expected=facts["expected"], value=facts["width"])
        if not place:
            columns = [column for column in self._plan.key if column in self._plan.mapping.columns]
            headers = [self._plan.mapping.columns[column].column for column in columns]
            shown = " | ".join(str(original[header])[:SHOWN_CHARS] for header in headers)
            return reason(code, column=" + ".join(headers), value=shown, first=facts["first"])
        target = self._plan.targets[int(place)]
        header = target.rule.column if target.rule else target.field.name
        value = str(original.get(header, target.constant))[:SHOWN_CHARS]
        return reason(code, column=header, value=value, target=self._referred(target.field.name))

    def _referred(self, column: str) -> str:
        """The table a column refers to; empty when it refers to none."""
        return next((each.table for each in self._plan.references if each.columns[-1] == column), "")

    def reason_counts(self) -> dict[str, int]:
        """{first reason code: rejected rows}."""
        rows = self._db.execute(
            "SELECT split_part(_errors, ':', 1), count(*) FROM typed WHERE _errors <> '' GROUP BY 1"
        )
        return dict(Counter(dict(rows.fetchall())))


def _fitted(cells: list[str], width: int) -> list[str | None]:
    """Cells cut or filled up to a width."""
    return [*cells[:width], *[None] * (width - len(cells))]
