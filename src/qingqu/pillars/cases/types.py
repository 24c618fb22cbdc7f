"""Words of a case: states, treatments, who may decide them, who had a hand in it, what is asked against it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """Where the procedure about one respondent stands."""

    ACCEPTED = "ACCEPTED"
    INVESTIGATING = "INVESTIGATING"
    NOTIFIED = "NOTIFIED"
    HEARD = "HEARD"
    PROPOSED = "PROPOSED"
    DECIDED = "DECIDED"
    SERVED = "SERVED"
    EFFECTIVE = "EFFECTIVE"
    RELEASED = "RELEASED"
    NOT_HANDLED = "NOT_HANDLED"
    CLARIFIED = "CLARIFIED"
    REVOKED = "REVOKED"


class Sanction(StrEnum):
    """The treatments, the mildest first; the order is the severity (``rules.RANK``)."""

    CRITICISM = "CRITICISM"
    ADMONITION = "ADMONITION"
    SELF_CRITICISM = "SELF_CRITICISM"
    CIRCULAR = "CIRCULAR"
    WARNING = "WARNING"
    DEMERIT = "DEMERIT"
    MAJOR_DEMERIT = "MAJOR_DEMERIT"
    DEMOTION = "DEMOTION"
    REMOVAL = "REMOVAL"
    DISMISSAL = "DISMISSAL"


class Group(StrEnum):
    """Treatments that share one line of the authority table."""

    OTHER = "OTHER"
    LIGHT = "LIGHT"
    HEAVY = "HEAVY"
    DISMISSAL = "DISMISSAL"


class SchoolKind(StrEnum):
    """Who runs the school (公办, 民办)."""

    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"


class Body(StrEnum):
    """The bodies of the authority table."""

    SCHOOL = "SCHOOL"
    AUTHORITY = "AUTHORITY"
    PERSONNEL = "PERSONNEL"


class Lock(StrEnum):
    """What is closed to a person while a sanction or a restriction of qualifications runs (ET-05)."""

    AWARD = "AWARD"
    PROMOTION = "PROMOTION"
    TITLE = "TITLE"
    POST = "POST"
    SALARY = "SALARY"
    TALENT = "TALENT"


class Part(StrEnum):
    """The parts that different people take in one case."""

    INVESTIGATOR = "INVESTIGATOR"
    PROPOSER = "PROPOSER"
    DECIDER = "DECIDER"
    REVIEWER = "REVIEWER"
    APPEAL = "APPEAL"
    PUBLISHER = "PUBLISHER"


class Voice(StrEnum):
    """Whose words a statement holds."""

    OWN = "OWN"
    WAIVED = "WAIVED"
    COLLEAGUE = "COLLEAGUE"
    STUDENT = "STUDENT"
    PARENT = "PARENT"


class RemedyKind(StrEnum):
    """What is asked against a decision: 复核, then 申诉."""

    REVIEW = "REVIEW"
    APPEAL = "APPEAL"


class RemedyState(StrEnum):
    """Where a remedy stands."""

    FILED = "FILED"
    DECIDED = "DECIDED"


class Outcome(StrEnum):
    """What a remedy came to."""

    UPHELD = "UPHELD"
    VARIED = "VARIED"
    REVOKED = "REVOKED"


class Mode(StrEnum):
    """The three ways of clearing somebody's name (WB-27)."""

    LETTER = "LETTER"
    BRIEFING = "BRIEFING"
    CIRCULAR = "CIRCULAR"


class TransferOutcome(StrEnum):
    """What the discipline track answered; all that is kept of it."""

    PENDING = "PENDING"
    NONE = "NONE"
    PARTY = "PARTY"
    GOVERNMENT = "GOVERNMENT"


@dataclass(frozen=True)
class Move:
    """One allowed step of a state machine."""

    verb: str
    to: str


@dataclass(frozen=True)
class Treatment:
    """What is meant for a person: a sanction and the months for which qualifications are restricted (0: not)."""

    sanction: Sanction
    restriction_months: int = 0


@dataclass(frozen=True)
class Authority:
    """One line of the authority table: its rule, who proposes, who may decide, with whom it must be filed."""

    rule_id: str
    proposes: Body
    decides: tuple[Body, ...]
    files_with: Body | None = None


@dataclass(frozen=True)
class Concerned:
    """A person at the opening of a case, and how they are employed."""

    person_id: int
    is_staffed: bool = True
    is_manager: bool = False


@dataclass(frozen=True)
class HeldLock:
    """A lock that holds for a person on the day asked; ``until`` is the first day on which it no longer holds."""

    lock: Lock
    until: date
    decision: str
    rule_id: str
