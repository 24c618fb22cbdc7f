"""Paths and contents of tiles, with the examples of the specification."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.engines.tlog.hashing import HASH_SIZE
from qingqu.engines.tlog.log import TileTree
from qingqu.engines.tlog.tiles import (
    EntryTooLong,
    Tile,
    TileError,
    bundle_path,
    bundles_of,
    decode_bundle,
    encode_bundle,
    index_path,
    levels,
    parse_path,
    right_edge,
    superseded,
    tile_path,
    tiles_of,
    tiles_of_proof,
)


class TestPaths:
    def test_are_those_of_the_specification(self):
        assert index_path(1234067) == "x001/x234/067"
        assert index_path(0) == "000"
        assert index_path(999) == "999"
        assert index_path(1000) == "x001/000"
        assert tile_path(0, 273, 112) == "tile/0/273.p/112"
        assert bundle_path(1, 44) == "tile/entries/001.p/44"
        assert tile_path(3, 5) == "tile/3/005"

    @given(
        st.builds(Tile, st.none() | st.integers(0, 63), st.integers(0, 2**40), st.integers(1, 256)),
    )
    def test_are_read_as_they_are_written(self, tile):
        assert parse_path(tile.path) == tile

    @pytest.mark.parametrize(
        "path",
        [
            "tile/0/5", "tile/00/005", "tile/64/000", "tile/0/x000/005", "tile/0/005.p/0", "tile/0/005.p/256",
            "tile/0/005.p/01", "tile/0/001/005", "tile/data/000", "../tile/0/000", "tile/0/000/", "tile/entries/x01/0",
        ],
    )  # fmt: skip
    def test_have_one_form_only(self, path):
        with pytest.raises(TileError):
            parse_path(path)


class TestSizes:
    def test_are_those_of_the_example_of_seventy_thousand(self):
        tiles = list(tiles_of(70_000))
        widths = {level: [tile.width for tile in tiles if tile.level == level] for level in range(4)}
        assert widths == {0: [256] * 273 + [112], 1: [256, 17], 2: [1], 3: []}

    def test_are_those_of_the_example_of_two_hundred_and_fifty_six(self):
        assert list(tiles_of(256)) == [Tile(0, 0, 256), Tile(1, 0, 1)]

    def test_of_an_empty_log_are_none(self):
        assert list(tiles_of(0)) == list(bundles_of(0)) == right_edge(0) == []

    def test_of_the_right_edge_are_the_partial_ones(self):
        assert right_edge(257) == [Tile(0, 1, 1), Tile(1, 0, 1), Tile(None, 1, 1)]
        assert right_edge(65_536) == [Tile(2, 0, 1)]

    def test_let_partial_tiles_go_only_when_the_full_one_is_there(self):
        assert superseded(257, 511) == []
        assert superseded(257, 512) == ["tile/0/001.p/1", "tile/entries/001.p/1"]


class TestBundles:
    @given(st.lists(st.binary(max_size=40), max_size=300))
    def test_give_back_their_entries(self, entries):
        assert decode_bundle(encode_bundle(entries)) == entries

    def test_hold_entries_up_to_their_longest(self):
        longest = bytes(0xFFFF)
        assert decode_bundle(encode_bundle([longest, b""])) == [longest, b""]
        with pytest.raises(EntryTooLong, match="has 65536 bytes"):
            encode_bundle([b"", bytes(0x10000)])

    @pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x02a", b"\x00\x01ab"])
    def test_that_are_cut_off_are_refused(self, bundle):
        with pytest.raises(TileError, match="cut off"):
            decode_bundle(bundle)


class TestTilesOfProof:
    @pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 70_000])
    def test_are_all_that_a_proof_reads(self, size: int) -> None:
        """A tree that may read nothing else gives the proof of any leaf."""
        asked: set[Tile] = set()

        def read(tile: Tile) -> bytes:
            asked.add(tile)
            return bytes(HASH_SIZE) * tile.width

        for index in {0, min(1, size - 1), size // 2, max(0, size - 257), size - 1}:
            asked.clear()
            TileTree(read).inclusion_proof(index, size)
            assert asked <= set(tiles_of_proof(index, size))
            assert len(tiles_of_proof(index, size)) <= 2 * levels(size)
