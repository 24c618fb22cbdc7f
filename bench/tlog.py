"""The public log side by side with the machine's own hash rate and with pymerkle, as ratios of one run.

    python bench/tlog.py [--size 1000000] [--json] [--without-peer] [--without-memory]

Rates are of CPU time, the better of two passes, in one process: a busy machine changes them little, and ratios hardly.
pymerkle (GPL) is a peer of this bench only; it is installed into a throw-away environment under var/.
"""

import argparse
import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from qingqu.engines.tlog.appending import Edge, append  # noqa: E402 - runs from a checkout
from qingqu.engines.tlog.checkpoints import Checkpoint  # noqa: E402
from qingqu.engines.tlog.hashing import leaf_hash  # noqa: E402
from qingqu.engines.tlog.log import TileTree, read_tile  # noqa: E402
from qingqu.engines.tlog.proofs import verify_consistency, verify_inclusion  # noqa: E402
from qingqu.engines.tlog.sweep import check_tree  # noqa: E402
from qingqu.engines.tlog.tiles import Tile  # noqa: E402

PEER = "pymerkle==7.0.0"
BATCH = 1000
ENTRY_BYTES = 100
PROOFS = 2000
PEER_SQLITE_PROOFS = 60
APPEND_PASSES = 2
MEMORY_SIZES = (100_000, 5_000_000)
MEMORY_TILES = 256

# Source: the acceptance figures of the ledger; the second of the appends holds from a million on.
TARGETS = {
    "append / half the node rate": 0.30,
    "append / pymerkle sqlite": 2.0,
    "append / pymerkle in memory": 4.0,
    "warm proof / pymerkle in memory": 1.8,
    "warm proof / pymerkle sqlite": 100.0,
    "verify / pymerkle": 1.5,
    "audit / half the node rate": 0.25,
}
SMALL_APPEND_TARGET = 1.8
MOST_TILES_READ = 6
MOST_GROWTH = 1.25


class RowStore:
    """A log in one SQLite table, as an application keeps it: a batch is one transaction, flushed to the disk."""

    def __init__(self, place: Path) -> None:
        """Begin an empty log in a new database."""
        self.connection = sqlite3.connect(place, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.execute("CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, width TEXT, content BLOB)")
        self.connection.execute("CREATE TABLE IF NOT EXISTS head (size INTEGER, root BLOB)")
        self.edge = Edge()

    def append(self, entries: list[bytes]) -> None:
        """Add a batch: tiles, bundles and head, or nothing."""
        added = append(self.edge, entries)
        rows = []
        for path, content in (*added.tiles.items(), *added.bundles.items()):
            base, _suffix, width = path.partition(".p/")
            rows.append((base, width, content))
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        self.connection.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", rows)
        execute("DELETE FROM head")
        execute("INSERT INTO head VALUES (?, ?)", (added.size, added.root))
        execute("COMMIT")
        self.edge = added.state

    def read(self, path: str) -> bytes | None:
        """A file as readers of the public log ask for it."""
        base, _suffix, width = path.partition(".p/")
        found = self.connection.execute("SELECT width, content FROM file WHERE path = ?", (base,)).fetchone()
        return found[1] if found and found[0] == width else None

    def close(self) -> None:
        """Close the database."""
        self.connection.close()


def require(holds: object, otherwise: str) -> None:
    """Stop the bench, saying why: figures of something that is wrong are worth nothing."""
    if not holds:
        raise SystemExit(otherwise)


def rate(count: int, work: Callable[[], object], passes: int = 2) -> float:
    """How many a second of CPU time, the better of some passes."""
    best = 0.0
    for _pass in range(passes):
        start = time.process_time()
        work()
        best = max(best, count / (time.process_time() - start))
    return best


def node_rate() -> float:
    """SHA-256 of two hashes and a prefix, a second, through hashlib."""
    node = os.urandom(65)
    count = 1_000_000

    def work() -> None:
        for _time in range(count):
            sha256(node).digest()

    return rate(count, work, passes=3)


def batches(size: int) -> Iterator[list[bytes]]:
    """Entries of 100 bytes, BATCH at a time, the same in every run."""
    source = random.Random(6962)
    for start in range(0, size, BATCH):
        yield [source.randbytes(ENTRY_BYTES) for _entry in range(min(BATCH, size - start))]


def fill(size: int, put: Callable[[list[bytes]], object]) -> tuple[float, float]:
    """Entries a second of CPU time and of wall time; making the entries is not counted."""
    cpu = wall = 0.0
    for batch in batches(size):
        started = time.process_time(), time.perf_counter()
        put(batch)
        cpu += time.process_time() - started[0]
        wall += time.perf_counter() - started[1]
    return size / cpu, size / wall


def entry_at(index: int) -> bytes:
    """One entry again."""
    for start, batch in enumerate(batches(index + BATCH)):
        if start == index // BATCH:
            return batch[index % BATCH]
    raise IndexError(index)


def chosen(size: int, count: int) -> list[int]:
    """Indexes without pattern, the same in every run."""
    return random.Random(size).sample(range(size), min(count, size))


def ours(folder: Path, size: int) -> dict[str, float]:
    """Rates of our log in a database."""
    found = {"append": 0.0, "append (wall)": 0.0}
    for turn in range(APPEND_PASSES):
        store = RowStore(folder / f"ours-{turn}.sqlite3")
        cpu, wall = fill(size, store.append)
        found["append"], found["append (wall)"] = max(found["append"], cpu), max(found["append (wall)"], wall)
    root = store.edge.root
    tiles = []

    def read(tile: Tile) -> bytes:
        tiles.append(tile)
        return read_tile(store, tile, size=size)

    tree = TileTree(read, cached_tiles=4096)
    indexes = chosen(size, PROOFS)
    found["cold proof"] = rate(len(indexes), lambda: [tree.inclusion_proof(index, size) for index in indexes], passes=1)
    found["warm proof"] = rate(len(indexes), lambda: [tree.inclusion_proof(index, size) for index in indexes])
    cold = TileTree(read)
    tiles.clear()
    cold.inclusion_proof(indexes[0], size)
    found["tiles read for a first proof"] = len(tiles)
    leaves = [tree.leaf_hash(index, size) for index in indexes]
    proofs = [tree.inclusion_proof(index, size) for index in indexes]
    cases = list(zip(leaves, indexes, proofs, strict=True))
    found["verify"] = rate(
        len(cases), lambda: [verify_inclusion(leaf, index, size, proof, root) for leaf, index, proof in cases]
    )
    found["consistency proof"] = rate(len(indexes), lambda: [tree.consistency_proof(index, size) for index in indexes])
    older = indexes[0]
    verify_consistency(older, size, tree.root(older), root, tree.consistency_proof(older, size))
    require(leaves[0] == leaf_hash(entry_at(indexes[0])), "the tree holds another leaf")
    head = Checkpoint("bench.example/log", size, root)
    found["audit"] = rate(size, lambda: require(not check_tree(store, head), "the audit found something"), passes=1)
    store.close()
    return found


def peer_home() -> Path | None:
    """The folder of the peer, installed when it is not there; None, saying so, when it cannot be had."""
    home = ROOT / "var" / "bench" / PEER.replace("==", "-")
    if not (home / "pymerkle").exists():
        uv = ROOT / ".venv" / "tools" / "bin" / "uv"
        installer = [str(uv), "pip"] if uv.exists() else [sys.executable, "-m", "pip"]
        command = [*installer, "install", "--quiet", "--target", str(home), PEER]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"no peer: {PEER} cannot be installed: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            return None
    return home


def peer(folder: Path, size: int) -> dict[str, float]:
    """Rates of pymerkle, in memory and in SQLite, on the same entries and indexes."""
    from pymerkle import InmemoryTree, SqliteTree, verify_inclusion  # noqa: PLC0415 - installed by this bench

    found = {}
    inside = InmemoryTree("sha256")
    found["append in memory"] = fill(size, lambda batch: [inside.append_entry(entry) for entry in batch])[0]
    indexes = [index + 1 for index in chosen(size, PROOFS)]
    proofs = [inside.prove_inclusion(index) for index in indexes]
    found["proof in memory"] = rate(len(indexes), lambda: [inside.prove_inclusion(index) for index in indexes])
    root = inside.get_root()
    cases = [(inside.get_leaf(index), proof) for index, proof in zip(indexes, proofs, strict=True)]
    found["verify"] = rate(len(cases), lambda: [verify_inclusion(leaf, root, proof) for leaf, proof in cases])
    found["append sqlite"] = 0.0
    for turn in range(APPEND_PASSES):
        rows = SqliteTree(str(folder / f"peer-{turn}.sqlite3"))
        found["append sqlite"] = max(found["append sqlite"], fill(size, rows.append_entries)[0])
    with contextlib.closing(rows):
        few = indexes[:PEER_SQLITE_PROOFS]
        for index in few[:5]:
            rows.prove_inclusion(index)
        found["proof sqlite"] = rate(len(few), lambda: [rows.prove_inclusion(index) for index in few], passes=1)
        require(rows.get_root() == root, "the peer's trees differ")
    return found


def memory_child(size: int) -> None:
    """Append, prove and audit in a process of its own; prints the most memory it ever held, in kilobytes."""
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as name:
        store = RowStore(Path(name) / "memory.sqlite3")
        fill(size, store.append)
        tree = TileTree(lambda tile: read_tile(store, tile, size=size), cached_tiles=MEMORY_TILES)
        for index in chosen(size, PROOFS):
            tree.inclusion_proof(index, size)
        head = Checkpoint("bench.example/log", size, store.edge.root)
        require(not check_tree(store, head), "the audit found something")
        store.close()
    print(peak_kilobytes())


def peak_kilobytes() -> int:
    """The most memory this process ever held.

    Not of getrusage: what a process inherits there is the peak of the one that started it.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def memory(sizes: Iterable[int]) -> dict[int, float]:
    """The most memory of a process for each size, in megabytes."""
    found = {}
    for size in sizes:
        command = [sys.executable, __file__, "--memory-child", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found[size] = int(done.stdout) / 1024
    return found


def measure(size: int, *, with_peer: bool, memory_sizes: Iterable[int]) -> dict[str, Any]:
    """Rates, ratios and what was wanted of them."""
    rates = {"node": node_rate()}
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as name:
        folder = Path(name)
        mine = ours(folder, size)
        rates |= {f"ours: {what}": value for what, value in mine.items()}
        home = peer_home() if with_peer else None
        theirs = {}
        if home is not None:
            sys.path.append(str(home))
            theirs = peer(folder, size)
            rates |= {f"pymerkle: {what}": value for what, value in theirs.items()}
    half = max(rates["node"], node_rate()) / 2
    ratios = {"append / half the node rate": mine["append"] / half, "audit / half the node rate": mine["audit"] / half}
    if theirs:
        ratios |= {
            "append / pymerkle sqlite": mine["append"] / theirs["append sqlite"],
            "append / pymerkle in memory": mine["append"] / theirs["append in memory"],
            "warm proof / pymerkle in memory": mine["warm proof"] / theirs["proof in memory"],
            "warm proof / pymerkle sqlite": mine["warm proof"] / theirs["proof sqlite"],
            "verify / pymerkle": mine["verify"] / theirs["verify"],
        }
    # The targets of proofs and of the peer's appends in memory are those of a million leaves.
    targets = {name: TARGETS[name] for name in ratios}
    if size < 1_000_000:  # noqa: PLR2004 - a million
        targets = {
            name: value for name, value in targets.items() if "warm" not in name and "append / pymerkle in" not in name
        }
        targets |= {"append / pymerkle sqlite": SMALL_APPEND_TARGET} if theirs else {}
    missed = [name for name, least in targets.items() if ratios[name] < least]
    missed += ["tiles read for a first proof"] if mine["tiles read for a first proof"] > MOST_TILES_READ else []
    held = memory(memory_sizes)
    if held:
        ratios["memory, largest / smallest log"] = held[max(held)] / held[min(held)]
        missed += ["memory"] if ratios["memory, largest / smallest log"] > MOST_GROWTH else []
    return {"size": size, "rates": rates, "ratios": ratios, "targets": targets, "memory_mb": held, "missed": missed}


def show(result: dict[str, Any]) -> None:
    """The result for people."""
    print(f"{result['size']:,} entries of {ENTRY_BYTES} bytes, batches of {BATCH}; rates a second of CPU time")
    for name, value in result["rates"].items():
        print(f"  {name:<38}{value:>14,.0f}")
    print("ratios")
    for name, value in result["ratios"].items():
        wanted = result["targets"].get(name)
        print(f"  {name:<38}{value:>14.2f}" + (f"   at least {wanted}" if wanted else ""))
    for size, held in result["memory_mb"].items():
        print(f"  memory for {size:,} entries{held:>18.0f} MB")
    print("missed: " + ", ".join(result["missed"]) if result["missed"] else "every target is met")


def main() -> int:
    """Run, print, and say by the exit code whether every target is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--without-peer", action="store_true")
    parser.add_argument("--without-memory", action="store_true")
    parser.add_argument("--memory-sizes", type=int, nargs="*", default=MEMORY_SIZES)
    parser.add_argument("--memory-child", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    (ROOT / "var").mkdir(exist_ok=True)
    if asked.memory_child:
        memory_child(asked.memory_child)
        return 0
    sizes = () if asked.without_memory else asked.memory_sizes
    result = measure(asked.size, with_peer=not asked.without_peer, memory_sizes=sizes)
    if asked.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)
    return bool(result["missed"])


if __name__ == "__main__":
    sys.exit(main())
