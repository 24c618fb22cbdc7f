"""Inclusion and consistency proofs: which nodes they are made of, and whether they hold.

A node is ``(height, index)``: it covers the leaves ``[index << height, (index + 1) << height)``. A proof is a list of
32-byte hashes, from the bottom up. Source: RFC 6962, sections 2.1.1 and 2.1.2; RFC 9162, section 2.1.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.hashing import HASH_SIZE, empty_root, node_hash

Node = tuple[int, int]


class ProofError(TlogError):
    """A proof cannot be given, or does not show what it claims; the message says what is wrong."""

    code = "TLOG_PROOF"


@dataclass(frozen=True)
class Path:
    """The nodes of a proof, bottom up.

    The node at position ``tail`` reaches past the end of the tree: its hash is that of the leaves from its first one to
    the last. None when every node is whole.
    """

    nodes: tuple[Node, ...]
    tail: int | None


def inclusion_path(index: int, size: int) -> Path:
    """The nodes that show leaf ``index`` in the tree of ``size`` leaves.

    Raises ProofError when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}", index=index, size=size)
    return _climb(index, 0, size)


def consistency_path(old: int, new: int) -> Path:
    """The nodes that show the tree of ``old`` leaves to be the beginning of the tree of ``new`` leaves.

    Empty when nothing needs to be shown: equal sizes, or an empty old tree. Raises ProofError when old is greater.
    """
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} leaves cannot continue one of {old}", old=old, new=new)
    if old in {0, new}:
        return Path((), None)
    height = _trailing_zeros(old)
    index = (old - 1) >> height
    path = _climb(index, height, new)
    if index == 0:
        return path
    tail = None if path.tail is None else path.tail + 1
    return Path(((height, index), *path.nodes), tail)


def _trailing_zeros(number: int) -> int:
    return (number & -number).bit_length() - 1


def _climb(index: int, height: int, size: int) -> Path:
    """The siblings on the way from a whole node to the root of the tree of ``size`` leaves."""
    last = (size - 1) >> height
    inner = (index ^ last).bit_length()
    nodes = [(height + step, (index >> step) ^ 1) for step in range(inner)]
    nodes += [(height + step, (index >> step) - 1) for step in range(inner, index.bit_length()) if (index >> step) & 1]
    if not inner:
        return Path(tuple(nodes), None)
    top, sibling = nodes[inner - 1]
    reaches_past = (sibling + 1) << top > size
    return Path(tuple(nodes), inner - 1 if reaches_past else None)


def root_from_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a proof leads to from a leaf.

    Raises ProofError when the proof cannot be one of that leaf: index, number of hashes, or their length.
    """
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}", index=index, size=size)
    inner = (index ^ (size - 1)).bit_length()
    expected = inner + (index >> inner).bit_count()
    _check_hashes(proof, expected)
    if len(leaf_hash) != HASH_SIZE:
        raise ProofError(f"a leaf hash has {HASH_SIZE} bytes, this one {len(leaf_hash)}", found=len(leaf_hash))
    found = leaf_hash
    for height in range(inner):
        found = node_hash(proof[height], found) if (index >> height) & 1 else node_hash(found, proof[height])
    for left in proof[inner:]:
        found = node_hash(left, found)
    return found


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the tree of ``size`` leaves with ``root`` holds the leaf at ``index``.

    Raises ProofError when it is not shown.
    """
    found = root_from_inclusion(leaf_hash, index, size, proof)
    if not hmac.compare_digest(found, root):
        raise ProofError(
            f"leaf {index} is not shown to be in the tree of {size}: the proof leads to another root",
            index=index,
            size=size,
        )


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of ``new`` leaves only added to the tree of ``old`` leaves.

    Raises ProofError when it is not shown; two roots of one size are said to be that.
    """
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} leaves cannot continue one of {old}", old=old, new=new)
    if old in {0, new}:
        _check_trivial(old, new, old_root, new_root, proof)
        return
    first, rest = _split(old, old_root, proof)
    height = _trailing_zeros(old)
    index = (old - 1) >> height
    inner = (index ^ ((new - 1) >> height)).bit_length()
    _check_hashes(rest, inner + (index >> inner).bit_count(), extra=len(proof) - len(rest))
    before = after = first
    for step, sibling in enumerate(rest):
        if step >= inner or (index >> step) & 1:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
    if not hmac.compare_digest(before, old_root):
        raise ProofError(f"the proof does not lead to the old root of size {old}", old=old, new=new)
    if not hmac.compare_digest(after, new_root):
        raise ProofError(f"the proof does not lead to the new root of size {new}", old=old, new=new)


def _split(old: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, Sequence[bytes]]:
    """The hash to start from and the rest: a whole old tree is its own start and is left out of the proof."""
    if old & (old - 1) == 0:
        return old_root, proof
    if not proof:
        raise ProofError("the proof is empty, it needs at least one hash", expected=1, found=0)
    _check_hashes(proof[:1], 1)
    return proof[0], proof[1:]


def _check_trivial(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Equal sizes have equal roots, an empty tree is the beginning of every tree; neither needs a hash."""
    if proof:
        raise ProofError(f"nothing is to be proved from {old} to {new}, yet there are {len(proof)} hashes", old=old)
    if old == new and not hmac.compare_digest(old_root, new_root):
        raise ProofError(f"two different roots of one size, {old}", old=old, new=new)
    if old == 0 and not hmac.compare_digest(old_root, empty_root()):
        raise ProofError("the old root is not that of an empty tree", old=old)


def _check_hashes(proof: Sequence[bytes], expected: int, *, extra: int = 0) -> None:
    if len(proof) != expected:
        found = len(proof) + extra
        raise ProofError(
            f"the proof has {found} hashes, it needs {expected + extra}", expected=expected + extra, found=found
        )
    for place, part in enumerate(proof):
        if len(part) != HASH_SIZE:
            raise ProofError(f"hash {place + extra} of the proof has {len(part)} bytes", place=place + extra)
