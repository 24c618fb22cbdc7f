"""Proofs: published vectors, the definition of RFC 6962, and every changed bit."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.engines.tlog.hashing import empty_root, leaf_hash
from qingqu.engines.tlog.proofs import (
    ProofError,
    consistency_path,
    inclusion_path,
    verify_consistency,
    verify_inclusion,
)
from tests.engines.tlog import naive
from tests.shared import shared_path

ENTRIES = [b"%d" % number for number in range(300)]
sizes = st.integers(1, len(ENTRIES))


def flipped(raw, bit):
    changed = bytearray(raw)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def decoded(text):
    return base64.b64decode(text) if text else b""


class TestPublishedInclusionVectors:
    def test_are_all_judged_as_published(self):
        files = sorted(shared_path("data/vectors/merkle/inclusion").rglob("*.json"))
        wrong = []
        for file in files:
            case = json.loads(file.read_text())
            proof = [decoded(part) for part in case["proof"] or []]
            try:
                verify_inclusion(
                    decoded(case["leafHash"]), case["leafIdx"], case["treeSize"], proof, decoded(case["root"])
                )
                refused = False
            except ProofError:
                refused = True
            if refused != case["wantErr"]:
                wrong.append((file.parent.name, case["desc"]))
        assert len(files) > 50
        assert wrong == []


class TestInclusion:
    @given(size=sizes, choice=st.integers(0))
    def test_holds_for_the_proof_that_the_rfc_defines(self, size, choice):
        index = choice % size
        entries = ENTRIES[:size]
        verify_inclusion(leaf_hash(entries[index]), index, size, naive.path(index, entries), naive.root(entries))

    @given(size=st.integers(2, len(ENTRIES)), choice=st.integers(0), bit=st.integers(0))
    def test_fails_with_any_bit_changed(self, size, choice, bit):
        index = choice % size
        entries = ENTRIES[:size]
        proof, root, leaf = naive.path(index, entries), naive.root(entries), leaf_hash(entries[index])
        parts = [leaf, root, *proof]
        place, bit = divmod(bit % (256 * len(parts)), 256)
        parts[place] = flipped(parts[place], bit)
        with pytest.raises(ProofError):
            verify_inclusion(parts[0], index, size, parts[2:], parts[1])

    @given(size=st.integers(2, 64), choice=st.integers(0), other=st.integers(0, 80))
    def test_fails_for_every_other_index(self, size, choice, other):
        index = choice % size
        entries = ENTRIES[:size]
        if other == index:
            other += 1
        with pytest.raises(ProofError):
            verify_inclusion(leaf_hash(entries[index]), other, size, naive.path(index, entries), naive.root(entries))

    def test_names_what_is_wrong(self):
        leaf, root = leaf_hash(ENTRIES[0]), naive.root(ENTRIES[:2])
        with pytest.raises(ProofError, match="no leaf 2 in a tree of 2"):
            verify_inclusion(leaf, 2, 2, [], root)
        with pytest.raises(ProofError, match="has 0 hashes, it needs 1"):
            verify_inclusion(leaf, 0, 2, [], root)
        with pytest.raises(ProofError, match="hash 0 of the proof has 31 bytes"):
            verify_inclusion(leaf, 0, 2, [bytes(31)], root)
        with pytest.raises(ProofError, match="a leaf hash has 32 bytes"):
            verify_inclusion(b"", 0, 2, [bytes(32)], root)
        with pytest.raises(ProofError, match="leads to another root"):
            verify_inclusion(leaf, 0, 2, [bytes(32)], root)


class TestConsistency:
    @given(new=sizes, choice=st.integers(0))
    def test_holds_for_the_proof_that_the_rfc_defines(self, new, choice):
        old = choice % (new + 1)
        verify_consistency(
            old,
            new,
            naive.root(ENTRIES[:old]),
            naive.root(ENTRIES[:new]),
            naive.proof(old, ENTRIES[:new]),
        )

    @given(new=st.integers(2, len(ENTRIES)), choice=st.integers(0), bit=st.integers(0))
    def test_fails_with_any_bit_changed(self, new, choice, bit):
        old = 1 + choice % (new - 1)
        parts = [naive.root(ENTRIES[:old]), naive.root(ENTRIES[:new]), *naive.proof(old, ENTRIES[:new])]
        place, bit = divmod(bit % (256 * len(parts)), 256)
        parts[place] = flipped(parts[place], bit)
        with pytest.raises(ProofError):
            verify_consistency(old, new, parts[0], parts[1], parts[2:])

    @given(new=st.integers(2, 64), choice=st.integers(0))
    def test_fails_for_a_history_that_was_rewritten(self, new, choice):
        old = 1 + choice % (new - 1)
        rewritten = [b"another", *ENTRIES[1:new]]
        with pytest.raises(ProofError):
            verify_consistency(old, new, naive.root(ENTRIES[:old]), naive.root(rewritten), naive.proof(old, rewritten))

    def test_names_what_is_wrong(self):
        old, new = naive.root(ENTRIES[:3]), naive.root(ENTRIES[:5])
        proof = naive.proof(3, ENTRIES[:5])
        with pytest.raises(ProofError, match="a tree of 3 leaves cannot continue one of 5"):
            verify_consistency(5, 3, new, old, [])
        with pytest.raises(ProofError, match="two different roots of one size, 3"):
            verify_consistency(3, 3, old, new, [])
        with pytest.raises(ProofError, match="nothing is to be proved"):
            verify_consistency(3, 3, old, old, proof)
        with pytest.raises(ProofError, match="not that of an empty tree"):
            verify_consistency(0, 5, old, new, [])
        with pytest.raises(ProofError, match="needs at least one hash"):
            verify_consistency(3, 5, old, new, [])
        with pytest.raises(ProofError, match=f"has {len(proof) + 1} hashes, it needs {len(proof)}"):
            verify_consistency(3, 5, old, new, [*proof, bytes(32)])
        with pytest.raises(ProofError, match="the old root"):
            verify_consistency(3, 5, new, new, proof)
        with pytest.raises(ProofError, match="the new root"):
            verify_consistency(3, 5, old, old, proof)
        with pytest.raises(ProofError, match="hash 1 of the proof has 1 bytes"):
            verify_consistency(3, 5, old, new, [proof[0], b"x", *proof[2:]])

    def test_holds_for_nothing_to_prove(self):
        verify_consistency(0, 0, empty_root(), empty_root(), [])
        verify_consistency(4, 4, naive.root(ENTRIES[:4]), naive.root(ENTRIES[:4]), [])


class TestPaths:
    def test_are_refused_outside_the_tree(self):
        with pytest.raises(ProofError):
            inclusion_path(-1, 3)
        with pytest.raises(ProofError):
            inclusion_path(3, 3)
        with pytest.raises(ProofError):
            consistency_path(4, 3)

    def test_are_empty_where_nothing_is_to_be_proved(self):
        assert inclusion_path(0, 1).nodes == ()
        assert consistency_path(0, 7).nodes == ()
        assert consistency_path(7, 7).nodes == ()

    def test_mark_the_node_that_reaches_past_the_end(self):
        assert inclusion_path(0, 3).tail == 1
        assert inclusion_path(0, 4).tail is None
