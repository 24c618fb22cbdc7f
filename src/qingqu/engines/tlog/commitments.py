"""Salted commitments: what a leaf says about its content without saying the content.

Whoever is shown salt and content computes the commitment again; without the salt it reveals nothing, so that erasing
the salt erases the content for good while every proof stays valid. The algorithm is named beside each commitment.
"""

import hmac
import secrets
from typing import Literal, get_args

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from qingqu.engines.tlog.errors import TlogError

Algorithm = Literal["hmac-sha256", "hmac-sm3"]
ALGORITHMS: frozenset[str] = frozenset(get_args(Algorithm))

SALT_SIZE = 32
_LABEL = b"qingqu/commit/v1\x00"


class CommitmentError(TlogError):
    """A commitment cannot be made, or does not open to the content shown."""

    code = "TLOG_COMMITMENT"


def new_salt() -> bytes:
    """32 random bytes; each content has its own."""
    return secrets.token_bytes(SALT_SIZE)


def commit(salt: bytes, content: bytes, algorithm: str = "hmac-sha256") -> bytes:
    """The 32-byte commitment to content, which is canonical JSON (RFC 8785).

    Raises CommitmentError for a salt of another length and an unknown algorithm.
    """
    if len(salt) != SALT_SIZE:
        raise CommitmentError(f"a salt has {SALT_SIZE} bytes, this one {len(salt)}", found=len(salt))
    if algorithm == "hmac-sha256":
        return hmac.digest(salt, _LABEL + content, "sha256")
    if algorithm == "hmac-sm3":
        mac = HMAC(salt, SM3())
        mac.update(_LABEL + content)
        return mac.finalize()
    raise CommitmentError(f"{algorithm!r} is not a way to commit: use one of {', '.join(sorted(ALGORITHMS))}")


def check_opening(commitment: bytes, salt: bytes, content: bytes, algorithm: str) -> None:
    """Raise CommitmentError unless salt and content are what was committed to."""
    if not hmac.compare_digest(commit(salt, content, algorithm), commitment):
        raise CommitmentError("the content shown is not what was committed to")
