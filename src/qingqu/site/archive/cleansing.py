"""Taking what was erased out of archives that were made before."""

import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger.vault import FILE as OPENERS
from qingqu.kernel.ledger.vault import Erased, Vault
from qingqu.site.archive.erasing import EVENT, Erasing
from qingqu.site.archive.homes import STORED
from qingqu.site.archive.packing import (
    MANIFEST,
    Manifest,
    NotWritten,
    chunks_of,
    is_archive,
    opened,
    packing,
    refuse_incomplete,
    verify,
)
from qingqu.site.archive.restoring import refuse_unknown

SQLITE = b"SQLite format 3\0"
"""How an SQLite file begins (sqlite.org/fileformat.html, 1.3.1)."""
ZIP = b"PK\x03\x04"
"""How a ZIP begins (APPNOTE.TXT, 4.3.7)."""


class NotCleansable(Refused):
    """The archive holds a file in which erased content cannot be told from other."""

    code = "ARCHIVE_NOT_CLEANSABLE"


@dataclass(frozen=True)
class Cleansed:
    """What was taken out of one archive: of which events, in how many rows, in which files; nothing when it was clean.

    ``other_names`` counts the hard links to the file as it was: those still hold everything.
    """

    path: Path
    events: list[int] = field(default_factory=list)
    rows: int = 0
    files: list[str] = field(default_factory=list)
    other_names: int = 0

    @property
    def is_changed(self) -> bool:
        """Whether the file was written anew."""
        return bool(self.rows or self.files)


def cleanse(path: Path, *, erased: Collection[Erased]) -> Cleansed:
    """Rewrite an archive so that nothing is left in it of what opened the erased events.

    Every other row and file stays byte for byte as it was. The new archive is compared like one just made and then
    takes the old one's place at once; where there is nothing to take out, the file is not touched. Raises Damaged,
    TooNew, NotCleansable, NotWritten, and leaves the file as it was.
    """
    path = path.resolve()  # behind a link stands the file that must be rewritten
    manifest = verify(path)
    refuse_unknown(manifest)
    refuse_incomplete(path, manifest)
    with _room(path) as folder, opened(path) as (packed, _same):
        erasing = Erasing(packed, manifest, erased)
        events, rows = erasing.changes()
        files = dict(_files(packed, erasing, erased, folder))
        other_names = path.stat().st_nlink - 1
        if rows or files:
            _rewrite(path, packed, replace(manifest, tables=erasing.tables), erasing, files)
    return Cleansed(path, events, rows, sorted(files), other_names if rows or files else 0)


@contextmanager
def _room(path: Path) -> Iterator[Path]:
    """A folder beside the archive that only its owner reads, for what is taken out and put back. Raises NotWritten."""
    try:
        room = tempfile.TemporaryDirectory(dir=path.parent, prefix=".qingqu-")
    except OSError as error:
        raise NotWritten(f"不能写入 {path}：{error.strerror} / cannot write {path}: {error.strerror}") from error
    with room as folder:
        yield Path(folder)


def _rewrite(path: Path, packed: zipfile.ZipFile, manifest: Manifest, erasing: Erasing, files: dict[str, Path]) -> None:
    with packing(path, replacing=True) as packer:
        for name in packed.namelist():
            if name == MANIFEST:
                continue
            if name in files:
                packer.add(name, chunks_of(files[name].open("rb")))
            elif name.startswith("database/") and name.endswith(".jsonl"):
                packer.add(name, erasing.lines(name.removeprefix("database/").removesuffix(".jsonl")))
            else:
                packer.add(name, chunks_of(packed.open(name)))
        packer.close(manifest)


def _files(
    packed: zipfile.ZipFile, erasing: Erasing, erased: Collection[Erased], folder: Path
) -> Iterator[tuple[str, Path]]:
    """(member, the file that takes its place) of an older archive or a vault that was taken into the archive."""
    for number, name in enumerate(packed.namelist()):
        if not name.startswith("home/") or name.startswith(f"home/{STORED}/"):
            continue
        with packed.open(name) as member:
            begins = member.read(len(SQLITE))
        if not begins.startswith((SQLITE, ZIP)):
            continue
        place = folder / str(number) / (OPENERS if begins == SQLITE else Path(name).name)
        place.parent.mkdir()
        with packed.open(name) as member, place.open("wb") as file:
            shutil.copyfileobj(member, file)
        is_changed = _destroy(place, name, erasing) if begins == SQLITE else _within(place, erased)
        if is_changed:
            yield name, place
        else:
            place.unlink()


def _within(path: Path, erased: Collection[Erased]) -> bool:
    """Cleanse an archive that was taken into the archive; says whether it held anything."""
    return is_archive(path) and cleanse(path, erased=erased).is_changed


def _destroy(path: Path, name: str, erasing: Erasing) -> bool:
    """Destroy the salts of erased events in a vault that was taken into the archive; says whether there were any."""
    tables = _tables(path)
    if erasing.events and (EVENT in tables or not tables):
        raise NotCleansable(
            f"备份里另有一个数据库文件（{name.removeprefix('home/')}），无法除去其中的内容；请重新备份并销毁这一份。 / "
            "the archive holds a database file of its own, which cannot be cleansed; make a new one and destroy this"
        )
    vault = Vault(path.parent)
    if "salt" not in tables or not vault.known([*erasing.events]):
        return False
    vault.destroy([*erasing.events])
    return True


def _tables(path: Path) -> set[str]:
    """The tables of an SQLite file; none when it cannot be read."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError:
        return set()
