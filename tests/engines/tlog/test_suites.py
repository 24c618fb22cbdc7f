"""Keys of every type, and which of them sign a head in each profile."""

import pytest

from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.cosignatures import COSIGNATURE, ML_DSA_44
from qingqu.engines.tlog.notes import (
    ED25519,
    BadSignature,
    Note,
    NoteError,
    SignatureLine,
    key_id,
    write_skey,
    write_vkey,
)
from qingqu.engines.tlog.sm2 import SM2
from qingqu.engines.tlog.suites import Suite, new_signer, read_skey, read_vkey

NAME = "log.example/district"
HEAD = Checkpoint(NAME, 7, bytes(range(32)))
KINDS = [ED25519, COSIGNATURE, ML_DSA_44, SM2]


def keys(*kinds):
    if SM2 in kinds:
        pytest.importorskip("gmalg", reason="SM2 needs the extra gm")
    return [new_signer(NAME, kind) for kind in kinds]


class TestKeys:
    @pytest.mark.parametrize("kind", KINDS)
    def test_are_read_as_they_are_written(self, kind):
        (signer,) = keys(kind)
        public, private = write_vkey(signer.verifier), write_skey(signer)
        assert write_vkey(read_vkey(public)) == public
        assert write_skey(read_skey(private)) == private
        assert read_vkey(public).kind == kind

    def test_must_carry_their_own_id(self):
        signer, other = keys(ED25519, ED25519)
        public = write_vkey(signer.verifier).replace(key_id(signer.verifier).hex(), key_id(other.verifier).hex())
        private = write_skey(signer).replace(key_id(signer.verifier).hex(), key_id(other.verifier).hex())
        with pytest.raises(NoteError, match="does not have the id"):
            read_vkey(public)
        with pytest.raises(NoteError, match="does not have the id"):
            read_skey(private)

    def test_of_unknown_types_are_refused(self):
        with pytest.raises(NoteError, match="type 02"):
            read_vkey("ecdsa.example+00000000+Ag==")
        with pytest.raises(NoteError, match="no such type"):
            new_signer(NAME, b"\x02")


class TestSuite:
    @pytest.mark.parametrize(
        ("profile", "kinds"),
        [
            ("intl", [ED25519]),
            ("intl", [ED25519, ML_DSA_44]),
            ("gm", [ED25519, SM2]),
            ("dual", [ED25519, SM2]),
            ("dual", [ED25519, ML_DSA_44, SM2]),
        ],
    )
    def test_signs_with_every_key_the_ed25519_line_first(self, profile, kinds):
        suite = Suite.of(profile, reversed(keys(*kinds)))
        note = Note.parse(suite.sign(HEAD, at=9).raw)
        assert [signed.verifier.kind for signed in note.verify(suite.verifiers)] == kinds
        assert suite.missing(note) == []
        assert [verifier.kind for verifier in suite.missing(Note(note.text, note.signatures[:1]))] == kinds[1:]

    @pytest.mark.parametrize(
        ("profile", "kinds"),
        [
            ("intl", []),
            ("intl", [ML_DSA_44]),
            ("intl", [ED25519, SM2]),
            ("intl", [ED25519, ED25519]),
            ("intl", [ED25519, COSIGNATURE]),
            ("gm", [ED25519]),
            ("gm", [SM2]),
            ("dual", [ED25519, ML_DSA_44]),
        ],
    )
    def test_refuses_keys_that_are_not_those_of_the_profile(self, profile, kinds):
        with pytest.raises(NoteError, match=f"profile {profile} signs with one Ed25519"):
            Suite.of(profile, keys(*kinds))

    def test_has_one_name(self):
        with pytest.raises(NoteError, match="one name"):
            Suite.of("intl", [new_signer(NAME), new_signer("other.example", ML_DSA_44)])

    def test_finds_a_wrong_line(self):
        suite = Suite.of("intl", keys(ED25519))
        line = suite.sign(HEAD).signatures[0]
        with pytest.raises(BadSignature):
            suite.missing(Note(HEAD.text, (SignatureLine(line.name, line.key_id, bytes(64)),)))

    def test_commits_by_the_algorithms_of_its_profile(self):
        assert Suite.of("intl", keys(ED25519)).commitments == ("hmac-sha256",)
        assert Suite.of("gm", keys(ED25519, SM2)).commitments == ("hmac-sm3",)
        assert Suite.of("dual", keys(ED25519, SM2)).commitments == ("hmac-sha256", "hmac-sm3")
