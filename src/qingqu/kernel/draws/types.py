"""Words of a draw: its states, what is drawn, where the public chance comes from."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a ceremony stands."""

    DRAFT = "DRAFT"
    FROZEN = "FROZEN"
    COMMITTING = "COMMITTING"
    REVEALING = "REVEALING"
    DRAWN = "DRAWN"
    ABANDONED = "ABANDONED"


class Kind(StrEnum):
    """What is drawn."""

    SCHOOLS = "SCHOOLS"
    INSPECTORS = "INSPECTORS"
    EXPERTS = "EXPERTS"
    CHILDREN = "CHILDREN"
    ROLLOUT = "ROLLOUT"
    FREE = "FREE"


class SourceKind(StrEnum):
    """Where the chance comes from that nobody in the room controls."""

    DICE = "DICE"
    LOTTERY = "LOTTERY"
    DRAND = "DRAND"


class Outcome(StrEnum):
    """What came of one entry."""

    CHOSEN = "CHOSEN"
    RESERVE = "RESERVE"
    RECUSED = "RECUSED"
    NOT_CHOSEN = "NOT_CHOSEN"


@dataclass(frozen=True)
class Move:
    """One allowed step of a ceremony."""

    verb: str
    to: State


@dataclass(frozen=True)
class Line:
    """One line of a roster as a person gives it; without a ``number`` the entry gets one, or stands by its label."""

    label: str
    stratum: str = ""
    number: str = ""
    unit_id: int | None = None


@dataclass(frozen=True)
class Terms:
    """The moments fixed before anybody can know the outcome, and the public source in the engine's own words."""

    commit_by: datetime
    reveal_by: datetime
    source_at: datetime
    source_kind: SourceKind
    throws: int | None = None
    game: str = ""
    issue: str = ""


@dataclass(frozen=True)
class Standing:
    """What came of one entry: stratum, ticket in hex, place from 1 ``of`` all; the last three None until drawn."""

    entry_id: str
    stratum: str
    of: int
    ticket: str | None = None
    place: int | None = None
    outcome: Outcome | None = None
