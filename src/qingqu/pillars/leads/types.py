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


class Kind(StrEnum):
    """The four dispositions; the list is closed (DL-01)."""

    TALK = "TALK"
    VERIFY = "VERIFY"
    HOLD = "HOLD"
    SETTLE = "SETTLE"


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
