"""Words of notices: channels and what became of a dispatch."""

from enum import StrEnum


class Channel(StrEnum):
    """How a notice leaves the application."""

    EMAIL = "EMAIL"
    ROBOT = "ROBOT"


class State(StrEnum):
    """What became of a dispatch."""

    WAITING = "WAITING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
