"""Receipts: written, read strictly, and judged offline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.cosignatures import CosignatureSigner
from qingqu.engines.tlog.hashing import leaf_hash
from qingqu.engines.tlog.log import Log
from qingqu.engines.tlog.notes import Ed25519Signer, Note, SignatureLine, key_id, sign, write_vkey
from qingqu.engines.tlog.policies import Policy
from qingqu.engines.tlog.receipts import (
    Outcome,
    Receipt,
    ReceiptError,
    WitnessedBy,
    verify_receipt,
    verify_receipt_of_leaf,
)
from qingqu.engines.tlog.storage import MemoryStorage

ORIGIN = "log.example/district"
LOG = Ed25519Signer(ORIGIN, bytes(32))
WITNESS = CosignatureSigner("parents.example", bytes(range(32)))
POLICY = Policy.parse(
    f"log {write_vkey(LOG.verifier)}\nwitness 家长 {write_vkey(WITNESS.verifier)}\nquorum 家长\n".encode()
)
LOG_ONLY = Policy.of_log(write_vkey(LOG.verifier))
ENTRIES = [b"entry %d" % number for number in range(300)]


def receipt(index=7, *, signers=(LOG, WITNESS), extra=None):
    log = Log(MemoryStorage(), origin=ORIGIN)
    log.append(ENTRIES)
    note = sign(Checkpoint(ORIGIN, log.size, log.root()).text, signers, at=1000)
    return Receipt(index, tuple(log.inclusion_proof(index)), note, extra)


class TestFile:
    @given(st.integers(0, 299), st.none() | st.binary(min_size=1))
    def test_is_read_as_it_is_written(self, index, extra):
        given = receipt(index, extra=extra)
        assert Receipt.parse(given.raw) == given

    def test_has_the_lines_of_the_specification(self):
        lines = receipt(extra=b"salt is not here").raw.decode().split("\n")
        assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra c2FsdCBpcyBub3QgaGVyZQ==", "index 7"]
        assert lines[3 + 9] == ""
        assert lines[3 + 10] == ORIGIN

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (b"c2sp.org/tlog-proof@v1", b"c2sp.org/tlog-proof@v2", "first line"),
            (b"index 7", b"index 07", "index is missing or wrong"),
            (b"index 7", b"index 9999999999999999999", "index is missing or wrong"),
            (b"index 7\n", b"", "index is missing or wrong"),
            (b"index 7\n", b"extra ?\nindex 7\n", "extra line"),
            (b"index 7\n", b"index 7\n" + b"A" * 43 + b"=\n" + (b"A" * 43 + b"=\n") * 60, "at most 63"),
            (b"index 7\n", b"index 7\nAAAA\n", "not a hash"),
            (b"index 7\n", "index 7\n—\n".encode(), "not ASCII"),
            (b"\n\n", b"\n", "no blank line"),
            (ORIGIN.encode(), b"a\tb", "control character"),
        ],
    )
    def test_has_one_form_only(self, old, new, said):
        with pytest.raises(ReceiptError, match=said):
            Receipt.parse(receipt().raw.replace(old, new))


class TestVerdict:
    def test_is_included_when_log_proof_and_witnesses_hold(self):
        verdict = verify_receipt(receipt().raw, ENTRIES[7], POLICY)
        assert verdict.is_included
        assert (verdict.origin, verdict.index, verdict.size, verdict.needed) == (ORIGIN, 7, 300, 1)
        assert verdict.witnesses == (WitnessedBy("家长", 1000),)
        assert verdict.seen_at == 1000
        assert verify_receipt_of_leaf(receipt().raw, leaf_hash(ENTRIES[7]), LOG_ONLY).is_included

    def test_of_an_only_entry_needs_no_hash(self):
        log = Log(MemoryStorage(), origin=ORIGIN)
        log.append([b"only"])
        note = sign(Checkpoint(ORIGIN, 1, log.root()).text, [LOG], at=0)
        assert verify_receipt(Receipt(0, (), note).raw, b"only", LOG_ONLY).is_included

    def test_names_what_is_wrong(self):
        good = receipt()
        stranger = Ed25519Signer("log.example/other", bytes(32))
        head = Checkpoint("log.example/other", 300, bytes(32)).text
        forged = SignatureLine(LOG.verifier.name, key_id(LOG.verifier), bytes(64))
        cases = {
            Outcome.MALFORMED: b"not a receipt",
            Outcome.LOG_UNKNOWN: Receipt(7, good.proof, sign(head, [stranger], at=0)).raw,
            Outcome.SIGNATURE_WRONG: Receipt(7, good.proof, Note(good.note.text, (forged,))).raw,
            Outcome.NOT_INCLUDED: Receipt(8, good.proof, good.note).raw,
            Outcome.QUORUM_SHORT: receipt(signers=(LOG,)).raw,
        }
        assert {outcome: verify_receipt(raw, ENTRIES[7], POLICY).outcome for outcome, raw in cases.items()} == {
            outcome: outcome for outcome in cases
        }

    def test_of_a_letter_is_malformed(self):
        raw = Receipt(0, (), sign("a letter\n", [LOG], at=0)).raw
        assert verify_receipt(raw, b"", LOG_ONLY).outcome is Outcome.MALFORMED

    def test_is_not_included_for_another_entry(self):
        assert verify_receipt(receipt().raw, ENTRIES[8], POLICY).outcome is Outcome.NOT_INCLUDED

    @given(st.integers(0))
    def test_is_never_included_with_any_bit_changed(self, bit):
        raw = bytearray(receipt().raw)
        bit %= 8 * len(raw)
        raw[bit // 8] ^= 1 << bit % 8
        assert not verify_receipt(bytes(raw), ENTRIES[7], POLICY).is_included

    @given(st.binary(max_size=300))
    def test_never_fails_on_what_it_is_given(self, raw):
        assert verify_receipt(raw, b"", POLICY).outcome is Outcome.MALFORMED
