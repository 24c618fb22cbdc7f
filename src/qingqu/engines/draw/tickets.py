"""Lottery tickets: one number for every entry, which anybody can compute from the seed in one line."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qingqu.engines.draw.errors import BadShape, BadText, Duplicate, UnknownAlgorithm, UnknownEntry

# Algorithm as it stands in a frozen roster -> hash of the HMAC.
ALGORITHMS: Mapping[str, str] = {"ticket-hmac-sha256/v1": "sha256", "ticket-hmac-sm3/v1": "sm3"}
DEFAULT_ALGORITHM = "ticket-hmac-sha256/v1"
DOMAIN = b"draw-ticket/v1"
SEED_BYTES = 32


@dataclass(frozen=True)
class Place:
    """An entry's own ticket in hex and its place in the order of tickets, from 1 ``of`` all in its stratum."""

    entry_id: str
    ticket: str
    place: int
    of: int


def ticket(seed: bytes, draw_id: str, stratum: str, entry_id: str, *, algorithm: str = DEFAULT_ALGORITHM) -> bytes:
    """The 32-byte ticket of an entry: HMAC(seed, "draw-ticket/v1" 00 draw_id 00 stratum 00 entry_id) in UTF-8.

    It depends on nothing else: not on who else takes part, nor on anybody's place in a list. Raises BadShape for a
    seed that is not 32 bytes, BadText for a zero character, UnknownAlgorithm.
    """
    return tickets(seed, draw_id, stratum, [entry_id], algorithm=algorithm)[entry_id]


def tickets(
    seed: bytes, draw_id: str, stratum: str, entry_ids: Iterable[str], *, algorithm: str = DEFAULT_ALGORITHM
) -> dict[str, bytes]:
    """``{entry id: ticket}`` of a whole stratum; see ``ticket``. Raises Duplicate for an id that stands twice."""
    if len(seed) != SEED_BYTES:
        raise BadShape("seed", f"应为 {SEED_BYTES} 字节", f"must be {SEED_BYTES} bytes")
    name = _hash(algorithm)
    ids = list(entry_ids)
    if "\0" in draw_id or "\0" in stratum or any("\0" in each for each in ids):
        raise BadText("entry_id", "含有零字符", "holds a zero character")
    start = b"\0".join((DOMAIN, draw_id.encode(), stratum.encode(), b""))
    sign = hmac.digest
    found = {each: sign(seed, start + each.encode(), name) for each in ids}
    if len(found) != len(ids):
        twice = next(each for each in ids if ids.count(each) > 1)
        raise Duplicate(f"strata.{stratum}", f"“{twice}”重复，请删去一个", f"“{twice}” stands twice; take one out")
    return found


def _hash(algorithm: str) -> str:
    name = ALGORITHMS.get(algorithm)
    if name is None:
        known = ", ".join(ALGORITHMS)
        raise UnknownAlgorithm("algorithm", f"应为 {known} 之一", f"must be one of {known}")
    if name not in hashlib.algorithms_available:
        raise UnknownAlgorithm(
            "algorithm",
            f"本机的 OpenSSL 不提供 {name}，请换一台电脑计算",
            f"this computer's OpenSSL has no {name}; use another computer",
        )
    return name


def in_order(
    seed: bytes, draw_id: str, stratum: str, entry_ids: Iterable[str], *, algorithm: str = DEFAULT_ALGORITHM
) -> list[str]:
    """All entries of a stratum in the order of their tickets: the order of a rollout, or of inspectors to be sent."""
    found = tickets(seed, draw_id, stratum, entry_ids, algorithm=algorithm)
    return sorted(found, key=found.__getitem__)


def place_of(
    seed: bytes,
    draw_id: str,
    stratum: str,
    entry_ids: Iterable[str],
    entry_id: str,
    *,
    algorithm: str = DEFAULT_ALGORITHM,
) -> Place:
    """One entry's own ticket and place; raises UnknownEntry when it is not in the stratum."""
    found = tickets(seed, draw_id, stratum, entry_ids, algorithm=algorithm)
    if entry_id not in found:
        raise UnknownEntry(
            f"strata.{stratum}", f"名单中没有“{entry_id}”", f"“{entry_id}” is not on the list; check its spelling"
        )
    own = found[entry_id]
    return Place(entry_id, own.hex(), sum(each <= own for each in found.values()), len(found))
