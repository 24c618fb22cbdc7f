"""Whether a drand quicknet beacon is genuine: its BLS signature on the number of its round.

The chain publishes one signature every three seconds; nobody can know it before a threshold of the League of Entropy's
servers has signed. Checking it needs the optional package py-arkworks-bls12381; without it ``verify`` says that
nothing was checked, it never says that a beacon is genuine.
"""

import hashlib
import importlib
from typing import Any, Literal

from qingqu.engines.draw.errors import BadBeacon

# Public key of quicknet, as published with the chain's information; RFC 9380 suite of its signatures (on G1).
QUICKNET_KEY = bytes.fromhex(
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
SUITE = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
LIBRARY = "py_arkworks_bls12381"

Check = Literal["VERIFIED", "NOT_CHECKED"]


def verify(value: str, place: str) -> Check:
    """``VERIFIED`` when the signature is the chain's own, ``NOT_CHECKED`` when the package for it is not installed.

    ``value`` is ``"round:randomness:signature"`` whose spelling ``sources.check_value`` accepted. Raises BadBeacon
    for a signature that is not the chain's on that round.
    """
    number, _randomness, signature = value.split(":")
    try:
        library = importlib.import_module(LIBRARY)
    except ModuleNotFoundError:
        return "NOT_CHECKED"
    if not _is_signed(library, int(number), bytes.fromhex(signature)):
        raise BadBeacon(
            place,
            f"第 {number} 轮的签名不是该信标的签名，请核对录入",
            f"the signature is not the chain's on round {number}; check what was entered",
        )
    return "VERIFIED"


def _is_signed(library: Any, number: int, signature: bytes) -> bool:
    """e(signature, G2) = e(H(SHA-256(round)), key), and no other spelling of the same point."""
    hashed = library.G1Point.hash_to_curve(hashlib.sha256(number.to_bytes(8, "big")).digest(), SUITE)
    key = library.G2Point.from_compressed_bytes(QUICKNET_KEY)
    try:
        point = library.G1Point.from_compressed_bytes(signature)
    except (ValueError, TypeError):
        return False
    is_same_spelling = bytes(point.to_compressed_bytes()) == signature
    return is_same_spelling and bool(library.GT.pairing_check([point, -hashed], [library.G2Point(), key]))
