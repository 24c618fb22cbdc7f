"""Where a log's files are kept: in memory, in a folder, or read over HTTP."""

import gzip
import os
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Iterator
from http.client import HTTPException, HTTPMessage
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from qingqu.engines.tlog.errors import TlogError

# A bundle of 256 entries of 65,535 bytes and their lengths; no file of a log is longer.
MAX_FILE = 256 * (0xFFFF + 2)

_REDIRECTS = range(300, 400)


class StorageError(TlogError):
    """A file of a log cannot be read or may not be written."""

    code = "TLOG_STORAGE"


class Readable(Protocol):
    """Something that gives a log's files by path."""

    def read(self, path: str) -> bytes | None:
        """The content of a file, None when there is none."""


class Storage(Readable, Protocol):
    """Something that also keeps them."""

    def write(self, path: str, content: bytes) -> None:
        """Keep a file, whole or not at all; it is durable when this returns."""


class MemoryStorage:
    """Files in a dictionary, ``files``."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        """Start from some files, or from none."""
        self.files: dict[str, bytes] = {} if files is None else files

    def read(self, path: str) -> bytes | None:
        """The content of a file, None when there is none."""
        return self.files.get(path)

    def write(self, path: str, content: bytes) -> None:
        """Keep a file."""
        self.files[path] = content


class DirectoryStorage:
    """Files in a folder, written aside, flushed to the disk and then renamed."""

    def __init__(self, root: Path) -> None:
        """Use a folder; it is made at the first write."""
        self.root = root

    def read(self, path: str) -> bytes | None:
        """The content of a file, None when there is none."""
        try:
            return self._place(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def write(self, path: str, content: bytes) -> None:
        """Replace a file so that a reader, or a crash, meets the old or the new one and nothing else."""
        write_durably(self._place(path), content)

    def _place(self, path: str) -> Path:
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or not parts.parts:
            raise StorageError(f"{path!r} is outside the log's folder")
        return self.root / parts


def write_durably(place: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file aside, flush it, rename it into place and flush its folder."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(aside).replace(place)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    _flush_folder(place.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _SameScheme(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to HTTP or HTTPS, and never from HTTPS to HTTP."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """The request to the new place. Raises StorageError when the scheme may not be followed."""
        allowed = {"https"} if req.type == "https" else {"http", "https"}
        scheme = urllib.parse.urlsplit(newurl).scheme
        if scheme not in allowed:
            raise StorageError(f"{req.full_url} redirects to {scheme or 'nowhere'}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def http_opener(*handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    """An opener that speaks HTTP and HTTPS and nothing else: no files, no FTP, no proxies' own schemes."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
        *handlers,
    ):
        opener.add_handler(handler)
    return opener


class HttpReader:
    """A log's files behind an address, read for verification.

    Files are limited to ``most`` bytes and each answer to ``timeout`` seconds of silence.
    """

    def __init__(self, prefix: str, *, timeout: float = 10.0, most: int = MAX_FILE) -> None:
        """Use the log's address. Raises StorageError when it is not one of HTTP or HTTPS."""
        parts = urllib.parse.urlsplit(prefix)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise StorageError(f"{prefix!r} is not an http or https address")
        self.prefix = prefix.rstrip("/")
        self._timeout = timeout
        self._most = most
        self._opener = http_opener(_SameScheme())

    def read(self, path: str) -> bytes | None:
        """The content of a file, None when the server says that there is none.

        Raises StorageError when the server cannot be reached, answers otherwise, or sends too much.
        """
        address = f"{self.prefix}/{path}"
        request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, identity"})  # noqa: S310 - checked
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                is_packed = answer.headers.get("Content-Encoding", "").lower() == "gzip"
                source = gzip.GzipFile(fileobj=answer) if is_packed else answer
                content: bytes = source.read(self._most + 1)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in {404, 410}:
                return None
            said = "redirects to what is not followed" if error.code in _REDIRECTS else f"answered {error.code}"
            raise StorageError(f"{address} {said}", status=error.code) from None
        except (OSError, EOFError, zlib.error, HTTPException) as error:
            raise StorageError(f"{address} cannot be read: {error}") from error
        if len(content) > self._most:
            raise StorageError(f"{address} is longer than {self._most} bytes", most=self._most)
        return content


def paths_in(root: Path) -> Iterator[str]:
    """The paths of every file in a log's folder, in order."""
    for place in sorted(root.rglob("*")):
        if place.is_file() and not place.name.startswith(".new-"):
            yield place.relative_to(root).as_posix()
