"""Where the tree's hashes and entries lie: paths of tiles and bundles, and what is in them.

A tile of level ``L`` is 256 hashes wide; each hash is the root of a full tile of the level below, on level 0 of a leaf.
A bundle holds 256 entries. Both are partial on the right edge. Source: c2sp.org/tlog-tiles.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.hashing import HASH_SIZE

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
TILE_BYTES = TILE_WIDTH * HASH_SIZE
MAX_ENTRY = 0xFFFF
MAX_LEVEL = 63
CHECKPOINT_PATH = "checkpoint"

# Looking the length up is faster than packing it; longer entries are rare.
_LENGTHS = [count.to_bytes(2) for count in range(1024)]
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class TileError(TlogError):
    """A tile or bundle is not there, or is not of its form."""

    code = "TLOG_TILE"


class EntryTooLong(TlogError):
    """An entry does not fit into a bundle."""

    code = "TLOG_ENTRY_TOO_LONG"


@dataclass(frozen=True)
class Tile:
    """The place of a tile, or of a bundle when ``level`` is None."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The path below the log's prefix."""
        kind = "entries" if self.level is None else str(self.level)
        suffix = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{index_path(self.index)}{suffix}"


def index_path(index: int) -> str:
    """A tile's number in path form: 1234067 is ``x001/x234/067``."""
    parts = [f"{index % 1000:03d}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03d}")
    return "/".join(reversed(parts))


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """The path of a tile."""
    return Tile(level, index, width).path


def bundle_path(index: int, width: int = TILE_WIDTH) -> str:
    """The path of a bundle of entries."""
    return Tile(None, index, width).path


def parse_path(path: str) -> Tile:
    """The tile or bundle that a path names.

    Raises TileError for a path that is not in its one form: leading zeros, a full width written out, a level above 63.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise TileError(f"{path!r} is not the path of a tile")
    level = None if found["level"] == "entries" else int(found["level"])
    index = int(found["index"].replace("/", "").replace("x", ""))
    tile = Tile(level, index, int(found["width"] or TILE_WIDTH))
    if tile.path != path or (level or 0) > MAX_LEVEL:
        raise TileError(f"{path!r} is not the path of a tile")
    return tile


def width_at(level: int, index: int, size: int) -> int:
    """How many hashes tile ``index`` of ``level`` has in a tree of ``size`` leaves: 0 to 256."""
    return max(0, min(TILE_WIDTH, (size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH))


def levels(size: int) -> int:
    """How many levels of tiles a tree has: 1 up to 255 leaves, 2 from 256 on, 0 when it is empty."""
    return -(-size.bit_length() // TILE_HEIGHT)


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a tree, level by level."""
    for level in range(levels(size)):
        for index in range(-(-(size >> (TILE_HEIGHT * level)) // TILE_WIDTH)):
            yield Tile(level, index, width_at(level, index, size))


def bundles_of(size: int) -> Iterator[Tile]:
    """Every bundle of a log, in order."""
    for index in range(-(-size // TILE_WIDTH)):
        yield Tile(None, index, width_at(0, index, size))


def right_edge(size: int) -> list[Tile]:
    """The partial tiles of a tree, lowest level first, and its partial bundle last."""
    found = []
    for level in range(levels(size)):
        count = size >> (TILE_HEIGHT * level)
        if width := count % TILE_WIDTH:
            found.append(Tile(level, count // TILE_WIDTH, width))
    if size % TILE_WIDTH:
        found.append(Tile(None, size // TILE_WIDTH, size % TILE_WIDTH))
    return found


def tiles_of_proof(index: int, size: int) -> list[Tile]:
    """The tiles from which the proof is read that leaf ``index`` is in a tree of ``size``: at most two a level."""
    places = [
        (level, number)
        for level in range(levels(size))
        for number in sorted({which >> (TILE_HEIGHT * (level + 1)) for which in (index, size - 1)})
    ]
    return [Tile(level, number, width) for level, number in places if (width := width_at(level, number, size))]


def superseded(old: int, new: int) -> list[str]:
    """The paths of partial tiles and bundles of ``old`` that may go because their full form is there at ``new``."""
    return [tile.path for tile in right_edge(old) if width_at(tile.level or 0, tile.index, new) == TILE_WIDTH]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The entries, each behind its length in two bytes.

    Raises EntryTooLong for an entry of more than 65,535 bytes.
    """
    lengths = _LENGTHS
    try:
        return b"".join([lengths[len(entry)] + entry for entry in entries])
    except IndexError:
        return b"".join([_length(len(entry)) + entry for entry in entries])


def _length(count: int) -> bytes:
    if count > MAX_ENTRY:
        raise EntryTooLong(f"an entry has {count} bytes, at most {MAX_ENTRY} fit", found=count, most=MAX_ENTRY)
    return count.to_bytes(2)


def decode_bundle(bundle: bytes) -> list[bytes]:
    """The entries of a bundle.

    Raises TileError when it is cut off in the middle of an entry.
    """
    entries = []
    at, end = 0, len(bundle)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(bundle[at:start])
        entries.append(bundle[start:at])
    if at != end:
        raise TileError("the bundle of entries is cut off", entries=len(entries))
    return entries
