"""Pure decisions about petitions: which step follows which, who takes it, and which rule gives its clock."""

from collections.abc import Collection

from qingqu.kernel.org.types import Grant, Right, Role
from qingqu.pillars.petitions.types import Channel, Kind, Level, Move, State

PASSED_ON = frozenset({Channel.PASSED_ON, Channel.ASSIGNED})
"""Channels by which another authority sends a petition here."""

OBJECTION, HANDLING, EXTENSION, REPRESENTATIVES = "XF-03", "XF-04", "XF-05", "XF-10"
"""Rules: objection to what was passed on, the term of a claim, its one extension, how many may speak for many."""

DECIDED_BY: dict[Level, str] = {Level.FIRST: HANDLING, Level.REVIEW: "XF-07", Level.RECHECK: "XF-09"}
"""The rule that says by when each opinion is given."""

ASKED_BY: dict[Level, str] = {Level.REVIEW: "XF-06", Level.RECHECK: "XF-08"}
"""The rule that says until when the petitioner may ask for it."""

REMEDY: dict[Level, Level | None] = {Level.FIRST: Level.REVIEW, Level.REVIEW: Level.RECHECK, Level.RECHECK: None}
"""What the petitioner may ask for after each opinion; after the re-check nothing (XF-14)."""

TRANSITIONS: dict[State, tuple[Move, ...]] = {
    State.REGISTERED: (
        Move("accept", State.ACCEPTED),
        Move("refuse", State.REFUSED),
        Move("transfer", State.TRANSFERRED),
        Move("refer", State.REFERRED),
        Move("object", State.OBJECTED),
    ),
    State.ACCEPTED: (Move("begin", State.HANDLING), Move("refer", State.REFERRED)),
    State.HANDLING: (
        Move("extend", State.HANDLING),
        Move("conclude", State.ANSWERED),
        Move("refer", State.REFERRED),
    ),
    State.ANSWERED: (Move("ask_review", State.REVIEWING), Move("close", State.CLOSED)),
    State.REVIEWING: (Move("review", State.REVIEWED),),
    State.REVIEWED: (Move("ask_recheck", State.RECHECKING), Move("close", State.CLOSED)),
    State.RECHECKING: (
        Move("hear", State.RECHECKING),
        Move("resume", State.RECHECKING),
        Move("recheck", State.CLOSED),
    ),
    State.TRANSFERRED: (Move("receipt", State.TRANSFERRED),),
    State.REFERRED: (Move("receipt", State.REFERRED),),
    State.REFUSED: (),
    State.OBJECTED: (),
    State.CLOSED: (),
}
"""A petition that was taken leaves by an opinion, or by the discipline exit (XF-16); nothing leads out of an end."""

VERBS = tuple(dict.fromkeys(move.verb for moves in TRANSITIONS.values() for move in moves))
"""Every step, in the order in which it may first come."""

OPEN = (State.REGISTERED, State.ACCEPTED, State.HANDLING, State.ANSWERED, State.REVIEWING, State.REVIEWED)
IN_PROGRESS = (*OPEN, State.RECHECKING)
"""States in which the same matter is not taken again (XF-14)."""

_DECIDES = (Right.HANDLE_PETITIONS, Right.APPROVE_PETITIONS)

NEEDS: dict[str, tuple[Right, ...]] = {
    **dict.fromkeys(VERBS, (Right.HANDLE_PETITIONS,)),
    "extend": (Right.APPROVE_PETITIONS,),
    "review": _DECIDES,
    "recheck": _DECIDES,
}
"""Which rights carry each step, any of them; the handler's seat carries what HANDLE_PETITIONS carries."""


def next_state(state: str, verb: str) -> State | None:
    """Where ``verb`` leads from ``state``; None when it is no step there."""
    return next((move.to for move in TRANSITIONS[State(state)] if move.verb == verb), None)


def telling(channel: str) -> str:
    """The rule that says by when the petitioner is told: of the decision, or of the receipt of what was passed on."""
    return "XF-02" if channel in PASSED_ON else "XF-01"


def has_term(kind: str) -> bool:
    """Whether a petition of this kind is settled within a term: claims only. Law: XF-04."""
    return kind == Kind.CLAIM


def own_line(grants: Collection[Grant]) -> frozenset[int]:
    """The units a complaint against which is closed to the holder of these posts: the own units and those above.

    The stationed discipline group belongs to none of the units it looks at. Law: XF-11.
    """
    paths = [grant.unit_path for grant in grants if grant.role != Role.DISCIPLINE]
    return frozenset(int(part) for path in paths for part in path.split("/") if part)


def is_handed_to_the_accused(*, unit_path: str, to_path: str, to_organ: str, names: Collection[str]) -> bool:
    """Whether a complaint would go to the unit it is against, to a unit below it, or to somebody it is about.

    ``names`` are those of the unit and of the people. Law: XF-11.
    """
    inside = bool(to_path) and to_path.startswith(unit_path)
    return inside or any(name and name in to_organ for name in names)
