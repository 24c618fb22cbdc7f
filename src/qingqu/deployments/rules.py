"""Pure decisions of the spine: which act leads where, what is missing, the pillars' words."""

from collections.abc import Collection
from datetime import date

from qingqu.deployments.types import Hole, Move, Pillar, Recurrence, State

TRANSITIONS: dict[State, tuple[Move, ...]] = {
    State.PENDING: (
        Move("accept", State.ACCEPTED),
        Move("decompose", State.DECOMPOSED),
        Move("withdraw", State.WITHDRAWN),
    ),
    State.ACCEPTED: (
        Move("decompose", State.DECOMPOSED),
        Move("complete", State.DONE),
        Move("withdraw", State.WITHDRAWN),
    ),
    State.DECOMPOSED: (
        Move("decompose", State.DECOMPOSED),
        Move("complete", State.DONE),
        Move("withdraw", State.WITHDRAWN),
    ),
    State.DONE: (),
    State.WITHDRAWN: (),
}
"""Every allowed act on an assignment; what is not here is refused."""

PILLAR_NUMBERS: dict[Pillar, int] = {pillar: number for number, pillar in enumerate(Pillar, start=1)}

PILLAR_WORDS: dict[Pillar, str] = {
    Pillar.LEARNING: "思想引领",
    Pillar.SAFEGUARDS: "制度机制",
    Pillar.ETHICS: "师德师风",
    Pillar.SUPERVISION: "监督执纪",
    Pillar.PARTY: "党建融合",
}
"""The keyword of each pillar, as workbooks write it."""

RECURRENCE_WORDS: dict[Recurrence, str] = {
    Recurrence.ONCE: "一次",
    Recurrence.MONTHLY: "每月",
    Recurrence.QUARTERLY: "每季度",
    Recurrence.TERM: "每学期",
    Recurrence.YEARLY: "每年",
    Recurrence.STANDING: "常态化",
}

EVIDENCE_KINDS: tuple[str, ...] = (
    "audit.run_finished",
    "audit.flag_triaged",
    "lead.disposed",
    "rectification.planned",
    "rectification.closed",
    "publication.published",
    "relationship.declared",
)
"""The kinds of events that a measure may take as its evidence."""


def next_state(state: State, act: str) -> State | None:
    """The state an act leads to; None when it is not allowed from here."""
    return next((move.to for move in TRANSITIONS[state] if move.act == act), None)


def acts_from(state: State) -> tuple[str, ...]:
    """The acts allowed from a state."""
    return tuple(move.act for move in TRANSITIONS[state])


def holes_of(
    *, has_owner: bool, starts_on: date | None, ends_on: date | None, units: int, pending: int, evidence: int
) -> tuple[Hole, ...]:
    """What is missing for one measure, in the order of the list of holes."""
    found = (
        (Hole.NO_OWNER, not has_owner),
        (Hole.NO_DATE, starts_on is None or ends_on is None),
        (Hole.NO_EVIDENCE, evidence == 0),
        (Hole.NOT_CASCADED, units == 0),
        (Hole.NOT_TAKEN, pending > 0),
    )
    return tuple(hole for hole, is_there in found if is_there)


def nearest(ancestors: Collection[int], path: str) -> int | None:
    """Of the units in ``ancestors`` the one nearest to the unit at ``path``, itself included; None when none is."""
    line = [int(part) for part in path.split("/") if part]
    return next((unit_id for unit_id in reversed(line) if unit_id in ancestors), None)


def natural_id(measure_id: int, post_id: int) -> str:
    """What names an assignment before it is written: measure and post."""
    return f"{measure_id}-{post_id}"
