"""Cosignatures: the example of the specification, witnesses that others ran, and their one form."""

import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from qingqu.engines.tlog.checkpoints import Checkpoint, CheckpointError
from qingqu.engines.tlog.cosignatures import (
    CosignatureSigner,
    MlDsaSigner,
    MlDsaVerifier,
)
from qingqu.engines.tlog.notes import BadSignature, Note, NoteError, SignatureLine, key_id, sign
from qingqu.engines.tlog.suites import read_vkey
from tests.shared import shared_path

TESTDATA = "data/vectors/sunlight/cmd/skylight/testdata"
HEAD = Checkpoint("log.example/district", 7, bytes(range(32)))
AT = 1_767_139_200
WITNESS = CosignatureSigner("witness.example/w1", bytes(32))
QUANTUM = MlDsaSigner("witness.example/w2", bytes(32))


class TestWitnessesOfOthers:
    @pytest.mark.parametrize(
        ("place", "vkey"),
        [
            (
                "witness/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/checkpoint",
                "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN",
            ),
            (
                "witness/mirror/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/checkpoint",
                "mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1vMp94O",
            ),
        ],
    )
    def test_are_believed_with_their_keys(self, place, vkey):
        note = Note.parse(shared_path(f"{TESTDATA}/{place}").read_bytes())
        (signed,) = note.verify([read_vkey(vkey)])
        assert signed.at == 0x69546780
        assert Checkpoint.parse(note.text).size == 300


class TestCosignature:
    @pytest.mark.parametrize("signer", [WITNESS, QUANTUM])
    def test_states_the_second_at_which_it_was_made(self, signer):
        note = Note.parse(sign(HEAD.text, [signer], at=AT).raw)
        assert [signed.at for signed in note.verify([signer.verifier])] == [AT]

    @pytest.mark.parametrize("signer", [WITNESS, QUANTUM])
    def test_fails_with_another_second_another_head_or_another_key(self, signer):
        signature = signer.sign(HEAD.text, at=AT)
        later = struct.pack(">Q", AT + 1) + signature[8:]
        other = Checkpoint(HEAD.origin, 8, HEAD.root).text
        stranger = type(signer)(signer.verifier.name, bytes(range(32))).verifier
        for verifier, text, given in (
            (signer.verifier, HEAD.text, later),
            (signer.verifier, other, signature),
            (stranger, HEAD.text, signature),
            (signer.verifier, HEAD.text, signature[:-1]),
        ):
            with pytest.raises(BadSignature, match="is wrong"):
                verifier.check(text, given)

    @pytest.mark.parametrize("signer", [WITNESS, QUANTUM])
    def test_is_refused_when_cut_off_or_of_no_possible_time(self, signer):
        with pytest.raises(BadSignature, match="cut off"):
            signer.verifier.check(HEAD.text, bytes(7))
        with pytest.raises(BadSignature, match="no possible time"):
            signer.verifier.check(HEAD.text, b"\xff" * 72)

    def test_covers_extension_lines_with_ed25519_and_not_with_ml_dsa(self):
        extended = HEAD.text + "extension\n"
        with pytest.raises(BadSignature):
            WITNESS.verifier.check(extended, WITNESS.sign(HEAD.text, at=AT))
        assert QUANTUM.verifier.check(extended, QUANTUM.sign(HEAD.text, at=AT)) == AT

    def test_has_another_key_id_than_the_same_key_for_notes(self):
        line = sign(HEAD.text, [WITNESS], at=AT).signatures[0]
        assert line == SignatureLine("witness.example/w1", key_id(WITNESS.verifier), line.signature)
        assert len(line.signature) == 72


class TestMlDsa:
    def test_signs_the_structure_of_the_specification(self):
        origin, name = HEAD.origin.encode(), b"witness.example/w2"
        message = (
            b"subtree/v1\n\x00"
            + bytes([len(name)]) + name
            + struct.pack(">Q", AT)
            + bytes([len(origin)]) + origin
            + struct.pack(">QQ", 0, 7)
            + HEAD.root
        )  # fmt: skip
        signature = QUANTUM.sign(HEAD.text, at=AT)
        assert len(signature) == 8 + 2420
        MLDSA44PublicKey.from_public_bytes(QUANTUM.verifier.public_key).verify(signature[8:], message)

    def test_may_state_no_time(self):
        assert QUANTUM.verifier.check(HEAD.text, QUANTUM.sign(HEAD.text, at=0)) is None

    def test_signs_checkpoints_only(self):
        with pytest.raises(CheckpointError):
            QUANTUM.sign("a letter\n", at=0)
        with pytest.raises(BadSignature):
            QUANTUM.verifier.check("a letter\n", QUANTUM.sign(HEAD.text, at=0))
        with pytest.raises(CheckpointError, match="at most 255"):
            QUANTUM.sign(Checkpoint("x" * 256, 7, HEAD.root).text, at=0)

    def test_needs_keys_of_its_size_and_a_name(self):
        with pytest.raises(NoteError, match="1312 bytes, this one 3"):
            MlDsaVerifier("w.example", b"key")
        with pytest.raises(NoteError, match="seed"):
            MlDsaSigner("w.example", b"key")
        with pytest.raises(NoteError, match="cannot name a key"):
            MlDsaSigner("w example", bytes(32))
