"""The salts that open what the log commits to, in a file of their own outside the database and every archive.

Whoever has the database but not the vault can open nothing; whoever destroys a salt makes its commitment a number
that says nothing. The file keeps no trace of what was deleted from it, only the list of what was erased: an archive
older than an erasure cannot know of it.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

from qingqu.engines.tlog.commitments import new_salt

FILE = "openers.sqlite3"
ONCE = 500
"""Fewer than the parameters of one statement that every SQLite takes."""


TABLES = (
    "CREATE TABLE IF NOT EXISTS salt (event_id INTEGER PRIMARY KEY, salt BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS erased (event_id INTEGER NOT NULL, mark TEXT NOT NULL, reason TEXT NOT NULL, "
    "erased_by TEXT NOT NULL, erased_at TEXT NOT NULL, PRIMARY KEY (event_id, mark))",
    "CREATE TABLE IF NOT EXISTS promised (leaf BLOB PRIMARY KEY, due INTEGER NOT NULL)",
)


@dataclass(frozen=True)
class Erased:
    """An event whose opener was destroyed; ``mark`` (``rules.mark``) tells it from another with the same number."""

    event_id: int
    mark: str
    reason: str
    by: str
    at: datetime


class Vault:
    """The salts of one installation, by event id."""

    def __init__(self, folder: Path) -> None:
        """The vault in ``folder``; the file is made, readable by its owner only, when it is first written to."""
        self.path = folder / FILE

    def salts(self, event_ids: Sequence[int]) -> dict[int, bytes]:
        """The salt of every event, made and kept at once for those that have none."""
        with self._open() as connection:
            made = {event_id: new_salt() for event_id in event_ids}
            statement = "INSERT OR IGNORE INTO salt (event_id, salt) VALUES (?, ?)"
            is_all = connection.executemany(statement, made.items()).rowcount == len(made)
            return made if is_all else dict(_read(connection, event_ids))

    def known(self, event_ids: Sequence[int]) -> dict[int, bytes]:
        """The salts that are there; destroyed ones are absent."""
        if not self.path.exists():
            return {}
        with self._open() as connection:
            return dict(_read(connection, event_ids))

    def peek(self, event_id: int) -> bytes | None:
        """The salt of one event without writing anything; None when it is gone or out of this account's reach."""
        try:
            with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                return dict(_read(connection, [event_id])).get(event_id)
        except sqlite3.Error:
            return None

    def destroy(self, event_ids: Sequence[int]) -> None:
        """Delete the salts and overwrite where they stood."""
        with self._open() as connection:
            connection.executemany("DELETE FROM salt WHERE event_id = ?", [(event_id,) for event_id in event_ids])

    @property
    def has_list(self) -> bool:
        """Whether there is a vault in the folder, and one that keeps the list of what was erased."""
        if not self.path.exists():
            return False
        with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'erased'").fetchone())

    def note(self, listed: Sequence[Erased]) -> None:
        """Put erasures on the list; those that stand on it stay as they are."""
        rows = [(*astuple(row)[:-1], row.at.isoformat()) for row in listed]
        with self._open() as connection:
            connection.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?, ?, ?, ?)", rows)

    def erased(self) -> list[Erased]:
        """Every erasure on the list, in order of events; nothing where there is no list."""
        if not self.has_list:
            return []
        with self._open() as connection:
            rows = connection.execute("SELECT * FROM erased ORDER BY event_id, mark").fetchall()
        return [
            Erased(event_id, mark, reason, by, datetime.fromisoformat(at)) for event_id, mark, reason, by, at in rows
        ]

    def remember(self, promised: Mapping[bytes, int]) -> None:
        """Keep what was promised: {hash of a leaf: POSIX second by which it is in the log}."""
        with self._open() as connection:
            connection.executemany("INSERT OR IGNORE INTO promised VALUES (?, ?)", promised.items())

    def promised(self) -> dict[bytes, int]:
        """Everything that was ever promised, in the same shape; nothing where there is no vault."""
        if not self.path.exists():
            return {}
        with self._open() as connection:
            return dict(connection.execute("SELECT leaf, due FROM promised"))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The file in one transaction, deleted content overwritten and no write-ahead log left behind."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(self.path, timeout=20)) as connection:
            connection.execute("PRAGMA journal_mode=TRUNCATE")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA synchronous=FULL")
            with connection:
                for table in TABLES:
                    connection.execute(table)
                yield connection


def _read(connection: sqlite3.Connection, event_ids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(event_ids), ONCE):
        chosen = event_ids[start : start + ONCE]
        marks = ",".join("?" * len(chosen))
        wanted = f"SELECT event_id, salt FROM salt WHERE event_id IN ({marks})"  # noqa: S608 - only question marks
        yield from connection.execute(wanted, chosen)
