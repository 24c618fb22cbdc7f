"""Adding entries to a tree: every tile, bundle and root that changes, from the right edge alone.

Pure: nothing is read or written, so that a log can live in the tables of a database. A batch costs two hashes an entry.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.hashing import HASH_SIZE, empty_root, leaf_row, node_hash, parent_row
from qingqu.engines.tlog.tiles import (
    TILE_BYTES,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    bundle_path,
    decode_bundle,
    encode_bundle,
    levels,
    right_edge,
    tile_path,
)

_HEAD = struct.Struct(">4sQI")
_MAGIC = b"qle1"


class EdgeError(TlogError):
    """A right edge does not belong to a tree of its size."""

    code = "TLOG_EDGE"


@dataclass(frozen=True)
class Edge:
    """The right edge of a tree: all that is needed to go on.

    ``rows`` holds the partial tile of each level, lowest first, empty where the level ends with a full tile;
    ``bundle`` the entries of the partial bundle, encoded. ``peaks`` holds, for each height, the root of the whole
    subtree that ends the tree there, or empty bytes.
    """

    size: int = 0
    rows: tuple[bytes, ...] = ()
    bundle: bytes = b""
    peaks: tuple[bytes, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    def from_rows(cls, size: int, rows: Sequence[bytes], bundle: bytes) -> "Edge":
        """The edge with its peaks computed. Raises EdgeError when rows or bundle do not fit the size."""
        wanted = [(size >> (TILE_HEIGHT * level)) % TILE_WIDTH for level in range(levels(size))]
        if [len(row) for row in rows] != [HASH_SIZE * width for width in wanted]:
            raise EdgeError(f"the partial tiles are not those of a tree of {size}", size=size)
        if len(decode_bundle(bundle)) != size % TILE_WIDTH:
            raise EdgeError(f"the partial bundle is not that of a log of {size}", size=size)
        return cls(size, tuple(rows), bundle, tuple(_peaks(size, rows)))

    @classmethod
    def from_tiles(cls, size: int, read: Callable[[Tile], bytes]) -> "Edge":
        """The edge of a tree whose tiles are kept somewhere; ``read`` gives one partial tile or bundle."""
        rows = [b""] * levels(size)
        bundle = b""
        for tile in right_edge(size):
            if tile.level is None:
                bundle = read(tile)
            else:
                rows[tile.level] = read(tile)
        return cls.from_rows(size, rows, bundle)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Edge":
        """The edge that ``to_bytes`` wrote. Raises EdgeError when it is something else."""
        try:
            magic, size, length = _HEAD.unpack_from(raw)
        except struct.error:
            raise EdgeError("this is not a written edge") from None
        if magic != _MAGIC:
            raise EdgeError("this is not a written edge")
        at = _HEAD.size
        rows = []
        for level in range(levels(size)):
            end = at + HASH_SIZE * ((size >> (TILE_HEIGHT * level)) % TILE_WIDTH)
            rows.append(raw[at:end])
            at = end
        if len(raw) != at + length:
            raise EdgeError("the written edge is cut off or too long", size=size)
        return cls.from_rows(size, rows, raw[at:])

    def to_bytes(self) -> bytes:
        """The edge as bytes, to be kept beside the head."""
        return _HEAD.pack(_MAGIC, self.size, len(self.bundle)) + b"".join(self.rows) + self.bundle

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        found = b""
        for peak in self.peaks:
            if peak:
                found = node_hash(peak, found) if found else peak
        return found or empty_root()

    @property
    def files(self) -> dict[str, bytes]:
        """The partial tiles and the partial bundle by path."""
        found = {tile.path: self.rows[tile.level] for tile in right_edge(self.size) if tile.level is not None}
        if self.bundle:
            found[bundle_path(self.size // TILE_WIDTH, self.size % TILE_WIDTH)] = self.bundle
        return found


@dataclass(frozen=True)
class Appended:
    """What adding entries made: the new edge, the files to keep, and the new head.

    ``tiles`` and ``bundles`` hold full and partial files by path; the entries got ``first`` to ``size - 1``.
    """

    state: Edge
    tiles: dict[str, bytes]
    bundles: dict[str, bytes]
    root: bytes
    first: int
    size: int

    @property
    def indexes(self) -> range:
        """The indexes of the added entries."""
        return range(self.first, self.size)


def append(state: Edge, entries: Sequence[bytes]) -> Appended:
    """The tree with entries added, and every tile and bundle that is new or wider than before.

    Raises EntryTooLong for an entry of more than 65,535 bytes.
    """
    size = state.size + len(entries)
    if not entries:
        return Appended(state, {}, {}, state.root, size, size)
    bundles, bundle = _bundles(state, entries)
    tiles, rows, peaks = _grow(state, leaf_row(entries))
    edge = Edge(size, rows, bundle, peaks)
    for tile in right_edge(size):
        if tile.level is not None and _is_new(tile, state.size):
            tiles[tile.path] = rows[tile.level]
    return Appended(edge, tiles, bundles, edge.root, state.size, size)


def _is_new(tile: Tile, before: int) -> bool:
    """Whether a partial tile was narrower before, or not there."""
    level = tile.level or 0
    return before >> (TILE_HEIGHT * level) < tile.index * TILE_WIDTH + tile.width


def _bundles(state: Edge, entries: Sequence[bytes]) -> tuple[dict[str, bytes], bytes]:
    """The new bundles by path, and what is left in the partial one."""
    made: dict[str, bytes] = {}
    index, width = divmod(state.size, TILE_WIDTH)
    content = state.bundle
    at = 0
    while at < len(entries):
        part = entries[at : at + TILE_WIDTH - width]
        at += len(part)
        width += len(part)
        content += encode_bundle(part)
        made[bundle_path(index, width)] = content
        if width == TILE_WIDTH:
            index, width, content = index + 1, 0, b""
    return made, content


def _grow(state: Edge, row: bytes) -> tuple[dict[str, bytes], tuple[bytes, ...], tuple[bytes, ...]]:
    """The full tiles, the partial rows and the peaks after new leaf hashes; works upwards, one height at a time."""
    tiles: dict[str, bytes] = {}
    rows: list[bytes] = []
    peaks: list[bytes] = []
    height = 0
    while row or height < len(state.peaks):
        if height % TILE_HEIGHT == 0:
            rows.append(_cut(state, height // TILE_HEIGHT, row, tiles))
        if height < len(state.peaks):
            row = state.peaks[height] + row
        peaks.append(row[-HASH_SIZE:] if len(row) // HASH_SIZE % 2 else b"")
        row = parent_row(row)
        height += 1
    return tiles, tuple(rows), tuple(peaks)


def _cut(state: Edge, level: int, row: bytes, tiles: dict[str, bytes]) -> bytes:
    """Put new hashes of a level behind its partial tile, keep what is full in ``tiles``, give what is left."""
    if level < len(state.rows):
        row = state.rows[level] + row
    index = state.size >> (TILE_HEIGHT * (level + 1))
    whole = len(row) - len(row) % TILE_BYTES
    for number, at in enumerate(range(0, whole, TILE_BYTES)):
        tiles[tile_path(level, index + number)] = row[at : at + TILE_BYTES]
    return row[whole:]


def _peaks(size: int, rows: Sequence[bytes]) -> list[bytes]:
    """The peaks that partial tiles imply."""
    peaks = []
    for tile_row in rows:
        row = tile_row
        for _height in range(TILE_HEIGHT):
            peaks.append(row[-HASH_SIZE:] if len(row) // HASH_SIZE % 2 else b"")
            row = parent_row(row)
    return peaks[: size.bit_length()]
