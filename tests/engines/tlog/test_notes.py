"""Signed notes and keys: published examples, unknown lines, and every changed bit."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.engines.tlog.notes import (
    MAX_SIGNATURES,
    BadSignature,
    Ed25519Signer,
    Ed25519Verifier,
    Note,
    NoteError,
    SignatureLine,
    Unsigned,
    by_identity,
    key_id,
    new_seed,
    sign,
    signature_line,
    split_skey,
    split_vkey,
    write_skey,
    write_vkey,
)
from tests.shared import shared_path

# The key pair of the tests of golang.org/x/mod/sumdb/note.
GO_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"

ONE = Ed25519Signer("one.example/log", bytes(range(32)))
TWO = Ed25519Signer("two.example/log", bytes(range(1, 33)))


class TestPublishedNotes:
    def test_are_accepted_with_their_keys(self):
        cases = json.loads(shared_path("data/vectors/signed_notes.json").read_text(encoding="utf-8"))["notes"]
        assert cases
        for case in cases:
            name, identity, raw = split_vkey(case["vkey"])
            verifier = Ed25519Verifier(name, raw[1:])
            assert key_id(verifier) == identity
            assert write_vkey(verifier) == case["vkey"]
            note = Note.parse(case["note"].encode())
            assert [signed.verifier.name for signed in note.verify([verifier])] == [name]
            assert note.raw == case["note"].encode()

    def test_are_written_byte_for_byte(self):
        cases = json.loads(shared_path("data/vectors/signed_notes.json").read_text(encoding="utf-8"))["notes"]
        _name, _id, raw = split_skey(GO_SKEY)
        signer = Ed25519Signer("PeterNeumann", raw[1:])
        assert write_vkey(signer.verifier) == GO_VKEY
        assert write_skey(signer) == GO_SKEY
        assert sign(GO_TEXT, [signer], at=0).raw.decode() in [case["note"] for case in cases]


class TestNote:
    def test_keeps_lines_of_unknown_keys_and_ignores_them(self):
        note = sign("text\n", [TWO, ONE], at=0)
        read = Note.parse(note.raw)
        assert read == note
        assert [signed.verifier for signed in read.verify([ONE.verifier])] == [ONE.verifier]

    def test_ignores_a_key_of_the_same_name_or_the_same_id(self):
        good = signature_line(ONE, "text\n", at=0)
        same_name = SignatureLine(good.name, b"\x00\x00\x00\x01", b"not ours")
        same_id = SignatureLine("three.example", good.key_id, b"not ours")
        assert len(Note("text\n", (same_name, same_id, good)).verify([ONE.verifier])) == 1

    def test_is_spoilt_by_a_wrong_line_of_a_known_key(self):
        wrong = SignatureLine(ONE.verifier.name, key_id(ONE.verifier), bytes(64))
        note = Note("text\n", (wrong, signature_line(TWO, "text\n", at=0)))
        with pytest.raises(BadSignature, match=r"one\.example/log is wrong"):
            note.verify([ONE.verifier, TWO.verifier])
        assert len(note.verify([TWO.verifier])) == 1

    def test_is_refused_when_no_known_key_signed(self):
        with pytest.raises(Unsigned, match=r"lines of two\.example"):
            sign("text\n", [TWO], at=0).verify([ONE.verifier])

    def test_counts_a_key_once(self):
        line = signature_line(ONE, "text\n", at=0)
        assert len(Note("text\n", (line, line)).verify([ONE.verifier])) == 1

    def test_may_hold_empty_lines_in_its_text(self):
        note = sign("one\n\ntwo\n", [ONE], at=0)
        assert Note.parse(note.raw).text == "one\n\ntwo\n"

    def test_takes_a_newer_line_of_a_key_in_the_place_of_the_older(self):
        note = sign("text\n", [ONE, TWO], at=0)
        newer = SignatureLine(ONE.verifier.name, key_id(ONE.verifier), bytes(64))
        third = SignatureLine("three.example", bytes(4), bytes(64))
        merged = note.merged([newer, third])
        assert merged.signatures == (newer, note.signatures[1], third)

    @pytest.mark.parametrize(
        ("raw", "said"),
        [
            (b"text\n\n\xe2\x80\x94 a \xff\n", "not UTF-8"),
            (b"te\txt\n\n", "control character"),
            (b"text\n", "no blank line"),
            (b"text\n\n", "no blank line"),
            (b"text\n\n\xe2\x80\x94 a AAAAAAA=", "end with a newline"),
            (b"text\n\n- a AAAAAAA=\n", "not a signature line"),
            ("text\n\n— a\n".encode(), "not a signature line"),
            ("text\n\n— a AAAAAA==\n".encode(), "not a signature line"),
            ("text\n\n— a AAAAAAB=\n".encode(), "not a signature line"),
            ("text\n\n— a b AAAAAAA=\n".encode(), "not a signature line"),
            ("text\n\n— a+b AAAAAAA=\n".encode(), "not a signature line"),
            ("text\n\n— a\u00a0b AAAAAAA=\n".encode(), "not a signature line"),
            (b"x" * 1_000_001, "at most 1000000"),
            (("text\n\n" + "— a AAAAAAA=\n" * (MAX_SIGNATURES + 1)).encode(), "at most 100"),
        ],
    )
    def test_has_one_form_only(self, raw, said):
        with pytest.raises(NoteError, match=said):
            Note.parse(raw)

    @given(bit=st.integers(0))
    def test_fails_with_any_bit_changed(self, bit):
        raw = bytearray(sign("log.example\n1\nroot\n", [ONE], at=0).raw)
        bit %= 8 * len(raw)
        raw[bit // 8] ^= 1 << bit % 8
        with pytest.raises(NoteError):
            Note.parse(bytes(raw)).verify([ONE.verifier])

    def test_needs_a_signature_and_a_whole_text(self):
        with pytest.raises(NoteError, match="at least one"):
            sign("text\n", [], at=0)
        with pytest.raises(NoteError, match="newline"):
            sign("text", [ONE], at=0)


class TestKeys:
    def test_are_read_as_they_are_written(self):
        signer = Ed25519Signer("log.example", new_seed())
        name, identity, raw = split_skey(write_skey(signer))
        assert (name, identity, raw) == ("log.example", key_id(signer.verifier), b"\x01" + signer.secret)

    @pytest.mark.parametrize(
        "text",
        ["", "name", "name+c74f20a3", "name+C74F20A3+AQ==", "name+c74f20+AQ==", "na me+c74f20a3+AQ==", "n+c74f20a3+A"],
    )
    def test_have_one_form_only(self, text):
        with pytest.raises(NoteError, match="not a public key"):
            split_vkey(text)

    def test_never_stand_in_a_message(self):
        with pytest.raises(NoteError) as refused:
            split_skey(GO_SKEY.replace("+c74f20a3", "+zzzz"))
        assert "AYEKFA" not in str(refused.value)
        with pytest.raises(NoteError, match="not a private key"):
            split_skey(GO_VKEY)

    def test_need_the_right_length_and_a_name(self):
        with pytest.raises(NoteError, match="32 bytes, this one 31"):
            Ed25519Verifier("log.example", bytes(31))
        with pytest.raises(NoteError, match="seed"):
            Ed25519Signer("log.example", bytes(31))
        with pytest.raises(NoteError, match="no spaces, no plus"):
            Ed25519Signer("log example", bytes(32))

    def test_that_share_name_and_id_are_told_apart_or_refused(self):
        class Colliding(Ed25519Verifier):
            pass

        assert len(by_identity([ONE.verifier, ONE.verifier, TWO.verifier])) == 2
        other = Colliding("one.example/log", TWO.verifier.public_key)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("qingqu.engines.tlog.notes.key_id", lambda _verifier: b"same")
            with pytest.raises(NoteError, match="share their id"):
                by_identity([ONE.verifier, other])
