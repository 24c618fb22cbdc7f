"""Cosignatures: what a witness signs about a checkpoint, with the second at which it did.

Two types: Ed25519 (0x04, ``cosignature/v1``) and ML-DSA-44 (0x06, ``subtree/v1``); a log may also sign its own head
with the latter. Source: c2sp.org/tlog-cosignature.
"""

import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from qingqu.engines.tlog.checkpoints import MAX_SIZE, Checkpoint, CheckpointError
from qingqu.engines.tlog.notes import (
    SEED_SIZE,
    BadSignature,
    NoteError,
    check_ed25519,
    ed25519_private,
    ed25519_public,
    is_name,
)

COSIGNATURE = b"\x04"
ML_DSA_44 = b"\x06"
ML_DSA_44_KEY_SIZE = 1312

_TIME = struct.Struct(">Q")
_SUBTREE_LABEL = b"subtree/v1\n\x00"
_MAX_NAME = 255


class CosignatureVerifier:
    """A witness's Ed25519 key (type 0x04)."""

    kind = COSIGNATURE

    def __init__(self, name: str, public_key: bytes) -> None:
        """Use a 32-byte public key. Raises NoteError when name or key cannot be."""
        self.name, self.public_key = name, public_key
        self._key = ed25519_public(name, public_key)

    def check(self, text: str, signature: bytes) -> int:
        """The POSIX second of the cosignature. Raises BadSignature when it is wrong."""
        at, rest = _split(self.name, signature)
        check_ed25519(self.name, self._key, rest, _timed(text, at))
        return at


class CosignatureSigner:
    """A witness's private Ed25519 key (type 0x04); to be used for nothing else."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Use a 32-byte seed. Raises NoteError when name or seed cannot be."""
        self._key = ed25519_private(seed)
        self.secret = seed
        self.verifier = CosignatureVerifier(name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str, *, at: int) -> bytes:
        """The second in 8 bytes and the 64-byte signature."""
        return _TIME.pack(at) + self._key.sign(_timed(text, at))


class MlDsaVerifier:
    """An ML-DSA-44 key of a log or a witness (type 0x06)."""

    kind = ML_DSA_44

    def __init__(self, name: str, public_key: bytes) -> None:
        """Use a 1312-byte public key. Raises NoteError when name or key cannot be."""
        if not is_name(name) or len(name.encode()) > _MAX_NAME:
            raise NoteError(f"{name!r} cannot name a key: no spaces, no plus, at most {_MAX_NAME} bytes")
        if len(public_key) != ML_DSA_44_KEY_SIZE:
            raise NoteError(f"an ML-DSA-44 public key has {ML_DSA_44_KEY_SIZE} bytes, this one {len(public_key)}")
        self.name, self.public_key = name, public_key
        self._key = MLDSA44PublicKey.from_public_bytes(public_key)

    def check(self, text: str, signature: bytes) -> int | None:
        """The POSIX second of the cosignature, None when it states none. Raises BadSignature when it is wrong."""
        at, rest = _split(self.name, signature)
        try:
            self._key.verify(rest, _subtree(self.name, text, at))
        except (InvalidSignature, CheckpointError):
            raise BadSignature(f"the signature of {self.name} is wrong", name=self.name) from None
        return at or None


class MlDsaSigner:
    """A private ML-DSA-44 key of a log or a witness (type 0x06)."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Use a 32-byte seed. Raises NoteError when name or seed cannot be."""
        if len(seed) != SEED_SIZE:
            raise NoteError(f"an ML-DSA-44 seed has {SEED_SIZE} bytes")
        self._key = MLDSA44PrivateKey.from_seed_bytes(seed)
        self.secret = seed
        self.verifier = MlDsaVerifier(name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str, *, at: int) -> bytes:
        """The second in 8 bytes, 0 for no statement of time, and the 2420-byte signature.

        Raises CheckpointError when the text is not a checkpoint: this type signs nothing else.
        """
        return _TIME.pack(at) + self._key.sign(_subtree(self.verifier.name, text, at))


def _split(name: str, signature: bytes) -> tuple[int, bytes]:
    """The second and the signature proper."""
    if len(signature) < _TIME.size:
        raise BadSignature(f"the signature of {name} is cut off", name=name)
    (at,) = _TIME.unpack_from(signature)
    if at > MAX_SIZE:
        raise BadSignature(f"the signature of {name} states no possible time", name=name)
    return at, signature[_TIME.size :]


def _timed(text: str, at: int) -> bytes:
    """What an Ed25519 cosigner signs: the whole text of the checkpoint behind two lines."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _subtree(name: str, text: str, at: int) -> bytes:
    """What an ML-DSA-44 cosigner signs: the tree from its first leaf on, not the extension lines."""
    head = Checkpoint.parse(text)
    origin = head.origin.encode()
    if len(origin) > _MAX_NAME:
        raise CheckpointError(f"an origin of {len(origin)} bytes cannot be cosigned, at most {_MAX_NAME}")
    cosigner = name.encode()
    return b"".join(
        [
            _SUBTREE_LABEL,
            bytes([len(cosigner)]),
            cosigner,
            _TIME.pack(at),
            bytes([len(origin)]),
            origin,
            _TIME.pack(0),
            _TIME.pack(head.size),
            head.root,
        ]
    )
