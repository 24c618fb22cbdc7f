"""Putting an archive into an empty installation."""

import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger.vault import Erased
from qingqu.site.archive import homes, tables
from qingqu.site.archive.erasing import Erasing
from qingqu.site.archive.packing import Damaged, Manifest, chunks_of, opened, verify


class NotEmpty(Refused):
    """The home folder or the database already holds something; nothing is ever overwritten."""

    code = "ARCHIVE_NOT_EMPTY"


class TooNew(Refused):
    """The archive was made by a version that knows more than this one."""

    code = "ARCHIVE_TOO_NEW"


@dataclass(frozen=True)
class Restored:
    """What was restored: when the archive was made, its tables, rows and files, settings to set, keys to bring.

    ``erased`` are the events in it that were erased after it was made and were not brought back.
    """

    made_at: str
    tables: int
    rows: int
    files: int
    settings: dict[str, str]
    left_out: list[str]
    erased: list[int]


def restore(path: Path, *, home: Path, erased: Collection[Erased] = ()) -> Restored:
    """Put a verified archive into an empty home and an empty database of either kind.

    Everything is compared before anything is written. An archive of an earlier version is loaded into the tables of
    its time, which are then brought up to date. What it holds of ``erased`` events never reaches the database. Raises
    Damaged, TooNew, NotEmpty.
    """
    manifest = verify(path)
    refuse_unknown(manifest)
    _refuse_occupied(home)
    with opened(path) as (packed, _same):
        erasing = Erasing(packed, manifest, erased)
        again, _rows = erasing.changes()
        _load(packed, manifest, erasing)
        files = _unpack(packed, manifest, home)
    call_command("migrate", verbosity=0)
    rows = sum(erasing.tables.values())
    return Restored(manifest.made_at, len(manifest.tables), rows, files, manifest.settings, manifest.left_out, again)


def refuse_unknown(manifest: Manifest) -> None:
    """Raise TooNew for migrations this version does not know."""
    known = MigrationExecutor(connection).loader.disk_migrations
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if unknown:
        raise TooNew(
            f"备份由清渠 {manifest.version} 制作，比本版新（{unknown[0]}），请装该版本再恢复。 / the "
            f"archive was made by Qingqu {manifest.version}, which is newer; install that version"
        )


def _refuse_occupied(home: Path) -> None:
    """Raise NotEmpty when there is anything in the home folder or in the database."""
    if not homes.is_empty(home):
        raise NotEmpty(
            f"{home} 里已有内容；请把 QINGQU_HOME 指向空文件夹再恢复。 / {home} is not empty; point QINGQU_HOME to an "
            "empty folder and restore again"
        )
    if connection.introspection.table_names():
        raise NotEmpty(
            "数据库里已有数据表；请把 QINGQU_DATABASE_URL 指向空数据库再恢复。 / the database has tables; point "
            "QINGQU_DATABASE_URL to an empty database and restore again"
        )


def _load(packed: zipfile.ZipFile, manifest: Manifest, erasing: Erasing) -> None:
    """Make the tables as they were when the archive was made, and fill them in one transaction."""
    MigrationExecutor(connection).migrate(tables.last_of(manifest.migrations))
    found = tables.as_of(manifest.migrations)
    if {table.name for table in found} != set(manifest.tables):
        raise Damaged("备份的数据表与其版本不符。 / the archive's tables are not those of its version")
    with transaction.atomic():
        for table in found:
            table.clear()
        for table in found:
            # What triggers put in while the tables before were loaded.
            table.clear()
            names = packed.read(f"database/{table.name}.columns").decode().split("\n")
            if table.load(names, erasing.lines(table.name)) != erasing.tables[table.name]:
                raise Damaged(f"数据表 {table.name} 的行数与清单不符。 / table {table.name} lacks rows of the list")
        tables.continue_numbering(found)
    ContentType.objects.clear_cache()


def _unpack(packed: zipfile.ZipFile, manifest: Manifest, home: Path) -> int:
    """Put the files into their places; says how many there were."""
    names = [name for name in manifest.members if name.startswith("home/")]
    for name in names:
        place = home / name.removeprefix("home/")
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as file:
            for chunk in chunks_of(packed.open(name)):
                file.write(chunk)
        place.chmod(0o600)
    return len(names)
