"""Words of a publication: kinds, states, and what the de-identification check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is published."""

    NOTICE = "NOTICE"
    DISCLOSURE = "DISCLOSURE"
    OPEN = "OPEN"


class State(StrEnum):
    """Where a version stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    PUBLISHED = "PUBLISHED"


class Trace(StrEnum):
    """What may identify a person."""

    STUDENT = "STUDENT"
    RESIDENT_ID = "RESIDENT_ID"
    BANK_CARD = "BANK_CARD"
    PHONE = "PHONE"
    PARTY = "PARTY"
    ADDRESS = "ADDRESS"
    EMAIL = "EMAIL"


@dataclass(frozen=True)
class Hit:
    """A stretch of text that may identify a person: its kind, where it starts, and the words themselves."""

    trace: Trace
    start: int
    text: str


@dataclass(frozen=True)
class Move:
    """One allowed step of a version."""

    verb: str
    to: State
