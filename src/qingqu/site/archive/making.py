"""Making an archive of a running installation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.db import connection

from qingqu.site.archive import homes, tables
from qingqu.site.archive.packing import Manifest, packing


@dataclass(frozen=True)
class Made:
    """What was archived: the file, its bytes, and how many tables, rows, files and keys left out."""

    path: Path
    size: int
    tables: int
    rows: int
    files: int
    left_out: list[str]


def make(path: Path, *, home: Path, at: datetime, log: Path | None = None, keys: Path | None = None) -> Made:
    """Archive the database, the home folder and the public log into ``path``; read back before it gets its name.

    ``log`` is the log's folder where it lies outside the home; it is restored into the home. ``keys`` is the folder
    that is never taken, whatever its name. The database is taken as
    it was at one moment, the files after it: every file a row speaks of is there. Raises NotWritten, NotMigrated,
    Damaged.
    """
    manifest = Manifest(
        made_at=at.isoformat(),
        version=version("qingqu"),
        database=connection.vendor,
        migrations=tables.applied(),
        settings=homes.settings(),
    )
    with packing(path) as packer:
        with tables.one_moment():
            for table in tables.present():
                counted = _Counted()
                packer.add(f"database/{table.name}.columns", ["\n".join(table.columns).encode()])
                packer.add(f"database/{table.name}.jsonl", counted.through(table.lines()))
                manifest.tables[table.name] = counted.number
        taken, left = homes.contents(home, keys_folder=keys and keys.resolve(), apart=_database())
        own = {path.resolve(), path.with_name(f"{path.name}.part").resolve()}
        for file in (one for one in taken if one.resolve() not in own):
            packer.add(f"home/{file.relative_to(home).as_posix()}", homes.read(file))
        manifest.left_out = [key.relative_to(home).as_posix() for key in left]
        if log is not None and log.is_dir() and not log.is_relative_to(home):
            for file in homes.contents(log)[0]:
                packer.add(f"home/log/{file.relative_to(log).as_posix()}", homes.read(file))
        packer.close(manifest)
    files = sum(name.startswith("home/") for name in manifest.members)
    rows = sum(manifest.tables.values())
    return Made(path, path.stat().st_size, len(manifest.tables), rows, files, manifest.left_out)


def _database() -> set[Path]:
    """The files of the SQLite database in use, whatever their name; none for PostgreSQL."""
    if connection.vendor != "sqlite":
        return set()
    path = str(connection.settings_dict["NAME"])
    return {Path(f"{path}{end}").resolve() for end in ("", "-wal", "-shm", "-journal")}


class _Counted:
    """Counts what passes through."""

    number = 0

    def through(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        """The same lines, counted."""
        for line in lines:
            self.number += 1
            yield line
