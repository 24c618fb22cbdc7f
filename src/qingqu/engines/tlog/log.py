"""A log in a storage: append, sign, prove.

The class for one writer and a folder of files; a log in a database uses `appending.append` and `TileTree` directly.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from qingqu.engines.tlog.appending import Edge, append
from qingqu.engines.tlog.checkpoints import Checkpoint, sign_checkpoint
from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.hashing import HASH_SIZE, empty_root, node_hash, parent_row
from qingqu.engines.tlog.notes import Note, Signer
from qingqu.engines.tlog.proofs import Path, ProofError, consistency_path, inclusion_path
from qingqu.engines.tlog.storage import Readable, Storage
from qingqu.engines.tlog.tiles import (
    CHECKPOINT_PATH,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    TileError,
    decode_bundle,
    width_at,
)

# A tile with its inner rows takes 16 kB.
CACHED_TILES = 2048

# What `Log` remembers of its own size between runs; not a file of the public format.
STATE_PATH = "state"

_LEVEL_MASK = TILE_HEIGHT - 1


class LogError(TlogError):
    """The log's own files do not fit together, or a head may not be signed."""

    code = "TLOG_LOG"


def read_tile(storage: Readable, tile: Tile, *, size: int | None = None) -> bytes:
    """A tile or bundle; a partial one that is not there is cut from a wider one.

    ``size`` is that of a tree whose tiles are known to be there: wider ones are looked for under its widths. Raises
    TileError when none is there or it has another length than its place asks for.
    """
    widths = {tile.width, width_at(tile.level or 0, tile.index, size or 0), TILE_WIDTH}
    for width in sorted(widths):
        wider = Tile(tile.level, tile.index, width)
        content = storage.read(wider.path) if width >= tile.width else None
        if content is not None:
            return narrow(tile, wider, content)
    raise TileError(f"{tile.path} is missing")


def narrow(tile: Tile, wider: Tile, content: bytes) -> bytes:
    """A partial tile or bundle cut from a wider one of the same place.

    Raises TileError when the wider one has another length than its place asks for.
    """
    if tile.level is None:
        entries = decode_bundle(content)
        if len(entries) != wider.width:
            raise TileError(f"{wider.path} has {len(entries)} entries, it needs {wider.width}")
        return content[: sum(2 + len(entry) for entry in entries[: tile.width])]
    if len(content) != wider.width * HASH_SIZE:
        raise TileError(f"{wider.path} has {len(content)} bytes, it needs {wider.width * HASH_SIZE}")
    return content[: tile.width * HASH_SIZE]


class TileTree:
    """Roots and proofs read from tiles. Tiles are kept with their inner rows, so that a proof needs no hashing.

    The tiles are trusted: who reads somebody else's log checks the proof against a signed root.
    """

    def __init__(self, read: Callable[[Tile], bytes], *, cached_tiles: int = CACHED_TILES) -> None:
        """Read tiles through a function; keep at most so many expanded ones, the latest used."""
        self._read = read
        self._rows = lru_cache(cached_tiles)(self._expand)
        self._tails = lru_cache(16)(self._tails_at)

    def root(self, size: int) -> bytes:
        """The root of the tree of the first ``size`` leaves."""
        return self._tails(size)[-1] if size else empty_root()

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The proof that leaf ``index`` is in the tree of ``size`` leaves. Raises ProofError when there is none."""
        return self._hashes(inclusion_path(index, size), size)

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """The proof that the tree of ``new`` leaves continues that of ``old``. Raises ProofError if old is more."""
        return self._hashes(consistency_path(old, new), new)

    def leaf_hash(self, index: int, size: int) -> bytes:
        """The hash of leaf ``index`` as the tiles of the tree of ``size`` leaves hold it."""
        if not 0 <= index < size:
            raise ProofError(f"there is no leaf {index} in a tree of {size}", index=index, size=size)
        return self._node(0, index, size)

    def _hashes(self, path: Path, size: int) -> list[bytes]:
        node = self._node
        found = [node(height, index, size) for height, index in path.nodes if (index + 1) << height <= size]
        if path.tail is not None:
            found.insert(path.tail, self._tails(size)[path.nodes[path.tail][0]])
        return found

    def _node(self, height: int, index: int, size: int) -> bytes:
        """The hash of a whole node."""
        inside = height & _LEVEL_MASK
        shift = TILE_HEIGHT - inside
        number = index >> shift
        level = height >> 3
        width = (size >> (height - inside)) - (number << TILE_HEIGHT)
        rows = self._rows(level, number, min(width, TILE_WIDTH))
        at = (index - (number << shift)) * HASH_SIZE
        return rows[inside][at : at + HASH_SIZE]

    def _expand(self, level: int, number: int, width: int) -> tuple[bytes, ...]:
        """A tile's hashes and the rows that they imply, heights 0 to 7 within the tile."""
        row = self._read(Tile(level, number, width))
        rows = [row]
        for _height in range(TILE_HEIGHT - 1):
            row = parent_row(row)
            rows.append(row)
        return tuple(rows)

    def _tails_at(self, size: int) -> tuple[bytes, ...]:
        """For each height, the root of the leaves from the last node of that height to the end; last comes the root."""
        last = size - 1
        found = [self._node(0, last, size)]
        for height in range(last.bit_length()):
            index = last >> height
            found.append(node_hash(self._node(height, index - 1, size), found[-1]) if index & 1 else found[-1])
        return tuple(found)


class Log:
    """A log whose files one writer keeps in a storage.

    After each append ``state`` names the size and root; what a crash left beyond it is written over. Raises LogError
    when the files of a storage that is opened again do not give the root that ``state`` names.
    """

    def __init__(self, storage: Storage, *, origin: str, cached_tiles: int = CACHED_TILES) -> None:
        """Open the log in a storage, or begin one."""
        self.origin = origin
        self._storage = storage
        self._tree = TileTree(self._tile, cached_tiles=cached_tiles)
        self._edge = self._restored()

    @property
    def size(self) -> int:
        """The number of entries."""
        return self._edge.size

    def append(self, entries: Sequence[bytes]) -> range:
        """Add entries and give their indexes; they are durable when this returns.

        Raises EntryTooLong for an entry of more than 65,535 bytes; then none is added.
        """
        added = append(self._edge, entries)
        for path, content in (*added.bundles.items(), *added.tiles.items()):
            self._storage.write(path, content)
        self._storage.write(STATE_PATH, f"{added.size}\n{added.root.hex()}\n".encode())
        self._edge = added.state
        return added.indexes

    def root(self, size: int | None = None) -> bytes:
        """The root of the first ``size`` entries, of all when it is not given."""
        if size is None or size == self.size:
            return self._edge.root
        self._check_size(size)
        return self._tree.root(size)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that entry ``index`` is among the first ``size``. Raises ProofError when it is not."""
        size = self.size if size is None else size
        self._check_size(size)
        return self._tree.inclusion_proof(index, size)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the first ``new`` entries only added to the first ``old``. Raises ProofError otherwise."""
        new = self.size if new is None else new
        self._check_size(new)
        return self._tree.consistency_proof(old, new)

    def entry(self, index: int) -> bytes:
        """One entry. Raises ProofError when there is no such index, TileError when its bundle is not whole."""
        if not 0 <= index < self.size:
            raise ProofError(f"there is no entry {index} in a log of {self.size}", index=index, size=self.size)
        number, place = divmod(index, TILE_WIDTH)
        return decode_bundle(self._tile(Tile(None, number, width_at(0, number, self.size))))[place]

    def checkpoint(self, *signers: Signer, at: int = 0) -> bytes:
        """Sign the present head and put it where readers look for it; gives the note.

        Raises LogError when the head there is of a larger log, or of this size with another root.
        """
        head = Checkpoint(self.origin, self.size, self.root())
        published = self._storage.read(CHECKPOINT_PATH)
        if published is not None:
            self._check_continues(Checkpoint.parse(Note.parse(published).text))
        raw = sign_checkpoint(head, signers, at=at).raw
        self._storage.write(CHECKPOINT_PATH, raw)
        return raw

    def _tile(self, tile: Tile) -> bytes:
        return read_tile(self._storage, tile, size=self.size)

    def _check_continues(self, before: Checkpoint) -> None:
        if before.size > self.size:
            raise LogError(
                f"the published head has {before.size} entries, this log {self.size}: it was rolled back",
                published=before.size,
                size=self.size,
            )
        if self.root(before.size) != before.root:
            raise LogError(f"the log does not continue its published head of size {before.size}", size=before.size)

    def _check_size(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise ProofError(f"the log has {self.size} entries, not {size}", size=size, most=self.size)

    def _restored(self) -> Edge:
        state = self._storage.read(STATE_PATH)
        if state is None:
            return Edge()
        size, root = state.decode().split()
        edge = Edge.from_tiles(int(size), lambda tile: read_tile(self._storage, tile))
        if edge.root.hex() != root:
            raise LogError(f"the tiles do not give the root that was kept for size {size}", size=int(size))
        return edge
