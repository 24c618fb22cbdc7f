"""States of imports, runs and flags."""

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
