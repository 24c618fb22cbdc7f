"""Pure decisions about cases: steps, periods, authority, locks, and what a decision must hold."""

import re
from collections.abc import Collection, Mapping
from datetime import date

from qingqu.engines import statutes
from qingqu.pillars.cases.types import (
    Authority,
    Body,
    Group,
    Lock,
    Move,
    Outcome,
    Part,
    RemedyKind,
    RemedyState,
    Sanction,
    SchoolKind,
    State,
    TransferOutcome,
    Treatment,
    Voice,
)

TRANSITIONS: dict[State, tuple[Move, ...]] = {
    State.ACCEPTED: (Move("investigate", State.INVESTIGATING),),
    State.INVESTIGATING: (Move("notify", State.NOTIFIED), Move("dismiss", State.NOT_HANDLED)),
    State.NOTIFIED: (Move("hear", State.HEARD),),
    State.HEARD: (
        Move("hear", State.HEARD),
        Move("supplement", State.INVESTIGATING),
        Move("propose", State.PROPOSED),
    ),
    State.PROPOSED: (
        Move("decide", State.DECIDED),
        Move("return", State.HEARD),
        Move("dismiss", State.NOT_HANDLED),
    ),
    State.DECIDED: (Move("serve", State.SERVED),),
    State.SERVED: (
        Move("file", State.EFFECTIVE),
        Move("vary", State.DECIDED),
        Move("revoke", State.REVOKED),
    ),
    State.EFFECTIVE: (
        Move("release", State.RELEASED),
        Move("vary", State.DECIDED),
        Move("revoke", State.REVOKED),
    ),
    State.RELEASED: (Move("revoke", State.REVOKED),),
    State.NOT_HANDLED: (Move("clarify", State.CLARIFIED),),
    State.CLARIFIED: (),
    State.REVOKED: (),
}
"""A decision comes only after a statement and a proposal; nothing leaves a name cleared or a decision revoked."""

REMEDY_TRANSITIONS: dict[RemedyState, tuple[Move, ...]] = {
    RemedyState.FILED: (Move("decide", RemedyState.DECIDED),),
    RemedyState.DECIDED: (),
}
"""What is asked against a decision is answered once."""

BEFORE_DECISION = (State.ACCEPTED, State.INVESTIGATING, State.NOTIFIED, State.HEARD, State.PROPOSED)
STANDING = (State.SERVED, State.EFFECTIVE, State.RELEASED)
"""States in which a decision is in the person's hands and stands."""

SHOWN_TO_SCHOOL = tuple(state for state in State if state not in {State.ACCEPTED, State.INVESTIGATING, State.NOTIFIED})
CLEARED = (State.NOT_HANDLED, State.CLARIFIED, State.REVOKED)
"""States in which nothing stands against the person."""

DECISION_CLOCK, REVIEW_TERM, APPEAL_TERM, APPEAL_CLOCK = "ET-22", "ET-20", "ET-21", "ET-30"
INVESTIGATORS, RESTRICTION, RELEASE = "ET-23", "ET-06", "ET-17"

RANK: dict[str, int] = {sanction: place for place, sanction in enumerate(Sanction, start=1)}
"""How heavy a treatment is; demotion and removal have the same period and removal stands above."""

_PERIODS: dict[str, str] = {
    Sanction.WARNING: "ET-02",
    Sanction.DEMERIT: "ET-03",
    Sanction.DEMOTION: "ET-04",
    Sanction.REMOVAL: "ET-04",
}
_MAJOR_DEMERIT = ("ET-19", 2)
"""ET-19 lists the periods of warning, demerit, major demerit and demotion, in that order."""

MANAGERS_ONLY = frozenset({Sanction.MAJOR_DEMERIT, Sanction.REMOVAL})
"""Kinds that exist for those in management only (ET-18)."""

FORMAL = frozenset(Sanction) - {
    Sanction.CRITICISM,
    Sanction.ADMONITION,
    Sanction.SELF_CRITICISM,
    Sanction.CIRCULAR,
}
"""Disciplinary sanctions in the narrow sense: those that may not be given twice for one act (ET-24)."""


def group(sanction: str) -> Group:
    """The line of the authority table a treatment belongs to."""
    if sanction not in FORMAL:
        return Group.OTHER
    if sanction == Sanction.DISMISSAL:
        return Group.DISMISSAL
    return Group.HEAVY if sanction in {Sanction.DEMOTION, Sanction.REMOVAL} else Group.LIGHT


_PROPOSED_AND_DECIDED = (Body.SCHOOL, (Body.AUTHORITY,))
AUTHORITY: dict[tuple[Group, SchoolKind, bool], Authority] = {
    **{
        (Group.LIGHT, SchoolKind.PUBLIC, staffed): Authority("ET-09", *_PROPOSED_AND_DECIDED)
        for staffed in (True, False)
    },
    **{
        (Group.LIGHT, SchoolKind.PRIVATE, staffed): Authority("ET-09", Body.SCHOOL, (Body.SCHOOL,), Body.AUTHORITY)
        for staffed in (True, False)
    },
    **{
        (Group.HEAVY, kind, staffed): Authority("ET-10", *_PROPOSED_AND_DECIDED, Body.PERSONNEL)
        for kind in SchoolKind
        for staffed in (True, False)
    },
    (Group.DISMISSAL, SchoolKind.PUBLIC, True): Authority("ET-11", *_PROPOSED_AND_DECIDED, Body.PERSONNEL),
    (Group.DISMISSAL, SchoolKind.PUBLIC, False): Authority("ET-11", Body.SCHOOL, (Body.SCHOOL,), Body.AUTHORITY),
    (Group.DISMISSAL, SchoolKind.PRIVATE, True): Authority("ET-11", Body.SCHOOL, (Body.SCHOOL,), Body.AUTHORITY),
    (Group.DISMISSAL, SchoolKind.PRIVATE, False): Authority("ET-11", Body.SCHOOL, (Body.SCHOOL,), Body.AUTHORITY),
    **{
        (Group.OTHER, kind, staffed): Authority("ET-12", Body.SCHOOL, (Body.SCHOOL, Body.AUTHORITY))
        for kind in SchoolKind
        for staffed in (True, False)
    },
}
"""Who proposes, who decides and with whom it is filed, by treatment, kind of school and establishment (ET-09..12)."""


def authority(sanction: str, *, school: str, is_staffed: bool) -> Authority:
    """The line of the authority table for a treatment of one person. Law: ET-09, ET-10, ET-11, ET-12."""
    return AUTHORITY[group(sanction), SchoolKind(school), is_staffed]


_NUMBER = re.compile(r"AJ\d{4}-(\d{6,18})", re.ASCII)


def case_number(year: int, case_id: int) -> str:
    """The number a case is known by."""
    return f"AJ{year}-{case_id:06d}"


def case_id_of(number: str) -> int | None:
    """The id behind a case's number; None for anything else."""
    found = _NUMBER.fullmatch(number.strip().upper())
    return int(found[1]) if found else None


def may_move(state: str, verb: str) -> bool:
    """Whether ``verb`` is a step out of ``state``."""
    return any(move.verb == verb for move in TRANSITIONS[State(state)])


def after(state: str, verb: str) -> State:
    """The state ``verb`` leads to; KeyError when it is no step out of ``state``."""
    return State({move.verb: move.to for move in TRANSITIONS[State(state)]}[verb])


def period_rule(sanction: str) -> str:
    """The rule that gives a sanction's period; empty when it has none."""
    return _MAJOR_DEMERIT[0] if sanction == Sanction.MAJOR_DEMERIT else _PERIODS.get(sanction, "")


def period_months(sanction: str) -> int:
    """The months a sanction runs, 0 when it has no period. Law: ET-02, ET-03, ET-04, ET-16, ET-19."""
    rule_id = period_rule(sanction)
    if not rule_id:
        return 0
    value = statutes.rule(rule_id).value
    return int(str(value).split("/")[_MAJOR_DEMERIT[1]] if sanction == Sanction.MAJOR_DEMERIT else str(value))


def least_restriction() -> int:
    """The fewest months for which qualifications may be restricted. Law: ET-06."""
    return int(str(statutes.rule(RESTRICTION).value))


def least_investigators() -> int:
    """How many people must investigate. Law: ET-23."""
    return int(str(statutes.rule(INVESTIGATORS).value))


def ends_on(start: date, months: int) -> date | None:
    """The first day after a period of ``months`` that began on ``start``; None without a period."""
    return statutes.add_months(start, months) if months else None


def is_within(treatment: Treatment, ceiling: Treatment) -> bool:
    """Whether a treatment is no heavier than another, in the sanction and in the restriction alike. Law: ET-26."""
    return (
        RANK[treatment.sanction] <= RANK[ceiling.sanction]
        and treatment.restriction_months <= ceiling.restriction_months
    )


def fits_person(treatment: Treatment, *, is_manager: bool) -> bool:
    """Whether this kind of sanction exists for the person and the restriction is long enough. Law: ET-06, ET-18."""
    months = treatment.restriction_months
    return (is_manager or treatment.sanction not in MANAGERS_ONLY) and (months == 0 or months >= least_restriction())


def doubles(sanction: str, transfers: Collection[str]) -> bool:
    """Whether a sanction would be the second for the act: the supervisory organ has given one. Law: ET-24."""
    return sanction in FORMAL and TransferOutcome.GOVERNMENT in transfers


def is_heard(voices: Collection[str]) -> bool:
    """Whether the person has spoken or put in writing that they will not. Law: ET-26."""
    return Voice.OWN in voices or Voice.WAIVED in voices


def is_fully_heard(voices: Collection[str]) -> bool:
    """Whether besides the person a colleague, a student or a parent was heard. Law: ET-13."""
    return is_heard(voices) and bool({Voice.COLLEAGUE, Voice.STUDENT, Voice.PARENT} & set(voices))


def may_take(part: str, held: str | None) -> bool:
    """Whether somebody who holds ``held`` in a case may take ``part``: one person, one part. Law: DL-17."""
    return held is None or held == part


def sanction_locks(sanction: str) -> frozenset[Lock]:
    """What a running sanction closes: everything, but for a warning the step in salary. Law: ET-25."""
    if not period_rule(sanction):
        return frozenset()
    return frozenset(Lock) - ({Lock.SALARY} if sanction == Sanction.WARNING else set())


def part_for(kind: str) -> Part:
    """The part of whoever answers a remedy."""
    return Part.REVIEWER if kind == RemedyKind.REVIEW else Part.APPEAL


def term_for(kind: str) -> str:
    """The rule that says until when a remedy may be asked."""
    return REVIEW_TERM if kind == RemedyKind.REVIEW else APPEAL_TERM


def verb_for(outcome: str) -> str:
    """The step an answered remedy takes; empty when the decision is upheld."""
    return {Outcome.VARIED: "vary", Outcome.REVOKED: "revoke"}.get(Outcome(outcome), "")


ELEMENTS = ("number", "facts", "evidence", "sanction", "basis", "remedies", "organ", "decided_on")
"""What every written decision holds (DP-3)."""


def missing_elements(decision: Mapping[str, object]) -> tuple[str, ...]:
    """The elements a written decision lacks, in the order of ELEMENTS; empty when it may be made out (DP-3)."""
    return tuple(name for name in ELEMENTS if not str(decision.get(name) or "").strip())
