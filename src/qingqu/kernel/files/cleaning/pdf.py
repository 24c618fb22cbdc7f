"""PDF files without author, program, dates and places: blanked where they stand, so that every offset stays right.

What is taken out are the strings of the information dictionary (ISO 32000-1, 14.3.3), the metadata streams (14.3.2)
and the comments and camera data inside pictures. Nothing else changes, and no byte moves.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from qingqu.kernel.files.cleaning.errors import Uncleanable, Why

_INFO = re.compile(rb"/Info\s+(\d+)\s+\d+\s+R")
_REFERENCE = re.compile(rb"(?<![\d.])(\d+)\s+\d+\s+R\b")
_STREAM = re.compile(rb"(?<!end)stream(\r\n|\n)")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)")
_STRING = re.compile(rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|(?<!<)<(?!<)[0-9A-Fa-f\s]*>", re.DOTALL)
_SEGMENTS = frozenset({*range(0xE1, 0xF0), 0xFE}) - {0xEE}
"""JPEG segments that hold metadata: APP1 to APP15 and comments (ITU-T T.81, B.2.4.6), not Adobe's colours (APP14)."""

_START_OF_SCAN = 0xDA


@dataclass(frozen=True)
class _Stream:
    """A stream: the text of its dictionary, and where its data begin and end."""

    dictionary: bytes
    start: int
    end: int


def clean_pdf(content: bytes) -> bytes:
    """The document with its metadata blanked; the same length. A signed one comes back as it is.

    Raises Uncleanable for an encrypted one, and for one whose metadata cannot be blanked in place.
    """
    if re.search(rb"/ByteRange\s*\[", content):
        return content
    if re.search(rb"/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<", content):
        raise Uncleanable(Why.ENCRYPTED)
    kept = bytearray(content)
    streams = list(_streams(content))
    numbers = {int(number) for number in _INFO.findall(content)}
    numbers |= _referred(content, numbers)
    for number in sorted(numbers):
        _blank_object(kept, number)
    for stream in streams:
        _clean_stream(kept, stream, numbers)
    return bytes(kept)


def _streams(content: bytes) -> Iterator[_Stream]:
    """Every stream of the document, in its order."""
    position = 0
    while found := _STREAM.search(content, position):
        begins = max(content.rfind(b"obj", 0, found.start()), 0)
        dictionary = content[begins : found.start()]
        start = found.end()
        length = _LENGTH.search(dictionary)
        end = start + int(length[1]) if length else -1
        if not 0 <= end <= len(content) or not content[end : end + 16].lstrip().startswith(b"endstream"):
            end = content.find(b"endstream", start)
        if end < 0:
            return
        yield _Stream(dictionary, start, end)
        position = end


def _referred(content: bytes, numbers: set[int]) -> set[int]:
    """The numbers of the objects to which the information dictionaries refer."""
    found: set[int] = set()
    for number in numbers:
        for _begin, body in _objects(content, number):
            found |= {int(other) for other in _REFERENCE.findall(body)}
    return found


def _objects(content: bytes, number: int) -> Iterator[tuple[int, bytes]]:
    """Every version of an object: where its body begins, and the body."""
    for found in re.finditer(rb"(?<!\d)%d\s+\d+\s+obj\b(.*?)endobj" % number, content, re.DOTALL):
        yield found.start(1), found[1]


def _blank_object(kept: bytearray, number: int) -> None:
    """Blank the strings of every version of an object."""
    for begin, body in list(_objects(bytes(kept), number)):
        kept[begin : begin + len(body)] = _blank(body)


def _blank(text: bytes) -> bytes:
    """The text with every string in it turned to blanks of the same length."""
    return _STRING.sub(_blank_string, text)


def _blank_string(found: re.Match[bytes]) -> bytes:
    """Blanks in the brackets of a string: spaces, or the digits of spaces."""
    inside = len(found[0]) - 2
    if found[0].startswith(b"("):
        return b"(" + b" " * inside + b")"
    return b"<" + (b"20" * inside)[:inside] + b">"


def _clean_stream(kept: bytearray, stream: _Stream, numbers: set[int]) -> None:
    """Blank what a stream holds of metadata, in its own form."""
    data = bytes(kept[stream.start : stream.end])
    if re.search(rb"/Type\s*/Metadata\b", stream.dictionary):
        plain = b" " * len(data)
        kept[stream.start : stream.end] = plain if b"/Filter" not in stream.dictionary else _packed(b" ", data, stream)
    elif re.search(rb"/Type\s*/ObjStm\b", stream.dictionary):
        _clean_objects(kept, stream, data, numbers)
    elif re.search(rb"/Filter\s*\[?\s*/DCTDecode\b", stream.dictionary):
        kept[stream.start : stream.end] = _without_segments(data)


def _clean_objects(kept: bytearray, stream: _Stream, data: bytes, numbers: set[int]) -> None:
    """Blank the strings of the information dictionary where it lies among other objects in one stream."""
    is_packed = b"/Filter" in stream.dictionary
    text = _unpacked(data, stream) if is_packed else data
    first = re.search(rb"/First\s+(\d+)", stream.dictionary)
    heads = [int(word) for word in text[: int(first[1]) if first else 0].split() if word.isdigit()]
    places = dict(zip(heads[::2], heads[1::2], strict=False))
    ends = sorted([*places.values(), len(text)])
    changed = text
    base = int(first[1]) if first else 0
    for number in numbers & set(places):
        begin = base + places[number]
        end = min(base + ends[ends.index(places[number]) + 1], len(text))
        changed = changed[:begin] + _blank(changed[begin:end]) + changed[end:]
    if changed != text:
        kept[stream.start : stream.end] = _packed(changed, data, stream) if is_packed else changed


def _unpacked(data: bytes, stream: _Stream) -> bytes:
    """A packed stream's content; raises Uncleanable for a packing other than zlib's."""
    if not re.search(rb"/Filter\s*\[?\s*/FlateDecode\s*(?:\]|/|>>|\s)", stream.dictionary):
        raise Uncleanable(Why.STUBBORN)
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error as error:
        raise Uncleanable(Why.BROKEN) from error


def _packed(text: bytes, data: bytes, stream: _Stream) -> bytes:
    """Content packed again to the length it had, the rest filled up behind its end, which readers pass over.

    Raises Uncleanable when it does not fit.
    """
    _unpacked(data, stream)
    packed = zlib.compress(text, 9)
    if len(packed) > len(data):
        raise Uncleanable(Why.STUBBORN)
    return packed + b"\0" * (len(data) - len(packed))


def _without_segments(data: bytes) -> bytes:
    """A JPEG with its metadata segments filled with zeros."""
    kept = bytearray(data)
    place = 2
    while data[place : place + 1] == b"\xff" and place + 4 <= len(data):
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if marker == _START_OF_SCAN:
            break
        if marker in _SEGMENTS:
            kept[place + 4 : place + 2 + length] = bytes(max(length - 2, 0))
        place += 2 + length
    return bytes(kept[: len(data)])
