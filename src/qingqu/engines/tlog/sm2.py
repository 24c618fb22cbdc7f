"""Signature lines with SM2 and SM3, beside the Ed25519 line and never instead of it.

The type is 0xff with a longer identifier, as c2sp.org/signed-note asks of types that it has not assigned; clients that
do not know it pass over the line. Signing is pure Python and not of constant time: keep the key on a machine whose
running times strangers cannot measure. Source: GB/T 32918.2, GB/T 32905, user id of GB/T 35276.
"""

from importlib import import_module
from typing import Any

from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.notes import BadSignature, NoteError, is_name

SM2 = b"\xffqingqu/sm2-sm3-note/v1"
USER_ID = b"1234567812345678"
KEY_SIZE = 65
SECRET_SIZE = 32

# The order of the curve sm2p256v1 (GB/T 32918.5).
_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_HALF = 32


class NoSm2(TlogError):
    """SM2 was asked for where its package is not installed."""

    code = "TLOG_NO_SM2"


def _engine(*, secret: bytes | None = None, public_key: bytes | None = None) -> Any:
    """The package's SM2 object, new for each use: it carries the state of its hash. Raises NoSm2 without package."""
    try:
        gmalg = import_module("gmalg")
    except ImportError:
        raise NoSm2("SM2 needs the package gmalg: install qingqu[gm]") from None
    return gmalg.SM2(sk=secret, uid=USER_ID, pk=public_key)


class Sm2Verifier:
    """A key that signs the text of notes with SM2 over SM3."""

    kind = SM2

    def __init__(self, name: str, public_key: bytes) -> None:
        """Use a 65-byte public key: 0x04, x, y. Raises NoteError when name or key cannot be, NoSm2 without package."""
        if not is_name(name):
            raise NoteError(f"{name!r} cannot name a key: no spaces, no plus")
        if len(public_key) != KEY_SIZE or public_key[0] != 4:  # noqa: PLR2004 - the mark of a point in full
            raise NoteError(f"an SM2 public key has {KEY_SIZE} bytes and begins with 04")
        self.name, self.public_key = name, public_key
        if not _engine().verify_pk(public_key):
            raise NoteError(f"the SM2 public key of {name} is not a point of the curve")

    def check(self, text: str, signature: bytes) -> None:
        """Raise BadSignature when the signature is wrong; it states no time."""
        right = len(signature) == 2 * _HALF and _in_range(signature)
        engine = _engine(public_key=self.public_key)
        if not right or not engine.verify(text.encode(), signature[:_HALF], signature[_HALF:]):
            raise BadSignature(f"the signature of {self.name} is wrong", name=self.name)


class Sm2Signer:
    """A private key that signs the text of notes with SM2 over SM3."""

    def __init__(self, name: str, secret: bytes) -> None:
        """Use a 32-byte secret number. Raises NoteError when name or number cannot be, NoSm2 without the package."""
        if len(secret) != SECRET_SIZE or not 0 < int.from_bytes(secret) < _ORDER - 1:
            raise NoteError(f"an SM2 secret has {SECRET_SIZE} bytes and is below the order of the curve")
        self.secret = secret
        self.verifier = Sm2Verifier(name, _engine().generate_pk(secret))

    def sign(self, text: str, *, at: int) -> bytes:
        """The 64-byte signature r, s; the time is not part of it."""
        del at
        first, second = _engine(secret=self.secret).sign(text.encode())
        return bytes(first).rjust(_HALF, b"\0") + bytes(second).rjust(_HALF, b"\0")


def _in_range(signature: bytes) -> bool:
    return all(0 < int.from_bytes(half) < _ORDER for half in (signature[:_HALF], signature[_HALF:]))
