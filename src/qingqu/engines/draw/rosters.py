"""The frozen roster: who may be drawn, how many, by what rule, from which sources and by when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from qingqu.engines.draw import canonical
from qingqu.engines.draw.canonical import count, mapping, sequence, shaped, text
from qingqu.engines.draw.differences import differences
from qingqu.engines.draw.errors import BadDeadline, BadShape, Duplicate, Empty, TooMany, UnknownAlgorithm, WeakSources
from qingqu.engines.draw.sources import Source, moment, read_source
from qingqu.engines.draw.tickets import ALGORITHMS, DEFAULT_ALGORITHM

VERSION = 1
KIND = re.compile(r"[A-Z][A-Z0-9_]{0,31}")
DEADLINES = ("commit_by", "reveal_by")
# Public sources alone must leave as many outcomes as a 128-bit key: about fifty dice.
MIN_PUBLIC_BITS = 128


@dataclass(frozen=True)
class Roster:
    """Everything that is fixed before anybody can know the seed.

    ``strata`` is {stratum: (entry id, …)}, ids in ascending order so that nobody's place in a list matters; ``quotas``
    and ``reserves`` are {stratum: how many}; ``sources`` are in the order in which they enter the seed; ``deadlines``
    is {"commit_by": …, "reveal_by": …}, empty when no party takes part.
    """

    draw_id: str
    kind: str
    strata: Mapping[str, tuple[str, ...]]
    quotas: Mapping[str, int]
    reserves: Mapping[str, int]
    algorithm: str
    sources: tuple[Source, ...]
    deadlines: Mapping[str, str]

    @property
    def parties(self) -> tuple[Source, ...]:
        """The sources that commit and reveal."""
        return tuple(each for each in self.sources if not each.is_public)

    @property
    def public(self) -> tuple[Source, ...]:
        """The sources that everybody can see."""
        return tuple(each for each in self.sources if each.is_public)

    def as_json(self) -> dict[str, Any]:
        """The roster as JSON values, the form that is hashed and published."""
        return {
            "v": VERSION,
            "draw_id": self.draw_id,
            "kind": self.kind,
            "algorithm": self.algorithm,
            "strata": {stratum: list(ids) for stratum, ids in self.strata.items()},
            "quotas": dict(self.quotas),
            "reserves": dict(self.reserves),
            "sources": [each.as_json() for each in self.sources],
            "deadlines": dict(self.deadlines),
        }

    @cached_property
    def encoded(self) -> bytes:
        """The canonical JSON of the roster (RFC 8785)."""
        return canonical.encode(self.as_json())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of ``encoded`` in hex: what is published before the draw."""
        return canonical.sha256(self.encoded)


def freeze(content: Any, place: str = "roster") -> Roster:
    """A roster from JSON values as a person writes them.

    ``v``, ``algorithm``, ``reserves`` and, without parties, ``deadlines`` may be left out; entries may stand in any
    order. Raises a DrawError naming the place of whatever is missing, doubled, hidden, too many or too early.
    """
    found = shaped(
        content,
        place,
        needs=("draw_id", "kind", "strata", "quotas", "sources"),
        may=("v", "algorithm", "reserves", "deadlines"),
    )
    if found.get("v", VERSION) != VERSION or isinstance(found.get("v"), bool):
        raise BadShape(f"{place}.v", f"应为 {VERSION}", f"must be {VERSION}")
    strata = _strata(found["strata"], f"{place}.strata")
    sizes = {stratum: len(ids) for stratum, ids in strata.items()}
    quotas = _counts(found["quotas"], sizes, f"{place}.quotas", needs_all=True)
    if not any(quotas.values()):
        raise Empty(f"{place}.quotas", "至少抽取一个", "at least one must be drawn")
    rest = {stratum: sizes[stratum] - quotas[stratum] for stratum in sizes}
    reserves = _counts(found.get("reserves", {}), rest, f"{place}.reserves", needs_all=False)
    sources = _sources(found["sources"], f"{place}.sources")
    return Roster(
        draw_id=text(found["draw_id"], f"{place}.draw_id"),
        kind=_kind(found["kind"], f"{place}.kind"),
        strata=strata,
        quotas=quotas,
        reserves=reserves,
        algorithm=_algorithm(found.get("algorithm", DEFAULT_ALGORITHM), f"{place}.algorithm"),
        sources=sources,
        deadlines=_deadlines(found.get("deadlines", {}), sources, place),
    )


def read_roster(content: Any, place: str = "frozen") -> Roster:
    """A frozen roster from JSON values that are already in the form ``freeze`` gives; raises a DrawError otherwise."""
    roster = freeze(content, place)
    changed = differences(content, roster.as_json(), place)
    if changed:
        raise BadShape(
            changed[0].place,
            "不是冻结后的规范形式（次序或缺项），请用冻结后的文件",
            "not in frozen form (order, or something left out); use the frozen file",
        )
    return roster


def _strata(value: Any, place: str) -> dict[str, tuple[str, ...]]:
    strata = mapping(value, place)
    if not strata:
        raise Empty(place, "至少要有一个分层", "must hold at least one stratum")
    seen: dict[str, str] = {}
    found: dict[str, tuple[str, ...]] = {}
    for stratum, ids in strata.items():
        text(stratum, place)
        inside = f"{place}.{stratum}"
        for index, entry_id in enumerate(sequence(ids, inside)):
            _once(text(entry_id, f"{inside}[{index}]"), f"{inside}[{index}]", seen)
        if not ids:
            raise Empty(inside, "分层中没有对象，请补上或删去该分层", "the stratum is empty; fill it or take it out")
        found[stratum] = tuple(sorted(ids))
    return found


def _once(name: str, place: str, seen: dict[str, str]) -> None:
    first = seen.setdefault(name, place)
    if first is not place:
        raise Duplicate(place, f"“{name}”与 {first} 重复，请删去一个", f"“{name}” stands at {first} too; take one out")


def _counts(value: Any, limits: Mapping[str, int], place: str, *, needs_all: bool) -> dict[str, int]:
    found = mapping(value, place)
    unknown = next((stratum for stratum in found if stratum not in limits), None)
    if unknown is not None:
        raise BadShape(f"{place}.{unknown}", "没有这个分层", "there is no such stratum")
    counts: dict[str, int] = {}
    for stratum, limit in limits.items():
        inside = f"{place}.{stratum}"
        if needs_all and stratum not in found:
            raise BadShape(inside, "缺少名额", "the number to draw is missing")
        counts[stratum] = count(found.get(stratum, 0), inside)
        if counts[stratum] > limit:
            raise TooMany(inside, f"最多只有 {limit} 个可抽", f"only {limit} are there to be drawn")
    return counts


def _kind(value: Any, place: str) -> str:
    if not isinstance(value, str) or not KIND.fullmatch(value):
        raise BadShape(place, "应为大写代码，如 SCHOOLS", "must be a code in capitals such as SCHOOLS")
    return value


def _algorithm(value: Any, place: str) -> str:
    if not isinstance(value, str) or value not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise UnknownAlgorithm(place, f"应为 {known} 之一", f"must be one of {known}")
    return value


def _sources(value: Any, place: str) -> tuple[Source, ...]:
    given = sequence(value, place)
    if not given:
        raise Empty(place, "至少要有一个随机源", "must hold at least one source")
    found = tuple(read_source(each, f"{place}[{index}]") for index, each in enumerate(given))
    seen: dict[str, str] = {}
    for index, source in enumerate(found):
        _once(source.id, f"{place}[{index}].id", seen)
    if all(each.is_public for each in found) and sum(each.bits for each in found) < MIN_PUBLIC_BITS:
        raise WeakSources(
            place,
            "公开随机源的可能结果太少；请增加一方承诺人、drand 信标，或掷满 50 次骰子",
            "the public sources have too few outcomes; add a party, a drand beacon, or throw 50 dice",
        )
    return found


def _deadlines(value: Any, sources: tuple[Source, ...], roster: str) -> dict[str, str]:
    place = f"{roster}.deadlines"
    has_parties = any(not each.is_public for each in sources)
    found = shaped(value, place, needs=DEADLINES if has_parties else ())
    moments = [moment(found[name], f"{place}.{name}") for name in DEADLINES if name in found]
    if any(later <= earlier for earlier, later in pairwise(moments)):
        raise BadDeadline(f"{place}.reveal_by", "应晚于承诺截止时间", "must be later than commit_by")
    for index, source in enumerate(sources):
        if moments and source.at is not None and moment(source.at, roster) <= moments[-1]:
            raise BadDeadline(
                f"{roster}.sources[{index}].at",
                "公开随机源应在揭示截止之后产生，否则最后揭示的人可以挑选结果",
                "must be later than reveal_by, or whoever reveals last can choose the outcome",
            )
    return {name: found[name] for name in DEADLINES if name in found}
