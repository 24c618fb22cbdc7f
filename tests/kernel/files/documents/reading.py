"""Reads back a PDF as far as the tests need it: pages, boxes, fonts and the text of each page."""

import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page: its box in points, its text in drawing order, the base line of each line of type."""

    box: tuple[float, ...]
    text: str


@dataclass(frozen=True)
class Read:
    """What was read."""

    pages: list[Page]
    fonts: set[str]


def read(content: bytes) -> Read:
    """The pages and font names of a PDF, objects in object streams included."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    for body in list(objects.values()):
        if b"/ObjStm" in body:
            objects |= _packed(body)
    pages = [_page(body, objects) for body in objects.values() if re.search(rb"/Type /Page\b", body)]
    return Read(pages, {name.decode() for name in re.findall(rb"/FontName /([^ /\n>]+)", b"".join(objects.values()))})


def _packed(body: bytes) -> dict[int, bytes]:
    """The objects of an object stream (ISO 32000-1, 7.5.7)."""
    content = _unpacked(body)
    first = int(re.search(rb"/First (\d+)", body)[1])  # type: ignore[index]
    heads = [int(part) for part in content[:first].split()]
    starts = [*heads[1::2], len(content) - first]
    return {
        number: content[first + start : first + end]
        for number, start, end in zip(heads[::2], starts, starts[1:], strict=False)
    }


def _page(body: bytes, objects: dict[int, bytes]) -> Page:
    box = re.search(rb"/MediaBox \[([^\]]+)\]", body)
    contents = objects[int(re.search(rb"/Contents (\d+) 0 R", body)[1])]  # type: ignore[index]
    resources = body
    if link := re.search(rb"/Resources (\d+) 0 R", body):
        resources = objects[int(link[1])]
    fonts = re.search(rb"/Font (\d+) 0 R", resources)
    listed = objects[int(fonts[1])] if fonts else resources
    maps = {
        name: _to_unicode(objects[int(number)], objects) for name, number in re.findall(rb"/(\S+) (\d+) 0 R", listed)
    }
    return Page(tuple(float(side) for side in box[1].split()), _text(_unpacked(contents), maps))  # type: ignore[index]


def _unpacked(body: bytes) -> bytes:
    raw = _STREAM.search(body)[1]  # type: ignore[index]
    return zlib.decompress(raw) if b"FlateDecode" in body else raw


def _to_unicode(font: bytes, objects: dict[int, bytes]) -> dict[str, str]:
    link = re.search(rb"/ToUnicode (\d+) 0 R", font)
    if link is None:
        return {}
    table = _unpacked(objects[int(link[1])]).decode()
    pairs = re.findall(r"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>", table)
    return {glyph.lower(): bytes.fromhex(code).decode("utf-16-be") for glyph, code in pairs}


def _text(stream: bytes, maps: dict[bytes, dict[str, str]]) -> str:
    said, current = [], {}
    for font, shown in re.findall(rb"/(\S+) [\d.]+ Tf|(\[[^\]]*\] TJ|<[0-9a-fA-F]+> Tj)", stream):
        if font:
            current = maps.get(font, {})
        for run in re.findall(r"<([0-9a-fA-F]+)>", shown.decode("latin-1")):
            said += [current.get(run[at : at + 4].lower(), "") for at in range(0, len(run), 4)]
    return "".join(said)
