"""Words of a rectification: its states and the outcomes of a re-check."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a rectification stands."""

    ORDERED = "ORDERED"
    PLANNED = "PLANNED"
    DONE = "DONE"
    VERIFIED = "VERIFIED"
    REOPENED = "REOPENED"


class Verdict(StrEnum):
    """What the re-check found."""

    PENDING = "PENDING"
    PASSED = "PASSED"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Move:
    """One allowed step of the state machine."""

    verb: str
    to: State


@dataclass(frozen=True)
class Figures:
    """Counts of rectifications: ordered in all, verified, waiting for re-check, still open, and of these overdue."""

    ordered: int
    verified: int
    waiting: int
    open: int
    overdue: int
