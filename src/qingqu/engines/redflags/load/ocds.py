"""OCDS records into the flat mart: release packages, record packages, single releases, JSON Lines of any of them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from qingqu.engines.redflags.load import batch as batches
from qingqu.engines.redflags.load.errors import reason, refusal
from qingqu.engines.redflags.load.jsonfile import Json, Record, records
from qingqu.engines.redflags.load.release import TABLES, flatten
from qingqu.engines.redflags.load.sniff import JSON_SUFFIXES, files_of
from qingqu.engines.redflags.load.types import ImportReport, Progress, Reject
from qingqu.engines.redflags.schema import arrow_schema

__all__ = ["flatten", "import_releases", "load_ocds", "read_release", "read_releases"]

FLUSH_RELEASES = 2_000
SUPPLIER, TENDER = "supplier", "tender"

Place = tuple[str, Record]


def load_ocds(
    source: Path, *, mart: Path, unit_id: str | None = None, progress: Progress | None = None
) -> ImportReport:
    """Imports a file or folder of OCDS records; the unit counted is the release.

    ``unit_id`` is the school or office the records belong to; None takes each release's buyer. The
    second release of an ocid, in the file or in the mart, is rejected. Raises BadSource.
    """
    files = files_of(source, JSON_SUFFIXES)
    settings = {"format": "ocds", "unit_id": unit_id}
    places = ((path.name, record) for path in files for record in read_releases(path))
    return import_releases(places, files=files, settings=settings, mart=mart, progress=progress)


def read_releases(path: Path) -> Iterator[Record]:
    """The releases of a file in order; what is not a release comes with its reason.

    ``line`` is the line in JSON Lines and the place in its package otherwise.
    Raises BadSource NOT_OCDS when the file holds JSON of another kind.
    """
    lines = False
    for record in records(path):
        lines = lines or record.line > 1
        found = [record] if record.code else list(_unwrapped(record))
        if not lines and not record.code and not _is_ocds(record.value):
            raise refusal("NOT_OCDS", file=path.name)
        yield from found


def _is_ocds(value: object) -> bool:
    """Whether a value is, or holds, something with the marks of OCDS."""
    entries = value if isinstance(value, list) else [value]
    marks = {"ocid", "releases", "records", "compiledRelease"}
    return any(isinstance(entry, dict) and bool(marks & entry.keys()) for entry in entries)


def _unwrapped(record: Record) -> Iterator[Record]:
    """The releases inside a package, a list, a record or a release itself, numbered when there are several."""
    entries = [inner for entry in _listed(record.value) for inner in _contents(entry)]
    alone = len(entries) == 1
    for place, entry in enumerate(entries, 1):
        yield read_release(record.line if alone or record.line > 1 else place, entry)


def _listed(value: Json) -> list[Any]:
    """A list's entries, or the value as the only one."""
    return value if isinstance(value, list) else [value]


def _contents(entry: Json) -> list[Any]:
    """The releases or records of a package, or the entry itself."""
    if isinstance(entry, dict):
        for key in ("releases", "records"):
            if isinstance(entry.get(key), list) and "ocid" not in entry:
                found: list[Any] = entry[key]
                return found
    return [entry]


def read_release(line: int, entry: Json) -> Record:
    """A release ready to flatten, or the entry with the reason why it is none."""
    if not isinstance(entry, dict):
        return Record(line=line, value=entry, code="NOT_AN_OBJECT")
    if isinstance(entry.get("compiledRelease"), dict):
        compiled = entry["compiledRelease"]
        entry = compiled if "ocid" in compiled else {**compiled, "ocid": entry.get("ocid")}
    elif isinstance(entry.get("releases"), list) or "compiledRelease" in entry:
        return Record(line=line, value=entry, code="NO_COMPILED_RELEASE")
    if not isinstance(entry.get("ocid"), str) or not entry["ocid"].strip():
        return Record(line=line, value=entry, code="NO_OCID")
    return Record(line=line, value=entry)


def import_releases(
    places: Iterable[Place],
    *,
    files: list[Path],
    settings: dict[str, Any],
    mart: Path,
    progress: Progress | None = None,
) -> ImportReport:
    """Imports releases that were read already, as one batch named by ``files`` and ``settings``."""
    name = batches.batch_id(files, settings)
    with batches.writing(mart):
        earlier = batches.earlier_report(mart, name)
        if earlier is not None:
            return earlier
        with batches.staging(mart, name) as folder:
            report = _stage(places, folder=folder, name=name, settings=settings, mart=mart, progress=progress)
            return batches.commit(mart, folder, report, files=[path.name for path in files], settings=settings)


def _stage(
    places: Iterable[Place],
    *,
    folder: Path,
    name: str,
    settings: dict[str, Any],
    mart: Path,
    progress: Progress | None,
) -> ImportReport:
    """Writes the staged tables and rejects of a batch and counts them."""
    known = {table: _keys(mart, table) for table in (TENDER, SUPPLIER)}
    seen: dict[str, tuple[str, int]] = {}
    notes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    read = 0
    with _Writer(folder) as writer, (folder / batches.REJECTED).open("w", encoding="utf-8") as rejected:
        for file, record in places:
            read += 1
            checked = _checked(record, known[TENDER], seen)
            if checked.code is None:
                seen[checked.value["ocid"]] = (file, checked.line)
                writer.add(
                    flatten(
                        checked.value,
                        line=checked.line,
                        unit_id=settings["unit_id"],
                        source=f"{file}@{name}",
                        notes=notes,
                    ),
                    known[SUPPLIER],
                )
            else:
                reasons[checked.code] += 1
                rejected.write(_reject_line(file, checked, name))
            if progress is not None and read % FLUSH_RELEASES == 0:
                progress(read, "READ")
    rows = sum(reasons.values())
    if not rows:
        (folder / batches.REJECTED).unlink()
    return ImportReport(
        read=read,
        accepted=read - rows,
        rejected=rows,
        batch=name,
        tables=writer.counts,
        reasons=dict(reasons),
        notes={code: count for code, count in sorted(notes.items()) if count},
    )


def _checked(record: Record, known: set[str], seen: dict[str, tuple[str, int]]) -> Record:
    """The record, with a reason when its ocid came before."""
    if record.code is not None:
        return record
    ocid = record.value["ocid"]
    if ocid in seen:
        file, line = seen[ocid]
        return replace(record, code="DUPLICATE_OCID", values={"value": ocid, "first": f"{file}:{line}"})
    if ocid in known:
        return replace(record, code="OCID_IN_MART", values={"value": ocid})
    return record


def _reject_line(file: str, record: Record, name: str) -> str:
    """One line of the rejects file."""
    zh, en = reason(record.code or "", **{"value": "", **record.values})
    reject = Reject(
        file=file,
        line=record.line,
        table=TENDER,
        reason_code=record.code or "",
        reason_zh=f"第 {record.line} 条：{zh}",
        reason_en=f"release {record.line}: {en}",
        row=record.value,
    )
    return json.dumps(reject.as_dict(name), ensure_ascii=False) + "\n"


def _keys(mart: Path, table: str) -> set[str]:
    """The ids a mart table already holds."""
    column = f"{table}_id"
    files = sorted((mart / table).glob("*.parquet"))
    return {key for path in files for key in pq.read_table(path, columns=[column])[column].to_pylist()}


def _new(suppliers: list[dict[str, Any]], known: set[str]) -> list[dict[str, Any]]:
    """The suppliers not known so far, which are known from then on."""
    found = [row for row in suppliers if row["supplier_id"] not in known]
    known.update(row["supplier_id"] for row in found)
    return found


class _Writer:
    """The staged Parquet files of a batch, filled in portions."""

    def __init__(self, folder: Path) -> None:
        """Nothing is written until the first rows come."""
        self._folder = folder
        self._waiting: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._releases = 0
        self.counts: dict[str, int] = {}

    def __enter__(self) -> Self:
        """The writer itself."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Writes what is waiting, unless something failed, and closes the files."""
        if raised[0] is None:
            self._flush()
        for writer in self._writers.values():
            writer.close()

    def add(self, rows: dict[str, list[dict[str, Any]]], known: set[str]) -> None:
        """Takes the rows of one release; a supplier already known is not written again."""
        for table, found in rows.items():
            self._waiting[table].extend(found if table != SUPPLIER else _new(found, known))
        self._releases += 1
        if self._releases % FLUSH_RELEASES == 0:
            self._flush()

    def _flush(self) -> None:
        """Writes the waiting rows of every table."""
        for table, rows in self._waiting.items():
            if not rows:
                continue
            schema = arrow_schema(table)
            if table not in self._writers:
                self._writers[table] = pq.ParquetWriter(self._folder / f"{table}.parquet", schema)
            columns = [pa.array([*map(itemgetter(field.name), rows)], type=field.type) for field in schema]
            self._writers[table].write_table(pa.Table.from_arrays(columns, schema=schema))
            self.counts[table] = self.counts.get(table, 0) + len(rows)
            rows.clear()
