"""The log in the eyes of golang.org/x/mod, the code of the Go checksum database, and its logs in ours."""

import json
import subprocess

import pytest

from qingqu.engines.tlog.audit import audit
from qingqu.engines.tlog.encoding import to_base64
from qingqu.engines.tlog.hashing import leaf_hash
from qingqu.engines.tlog.log import TileTree, read_tile
from qingqu.engines.tlog.notes import Ed25519Signer, write_skey, write_vkey
from qingqu.engines.tlog.policies import Policy
from qingqu.engines.tlog.proofs import verify_consistency, verify_inclusion
from qingqu.engines.tlog.storage import DirectoryStorage
from tests.engines.tlog.third_party.conftest import ORIGIN, SIZE


class TestGo:
    def test_accepts_our_head_every_tile_every_entry_and_older_roots(self, go_peer, district):
        older = [1, 255, 256, 257, 65_536, 70_000, SIZE]
        roots = [part for size in older for part in (size, to_base64(district.log.root(size)))]
        assert json.loads(go_peer("verify", district.folder, district.vkey, *roots)) == {
            "origin": ORIGIN,
            "size": SIZE,
            "root": to_base64(district.log.root()),
            "older": len(older),
        }

    def test_refuses_an_edited_entry_and_a_root_that_was_not_ours(self, go_peer, district, tampered):
        with pytest.raises(subprocess.CalledProcessError) as refused:
            go_peer("verify", tampered, district.vkey)
        assert "has another hash" in refused.value.stderr
        with pytest.raises(subprocess.CalledProcessError):
            go_peer("verify", district.folder, district.vkey, 255, to_base64(district.log.root(256)))

    @pytest.mark.parametrize("size", [1, 256, 700, 66_000])
    def test_writes_logs_that_we_accept(self, go_peer, tmp_path, size):
        signer = Ed25519Signer("go.example/log", bytes(32))
        go_peer("write", tmp_path, write_skey(signer), "go.example/log", size)
        storage = DirectoryStorage(tmp_path)
        report = audit(storage, Policy.of_log(write_vkey(signer.verifier)))
        assert report.is_sound
        assert report.checkpoint.size == size

        tree = TileTree(lambda tile: read_tile(storage, tile, size=size))
        root = report.checkpoint.root
        index = size // 2
        verify_inclusion(leaf_hash(b"go %d" % index), index, size, tree.inclusion_proof(index, size), root)
        verify_consistency(index, size, tree.root(index), root, tree.consistency_proof(index, size))
