"""Pure decisions about files: what a content is, whether it hides a program, what it is called."""

import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from qingqu.kernel.files.types import MediaType

MACHINE = ("vbaproject.bin", "vbadata.xml", "activex", "embeddings/oleobject")
"""Parts of an Office file that hold programs ([MS-OFFMACRO2], ECMA-376 part 3)."""

LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_LIST = 1024 * 1024

_SIGNATURES = ((b"%PDF-", MediaType.PDF), (b"\x89PNG\r\n\x1a\n", MediaType.PNG), (b"\xff\xd8\xff", MediaType.JPEG))
_MAIN_PARTS = (("word/document.xml", MediaType.DOCX), ("xl/workbook.xml", MediaType.XLSX))
_ENDINGS = {
    MediaType.PDF: ".pdf",
    MediaType.PNG: ".png",
    MediaType.JPEG: ".jpg",
    MediaType.DOCX: ".docx",
    MediaType.XLSX: ".xlsx",
    MediaType.TEXT: ".txt",
}


def media_type_of(content: bytes) -> MediaType | None:
    """What the content is; None for what is not taken (old Office files, programs, archives, unknown)."""
    for signature, found in _SIGNATURES:
        if content.startswith(signature):
            return found
    if content.startswith(b"PK\x03\x04"):
        names = _parts(content)
        return next((found for part, found in _MAIN_PARTS if names and part in names), None)
    return MediaType.TEXT if _is_text(content) else None


def hides_a_program(content: bytes) -> bool:
    """Whether an Office file holds macros, controls or embedded objects, or says that it does."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    names = _parts(content) or set()
    if any(part in name.lower() for name in names for part in MACHINE):
        return True
    with zipfile.ZipFile(BytesIO(content)) as packed, packed.open("[Content_Types].xml") as listed:
        return b"macroEnabled" in listed.read(LARGEST_LIST)


def shown_name(name: str, media_type: MediaType) -> str:
    """The name a file is kept under: the last part only, no control signs, with the ending of what it is."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*').strip(" .")
    ending = _ENDINGS[media_type]
    stem = clean[: -len(PurePosixPath(clean).suffix)] if PurePosixPath(clean).suffix else clean
    return f"{stem[:100] or 'file'}{ending}"


def _parts(content: bytes) -> set[str] | None:
    """The names inside a packed file; None when it is broken, unpacks to too much or is not an Office package."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            listed = packed.infolist()
    except zipfile.BadZipFile:
        return None
    names = {one.filename for one in listed}
    if sum(one.file_size for one in listed) > LARGEST_UNPACKED or "[Content_Types].xml" not in names:
        return None
    return names


def _is_text(content: bytes) -> bool:
    """Whether the content is UTF-8 text without control signs other than line ends and tabs."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(char.isprintable() or char in "\r\n\t\u3000" for char in text)
