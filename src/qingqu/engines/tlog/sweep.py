"""One pass over a log's tree: every entry and every tile against each other and against the root of a head.

Each hash is compared with what it is computed from and with what is computed from it, so that a finding names the file
that was changed and not all that follow. Memory does not grow with the log.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.findings import Code, Finding
from qingqu.engines.tlog.hashing import HASH_SIZE, empty_root, leaf_row, node_hash, parent_row
from qingqu.engines.tlog.log import read_tile
from qingqu.engines.tlog.storage import Readable
from qingqu.engines.tlog.tiles import (
    CHECKPOINT_PATH,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    TileError,
    bundles_of,
    decode_bundle,
    levels,
    width_at,
)

Progress = Callable[[int, int], None]


def check_tree(storage: Readable, head: Checkpoint, *, progress: Progress | None = None) -> list[Finding]:
    """What is wrong with the tree that a head speaks of; ``progress`` is told entries done and entries in all."""
    return _Tree(storage, head, progress).check()


@dataclass
class _Edge:
    """A tile of the right edge: as stored and as computed, None where it cannot be had."""

    tile: Tile
    stored: bytes | None
    made: bytes | None


@dataclass
class _Tree:
    """One pass over a log, from the first bundle to the last, with one tile of each level in hand."""

    storage: Readable
    head: Checkpoint
    progress: Progress | None
    found: list[Finding] = field(default_factory=list)
    rows: list[list[bytes | None]] = field(default_factory=list)
    stored: dict[int, tuple[int, bytes | None]] = field(default_factory=dict)
    edges: list[_Edge] = field(default_factory=list)
    missing: set[int] = field(default_factory=set)

    def check(self) -> list[Finding]:
        """What is wrong."""
        size = self.head.size
        self.rows = [[] for _level in range(levels(size) + 1)]
        for bundle in bundles_of(size):
            self._judge(Tile(0, bundle.index, bundle.width), self._leaves(bundle))
            if self.progress is not None:
                self.progress(bundle.index * TILE_WIDTH + bundle.width, size)
        for level in range(1, levels(size)):
            self._judge_last(level)
        self._fold_missing()
        self._check_root()
        return self.found

    def _leaves(self, bundle: Tile) -> bytes | None:
        """The leaf hashes that a bundle gives."""
        try:
            # Straight from the storage where it is there: read_tile would take the entries apart once more.
            entries = decode_bundle(self.storage.read(bundle.path) or read_tile(self.storage, bundle))
        except TileError:
            is_there = self.storage.read(bundle.path) is not None
            if not is_there:
                self.missing.add(bundle.index)
            self._say(Code.BUNDLE_MALFORMED if is_there else Code.BUNDLE_MISSING, bundle)
            return None
        if len(entries) != bundle.width:
            self._say(Code.BUNDLE_MALFORMED, bundle)
            return None
        return leaf_row(entries)

    def _tile(self, level: int, index: int) -> bytes | None:
        """A stored tile, None when it cannot be used; the last one of each level is kept."""
        kept = self.stored.get(level)
        if kept is not None and kept[0] == index:
            return kept[1]
        tile = Tile(level, index, width_at(level, index, self.head.size))
        row: bytes | None = None
        try:
            row = read_tile(self.storage, tile)
        except TileError:
            is_there = self.storage.read(tile.path) is not None
            self._say(Code.TILE_MALFORMED if is_there else Code.TILE_MISSING, tile)
        self.stored[level] = index, row
        return row

    def _judge(self, tile: Tile, made: bytes | None) -> None:
        """Compare a tile with what it is made of, and hand its root to the level above."""
        level = tile.level or 0
        stored = self._tile(level, tile.index)
        if tile.width < TILE_WIDTH:
            self.edges.append(_Edge(tile, stored, made))
            return
        above = self._above(level, tile.index)
        root = self._root_of(tile, stored, made, above)
        waiting = self.rows[level + 1]
        waiting.append(root or above)
        if len(waiting) == TILE_WIDTH:
            whole = _joined(waiting)
            waiting.clear()
            self._judge(Tile(level + 1, tile.index // TILE_WIDTH), whole)

    def _judge_last(self, level: int) -> None:
        """The partial tile of a level above the lowest, if there is one."""
        count = self.head.size >> (TILE_HEIGHT * level)
        if width := count % TILE_WIDTH:
            self._judge(Tile(level, count // TILE_WIDTH, width), _joined(self.rows[level]))

    def _above(self, level: int, index: int) -> bytes | None:
        """The hash that the tile above holds for a full tile."""
        row = self._tile(level + 1, index // TILE_WIDTH)
        at = index % TILE_WIDTH * HASH_SIZE
        return None if row is None else row[at : at + HASH_SIZE]

    def _root_of(self, tile: Tile, stored: bytes | None, made: bytes | None, above: bytes | None) -> bytes | None:
        """The root of a full tile, after judging which of its two forms is right."""
        if stored is None or made is None or stored == made:
            row = stored if made is None else made
            return None if row is None else _root(row)
        root = _root(stored)
        if root == above:
            self._say_below(tile, stored, made)
            return root
        self._say_changed(tile, stored, made)
        return _root(made)

    def _check_root(self) -> None:
        """Compare the right edge with the head's root, and judge the tiles of the edge by it."""
        if any(edge.stored is None and edge.made is None for edge in self.edges):
            return
        choices = [[row for row in dict.fromkeys((edge.stored, edge.made)) if row is not None] for edge in self.edges]
        for rows in product(*choices):
            if _edge_root(rows) == self.head.root:
                self._judge_edges(rows)
                return
        for edge in self.edges:
            if edge.stored is not None and edge.made is not None and edge.stored != edge.made:
                self._say_changed(edge.tile, edge.stored, edge.made)
        self.found.append(Finding(Code.ROOT_DIFFERS, CHECKPOINT_PATH, {"size": self.head.size}))

    def _judge_edges(self, rows: tuple[bytes, ...]) -> None:
        for edge, right in zip(self.edges, rows, strict=True):
            if edge.stored is None or edge.made is None or edge.stored == edge.made:
                continue
            if right == edge.stored:
                self._say_below(edge.tile, edge.stored, edge.made)
            else:
                self._say_changed(edge.tile, edge.stored, edge.made)

    def _say_changed(self, tile: Tile, stored: bytes, made: bytes) -> None:
        """A tile was changed: it is not what it is made of."""
        for place in _differences(stored, made):
            self._say_part(Code.TILE_CHANGED, tile.path, tile, place)

    def _say_below(self, tile: Tile, stored: bytes, made: bytes) -> None:
        """What a tile is made of was changed: an entry, or a whole tile below with all that is in it."""
        for place in _differences(stored, made):
            if tile.level == 0:
                self._say_part(Code.ENTRY_CHANGED, Tile(None, tile.index, tile.width).path, tile, place)
            else:
                below = Tile((tile.level or 0) - 1, tile.index * TILE_WIDTH + place)
                self._say_part(Code.SUBTREE_CHANGED, below.path, tile, place)

    def _say_part(self, code: Code, path: str, tile: Tile, place: int) -> None:
        """Name the entries that a hash of a tile covers."""
        covered = TILE_WIDTH ** (tile.level or 0)
        first = (tile.index * TILE_WIDTH + place) * covered
        self.found.append(Finding(code, path, {"first": first, "entries": min(covered, self.head.size - first)}))

    def _fold_missing(self) -> None:
        """Say once that the tail is missing, in place of every file of it."""
        last = -(-self.head.size // TILE_WIDTH) - 1
        first = last + 1
        while first - 1 in self.missing:
            first -= 1
        if first > last:
            return
        tail = {
            Tile(level, index, width_at(0, index, self.head.size)).path
            for index in range(first, last + 1)
            for level in (None, 0)
        }
        self.found = [finding for finding in self.found if finding.place not in tail]
        start = Tile(None, first, width_at(0, first, self.head.size))
        self._say(Code.TAIL_MISSING, start)

    def _say(self, code: Code, tile: Tile) -> None:
        """Name the entries that a file covers, for the tail all to the end."""
        covered = TILE_WIDTH ** ((tile.level or 0) + 1)
        left = self.head.size - tile.index * covered
        entries = left if code is Code.TAIL_MISSING else min(covered, left)
        self.found.append(Finding(code, tile.path, {"first": tile.index * covered, "entries": entries}))


def _root(row: bytes) -> bytes:
    """The root of a full tile."""
    for _height in range(TILE_HEIGHT):
        row = parent_row(row)
    return row


def _edge_root(rows: tuple[bytes, ...]) -> bytes:
    """The root of a tree by the partial tiles of its right edge, lowest first."""
    found = b""
    for partial in rows:
        row = partial
        while row:
            if len(row) // HASH_SIZE % 2:
                peak = row[-HASH_SIZE:]
                found = node_hash(peak, found) if found else peak
            row = parent_row(row)
    return found or empty_root()


def _joined(parts: list[bytes | None]) -> bytes | None:
    """The hashes as one row, None when one is not known."""
    known = [part for part in parts if part is not None]
    return b"".join(known) if len(known) == len(parts) else None


def _differences(one: bytes, other: bytes) -> list[int]:
    """The places at which two rows of hashes differ."""
    places = range(0, max(len(one), len(other)), HASH_SIZE)
    return [at // HASH_SIZE for at in places if one[at : at + HASH_SIZE] != other[at : at + HASH_SIZE]]
