"""States of imports, runs and flags; one parameter as a page asks for it."""

from dataclasses import dataclass
from enum import StrEnum


class JobState(StrEnum):
    """How far a job in the background is."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    REFUSED = "REFUSED"


class FlagState(StrEnum):
    """What has become of a flag; everything but OPEN is a triage outcome."""

    OPEN = "OPEN"
    EXPLAINED = "EXPLAINED"
    DISMISSED = "DISMISSED"
    LEAD = "LEAD"


@dataclass(frozen=True)
class Setting:
    """One parameter to be asked for.

    ``kind`` is int, number, text, texts, map or date; ``hint`` says what holds while nothing is set; ``value`` is the
    district's own, None for none.
    """

    name: str
    kind: str
    label: str
    hint: str
    value: object
