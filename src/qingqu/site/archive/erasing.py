"""What of erased events an archive holds, and its tables without it: the same for cleansing and for restoring."""

import json
import zipfile
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from qingqu.kernel.ledger import rules
from qingqu.kernel.ledger.vault import Erased
from qingqu.site.archive.packing import Manifest

EVENT, ENTRY, OUTBOX, ERASURE = "ledger_event", "ledger_entry", "ledger_outbox", "ledger_erasure"

EMPTIED: dict[str, tuple[str, dict[str, Any]]] = {
    EVENT: ("id", {"payload": {}, "actor_id": ""}),
    ENTRY: ("event_id", {"opening": None, "row_digest": ""}),
    OUTBOX: ("event_id", {"row_digest": ""}),
}
"""{table: (column with the event's number, what its columns hold after an erasure)}, as ``operations.scrub`` leaves it.

What waits in the outbox of an old archive is committed as it is then: emptied, unless somebody was promised its leaf.
"""

Row = dict[str, Any]


class Erasing:
    """The tables of one archive without what was erased since it was made.

    Only an event that is the same by number and mark is touched: after a restore numbers are given a second time.
    Where its leaf is in the archive's log, a row says that it was erased, so that the log will say so again.
    """

    def __init__(self, packed: zipfile.ZipFile, manifest: Manifest, erased: Collection[Erased]) -> None:
        """Read what ``erased`` the archive holds."""
        self._packed = packed
        self._tables = manifest.tables
        self.events = self._same(erased)
        self._added = self._unsaid()
        self.tables = dict(manifest.tables)
        if self._added:
            self.tables[ERASURE] += len(self._added)

    def changes(self) -> tuple[list[int], int]:
        """The events whose openers are in the archive, and in how many rows something is changed or added."""
        if not self.events:
            return [], 0
        touched, changed = {row["event_id"] for row in self._added}, len(self._added)
        for table, (key, _emptied) in EMPTIED.items():
            names = _columns(self._packed, table)
            for line, new in self._pairs(table):
                if line != new:
                    changed += 1
                    touched.add(_row(names, line)[key])
        return sorted(touched), changed

    def lines(self, table: str) -> Iterator[bytes]:
        """The lines of a table as they are after the erasures; all others byte for byte as they were."""
        if table == ERASURE and self._added:
            yield from self._said()
            return
        for _line, new in self._pairs(table):
            yield new

    def _pairs(self, table: str) -> Iterator[tuple[bytes, bytes]]:
        """Every line of a table with what it becomes."""
        if table not in self._tables:
            return
        with self._packed.open(f"database/{table}.jsonl") as lines:
            if table not in EMPTIED or not self.events:
                yield from ((line, line) for line in lines)
                return
            names, (key, emptied) = _columns(self._packed, table), EMPTIED[table]
            kept = {name: value for name, value in emptied.items() if name in names}
            for line in lines:
                row = _row(names, line)
                is_left = row[key] in self.events and any(row[name] != value for name, value in kept.items())
                yield line, _line(names, row | kept) if is_left else line

    def _said(self) -> Iterator[bytes]:
        """The erasures that the archive knew and those that came later, by event."""
        names = _columns(self._packed, ERASURE)
        with self._packed.open(f"database/{ERASURE}.jsonl") as lines:
            known = [(_row(names, line)["event_id"], line) for line in lines]
        added = [(row["event_id"], _line(names, row)) for row in self._added]
        yield from (line for _event_id, line in sorted(known + added))

    def _same(self, erased: Collection[Erased]) -> dict[int, Erased]:
        """{event id: its erasure} of those that are in the archive."""
        wanted = {(row.event_id, row.mark): row for row in erased}
        numbers = {row.event_id for row in erased}
        found: dict[int, Erased] = {}
        for row in rows(self._packed, EVENT) if numbers else ():
            if row["id"] in numbers and (same := wanted.get((row["id"], mark_of(row)))):
                found[row["id"]] = same
        return found

    def _unsaid(self) -> list[Row]:
        """The rows that say an opener was destroyed, for leaves of the archive's log of which it says nothing yet."""
        if not self.events or ERASURE not in self._tables:
            return []
        committed = {row["event_id"] for row in rows(self._packed, ENTRY)}
        said = {row["event_id"] for row in rows(self._packed, ERASURE)}
        return [
            {"event_id": event_id, "index": None, "reason": row.reason, "by": row.by, "at": row.at.isoformat()}
            for event_id, row in sorted(self.events.items())
            if event_id in committed - said
        ]


def rows(packed: zipfile.ZipFile, table: str) -> Iterator[Row]:
    """Every row of a table as {column: value}; none of a table that an archive of an earlier version has not."""
    if not (names := _columns(packed, table)):
        return
    with packed.open(f"database/{table}.jsonl") as lines:
        for line in lines:
            yield _row(names, line)


def mark_of(row: Row) -> str:
    """The mark of an event as a line of an archive holds it."""
    return rules.mark(
        event_id=row["id"],
        kind=row["kind"],
        at=datetime.fromisoformat(row["at"]),
        subject=f"{row['subject_kind']}:{row['subject_id']}",
        unit_id=row["unit_id"],
    )


def _columns(packed: zipfile.ZipFile, table: str) -> list[str]:
    name = f"database/{table}.columns"
    return packed.read(name).decode().split("\n") if name in packed.NameToInfo else []


def _row(names: list[str], line: bytes) -> Row:
    return dict(zip(names, json.loads(line), strict=True))


def _line(names: list[str], row: Row) -> bytes:
    """A row as ``tables.Table.lines`` writes it."""
    return json.dumps([row[name] for name in names], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
