"""What the public log says and what is found when it is checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Committable(Protocol):
    """An event as far as the log commits to it."""

    id: int
    kind: str
    at: datetime
    actor_id: str
    subject_kind: str
    subject_id: str
    unit_id: str
    payload: Any
    seq: int


@dataclass(frozen=True)
class Opened:
    """The fields an opening shows, and the hex commitment that its leaf must hold."""

    fields: Mapping[str, Any]
    commitment: str
    algorithm: str


class Trouble(StrEnum):
    """What a check of the records against the log can find."""

    EVENT_CHANGED = "EVENT_CHANGED"
    EVENT_MISSING = "EVENT_MISSING"
    EVENT_UNCOMMITTED = "EVENT_UNCOMMITTED"
    EVENT_BACKDATED = "EVENT_BACKDATED"
    ROW_CHANGED = "ROW_CHANGED"
    ROW_MISSING = "ROW_MISSING"
    OPENER_MISSING = "OPENER_MISSING"
    LEAF_MISSING = "LEAF_MISSING"
    PROMISE_BROKEN = "PROMISE_BROKEN"


@dataclass(frozen=True)
class Finding:
    """One record that is not as it was committed. ``index`` is its number in the log, if it has one."""

    trouble: Trouble
    event_id: int | None = None
    index: int | None = None
    subject_kind: str = ""
    subject_id: str = ""
