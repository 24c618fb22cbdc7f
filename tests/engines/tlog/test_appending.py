"""Appending: the same tree however it is cut into batches, from the right edge alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.engines.tlog.appending import Edge, EdgeError, append
from qingqu.engines.tlog.hashing import empty_root, leaf_hash
from qingqu.engines.tlog.log import TileTree, read_tile
from qingqu.engines.tlog.proofs import verify_consistency, verify_inclusion
from qingqu.engines.tlog.storage import MemoryStorage
from qingqu.engines.tlog.tiles import EntryTooLong, bundles_of, decode_bundle, encode_bundle, parse_path, tiles_of
from tests.engines.tlog import naive

ENTRIES = [b"entry %d" % number for number in range(1500)]
batches = st.lists(st.integers(0, 400), max_size=8)


def grown(sizes, entries=ENTRIES):
    """Every file that appends of these sizes made, and the last edge."""
    files, edge = {}, Edge()
    for size in sizes:
        added = append(edge, entries[edge.size : edge.size + size])
        files |= added.tiles | added.bundles
        edge = added.state
    return files, edge


def whole(files, size):
    """Only the files that the tree of one size is made of."""
    return {tile.path: files[tile.path] for tile in (*tiles_of(size), *bundles_of(size))}


class TestAppend:
    @given(batches)
    def test_makes_the_same_tiles_and_root_in_any_batches(self, sizes):
        files, edge = grown(sizes)
        at_once, edge_at_once = grown([edge.size])
        assert whole(files, edge.size) == whole(at_once, edge.size)
        assert edge == edge_at_once
        assert edge.peaks == edge_at_once.peaks

    @settings(max_examples=20)
    @given(st.integers(0, 900))
    def test_makes_the_root_that_the_rfc_defines(self, size):
        added = append(Edge(), ENTRIES[:size])
        assert added.root == added.state.root == naive.root(ENTRIES[:size])

    @given(batches)
    def test_makes_only_files_of_its_own_tree(self, sizes):
        edge = Edge()
        for size in sizes:
            added = append(edge, ENTRIES[edge.size : edge.size + size])
            belongs = {tile.path for tile in (*tiles_of(added.size), *bundles_of(added.size))}
            assert added.tiles.keys() | added.bundles.keys() <= belongs
            edge = added.state

    def test_gives_the_indexes_of_the_new_entries(self):
        first = append(Edge(), ENTRIES[:3])
        second = append(first.state, ENTRIES[3:5])
        assert (second.first, second.size, second.indexes) == (3, 5, range(3, 5))

    def test_of_nothing_makes_nothing(self):
        added = append(Edge(), [])
        assert (added.tiles, added.bundles, added.root, added.size) == ({}, {}, empty_root(), 0)

    def test_keeps_entries_in_their_bundles(self):
        files, edge = grown([300])
        assert decode_bundle(files["tile/entries/000"]) == ENTRIES[:256]
        assert decode_bundle(files["tile/entries/001.p/44"]) == ENTRIES[256:300]
        assert edge.bundle == files["tile/entries/001.p/44"]

    def test_refuses_an_entry_that_is_too_long(self):
        with pytest.raises(EntryTooLong):
            append(Edge(), [bytes(0x10000)])

    def test_grows_three_levels(self):
        entries = [b""] * 65_537
        added = append(Edge(), entries)
        assert {parse_path(path).level for path in added.tiles} == {0, 1, 2}
        assert added.root == append(append(Edge(), entries[:65_535]).state, entries[65_535:]).root


class TestEdge:
    @given(batches)
    def test_is_read_back_from_bytes_and_from_tiles(self, sizes):
        files, edge = grown(sizes)
        storage = MemoryStorage(files)
        from_bytes = Edge.from_bytes(edge.to_bytes())
        from_tiles = Edge.from_tiles(edge.size, lambda tile: read_tile(storage, tile))
        assert from_bytes == from_tiles == edge
        assert from_bytes.peaks == from_tiles.peaks == edge.peaks

    def test_knows_its_files(self):
        files, edge = grown([300])
        assert edge.files == {
            path: files[path] for path in ("tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44")
        }

    def test_refuses_rows_of_another_size(self):
        edge = append(Edge(), ENTRIES[:300]).state
        with pytest.raises(EdgeError, match="partial tiles"):
            Edge.from_rows(301, edge.rows, edge.bundle)
        with pytest.raises(EdgeError, match="partial bundle"):
            Edge.from_rows(300, edge.rows, encode_bundle([b"one"]))

    @pytest.mark.parametrize("cut", [0, 3, 20, -1])
    def test_refuses_bytes_that_are_cut_off(self, cut):
        raw = append(Edge(), ENTRIES[:300]).state.to_bytes()
        with pytest.raises(EdgeError):
            Edge.from_bytes(raw[:cut])
        with pytest.raises(EdgeError):
            Edge.from_bytes(b"other" + raw)


class TestTileTree:
    def test_proves_every_entry_and_every_step_of_every_size(self):
        size = 530
        storage = MemoryStorage()
        edge, roots = Edge(), {0: empty_root()}
        for entry in ENTRIES[:size]:
            added = append(edge, [entry])
            storage.files |= added.tiles | added.bundles
            edge = added.state
            roots[added.size] = added.root
        tree = TileTree(lambda tile: read_tile(storage, tile))

        for new in [1, 2, 3, 7, 8, 255, 256, 257, 300, 511, 512, 513, size]:
            assert tree.root(new) == roots[new] == naive.root(ENTRIES[:new])
            for index in range(new):
                verify_inclusion(leaf_hash(ENTRIES[index]), index, new, tree.inclusion_proof(index, new), roots[new])
            for old in range(new + 1):
                verify_consistency(old, new, roots[old], roots[new], tree.consistency_proof(old, new))

    @settings(max_examples=25)
    @given(st.integers(1, 600), st.integers(0))
    def test_gives_the_proofs_that_the_rfc_defines(self, size, choice):
        files, _edge = grown([size])
        storage = MemoryStorage(files)
        tree = TileTree(lambda tile: read_tile(storage, tile))
        index, old = choice % size, choice % (size + 1)
        assert tree.inclusion_proof(index, size) == naive.path(index, ENTRIES[:size])
        assert tree.consistency_proof(old, size) == naive.proof(old, ENTRIES[:size])
        assert tree.leaf_hash(index, size) == leaf_hash(ENTRIES[index])

    def test_reads_at_most_six_tiles_for_a_proof_in_three_levels(self):
        files, _edge = grown([70_000], entries=[b"%d" % number for number in range(70_000)])
        storage, asked = MemoryStorage(files), []

        def read(tile):
            asked.append(tile)
            return read_tile(storage, tile)

        TileTree(read).inclusion_proof(12_345, 70_000)
        assert len(asked) <= 6
