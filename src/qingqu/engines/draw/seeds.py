"""Commitments, reveals, and the seed that nobody could choose.

A party commits to SHA-256(contribution || nonce) before ``commit_by`` and reveals both before ``reveal_by``. Whoever
reveals last could withhold after computing the outcome; so a withheld reveal is replaced by nothing and named, and a
draw with one is made only when a public source taken after the deadline decides anew.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qingqu.engines.draw.canonical import hex32, shaped, text
from qingqu.engines.draw.errors import BadCommitment, BadReveal, BadShape, NoLateSource
from qingqu.engines.draw.rosters import Roster
from qingqu.engines.draw.sources import check_value

DOMAIN = b"qingqu/seed/v1"
NONCE_BYTES = 32
LENGTH_BYTES = 4


@dataclass(frozen=True)
class Reveal:
    """What a party committed to: a sentence of its own and 32 random bytes."""

    contribution: str
    nonce: bytes

    @property
    def value(self) -> bytes:
        """The bytes that were committed to and that enter the seed."""
        return self.contribution.encode() + self.nonce

    def as_json(self) -> dict[str, str]:
        """The reveal as it stands in a bundle."""
        return {"contribution": self.contribution, "nonce": self.nonce.hex()}


@dataclass(frozen=True)
class Seed:
    """The 32 bytes that decide a draw, and the ids of the parties that did not reveal, in the roster's order."""

    value: bytes
    missing: tuple[str, ...]


def read_reveal(value: Any, place: str) -> Reveal:
    """A reveal from JSON, ``{"contribution": "…", "nonce": "64 hex digits"}``; raises a DrawError naming the place."""
    found = shaped(value, place, needs=("contribution", "nonce"))
    return Reveal(text(found["contribution"], f"{place}.contribution"), hex32(found["nonce"], f"{place}.nonce"))


def commitment(contribution: str, nonce: bytes) -> bytes:
    """SHA-256(contribution in UTF-8 || nonce): what a party hands in before it says anything.

    The nonce is 32 bytes from the system's random numbers, never made up: it keeps a short contribution from being
    guessed. Raises BadShape for another length, BadText for a contribution with more than one spelling.
    """
    if len(nonce) != NONCE_BYTES:
        raise BadShape("nonce", f"应为 {NONCE_BYTES} 字节", f"must be {NONCE_BYTES} bytes")
    return hashlib.sha256(Reveal(text(contribution, "contribution"), nonce).value).digest()


def verify_reveal(committed: bytes, contribution: str, nonce: bytes, *, place: str = "reveal") -> None:
    """Say nothing when a reveal is what was committed to; raise BadReveal when it is not."""
    if commitment(contribution, nonce) != committed:
        raise BadReveal(
            place,
            "揭示的内容与承诺不符，请核对文字与随机串；不符的揭示按未揭示处理",
            "is not what was committed to; check text and nonce; what does not match counts as not revealed",
        )


def seed_bytes(draw_id: str, roster_digest: bytes, values: Sequence[bytes]) -> bytes:
    """SHA-256("qingqu/seed/v1" || draw_id || SHA-256(JCS(frozen)) || for each source: length || value).

    Lengths are 4 bytes, most significant first; the value of a party that did not reveal is empty.
    """
    hashed = hashlib.sha256(DOMAIN + draw_id.encode() + roster_digest)
    for value in values:
        hashed.update(len(value).to_bytes(LENGTH_BYTES, "big") + value)
    return hashed.digest()


def seed_of(
    roster: Roster, *, commitments: Mapping[str, bytes], reveals: Mapping[str, Reveal], public: Mapping[str, str]
) -> Seed:
    """The seed of a draw, from everything its sources gave.

    Each mapping is keyed by source id. Raises BadCommitment for somebody who takes no part and for two equal
    commitments, BadReveal for a reveal without or unlike its commitment, BadSourceValue and BadBeacon for a public
    source, NoLateSource when a party is missing and no public source comes after the deadline.
    """
    _check_commitments(roster, commitments)
    _check_reveals(commitments, reveals)
    _check_public(roster, public)
    missing = tuple(each.id for each in roster.parties if each.id not in reveals)
    # A frozen roster's public sources all come after the reveal deadline: one of them is enough.
    if missing and not roster.public:
        names = "、".join(missing)
        raise NoLateSource(
            "reveals",
            f"{names} 未揭示，且没有在揭示截止之后产生的公开随机源，不能抽取；请重新冻结名单，加上骰子、福彩或 drand",
            f"{names} did not reveal and no public source comes after the deadline, so nothing may be drawn; "
            "freeze the roster anew with dice, a lottery or drand",
        )
    values = [
        public[each.id].encode() if each.is_public else reveals[each.id].value if each.id in reveals else b""
        for each in roster.sources
    ]
    return Seed(seed_bytes(roster.draw_id, bytes.fromhex(roster.digest), values), missing)


def _check_commitments(roster: Roster, commitments: Mapping[str, bytes]) -> None:
    parties = {each.id for each in roster.parties}
    owners: dict[bytes, str] = {}
    for name, committed in commitments.items():
        place = f"commitments.{name}"
        if name not in parties:
            raise BadCommitment(place, "名单中没有这一方", "the roster has no such party")
        other = owners.setdefault(committed, name)
        if other != name:
            raise BadCommitment(
                place, f"与 {other} 的承诺相同，应各自提出", f"is the same as that of {other}; each makes its own"
            )


def _check_reveals(commitments: Mapping[str, bytes], reveals: Mapping[str, Reveal]) -> None:
    for name, reveal in reveals.items():
        place = f"reveals.{name}"
        if name not in commitments:
            raise BadReveal(place, "没有承诺的一方不能揭示", "there is no commitment to reveal")
        verify_reveal(commitments[name], reveal.contribution, reveal.nonce, place=place)


def _check_public(roster: Roster, public: Mapping[str, str]) -> None:
    known = {each.id for each in roster.public}
    unknown = next((name for name in public if name not in known), None)
    if unknown is not None:
        raise BadShape(f"public.{unknown}", "名单中没有这个公开随机源", "the roster has no such public source")
    for source in roster.public:
        check_value(source, public.get(source.id), f"public.{source.id}")
