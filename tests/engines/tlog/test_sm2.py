"""SM2 lines: the example of the standard, openssl as a second opinion, and what is refused."""

import json
import shutil
import subprocess

import pytest

from qingqu.engines.tlog import sm2
from qingqu.engines.tlog.notes import BadSignature, Note, NoteError, sign
from qingqu.engines.tlog.sm2 import USER_ID, NoSm2, Sm2Signer, Sm2Verifier
from tests.shared import shared_path

SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")


@pytest.fixture
def signer():
    pytest.importorskip("gmalg", reason="SM2 needs the extra gm")
    return Sm2Signer("log.example/district", SECRET)


def der_point(public_key):
    """The SPKI form of a public key on sm2p256v1."""
    head = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
    return head + public_key


def der_signature(signature):
    def integer(half):
        number = int.from_bytes(half)
        raw = number.to_bytes(number.bit_length() // 8 + 1)
        return b"\x02" + bytes([len(raw)]) + raw

    body = integer(signature[:32]) + integer(signature[32:])
    return b"\x30" + bytes([len(body)]) + body


class TestSm2:
    def test_accepts_the_example_of_the_standard(self, signer):
        (case,) = json.loads(shared_path("data/vectors/gm_vectors.json").read_text(encoding="utf-8"))["SM2"]
        assert case["id"].encode() == USER_ID
        public = bytes.fromhex("04" + case["Px"] + case["Py"])
        assert Sm2Signer("gm.example", bytes.fromhex(case["d"])).verifier.public_key == public
        verifier = Sm2Verifier("gm.example", public)
        signature = bytes.fromhex(case["r"] + case["s"])
        assert verifier.check(case["msg"], signature) is None
        with pytest.raises(BadSignature):
            verifier.check(case["msg"] + ".", signature)

    def test_signs_what_openssl_verifies(self, signer, tmp_path):
        openssl = shutil.which("openssl")
        if openssl is None:
            pytest.skip("openssl is not on this machine")
        text = "log.example/district\n7\nroot\n"
        (tmp_path / "text").write_text(text, encoding="utf-8")
        (tmp_path / "key").write_bytes(der_point(signer.verifier.public_key))
        (tmp_path / "signature").write_bytes(der_signature(signer.sign(text, at=0)))
        said = subprocess.run(
            [openssl, "pkeyutl", "-verify", "-in", "text", "-inkey", "key", "-pubin", "-keyform", "DER",
             "-sigfile", "signature", "-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{USER_ID.decode()}"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Signature Verified Successfully" in said.stdout, said.stderr

    def test_stands_in_a_note(self, signer):
        note = Note.parse(sign("text\n", [signer], at=0).raw)
        assert [signed.at for signed in note.verify([signer.verifier])] == [None]

    @pytest.mark.parametrize("signature", [b"", bytes(64), b"\xff" * 64, bytes(65)])
    def test_refuses_numbers_out_of_range(self, signer, signature):
        with pytest.raises(BadSignature):
            signer.verifier.check("text\n", signature)

    def test_refuses_keys_that_cannot_be(self, signer):
        with pytest.raises(NoteError, match="65 bytes"):
            Sm2Verifier("gm.example", bytes(65))
        with pytest.raises(NoteError, match="not a point"):
            Sm2Verifier("gm.example", b"\x04" + bytes(64))
        with pytest.raises(NoteError, match="below the order"):
            Sm2Signer("gm.example", b"\xff" * 32)
        with pytest.raises(NoteError, match="below the order"):
            Sm2Signer("gm.example", bytes(32))
        with pytest.raises(NoteError, match="no spaces"):
            Sm2Signer("gm example", SECRET)

    def test_says_what_to_install(self, monkeypatch):
        def missing(name):
            raise ImportError(name)

        monkeypatch.setattr(sm2, "import_module", missing)
        with pytest.raises(NoSm2, match=r"qingqu\[gm\]"):
            Sm2Signer("gm.example", SECRET)
