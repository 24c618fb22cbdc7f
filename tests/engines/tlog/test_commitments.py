"""Salted commitments over canonical JSON, with the published vectors of both."""

import hashlib
import json

import pytest
import rfc8785
from cryptography.hazmat.primitives.hashes import SM3, Hash

from qingqu.engines.tlog.commitments import CommitmentError, check_opening, commit, new_salt
from tests.shared import shared_path

SALT = bytes(range(32))
CONTENT = rfc8785.dumps({"处分": "警告", "amount_fen": 100})


def hmac_by_hand(digest, key, message):
    """RFC 2104 with a block of 64 bytes, which SHA-256 and SM3 share."""
    padded = key.ljust(64, b"\0")
    inner = digest(bytes(octet ^ 0x36 for octet in padded) + message)
    return digest(bytes(octet ^ 0x5C for octet in padded) + inner)


def sm3(message):
    state = Hash(SM3())
    state.update(message)
    return state.finalize()


class TestCanonicalJson:
    def test_is_that_of_the_published_vectors(self):
        folder = shared_path("data/vectors/json-canonicalization/testdata")
        names = sorted(place.name for place in (folder / "input").glob("*.json"))
        assert len(names) == 6
        for name in names:
            written = rfc8785.dumps(json.loads((folder / "input" / name).read_text(encoding="utf-8")))
            assert written == (folder / "output" / name).read_bytes(), name


class TestSm3:
    def test_is_that_of_the_standard(self):
        cases = json.loads(shared_path("data/vectors/gm_vectors.json").read_text(encoding="utf-8"))["SM3"]
        for case in cases:
            assert sm3(bytes.fromhex(case["msg_hex"])).hex() == case["digest"]


class TestCommitment:
    def test_is_the_keyed_hash_of_label_and_content(self):
        message = b"qingqu/commit/v1\0" + CONTENT
        sha256 = lambda raw: hashlib.sha256(raw).digest()  # noqa: E731 - one line, one use
        assert commit(SALT, CONTENT) == hmac_by_hand(sha256, SALT, message)
        assert commit(SALT, CONTENT, "hmac-sm3") == hmac_by_hand(sm3, SALT, message)

    @pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3"])
    def test_opens_only_to_its_own_salt_and_content(self, algorithm):
        commitment = commit(SALT, CONTENT, algorithm)
        check_opening(commitment, SALT, CONTENT, algorithm)
        for salt, content in ((new_salt(), CONTENT), (SALT, CONTENT + b" ")):
            with pytest.raises(CommitmentError, match="not what was committed to"):
                check_opening(commitment, salt, content, algorithm)

    def test_needs_a_whole_salt_and_a_known_algorithm(self):
        with pytest.raises(CommitmentError, match="32 bytes, this one 16"):
            commit(bytes(16), CONTENT)
        with pytest.raises(CommitmentError, match="hmac-sha256, hmac-sm3"):
            commit(SALT, CONTENT, "md5")

    def test_has_a_new_salt_each_time(self):
        assert len({new_salt() for _ in range(100)}) == 100
