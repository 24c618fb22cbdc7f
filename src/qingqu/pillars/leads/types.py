"""Words of a lead: its tracks, states, the four dispositions, and who stands in it."""

from dataclasses import dataclass
from enum import StrEnum


class Track(StrEnum):
    """The four tracks, which never mix (rulebook §1)."""

    DISCIPLINE = "T1"
    EDUCATION = "T2"
    PROCUREMENT = "T3"
    MINORS = "T4"


class State(StrEnum):
    """Where a lead stands."""

    RECEIVED = "RECEIVED"
    PROPOSED = "PROPOSED"
    DISPOSED = "DISPOSED"
    CLOSED = "CLOSED"
    MERGED = "MERGED"


class Channel(StrEnum):
    """How a matter reached us; every lead names one (WB-01). INTERNAL: handed on inside this system."""

    LETTER = "LETTER"
    VISIT = "VISIT"
    PHONE = "PHONE"
    ONLINE = "ONLINE"
    OTHER = "OTHER"
    INTERNAL = "INTERNAL"


class Source(StrEnum):
    """Where a lead came from; the value is its ``source_kind``. Other packages may bring kinds of their own."""

    HAND = "hand"
    ASSIGNMENT = "assignment"
    TRANSFER = "transfer"
    DUTY = "duty"
    FLAG = "flag"
    FINDING = "finding"
    REPORT = "report"
    ALERT = "alert"


class Theme(StrEnum):
    """What a lead is about: six disciplines (WB-02), ten guidelines (ET-01), money, admissions, other; several may."""

    POLITICS = "POLITICS"
    ORGANISATION = "ORGANISATION"
    INTEGRITY = "INTEGRITY"
    MASSES = "MASSES"
    WORK = "WORK"
    LIFE = "LIFE"
    DIRECTION = "DIRECTION"
    LAW = "LAW"
    CULTURE = "CULTURE"
    TEACHING = "TEACHING"
    CARE = "CARE"
    SAFETY = "SAFETY"
    BEARING = "BEARING"
    FAIRNESS = "FAIRNESS"
    GIFTS = "GIFTS"
    TUTORING = "TUTORING"
    FINANCE = "FINANCE"
    ADMISSIONS = "ADMISSIONS"
    OTHER = "OTHER"


class Kind(StrEnum):
    """The four dispositions; the list is closed (DL-01)."""

    TALK = "TALK"
    VERIFY = "VERIFY"
    HOLD = "HOLD"
    SETTLE = "SETTLE"


class Exit(StrEnum):
    """What came of an approved disposition: five ways out of a talk (DL-06), five out of a check (DL-10)."""

    ACCEPTED = "ACCEPTED"
    MEASURE = "MEASURE"
    AGAIN = "AGAIN"
    JOINED = "JOINED"
    CHECK = "CHECK"
    FILED = "FILED"
    SETTLED = "SETTLED"
    REMINDED = "REMINDED"
    HELD = "HELD"
    PASSED = "PASSED"
    REVIEWED = "REVIEWED"


class Decision(StrEnum):
    """What became of a proposed disposition."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"


class Standing(StrEnum):
    """How a party stands in a lead."""

    ABOUT = "ABOUT"
    ACTED = "ACTED"
    SUPPLIER = "SUPPLIER"


@dataclass(frozen=True)
class Move:
    """One allowed step of the state machine."""

    verb: str
    to: State
