"""What of the home folder goes into an archive, and what never does."""

import os
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from qingqu.kernel.ledger.vault import FILE as OPENERS
from qingqu.site.archive.packing import chunks_of, is_archive

DATABASE = ("qingqu.sqlite3", "qingqu.sqlite3-wal", "qingqu.sqlite3-shm")
"""The database's own files: its rows are taken table by table instead."""

KEYS = (b"PRIVATE+KEY+", b"AGE-SECRET-KEY-", b"-----BEGIN ")
"""How key files begin: note signers (C2SP signed-note), age identities (C2SP age), PEM (RFC 7468)."""

KEY_NAMES = (".key", ".pem")
KEYS_FOLDER = "keys"
"""The folder of the log's keys and openers: an archive that held them could open what was erased since."""
MADE_ANEW = frozenset({"secret_key", "static", KEYS_FOLDER})
"""What an installation makes by itself at its first start, and the keys that are brought before; a home that holds
nothing else is empty."""
STORED = "files"
"""The folder of stored files: whatever is in one is a record, not a key of the installation."""

NEVER = frozenset({"QINGQU_SECRET_KEY"})


def contents(
    home: Path, *, keys_folder: Path | None = None, apart: Collection[Path] = ()
) -> tuple[list[Path], list[Path]]:
    """The files of a home that are taken, and those that are not because they are keys; both in order of name.

    ``keys_folder`` is where the keys are, wherever that is; ``apart`` are files that are left out as the database's
    are. Nor is an archive taken into an archive: what is erased in the one would stay in the other.
    """
    taken: list[Path] = []
    keys: list[Path] = []
    for path in sorted(home.rglob("*")):
        place = path.relative_to(home)
        if path.is_symlink() or not path.is_file() or place.name in DATABASE or place.parts[0] == "static":
            continue
        if path in apart or (place.parts[0] != STORED and is_archive(path)):
            continue
        is_key = _is_key(path, place) or (keys_folder is not None and path.is_relative_to(keys_folder))
        (keys if is_key else taken).append(path)
    return taken, keys


def _is_key(path: Path, place: Path) -> bool:
    """Whether a file is a key of the installation, by its name or by how it begins."""
    if place.parts[0] == STORED:
        return False
    if place.parts[0] == KEYS_FOLDER or place.as_posix() == "secret_key" or place.suffix in KEY_NAMES:
        return True
    if place.name.startswith(OPENERS):
        return True
    with path.open("rb") as file:
        return file.read(32).startswith(KEYS)


def read(path: Path) -> Iterator[bytes]:
    """A file's content; an SQLite file as it was at one moment, whoever writes to it meanwhile."""
    if path.suffix != ".sqlite3":
        yield from chunks_of(path.open("rb"))
        return
    with tempfile.TemporaryDirectory(prefix="qingqu-") as folder:
        copy = Path(folder) / path.name
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        yield from chunks_of(copy.open("rb"))


def is_empty(home: Path) -> bool:
    """Whether a home holds nothing but what a first start makes."""
    return all(path.name in MADE_ANEW or path.name in DATABASE for path in home.iterdir())


def settings(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The QINGQU_* variables of this installation; keys are left out, passwords taken out of addresses."""
    return {
        name: _without_password(value)
        for name, value in sorted(environment.items())
        if name.startswith("QINGQU_") and name not in NEVER
    }


def _without_password(value: str) -> str:
    """An address without its password; any other value as it is."""
    parts = urlsplit(value)
    if not parts.password:
        return value
    user, _mark, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}:***@{place}").geturl()
