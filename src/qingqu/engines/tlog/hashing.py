"""The hashes of the tree.

Source: RFC 6962, section 2.1 (RFC 9162, section 2.1.1); the hash is fixed to SHA-256 by c2sp.org/tlog-tiles.
"""

import struct
from collections.abc import Sequence
from hashlib import sha256

HASH_SIZE = 32
LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
PAIR_SIZE = 2 * HASH_SIZE

# Cutting a row by a compiled format is faster than by slices.
_PAIRS = struct.Struct(f"{PAIR_SIZE}s")


def leaf_hash(data: bytes) -> bytes:
    """The 32-byte hash of an entry as a leaf."""
    return sha256(LEAF_PREFIX + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32-byte hash of two neighbouring subtrees."""
    return sha256(NODE_PREFIX + left + right).digest()


def empty_root() -> bytes:
    """The root of a tree without entries."""
    return sha256().digest()


def leaf_row(entries: Sequence[bytes]) -> bytes:
    """The leaf hashes of entries, one after the other: 32 bytes each."""
    return b"".join([sha256(LEAF_PREFIX + entry).digest() for entry in entries])


def parent_row(row: bytes) -> bytes:
    """The hashes one height above a row of hashes; a last hash without a neighbour is left out."""
    if alone := len(row) % PAIR_SIZE:
        row = row[:-alone]
    return b"".join([sha256(NODE_PREFIX + pair).digest() for (pair,) in _PAIRS.iter_unpack(row)])
