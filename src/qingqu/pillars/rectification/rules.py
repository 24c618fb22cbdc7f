"""Pure decisions about rectifications: which step follows which."""

from qingqu.pillars.rectification.types import Move, State

TRANSITIONS: dict[State, tuple[Move, ...]] = {
    State.ORDERED: (Move("plan", State.PLANNED),),
    State.PLANNED: (Move("plan", State.PLANNED), Move("report", State.DONE)),
    State.DONE: (Move("verify", State.VERIFIED), Move("reopen", State.REOPENED)),
    State.REOPENED: (Move("plan", State.PLANNED), Move("report", State.DONE)),
    State.VERIFIED: (Move("reopen", State.REOPENED),),
}
"""Verified is closed; what turns up later reopens it, and its history stays."""

UNDONE = (State.ORDERED, State.PLANNED, State.REOPENED)
"""States in which the owner still has work to do."""


def may_move(state: str, verb: str) -> bool:
    """Whether ``verb`` is a step out of ``state``."""
    return any(move.verb == verb for move in TRANSITIONS[State(state)])
