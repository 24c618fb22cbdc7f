"""Checkpoints: strictly read, written without extension lines."""

import pytest

from qingqu.engines.tlog.checkpoints import Checkpoint, CheckpointError, open_checkpoint, sign_checkpoint
from qingqu.engines.tlog.hashing import empty_root
from qingqu.engines.tlog.notes import Ed25519Signer, Unsigned
from tests.shared import shared_path

ROOT = bytes(range(32))
HEAD = Checkpoint("log.example/district", 7, ROOT)
ENCODED = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SIGNER = Ed25519Signer("log.example/district", bytes(32))


class TestCheckpoint:
    def test_is_three_lines(self):
        assert HEAD.text == f"log.example/district\n7\n{ENCODED}\n"
        assert Checkpoint.parse(HEAD.text) == HEAD

    def test_of_another_log_may_have_extension_lines(self):
        text = HEAD.text + "extension\n"
        read = Checkpoint.parse(text)
        assert read.extensions == ("extension",)
        assert read.text == text

    def test_is_read_from_a_log_that_others_wrote(self):
        place = "data/vectors/sunlight/cmd/skylight/testdata/tree/checkpoint"
        text, _blank, _signatures = shared_path(place).read_text(encoding="utf-8").partition("\n\n")
        head = Checkpoint.parse(text + "\n")
        assert (head.origin, head.size) == ("rome2026h1.example.org", 300)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "at least three lines"),
            (f"log.example\n7\n{ENCODED}", "at least three lines"),
            ("log.example\n7\n", "at least three lines"),
            (f"\n7\n{ENCODED}\n", "no empty lines"),
            (f"log.example\n7\n{ENCODED}\n\n", "no empty lines"),
            (f"log.example\n07\n{ENCODED}\n", "not a size"),
            (f"log.example\n-7\n{ENCODED}\n", "not a size"),
            (f"log.example\n+7\n{ENCODED}\n", "not a size"),
            (f"log.example\n٧\n{ENCODED}\n", "not a size"),
            (f"log.example\n7 \n{ENCODED}\n", "not a size"),
            (f"log.example\n9223372036854775808\n{ENCODED}\n", "not a size"),
            (f"log.example\n7\n{ENCODED[:-1]}\n", "not a root"),
            (f"log.example\n7\n{ENCODED[:-2]}9=\n", "not a root"),
            ("log.example\n7\nAAAA\n", "not a root"),
            (f"log.example\n0\n{ENCODED}\n", "root of nothing"),
        ],
    )
    def test_has_one_form_only(self, text, said):
        with pytest.raises(CheckpointError, match=said):
            Checkpoint.parse(text)

    def test_of_an_empty_log_has_the_root_of_nothing(self):
        head = Checkpoint("log.example", 0, empty_root())
        assert Checkpoint.parse(head.text) == head


class TestSigning:
    def test_refuses_what_nobody_could_audit_or_read(self):
        with pytest.raises(CheckpointError, match="extension lines"):
            sign_checkpoint(Checkpoint("log.example", 7, ROOT, ("more",)), [SIGNER])
        with pytest.raises(CheckpointError, match="no spaces, no plus"):
            sign_checkpoint(Checkpoint("log example", 7, ROOT), [SIGNER])
        with pytest.raises(CheckpointError, match="not a root"):
            sign_checkpoint(Checkpoint("log.example", 7, b"short"), [SIGNER])


class TestOpening:
    def test_gives_the_head_and_who_signed(self):
        raw = sign_checkpoint(HEAD, [SIGNER]).raw
        head, signed = open_checkpoint(raw, [SIGNER.verifier], origin=HEAD.origin)
        assert head == HEAD
        assert [found.verifier for found in signed] == [SIGNER.verifier]

    def test_refuses_another_log_and_another_key(self):
        raw = sign_checkpoint(HEAD, [SIGNER]).raw
        with pytest.raises(CheckpointError, match=r"head of log\.example/district, not of log\.example/other"):
            open_checkpoint(raw, [SIGNER.verifier], origin="log.example/other")
        with pytest.raises(Unsigned):
            open_checkpoint(raw, [Ed25519Signer(HEAD.origin, bytes(range(32))).verifier], origin=HEAD.origin)
