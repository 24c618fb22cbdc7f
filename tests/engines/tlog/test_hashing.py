"""The hashes of the tree."""

from hashlib import sha256

from qingqu.engines.tlog.hashing import empty_root, leaf_hash, leaf_row, node_hash, parent_row


class TestHashes:
    def test_give_the_root_of_nothing(self):
        assert empty_root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    def test_keep_leaves_and_nodes_apart(self):
        left, right = leaf_hash(b"left"), leaf_hash(b"right")
        assert node_hash(left, right) == sha256(b"\x01" + left + right).digest()
        assert leaf_hash(left + right) != node_hash(left, right)

    def test_agree_with_the_published_leaf_of_no_bytes(self):
        # RFC 6962 reference trees of transparency-dev/merkle begin with the empty entry.
        assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


class TestRows:
    def test_hold_one_hash_for_each_entry(self):
        assert leaf_row([b"a", b"b"]) == leaf_hash(b"a") + leaf_hash(b"b")

    def test_leave_out_the_last_hash_without_a_neighbour(self):
        row = leaf_row([b"a", b"b", b"c"])
        assert parent_row(row) == node_hash(leaf_hash(b"a"), leaf_hash(b"b"))
        assert parent_row(row[:32]) == b""
