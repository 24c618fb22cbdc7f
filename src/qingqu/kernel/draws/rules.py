"""Pure decisions about draws: steps, clocks, the roster from what a person gives, digests of recused entries."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from qingqu.engines.draw.canonical import digest
from qingqu.engines.draw.sources import round_at
from qingqu.kernel.draws.types import Kind, Line, Move, SourceKind, State, Terms

TRANSITIONS: dict[State, tuple[Move, ...]] = {
    State.DRAFT: (
        Move("change", State.DRAFT),
        Move("link", State.DRAFT),
        Move("freeze", State.FROZEN),
        Move("abandon", State.ABANDONED),
    ),
    State.FROZEN: (
        Move("link", State.FROZEN),
        Move("recuse", State.FROZEN),
        Move("commit", State.COMMITTING),
        Move("close", State.REVEALING),
        Move("abandon", State.ABANDONED),
    ),
    State.COMMITTING: (
        Move("link", State.COMMITTING),
        Move("recuse", State.COMMITTING),
        Move("commit", State.COMMITTING),
        Move("close", State.REVEALING),
        Move("abandon", State.ABANDONED),
    ),
    State.REVEALING: (
        Move("link", State.REVEALING),
        Move("recuse", State.REVEALING),
        Move("reveal", State.REVEALING),
        Move("record", State.REVEALING),
        Move("confirm", State.REVEALING),
        Move("draw", State.DRAWN),
        Move("abandon", State.ABANDONED),
    ),
    State.DRAWN: (),
    State.ABANDONED: (),
}
"""Drawn is final: there is no second try. Abandoning ends where the public source begins."""

PERSONAL = frozenset({Kind.INSPECTORS, Kind.EXPERTS, Kind.CHILDREN})
"""What is drawn here are people: the public reads their numbers, never their names."""

WHOLE = "全部"
"""The one stratum of a roster that names none."""

HEADS = frozenset({"名称", "姓名", "单位", "学校"})
"""First cells that are a heading, not an entry."""

_CELL = re.compile(r"[\t,\uff0c]")
_LEAST_DIGITS = 4
_RECUSAL = "qingqu/recusal/v1"


def may_move(state: str, verb: str) -> bool:
    """Whether ``verb`` is a step out of ``state``."""
    return any(move.verb == verb for move in TRANSITIONS[State(state)])


def are_in_order(at: datetime, terms: Terms) -> bool:
    """Whether committing, revealing and the public source follow one another, and all are still to come."""
    return at < terms.commit_by < terms.reveal_by < terms.source_at


def is_personal(kind: str, *, has_public_names: bool) -> bool:
    """Whether the public reads numbers instead of labels; only a free roster may choose."""
    if kind == Kind.FREE:
        return not has_public_names
    return kind in PERSONAL


def lines(text: str) -> list[Line]:
    """The entries of a pasted list: one a line, ``label, stratum, number``, the last two may be left out.

    Cells are separated by tabs or commas of either width; blank lines and a line of headings are passed over.
    """
    rows = ([cell.strip() for cell in _CELL.split(line)] for line in text.splitlines() if line.strip())
    padded = ([*row, "", ""] for row in rows if row[0] not in HEADS)
    return [Line(label, stratum, number) for label, stratum, number, *_rest in padded]


def counts(text: str, strata: Iterable[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Quotas and reserves from ``stratum, quota, reserves`` a line; with one stratum the numbers alone will do.

    Without any line every entry is drawn: the order of a rollout. Raises ValueError with the line that cannot be read.
    """
    known = list(strata)
    quotas: dict[str, int] = {}
    reserves: dict[str, int] = {}
    for line in filter(str.strip, text.splitlines()):
        cells = [cell.strip() for cell in _CELL.split(line)]
        if len(known) == 1 and cells[0].isdigit():
            cells.insert(0, known[0])
        name, numbers = cells[0], cells[1:]
        if name not in known or name in quotas or not _are_numbers(numbers):
            raise ValueError(line.strip())
        quotas[name] = int(numbers[0])
        reserves[name] = int(numbers[1]) if len(numbers) > 1 else 0
    return quotas, reserves


def _are_numbers(cells: Sequence[str]) -> bool:
    return len(cells) in {1, 2} and all(cell.isascii() and cell.isdigit() and len(cell) < 7 for cell in cells)  # noqa: PLR2004 - quota and reserves, below a million


def numbered(given: Sequence[Line], *, is_personal: bool) -> list[Line]:
    """The lines with their public number: the one they bring, a running number for people, else the label itself."""
    width = max(_LEAST_DIGITS, len(str(len(given))))
    return [
        Line(
            line.label,
            line.stratum or WHOLE,
            line.number or (f"{place:0{width}d}" if is_personal else line.label),
            line.unit_id,
        )
        for place, line in enumerate(given, start=1)
    ]


def roster(
    *,
    number: str,
    kind: str,
    entries: Iterable[tuple[str, str]],
    quotas: Mapping[str, int],
    reserves: Mapping[str, int],
    parties: Sequence[str],
    terms: Terms,
) -> dict[str, Any]:
    """The roster as the engine freezes it; ``entries`` are (stratum, public number); without quotas all are drawn."""
    strata: dict[str, list[str]] = {}
    for stratum, entry_id in entries:
        strata.setdefault(stratum, []).append(entry_id)
    wanted = (
        {stratum: quotas.get(stratum, 0) for stratum in strata} if quotas else {k: len(v) for k, v in strata.items()}
    )
    return {
        "draw_id": number,
        "kind": str(kind),
        "strata": strata,
        "quotas": wanted,
        "reserves": {stratum: count for stratum, count in reserves.items() if stratum in strata},
        "sources": [*({"id": name, "kind": "PARTY"} for name in parties), source(terms)],
        "deadlines": {"commit_by": moment(terms.commit_by), "reveal_by": moment(terms.reveal_by)} if parties else {},
    }


PUBLIC_SOURCE = "公开随机源"
"""The id of the public source in every roster."""


def source(terms: Terms) -> dict[str, Any]:
    """The public source as the engine reads it; a beacon is the round of its moment. Raises a DrawError."""
    at = moment(terms.source_at)
    facts: dict[SourceKind, dict[str, Any]] = {
        SourceKind.DICE: {"throws": terms.throws},
        SourceKind.LOTTERY: {"game": terms.game, "issue": terms.issue},
    }
    own = facts.get(terms.source_kind) or {"round": round_at(at)}
    return {"id": PUBLIC_SOURCE, "kind": str(terms.source_kind), "at": at, **own}


def moment(at: datetime) -> str:
    """A moment in UTC to the second, as a roster spells it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def recusal_digest(number: str, stratum: str, entry_id: str, salt: str) -> str:
    """What the log says of a recused entry: SHA-256 over its name and a random salt, opened by the result's bundle."""
    return digest([_RECUSAL, number, stratum, entry_id, salt])


def recusal_words(salt: str) -> str:
    """What a bundle says instead of the reason, with the salt that opens the log's digest."""
    return f"回避理由存档备查 / reason kept on file; salt {salt}"
