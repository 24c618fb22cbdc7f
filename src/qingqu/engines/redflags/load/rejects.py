"""Rejected rows, corrected by a person, imported again under the mapping they first came with."""

import json
import tempfile
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

from qingqu.engines.redflags.load import batch as batches
from qingqu.engines.redflags.load.errors import refusal
from qingqu.engines.redflags.load.jsonfile import Record, records
from qingqu.engines.redflags.load.mapping import read_mapping
from qingqu.engines.redflags.load.ocds import import_releases, read_release
from qingqu.engines.redflags.load.plan import plan
from qingqu.engines.redflags.load.sheets import Sheet
from qingqu.engines.redflags.load.table import import_sheets
from qingqu.engines.redflags.load.types import ImportReport, Progress

Entry = dict[str, Any]


def load_rejects(source: Path, *, mart: Path, progress: Progress | None = None) -> ImportReport:
    """Imports a file of rejected rows (``<mart>/_rejects/<batch>.jsonl`` or a corrected copy of it).

    Only ``row`` is to be changed; ``batch``, ``file`` and ``line`` say where it came from. All lines
    must belong to one batch. Raises BadSource NOT_REJECTS or NO_BATCH.
    """
    entries = [_entry(source, record) for record in records(source)]
    names = {entry["batch"] for entry in entries}
    if len(names) != 1:
        raise refusal("NOT_REJECTS", file=source.name, line=1)
    return _again(names.pop(), entries, source, mart, progress)


def load_corrected(batch: str, rows: Iterable[Entry], *, mart: Path, progress: Progress | None = None) -> ImportReport:
    """Imports corrected rejects given as objects (``{"file", "line", "row"}``, as in the rejects file).

    Raises BadSource NO_BATCH when ``batch`` is not recorded in the mart.
    """
    with tempfile.TemporaryDirectory(prefix="qingqu-") as folder:
        path = Path(folder) / f"{batch}.jsonl"
        lines = (json.dumps({**row, "batch": batch}, ensure_ascii=False, sort_keys=True) for row in rows)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        if path.stat().st_size == 0:
            raise refusal("EMPTY", file=path.name)
        return load_rejects(path, mart=mart, progress=progress)


def _entry(source: Path, record: Record) -> Entry:
    """One line of a rejects file; raises NOT_REJECTS when it is none."""
    entry = record.value
    sound = record.code is None and isinstance(entry, dict) and "row" in entry and isinstance(entry.get("batch"), str)
    if not sound:
        raise refusal("NOT_REJECTS", file=source.name, line=record.line)
    return {"file": source.name, "line": record.line, **entry}


def _again(name: str, entries: list[Entry], source: Path, mart: Path, progress: Progress | None) -> ImportReport:
    """Imports the rows by the format and mapping their batch was recorded with."""
    manifest = batches.manifest_of(mart, name)
    if manifest is None:
        raise refusal("NO_BATCH", batch=name)
    settings = manifest["settings"]
    if settings["format"] == "table":
        checked = plan(read_mapping(settings["mapping"]))
        return import_sheets(
            lambda: _sheets(entries, source), checked, files=[source], mart=mart, progress=progress, again=True
        )
    places = ((str(entry["file"]), _release(entry)) for entry in entries)
    return import_releases(places, files=[source], settings={**settings, "again": True}, mart=mart, progress=progress)


def _sheets(entries: list[Entry], source: Path) -> Iterator[Sheet]:
    """The rows grouped by the file they first came from, each group a table of its own."""
    by_file: dict[str, list[Entry]] = {}
    for entry in entries:
        if not isinstance(entry["row"], dict):
            raise refusal("NOT_REJECTS", file=source.name, line=entry["line"])
        by_file.setdefault(str(entry["file"]), []).append(entry)
    for file, found in by_file.items():
        headers = tuple(dict.fromkeys(key for entry in found for key in entry["row"] if key != "_extra"))
        yield Sheet(file=file, kind="REJECTS", headers=headers, rows=_rows(found, headers))


def _rows(entries: list[Entry], headers: tuple[str, ...]) -> Generator[tuple[int, list[str]], None, None]:
    """The cells of corrected rows in header order; cells that had no header come last."""
    for entry in entries:
        row = entry["row"]
        cells = ["" if row.get(header) is None else str(row[header]) for header in headers]
        yield int(entry["line"]), cells + [str(cell) for cell in row.get("_extra") or []]


def _release(entry: Entry) -> Record:
    """A corrected release, judged as when it was first read."""
    return read_release(int(entry["line"]), entry["row"])
