"""The archive's form: a ZIP whose manifest, written last, names every member with its size and hash."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from qingqu.kernel.core.errors import Refused

FORMAT = 1
"""The form described here; an archive of a later form is refused, never half understood."""

MANIFEST = "manifest.json"
CHUNK = 1024 * 1024


class Damaged(Refused):
    """The file is not a whole archive of an installation."""

    code = "ARCHIVE_DAMAGED"


class NotWritten(Refused):
    """The archive cannot be written there."""

    code = "ARCHIVE_NOT_WRITTEN"


@dataclass
class Manifest:
    """What an archive holds.

    ``members`` is {name: [bytes, sha256]}, ``tables`` {table: rows}, ``migrations`` [[app, name]] as applied,
    ``settings`` {variable: value without secrets}, ``left_out`` the files that were not taken because they are keys.
    """

    made_at: str = ""
    version: str = ""
    database: str = ""
    migrations: list[list[str]] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    members: dict[str, list[Any]] = field(default_factory=dict)
    format: int = FORMAT


class Packer:
    """Writes members one by one and keeps the manifest's list of them."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        """Write into an open ZIP."""
        self._packed = packed
        self.members: dict[str, list[Any]] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """One member from its chunks."""
        size, digest = 0, hashlib.sha256()
        with self._packed.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                size += len(chunk)
                digest.update(chunk)
        self.members[name] = [size, digest.hexdigest()]

    def close(self, manifest: Manifest) -> None:
        """Write the manifest as the last member."""
        manifest.members = self.members
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
        self._packed.writestr(MANIFEST, text.encode())


@contextmanager
def packing(path: Path, *, replacing: bool = False) -> Iterator[Packer]:
    """A packer for a new file, readable by its owner only, that appears under its name whole, verified, or not at all.

    ``replacing`` puts it in the place of the file of that name; otherwise that must not be there. Raises NotWritten
    when it is, or when the file cannot be written; Damaged when reading it back fails.
    """
    part = path.with_name(f"{path.name}.part")
    if path.exists() and not replacing:
        raise NotWritten(f"{path} 已存在，请换一个文件名。 / {path} exists; choose another name")
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
    except OSError as error:
        raise NotWritten(f"不能写入 {path}：{error.strerror} / cannot write {path}: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "w+b") as file:
            os.fchmod(descriptor, 0o600)  # also where an interrupted run left the file
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
                yield Packer(packed)
            file.flush()
            os.fsync(file.fileno())
        verify(part)
        if replacing:
            part.replace(path)
            _settle(path.parent)
        else:
            os.link(part, path)  # unlike a rename, refuses to replace what appeared meanwhile
    except OSError as error:
        raise NotWritten(f"不能写入 {path}：{error.strerror} / cannot write {path}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_archive(path: Path) -> bool:
    """Whether a file is an archive of an installation, by its end alone: whole or not."""
    if not zipfile.is_zipfile(path):
        return False
    with suppress(Damaged), opened(path):
        return True
    return False


def verify(path: Path) -> Manifest:
    """The manifest of an archive whose every byte was read and compared. Raises Damaged."""
    with opened(path) as (packed, manifest):
        named = [info.filename for info in packed.infolist() if info.filename != MANIFEST]
        if sorted(named) != sorted(manifest.members):
            raise Damaged(_damaged(path, "members"))
        for name, (size, sha256) in manifest.members.items():
            digest, read = hashlib.sha256(), 0
            for chunk in chunks_of(packed.open(name)):
                digest.update(chunk)
                read += len(chunk)
            if not _is_inside(name) or read != size or digest.hexdigest() != sha256:
                raise Damaged(_damaged(path, name))
        return manifest


def refuse_incomplete(path: Path, manifest: Manifest) -> None:
    """Raise Damaged for an archive whose list names a table that it does not hold."""
    for table in manifest.tables:
        for name in (f"database/{table}.columns", f"database/{table}.jsonl"):
            if name not in manifest.members:
                raise Damaged(_damaged(path, name))


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive and its manifest, its members not yet compared. Raises Damaged, also for what reading meets."""
    try:
        with zipfile.ZipFile(path) as packed:
            yield packed, _manifest(path, packed)
    except FileNotFoundError as error:
        raise Damaged(f"没有这个文件：{path} / no such file: {path}") from error
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise Damaged(_damaged(path, str(error))) from error


def chunks_of(stream: IO[bytes]) -> Iterator[bytes]:
    """The content of a stream piece by piece; the stream is closed at the end."""
    with stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _manifest(path: Path, packed: zipfile.ZipFile) -> Manifest:
    """The manifest; raises Damaged when there is none, or one of a form not known here."""
    found: Any = None
    with suppress(KeyError, ValueError):
        found = json.loads(packed.read(MANIFEST))
    if not isinstance(found, dict) or set(found) != set(Manifest.__dataclass_fields__):
        raise Damaged(_damaged(path, MANIFEST))
    if found["format"] != FORMAT:
        raise Damaged(
            f"{path} 的格式是第 {found['format']} 版，本版清渠只认第 {FORMAT} 版，请换相应版本。 / {path} has form "
            f"{found['format']}, this version knows form {FORMAT}; use the version that made it"
        )
    return Manifest(**found)


def _is_inside(name: str) -> bool:
    """Whether a member's name stays inside the folder it is put into."""
    parts = PurePosixPath(name).parts
    return bool(parts) and ".." not in parts and not name.startswith("/") and "\\" not in name and "\0" not in name


def _damaged(path: Path, what: str) -> str:
    return f"{path} 不是完整的备份（{what}），请换一份备份。 / {path} is no whole archive ({what}); use another one"
