"""What a file is, judged by its bytes: its kind, its text encoding, its delimiter, and whether it is safe to unpack."""

import codecs
import csv
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from qingqu.engines.redflags.load.errors import refusal

MAX_UNPACKED_BYTES = 512 * 1024 * 1024
BLOCK_BYTES = 1 << 20
DELIMITERS = (",", "\t", ";", "|")
GB2312_SHARE = 0.9
MANY_ZEROS, FEW_ZEROS = 0.3, 0.05
TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet")
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_ASCII = re.compile(r"[\x00-\x7f]+")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def files_of(source: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """The files to import: the source itself, or every file of a folder with one of the suffixes, in path order.

    Hidden files and folders are left out. Raises BadSource NOT_FOUND, NO_FILES or EMPTY.
    """
    if not source.exists():
        raise refusal("NOT_FOUND", file=source.name)
    found = [source] if source.is_file() else _inside(source, suffixes)
    if not found:
        raise refusal("NO_FILES", file=source.name, kinds=" ".join(suffixes))
    for path in found:
        if path.stat().st_size == 0:
            raise refusal("EMPTY", file=path.name)
    return found


def _inside(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """The files below a folder that carry one of the suffixes and are not hidden."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() in suffixes
        and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
    )


def kind_of(path: Path) -> str:
    """PARQUET, XLSX, XLS or TEXT, by the first bytes and never by the name."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PAR1"):
        return "PARQUET"
    if start.startswith(b"PK\x03\x04"):
        return "XLSX"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "XLS"
    return "TEXT"


def blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file in blocks of one megabyte."""
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block


def encoding_of(path: Path) -> str:
    """The text encoding of a file: utf-8, utf-8-sig, utf-16 (also without a mark) or gb18030.

    The whole file is decoded once, so that a wrong guess never turns up half-way. A file that only
    happens to decode as GB18030 is not taken for Chinese: nine in ten of its characters outside ASCII
    must be in GB 2312, the common set. Raises BadSource TRUNCATED, NOT_TABLE or UNKNOWN_ENCODING.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return _proved(path, name)
    if b"\0" in start:
        return _proved(path, _unmarked_utf16(path, start))
    if _decodes(path, "utf-8"):
        return "utf-8"
    return _chinese(path)


def _unmarked_utf16(path: Path, start: bytes) -> str:
    """utf-16-le or utf-16-be for text whose every other byte is mostly zero."""
    half = len(start) // 2 or 1
    even, odd = start[0::2].count(0) / half, start[1::2].count(0) / half
    if odd > MANY_ZEROS and even < FEW_ZEROS:
        return "utf-16-le"
    if even > MANY_ZEROS and odd < FEW_ZEROS:
        return "utf-16-be"
    raise refusal("NOT_TABLE", file=path.name)


def _proved(path: Path, name: str) -> str:
    """The encoding, once the whole file has decoded by it."""
    if not _decodes(path, name):
        raise refusal("UNKNOWN_ENCODING", file=path.name)
    return name


def _decodes(path: Path, name: str) -> bool:
    """Whether every byte decodes; raises TRUNCATED when only the very end breaks off."""
    decoder = codecs.getincrementaldecoder(name)(errors="strict")
    try:
        for block in blocks(path):
            decoder.decode(block)
    except UnicodeDecodeError:
        return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise refusal("TRUNCATED", file=path.name, detail=error.reason) from error
    return True


def _chinese(path: Path) -> str:
    """gb18030 when the file decodes by it into common Chinese; raises UNKNOWN_ENCODING otherwise."""
    decoder = codecs.getincrementaldecoder("gb18030")(errors="strict")
    wide = common = 0
    try:
        for block in blocks(path):
            text = _ASCII.sub("", decoder.decode(block))
            wide += len(text)
            common += len(text.encode("gb2312", errors="ignore")) // 2
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise refusal("UNKNOWN_ENCODING", file=path.name) from error
    if not wide or common / wide < GB2312_SHARE:
        raise refusal("UNKNOWN_ENCODING", file=path.name)
    return "gb18030"


def delimiter_of(line: str) -> str:
    """The delimiter that splits a header line into the most columns; a comma when none does."""
    return max(DELIMITERS, key=lambda mark: len(next(csv.reader([line], delimiter=mark), [])))


def check_zip(path: Path) -> None:
    """Refuses an archive that is broken or declares more than the limit, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            declared = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise refusal("DAMAGED", file=path.name, detail=str(error)) from error
    if declared > MAX_UNPACKED_BYTES:
        raise refusal("TOO_LARGE", file=path.name, size=declared >> 20, limit=MAX_UNPACKED_BYTES >> 20)
