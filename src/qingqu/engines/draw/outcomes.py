"""A draw from a frozen roster and what its sources gave, and its result as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qingqu.engines.draw import canonical
from qingqu.engines.draw.canonical import hex32, mapping, sequence, shaped, text
from qingqu.engines.draw.errors import Duplicate
from qingqu.engines.draw.rosters import Roster
from qingqu.engines.draw.seeds import Reveal, read_reveal, seed_of
from qingqu.engines.draw.selection import select

RESULT_VERSION = 1


@dataclass(frozen=True)
class Recusal:
    """An entry that is passed over, and the logged reason."""

    stratum: str
    entry_id: str
    reason: str

    def as_json(self) -> dict[str, str]:
        """The recusal as it stands in a bundle."""
        return {"stratum": self.stratum, "id": self.entry_id, "reason": self.reason}


@dataclass(frozen=True)
class Inputs:
    """What comes after the freeze: {party: commitment}, {party: reveal}, {public source: value}, recusals."""

    commitments: Mapping[str, bytes] = field(default_factory=dict)
    reveals: Mapping[str, Reveal] = field(default_factory=dict)
    public: Mapping[str, str] = field(default_factory=dict)
    recusals: Sequence[Recusal] = ()

    def as_json(self) -> dict[str, Any]:
        """The inputs as they stand in a bundle."""
        return {
            "commitments": {name: committed.hex() for name, committed in self.commitments.items()},
            "reveals": {name: reveal.as_json() for name, reveal in self.reveals.items()},
            "public": dict(self.public),
            "recusals": [each.as_json() for each in self.recusals],
        }


def read_inputs(content: Mapping[str, Any], place: str = "") -> Inputs:
    """Inputs from JSON values; parts that are left out are empty. Raises a DrawError naming the place."""
    at = f"{place}." if place else ""
    return Inputs(
        commitments={
            text(name, f"{at}commitments"): hex32(value, f"{at}commitments.{name}")
            for name, value in mapping(content.get("commitments", {}), f"{at}commitments").items()
        },
        reveals={
            text(name, f"{at}reveals"): read_reveal(value, f"{at}reveals.{name}")
            for name, value in mapping(content.get("reveals", {}), f"{at}reveals").items()
        },
        public=dict(mapping(content.get("public", {}), f"{at}public")),
        recusals=_recusals(content.get("recusals", []), f"{at}recusals"),
    )


def _recusals(value: Any, place: str) -> tuple[Recusal, ...]:
    found: dict[tuple[str, str], Recusal] = {}
    for index, each in enumerate(sequence(value, place)):
        inside = f"{place}[{index}]"
        given = shaped(each, inside, needs=("stratum", "id", "reason"))
        recusal = Recusal(*(text(given[name], f"{inside}.{name}") for name in ("stratum", "id", "reason")))
        if found.setdefault((recusal.stratum, recusal.entry_id), recusal) is not recusal:
            raise Duplicate(inside, "同一对象已经回避", "the same entry is recused already")
    return tuple(found.values())


def run(roster: Roster, inputs: Inputs) -> dict[str, Any]:
    """The result of a draw as JSON values.

    ``{"v": 1, "draw_id": …, "algorithm": …, "seed": hex, "missing": [party, …], "inputs": {part: SHA-256 in hex},
    "strata": {stratum: {"chosen": [id, …], "reserves": [id, …], "skipped": [id, …]}}}``. ``inputs`` has one digest
    each for commitments, frozen, public, recusals and reveals, so that a change of any of them can be named. Raises
    what ``seeds.seed_of`` and ``selection.select`` raise.
    """
    found = seed_of(roster, commitments=inputs.commitments, reveals=inputs.reveals, public=inputs.public)
    recused: dict[str, list[str]] = {}
    for each in inputs.recusals:
        recused.setdefault(each.stratum, []).append(each.entry_id)
    selected = select(
        found.value,
        roster.draw_id,
        roster.strata,
        roster.quotas,
        reserves=roster.reserves,
        recused=recused,
        algorithm=roster.algorithm,
    )
    return {
        "v": RESULT_VERSION,
        "draw_id": roster.draw_id,
        "algorithm": roster.algorithm,
        "seed": found.value.hex(),
        "missing": list(found.missing),
        "inputs": {
            "frozen": roster.digest,
            **{part: canonical.digest(value) for part, value in inputs.as_json().items()},
        },
        "strata": {
            stratum: {"chosen": each.chosen, "reserves": each.reserves, "skipped": each.skipped}
            for stratum, each in selected.items()
        },
    }


def encode_result(result: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a result, with one newline: what every replay script prints."""
    return canonical.encode(result) + b"\n"
