"""What a seed is made of: the parties, and public sources in a form that allows one spelling of each outcome."""

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast, get_args

from qingqu.engines.draw.canonical import count, mapping, shaped, text
from qingqu.engines.draw.errors import BadBeacon, BadDeadline, BadShape, BadSourceValue

Kind = Literal["PARTY", "DICE", "LOTTERY", "DRAND"]
Game = Literal["SSQ", "QLC", "KL8", "FC3D"]

# drand quicknet, chain hash 52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971.
GENESIS = 1692803367
PERIOD_SECONDS = 3
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
MIN_THROWS, MAX_THROWS = 5, 200
ISSUE = re.compile(r"20\d{5}")
BEACON = re.compile(r"([1-9]\d{0,11}):([0-9a-f]{64}):([0-9a-f]{96})")


@dataclass(frozen=True)
class Pool:
    """A welfare lottery: ``size`` numbers from ``low`` to ``high``, then a special one from 1 to ``special``."""

    size: int
    low: int
    high: int
    special: int
    is_ordered: bool
    example: str

    @property
    def bits(self) -> float:
        """How many equally likely outcomes there are, as a power of two."""
        many = (self.high - self.low + 1) ** self.size if self.is_ordered else math.comb(self.high, self.size)
        return math.log2(many * max(self.special, 1))


# The games of the China Welfare Lottery (双色球, 七乐彩, 快乐8, 福彩3D) and how one outcome is written.
GAMES: Mapping[str, Pool] = {
    "SSQ": Pool(6, 1, 33, 16, is_ordered=False, example="2026101:01,05,12,20,28,33+07"),
    "QLC": Pool(7, 1, 30, 30, is_ordered=False, example="2026101:02,05,12,20,25,28,30+07"),
    "KL8": Pool(20, 1, 80, 0, is_ordered=False, example="2026101:01,02,…,80"),
    "FC3D": Pool(3, 0, 9, 0, is_ordered=True, example="2026101:4,0,7"),
}


@dataclass(frozen=True)
class Source:
    """One source of a seed, fixed before the draw.

    A PARTY has an id only. The public ones have the moment ``at`` they are taken: DICE with the number of ``throws``,
    LOTTERY with ``game`` and ``issue``, DRAND with the quicknet ``round`` of that moment.
    """

    id: str
    kind: Kind
    at: str | None = None
    throws: int | None = None
    game: Game | None = None
    issue: str | None = None
    round: int | None = None

    @property
    def is_public(self) -> bool:
        """Whether it is an outcome that everybody can see, not a party's secret."""
        return self.kind != "PARTY"

    @property
    def bits(self) -> float:
        """How many outcomes a public source has, as a power of two; 0 for a party."""
        if self.kind == "DICE":
            return (self.throws or 0) * math.log2(6)
        if self.kind == "LOTTERY":
            return GAMES[self.game or ""].bits
        return 256.0 if self.kind == "DRAND" else 0.0

    def as_json(self) -> dict[str, Any]:
        """The source as it stands in a frozen roster."""
        fields = ("id", "kind", "at", "throws", "game", "issue", "round")
        return {name: getattr(self, name) for name in fields if getattr(self, name) is not None}


NEEDS: Mapping[str, tuple[str, ...]] = {
    "PARTY": ("id", "kind"),
    "DICE": ("id", "kind", "at", "throws"),
    "LOTTERY": ("id", "kind", "at", "game", "issue"),
    "DRAND": ("id", "kind", "at", "round"),
}


def read_source(value: Any, place: str) -> Source:
    """A source of a roster, checked; raises a DrawError that names the place."""
    kind = mapping(value, place).get("kind", "PARTY")
    if kind not in get_args(Kind):
        raise BadShape(f"{place}.kind", f"应为 {'、'.join(NEEDS)} 之一", f"must be one of {', '.join(NEEDS)}")
    found = shaped(value, place, needs=NEEDS[kind])
    name = text(found["id"], f"{place}.id")
    if kind == "PARTY":
        return Source(name, "PARTY")
    moment(found["at"], f"{place}.at")
    readers = {"DICE": _dice, "LOTTERY": _lottery, "DRAND": _drand}
    return readers[kind](name, found, place)


def _dice(name: str, found: Mapping[str, Any], place: str) -> Source:
    throws = count(found["throws"], f"{place}.throws")
    if not MIN_THROWS <= throws <= MAX_THROWS:
        raise BadShape(
            f"{place}.throws",
            f"应为 {MIN_THROWS} 到 {MAX_THROWS} 次",
            f"must be from {MIN_THROWS} to {MAX_THROWS} throws",
        )
    return Source(name, "DICE", at=found["at"], throws=throws)


def _lottery(name: str, found: Mapping[str, Any], place: str) -> Source:
    game, issue = found["game"], found["issue"]
    if not isinstance(game, str) or game not in GAMES:
        raise BadShape(f"{place}.game", f"应为 {'、'.join(GAMES)} 之一", f"must be one of {', '.join(GAMES)}")
    if not isinstance(issue, str) or not ISSUE.fullmatch(issue):
        raise BadShape(f"{place}.issue", "期号应为七位数字，如 2026101", "must be a seven-digit issue such as 2026101")
    return Source(name, "LOTTERY", at=found["at"], game=cast("Game", game), issue=issue)


def _drand(name: str, found: Mapping[str, Any], place: str) -> Source:
    promised = round_at(found["at"], f"{place}.at")
    if found["round"] != promised or isinstance(found["round"], bool):
        raise BadBeacon(
            f"{place}.round",
            f"{found['at']} 的轮次是 {promised}，不是 {found['round']}",
            f"the round of {found['at']} is {promised}, not {found['round']}",
        )
    return Source(name, "DRAND", at=found["at"], round=promised)


def moment(value: Any, place: str) -> datetime:
    """A moment written in UTC to the second, 2026-09-01T02:00:00Z; raises BadDeadline for any other spelling."""
    if isinstance(value, str) and MOMENT.fullmatch(value):
        try:
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            pass
    raise BadDeadline(
        place,
        "时间应写成协调世界时，如 2026-09-01T02:00:00Z（北京时间减 8 小时）",
        "must be a UTC moment such as 2026-09-01T02:00:00Z (Beijing time less 8 hours)",
    )


def round_at(at: str, place: str = "at") -> int:
    """The first quicknet round that is published at or after a moment; raises BadDeadline before the first."""
    passed = int(moment(at, place).timestamp()) - GENESIS
    if passed < 0:
        raise BadDeadline(place, "早于该信标的第一轮", "earlier than the first round of the beacon")
    return -(-passed // PERIOD_SECONDS) + 1


def published_at(round_number: int) -> datetime:
    """The moment a quicknet round is published."""
    return datetime.fromtimestamp(GENESIS + PERIOD_SECONDS * (round_number - 1), tz=UTC)


def check_value(source: Source, value: Any, place: str) -> str:
    """The value of a public source, in the one spelling it has.

    DICE ``"35162…"``, one digit a throw in the order thrown; LOTTERY ``"2026101:01,05,12,20,28,33+07"``, unordered
    numbers ascending; DRAND ``"round:randomness:signature"`` in small hex. Raises BadSourceValue, or BadBeacon when
    round or randomness are not the ones promised. Whether the beacon is genuine is asked by ``beacons``.
    """
    if not isinstance(value, str):
        raise BadSourceValue(place, "缺少公开随机源的结果", "the outcome of the public source is missing")
    checks = {"DICE": _check_dice, "LOTTERY": _check_lottery, "DRAND": _check_drand}
    checks[source.kind](source, value, place)
    return value


def _check_dice(source: Source, value: str, place: str) -> None:
    if not re.fullmatch(r"[1-6]+", value) or len(value) != source.throws:
        raise BadSourceValue(
            place,
            f"应为 {source.throws} 个 1 到 6 的数字，按掷出顺序连写",
            f"must be {source.throws} digits from 1 to 6 in the order thrown",
        )


def _check_lottery(source: Source, value: str, place: str) -> None:
    pool = GAMES[source.game or ""]
    _issue, _colon, drawn = value.partition(":")
    main, _plus, special = drawn.partition("+")
    width = len(str(pool.high))
    numbers = [int(each) for each in main.split(",") if re.fullmatch(rf"[0-9]{{{width}}}", each)]
    written = ",".join(f"{each:0{width}d}" for each in numbers)
    extra = int(special) if re.fullmatch(r"[0-9]{2}", special) else 0
    if pool.special:
        written += f"+{extra:02d}"
    is_possible = (
        value == f"{source.issue}:{written}"
        and len(numbers) == pool.size
        and all(pool.low <= each <= pool.high for each in numbers)
        and (pool.is_ordered or numbers == sorted(set(numbers)))
        and (not pool.special or (1 <= extra <= pool.special and not (source.game == "QLC" and extra in numbers)))
    )
    if not is_possible:
        raise BadSourceValue(
            place,
            f"不是第 {source.issue} 期可能的开奖号码，应写成 {pool.example}",
            f"not a possible outcome of issue {source.issue}; write it like {pool.example}",
        )


def _check_drand(source: Source, value: str, place: str) -> None:
    found = BEACON.fullmatch(value)
    if found is None:
        raise BadBeacon(place, "应依次写出轮次、随机数、签名，用半角冒号连接", "write it as round:randomness:signature")
    number, randomness, signature = found.groups()
    if int(number) != source.round:
        raise BadBeacon(
            place,
            f"应为第 {source.round} 轮，不是第 {number} 轮",
            f"must be round {source.round}, not round {number}",
        )
    if hashlib.sha256(bytes.fromhex(signature)).hexdigest() != randomness:
        raise BadBeacon(
            place,
            "随机数不是签名的 SHA-256，请核对录入",
            "the randomness is not the SHA-256 of the signature; check what was entered",
        )
