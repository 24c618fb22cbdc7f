"""A log in a folder: appended, reopened after a crash, signed, never rolled back."""

import pytest

from qingqu.engines.tlog.appending import Edge
from qingqu.engines.tlog.checkpoints import Checkpoint, open_checkpoint
from qingqu.engines.tlog.hashing import leaf_hash
from qingqu.engines.tlog.log import STATE_PATH, Log, LogError, TileTree, read_tile
from qingqu.engines.tlog.notes import Ed25519Signer, Note
from qingqu.engines.tlog.proofs import ProofError, verify_consistency, verify_inclusion
from qingqu.engines.tlog.storage import DirectoryStorage, MemoryStorage
from qingqu.engines.tlog.tiles import CHECKPOINT_PATH, EntryTooLong, Tile, TileError, encode_bundle, superseded
from tests.engines.tlog import naive
from tests.shared import shared_path

ORIGIN = "log.example/district"
ENTRIES = [b"entry %d" % number for number in range(600)]
SIGNER = Ed25519Signer(ORIGIN, bytes(range(32)))


class TestLog:
    def test_proves_what_it_holds(self):
        log = Log(MemoryStorage(), origin=ORIGIN)
        assert log.append(ENTRIES[:300]) == range(300)
        assert log.append(ENTRIES[300:]) == range(300, 600)

        verify_inclusion(leaf_hash(ENTRIES[7]), 7, 600, log.inclusion_proof(7), log.root())
        verify_inclusion(leaf_hash(ENTRIES[7]), 7, 300, log.inclusion_proof(7, 300), log.root(300))
        verify_consistency(300, 600, log.root(300), log.root(), log.consistency_proof(300))
        assert log.entry(299) == ENTRIES[299]
        assert log.root() == naive.root(ENTRIES)

    def test_goes_on_where_it_was_closed(self, tmp_path):
        Log(DirectoryStorage(tmp_path), origin=ORIGIN).append(ENTRIES[:300])
        log = Log(DirectoryStorage(tmp_path), origin=ORIGIN)
        assert log.size == 300
        log.append(ENTRIES[300:])
        assert log.root() == naive.root(ENTRIES)

    def test_writes_over_what_a_crash_left(self):
        class Crashing(MemoryStorage):
            def write(self, path, content):
                if path == STATE_PATH and self.read(STATE_PATH):
                    raise KeyboardInterrupt
                super().write(path, content)

        crashing = Crashing()
        log = Log(crashing, origin=ORIGIN)
        log.append(ENTRIES[:200])
        with pytest.raises(KeyboardInterrupt):
            log.append([b"never acknowledged"] * 100)

        log = Log(MemoryStorage(crashing.files), origin=ORIGIN)
        assert log.append(ENTRIES[200:]) == range(200, 600)
        assert log.root() == naive.root(ENTRIES)
        assert log.entry(255) == ENTRIES[255]

    def test_adds_nothing_when_one_entry_is_too_long(self):
        log = Log(MemoryStorage(), origin=ORIGIN)
        with pytest.raises(EntryTooLong):
            log.append([b"short", bytes(70_000)])
        assert (log.size, log.root()) == (0, naive.root([]))

    def test_proves_sizes_that_it_never_stopped_at(self):
        log = Log(MemoryStorage(), origin=ORIGIN)
        log.append(ENTRIES)
        for size in (1, 255, 256, 257, 511, 599):
            assert log.root(size) == naive.root(ENTRIES[:size])
            assert log.inclusion_proof(size - 1, size) == naive.path(size - 1, ENTRIES[:size])
            assert log.consistency_proof(size) == naive.proof(size, ENTRIES)

    def test_has_nothing_beyond_its_end(self):
        log = Log(MemoryStorage(), origin=ORIGIN)
        log.append(ENTRIES[:5])
        for ask in (
            lambda: log.entry(5),
            lambda: log.entry(-1),
            lambda: log.inclusion_proof(5),
            lambda: log.inclusion_proof(0, 6),
            lambda: log.consistency_proof(2, 6),
            lambda: log.root(6),
        ):
            with pytest.raises(ProofError):
                ask()

    def test_gives_no_entry_of_a_bundle_that_is_not_whole(self):
        storage = MemoryStorage()
        log = Log(storage, origin=ORIGIN)
        log.append(ENTRIES[:300])
        storage.files["tile/entries/000"] = encode_bundle(ENTRIES[:255])
        with pytest.raises(TileError, match="has 255 entries, it needs 256"):
            log.entry(0)

    def test_refuses_tiles_that_are_not_those_of_its_state(self):
        storage = MemoryStorage()
        Log(storage, origin=ORIGIN).append(ENTRIES[:5])
        storage.files["tile/0/000.p/5"] = bytes(160)
        with pytest.raises(LogError, match="do not give the root"):
            Log(storage, origin=ORIGIN)


class TestCheckpoint:
    def test_is_signed_and_put_where_readers_look(self):
        storage = MemoryStorage()
        log = Log(storage, origin=ORIGIN)
        log.append(ENTRIES)
        raw = log.checkpoint(SIGNER)
        assert storage.files[CHECKPOINT_PATH] == raw
        checkpoint, signed = open_checkpoint(raw, [SIGNER.verifier], origin=ORIGIN)
        assert checkpoint == Checkpoint(ORIGIN, 600, naive.root(ENTRIES))
        assert [found.at for found in signed] == [None]

    def test_is_refused_when_the_log_was_rolled_back(self):
        storage = MemoryStorage()
        log = Log(storage, origin=ORIGIN)
        log.append(ENTRIES)
        log.checkpoint(SIGNER)
        older = Log(MemoryStorage(), origin=ORIGIN)
        older.append(ENTRIES[:500])
        storage.files |= older._storage.files
        with pytest.raises(LogError, match="600 entries, this log 500: it was rolled back"):
            Log(storage, origin=ORIGIN).checkpoint(SIGNER)

    def test_is_refused_when_the_log_was_rewritten(self):
        storage = MemoryStorage()
        log = Log(storage, origin=ORIGIN)
        log.append(ENTRIES[:500])
        head = log.checkpoint(SIGNER)
        rewritten = MemoryStorage({CHECKPOINT_PATH: head})
        log = Log(rewritten, origin=ORIGIN)
        log.append([b"another", *ENTRIES[1:]])
        with pytest.raises(LogError, match="does not continue its published head of size 500"):
            log.checkpoint(SIGNER)


class TestReadTile:
    def test_cuts_a_partial_tile_from_the_full_one(self):
        storage = MemoryStorage()
        log = Log(storage, origin=ORIGIN)
        log.append(ENTRIES[:300])
        log.append(ENTRIES[300:])
        partial = storage.files["tile/0/001.p/44"], storage.files["tile/entries/001.p/44"]
        for path in superseded(300, 600):
            del storage.files[path]
        assert read_tile(storage, Tile(0, 1, 44)) == partial[0]
        assert read_tile(storage, Tile(None, 1, 44)) == partial[1] == encode_bundle(ENTRIES[256:300])
        assert log.root(300) == naive.root(ENTRIES[:300])

    def test_cuts_a_partial_tile_from_a_wider_one_of_a_known_size(self):
        storage = MemoryStorage()
        Log(storage, origin=ORIGIN).append(ENTRIES)
        assert len(read_tile(storage, Tile(1, 0, 1), size=600)) == 32
        with pytest.raises(TileError, match=r"tile/1/000\.p/1 is missing"):
            read_tile(storage, Tile(1, 0, 1))

    def test_says_what_is_missing_or_too_short(self):
        storage = MemoryStorage({"tile/0/000": bytes(31)})
        with pytest.raises(TileError, match="tile/1/000 is missing"):
            read_tile(storage, Tile(1, 0))
        with pytest.raises(TileError, match="has 31 bytes, it needs 8192"):
            read_tile(storage, Tile(0, 0))
        with pytest.raises(TileError, match="has 0 entries, it needs 256"):
            read_tile(MemoryStorage({"tile/entries/000": b""}), Tile(None, 0, 3))

    def test_is_what_an_edge_is_read_with(self):
        storage = MemoryStorage()
        log = Log(storage, origin=ORIGIN)
        log.append(ENTRIES)
        assert Edge.from_tiles(600, lambda tile: read_tile(storage, tile)) == log._edge


class TestLogOfOthers:
    def test_has_the_root_and_the_proofs_of_its_head(self):
        # Of this published log only the mirror holds real hashes; its entries and the other tree are placeholders.
        folder = shared_path(
            "data/vectors/sunlight/cmd/skylight/testdata/witness/mirror/"
            "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706"
        )
        storage = DirectoryStorage(folder)
        head = Checkpoint.parse(Note.parse(storage.read(CHECKPOINT_PATH)).text)
        tree = TileTree(lambda tile: read_tile(storage, tile, size=head.size))
        assert (head.size, tree.root(300)) == (300, head.root)
        for index in (0, 255, 256, 299):
            verify_inclusion(tree.leaf_hash(index, 300), index, 300, tree.inclusion_proof(index, 300), head.root)
        verify_consistency(255, 300, tree.root(255), head.root, tree.consistency_proof(255, 300))
