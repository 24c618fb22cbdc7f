"""Batches written into a mart whole or not at all, so that an import killed at any point loses and doubles nothing.

A batch is prepared in ``<mart>/_staging/<batch>/`` (one Parquet file per table, the rejects, a work
file). Writing ``manifest.json`` there, last and synced, is the decision: before it a restart throws
the folder away, after it a restart finishes moving the files to ``<mart>/<table>/<batch>.parquet`` and
``<mart>/_rejects/<batch>.jsonl``. The move of the manifest to ``<mart>/_batches/<batch>.json`` ends it.
One writer at a time: the mart folder itself is locked, and the system frees the lock of a dead process.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from qingqu.engines.redflags.load.errors import refusal
from qingqu.engines.redflags.load.sniff import blocks
from qingqu.engines.redflags.load.types import ImportReport

STAGING, BATCHES, REJECTS = "_staging", "_batches", "_rejects"
MANIFEST, REJECTED = "manifest.json", "rejects.jsonl"
ID_DIGITS = 16


def batch_id(files: Iterable[Path], settings: dict[str, Any]) -> str:
    """The name of a batch: sixteen hexadecimal digits of the content of its files and of its settings.

    File names play no part, so the same content under another name is the same batch.
    """
    digests = sorted(_digest(path) for path in files)
    text = json.dumps([digests, settings], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]


def _digest(path: Path) -> str:
    """The SHA-256 of a file's bytes in hexadecimal."""
    digest = hashlib.sha256()
    for block in blocks(path):
        digest.update(block)
    return digest.hexdigest()


@contextmanager
def writing(mart: Path) -> Iterator[None]:
    """Holds the mart for one writer, or still for one reader, and first finishes what a killed import left.

    A mart folder that did not exist is removed again when nothing was written to it.
    Raises BadSource BUSY when another process is writing.
    """
    made = _make(mart)
    handle = os.open(mart, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise refusal("BUSY") from error
    try:
        recover(mart)
        yield
    finally:
        os.close(handle)
        _unmake(made)


def _make(mart: Path) -> list[Path]:
    """Creates the mart folder and gives the folders that had to be made, innermost first."""
    missing = [path for path in (mart, *mart.parents) if not path.exists()]
    mart.mkdir(parents=True, exist_ok=True)
    return missing


def _unmake(made: list[Path]) -> None:
    """Removes folders made for nothing, as long as they are empty."""
    for path in made:
        if any(path.iterdir()):
            return
        path.rmdir()


@contextmanager
def staging(mart: Path, batch: str) -> Iterator[Path]:
    """An empty folder to prepare a batch in; gone afterwards, whatever happens."""
    folder = mart / STAGING / batch
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _drop_if_empty(mart / STAGING)


def manifest_of(mart: Path, batch: str) -> dict[str, Any] | None:
    """The manifest of a finished batch, or None when there is no such batch."""
    path = mart / BATCHES / f"{batch}.json"
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def earlier_report(mart: Path, batch: str) -> ImportReport | None:
    """The report of the same batch imported before, or None.

    Corrected rows of which none was accepted are no earlier import: what they lacked may have come since.
    """
    manifest = manifest_of(mart, batch)
    if manifest is None or (manifest["settings"].get("again") and not manifest["report"]["accepted"]):
        return None
    return _report(mart, manifest)


def _report(mart: Path, manifest: dict[str, Any]) -> ImportReport:
    """The report that a manifest keeps."""
    batch, figures = manifest["batch"], manifest["report"]
    rejects = mart / REJECTS / f"{batch}.jsonl"
    return ImportReport(
        **figures, batch=batch, already_imported=True, rejects_path=rejects if rejects.exists() else None
    )


def commit(
    mart: Path, folder: Path, report: ImportReport, *, files: list[str], settings: dict[str, Any]
) -> ImportReport:
    """Makes the prepared batch part of the mart and gives the report with the place of its rejects.

    ``folder`` holds ``<table>.parquet`` for each table of the report and, if rows were rejected,
    ``rejects.jsonl``. ``settings`` (format and mapping) are kept so that corrected rows can be imported again.
    """
    for path in sorted(folder.iterdir()):
        _sync(path)
    manifest = {
        "batch": report.batch,
        "files": files,
        "settings": settings,
        "report": {
            "read": report.read,
            "accepted": report.accepted,
            "rejected": report.rejected,
            "tables": report.tables,
            "reasons": report.reasons,
            "notes": report.notes,
        },
    }
    draft = folder / f"{MANIFEST}.draft"
    draft.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    _sync(draft)
    draft.replace(folder / MANIFEST)
    _sync(folder)
    _finish(mart, folder)
    return replace(_report(mart, manifest), already_imported=False)


def recover(mart: Path) -> None:
    """Finishes every decided batch and removes every undecided one; call it before reading a mart after a crash."""
    root = mart / STAGING
    if not root.is_dir():
        return
    for folder in sorted(root.iterdir()):
        if (folder / MANIFEST).is_file():
            _finish(mart, folder)
        shutil.rmtree(folder, ignore_errors=True)
    _drop_if_empty(root)


def _finish(mart: Path, folder: Path) -> None:
    """Moves a decided batch into place; safe to repeat after a stop anywhere in it."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    batch = manifest["batch"]
    moves = [(folder / f"{table}.parquet", mart / table / f"{batch}.parquet") for table in manifest["report"]["tables"]]
    moves.append((folder / REJECTED, mart / REJECTS / f"{batch}.jsonl"))
    for old, new in moves:
        if old.exists():
            _move(old, new)
    if not manifest["report"]["rejected"]:
        moves[-1][1].unlink(missing_ok=True)  # of an earlier try of the same corrected rows
    _move(folder / MANIFEST, mart / BATCHES / f"{batch}.json")


def _move(old: Path, new: Path) -> None:
    """Renames a file into a folder, made if need be, and syncs the folder."""
    new.parent.mkdir(exist_ok=True)
    old.replace(new)
    _sync(new.parent)


def _sync(path: Path) -> None:
    """Waits until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop_if_empty(folder: Path) -> None:
    """Removes a folder when nothing is left in it."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
