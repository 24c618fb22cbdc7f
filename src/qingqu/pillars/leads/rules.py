"""Pure decisions about leads: which step follows which, and which right each step asks for."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from qingqu.kernel.org.types import Right
from qingqu.pillars.leads.types import Kind, Move, State, Track

CLOCK = "DL-02"
"""The rule that says by when a disposition is proposed."""

TRANSITIONS: dict[State, tuple[Move, ...]] = {
    State.RECEIVED: (Move("propose", State.PROPOSED),),
    State.PROPOSED: (
        Move("approve", State.DISPOSED),
        Move("approve", State.CLOSED),
        Move("return", State.RECEIVED),
        Move("return", State.DISPOSED),
    ),
    State.DISPOSED: (Move("propose", State.PROPOSED),),
    State.CLOSED: (),
}
"""A lead is closed only by an approved 予以了结; there is no other way into CLOSED."""


def may_move(state: str, verb: str) -> bool:
    """Whether ``verb`` is a step out of ``state``."""
    return any(move.verb == verb for move in TRANSITIONS[State(state)])


def after_approval(kind: str) -> State:
    """The state that follows when a disposition of ``kind`` is approved."""
    return State.CLOSED if kind == Kind.SETTLE else State.DISPOSED


def after_return(*, was_disposed: bool) -> State:
    """The state a returned lead goes back to: where it stood before the proposal."""
    return State.DISPOSED if was_disposed else State.RECEIVED


def approving_right(track: str) -> Right:
    """The right that approves a disposition on ``track``.

    Discipline matters are approved inside the stationed discipline group by another person of the group:
    the education bureau's accounts see no T1 content (rulebook §1).
    """
    return Right.MANAGE_LEADS if track == Track.DISCIPLINE else Right.APPROVE_LEADS


def canonical(evidence: Mapping[str, Any]) -> bytes:
    """The evidence as the bytes that are hashed: sorted keys, no blanks, UTF-8."""
    return json.dumps(evidence, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def evidence_hash(evidence: Mapping[str, Any]) -> str:
    """The SHA-256 of the evidence, in hexadecimal."""
    return hashlib.sha256(canonical(evidence)).hexdigest()
