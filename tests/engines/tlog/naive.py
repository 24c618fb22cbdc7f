"""The tree of RFC 6962, section 2.1, as its text defines it: slow and short, to compare with."""

from hashlib import sha256


def root(entries):
    """MTH(D[n])."""
    if len(entries) <= 1:
        return sha256(b"\x00" + entries[0]).digest() if entries else sha256().digest()
    half = split(len(entries))
    return sha256(b"\x01" + root(entries[:half]) + root(entries[half:])).digest()


def split(count):
    """The largest power of two smaller than a count."""
    return 1 << (count - 1).bit_length() - 1


def path(index, entries):
    """PATH(m, D[n])."""
    if len(entries) == 1:
        return []
    half = split(len(entries))
    if index < half:
        return [*path(index, entries[:half]), root(entries[half:])]
    return [*path(index - half, entries[half:]), root(entries[:half])]


def proof(old, entries):
    """PROOF(m, D[n])."""
    return [] if old in {0, len(entries)} else _subproof(old, entries, whole=True)


def _subproof(old, entries, *, whole):
    if old == len(entries):
        return [] if whole else [root(entries)]
    half = split(len(entries))
    if old <= half:
        return [*_subproof(old, entries[:half], whole=whole), root(entries[half:])]
    return [*_subproof(old - half, entries[half:], whole=False), root(entries[:half])]
