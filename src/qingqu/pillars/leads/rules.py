"""Pure decisions about leads: which step follows which, and which right each step asks for."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from qingqu.kernel.org.types import Right, Role
from qingqu.pillars.leads.types import Exit, Kind, Move, Source, State, Track

CLOCK = "DL-02"
"""The rule that says by when a disposition is proposed."""

TALK_CLOCK = "DL-05"
"""The rule that says by when a disposition follows a talk or a written answer."""

FEEDBACK_CLOCK = "WB-16"
"""The rule that says by when a named reporter is told what came of it."""

ASSIGNMENT_CLOCK = "WB-10"
"""The rule that says by when an assignment by a higher body is finished."""

UPWARD_CLOCK = "WB-04"
"""The rule that says by when a matter for a higher level is handed up."""

MANAGED_ABOVE = (Role.LEADER,)
"""Whose holders a higher level manages: the leaders of the education authority (rulebook §1)."""

BY_HAND = (Source.HAND, Source.ASSIGNMENT, Source.TRANSFER, Source.DUTY)
"""The sources a lead entered by hand may name."""

STUDIED_BY = 2
"""How many take part at least: one person studies nothing collectively (the word 集体 of WB-08)."""

TRANSITIONS: dict[State, tuple[Move, ...]] = {
    State.RECEIVED: (Move("propose", State.PROPOSED), Move("merge", State.MERGED)),
    State.PROPOSED: (
        Move("study", State.PROPOSED),
        Move("approve", State.DISPOSED),
        Move("approve", State.CLOSED),
        Move("return", State.RECEIVED),
        Move("return", State.DISPOSED),
    ),
    State.DISPOSED: (Move("talk", State.DISPOSED), Move("propose", State.PROPOSED)),
    State.CLOSED: (),
    State.MERGED: (),
}
"""A lead is closed only by an approved 予以了结: no other way leads into CLOSED. A merged one goes on in its master."""

FINISHED = (State.CLOSED, State.MERGED)
"""The states of a lead that nobody works on."""

EXITS: dict[Kind, dict[Exit, tuple[Kind, ...]]] = {
    Kind.TALK: {
        Exit.ACCEPTED: (Kind.SETTLE,),
        Exit.MEASURE: (Kind.SETTLE,),
        Exit.AGAIN: (Kind.TALK,),
        Exit.JOINED: (Kind.VERIFY,),
        Exit.CHECK: (Kind.VERIFY,),
    },
    Kind.VERIFY: {
        Exit.SETTLED: (Kind.SETTLE,),
        Exit.FILED: (Kind.SETTLE,),
        Exit.REMINDED: (Kind.SETTLE,),
        Exit.PASSED: (Kind.SETTLE,),
        Exit.HELD: (Kind.HOLD,),
    },
    Kind.HOLD: {Exit.REVIEWED: tuple(Kind)},
    Kind.SETTLE: {},
}
"""{approved disposition: {way out of it: dispositions proposed with it}}; closed lists. Law: DL-06, DL-10."""


def exits(previous: str | None) -> tuple[Exit, ...]:
    """The ways out of an approved disposition; none while there is no such disposition."""
    return tuple(EXITS[Kind(previous)]) if previous else ()


def kinds_after(previous: str | None) -> tuple[Kind, ...]:
    """The dispositions that may be proposed next: all four at first, then those an exit of the approved one allows."""
    if previous is None:
        return tuple(Kind)
    allowed = {kind for kinds in EXITS[Kind(previous)].values() for kind in kinds}
    return tuple(kind for kind in Kind if kind in allowed)


def exit_for(previous: str | None, kind: str, given: str = "") -> Exit | None:
    """The way out that a next proposal of ``kind`` takes: the one given, else the first that leads there.

    None for the first proposal. Raises ValueError when the approved disposition has no such way out.
    """
    if previous is None and not given:
        return None
    ways = EXITS[Kind(previous)] if previous else {}
    fitting = [way for way, kinds in ways.items() if kind in kinds and given in {"", way}]
    if not fitting:
        message = f"no way out of {previous} by {given or kind}"
        raise ValueError(message)
    return fitting[0]


def may_be_above(track: str, source_kind: str) -> bool:
    """Whether a lead is asked if it is about somebody a higher level manages before anything of it is written.

    Asked on the discipline track and of everything entered by hand; a hint that this system found itself is here
    already. Law: WB-05.
    """
    return track == Track.DISCIPLINE or source_kind in BY_HAND


def needs_study(track: str) -> bool:
    """Whether a disposition is studied collectively before it is approved.

    The rule binds the discipline organs, so it holds on their track; elsewhere a study may be recorded. Law: WB-08.
    """
    return track == Track.DISCIPLINE


def may_become_case(state: str, track: str) -> bool:
    """Whether a lead may be taken up as a teacher-conduct case: disposed of, on the track of the education bureau."""
    return state == State.DISPOSED and track == Track.EDUCATION


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
