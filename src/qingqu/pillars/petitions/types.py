"""Words of a petition: what it asks, how it came, where it stands, and the opinions given on it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a petition is: a suggestion, a complaint against somebody, or a claim to be settled."""

    SUGGESTION = "SUGGESTION"
    COMPLAINT = "COMPLAINT"
    CLAIM = "CLAIM"


class Channel(StrEnum):
    """How a petition came; the last two were passed on by another authority."""

    LETTER = "LETTER"
    WEB = "WEB"
    CALL = "CALL"
    VISIT = "VISIT"
    PASSED_ON = "PASSED_ON"
    ASSIGNED = "ASSIGNED"


class State(StrEnum):
    """Where a petition stands."""

    REGISTERED = "REGISTERED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    TRANSFERRED = "TRANSFERRED"
    REFERRED = "REFERRED"
    OBJECTED = "OBJECTED"
    HANDLING = "HANDLING"
    ANSWERED = "ANSWERED"
    REVIEWING = "REVIEWING"
    REVIEWED = "REVIEWED"
    RECHECKING = "RECHECKING"
    CLOSED = "CLOSED"


class Level(StrEnum):
    """Which of the three opinions one is: on the petition, on review (复查), on re-check (复核)."""

    FIRST = "FIRST"
    REVIEW = "REVIEW"
    RECHECK = "RECHECK"


class Outcome(StrEnum):
    """What an opinion says to the request; the list is closed (XF-15)."""

    SUPPORTED = "SUPPORTED"
    EXPLAINED = "EXPLAINED"
    NOT_SUPPORTED = "NOT_SUPPORTED"


class Standing(StrEnum):
    """How a member of staff stands in a petition."""

    ABOUT = "ABOUT"
    PETITIONER = "PETITIONER"


@dataclass(frozen=True)
class Move:
    """One allowed step of the state machine."""

    verb: str
    to: State


@dataclass(frozen=True)
class Reply:
    """What an opinion must say (XF-15), and when it is handed over."""

    outcome: str
    request: str
    facts: str
    opinion: str
    basis: str
    organ: str
    served_on: date
