"""Words of the spine: pillars, states of an assignment, kinds of evidence, and the figures of the live answer."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Pillar(StrEnum):
    """The five pillars of the founding document."""

    LEARNING = "LEARNING"
    SAFEGUARDS = "SAFEGUARDS"
    ETHICS = "ETHICS"
    SUPERVISION = "SUPERVISION"
    PARTY = "PARTY"


class State(StrEnum):
    """How far a unit or post has come with a measure."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECOMPOSED = "DECOMPOSED"
    DONE = "DONE"
    WITHDRAWN = "WITHDRAWN"


class Recurrence(StrEnum):
    """How often a measure is to be carried out."""

    ONCE = "ONCE"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    TERM = "TERM"
    YEARLY = "YEARLY"
    STANDING = "STANDING"


class Hole(StrEnum):
    """What is missing somewhere on the way from a directive to its evidence."""

    NO_OWNER = "NO_OWNER"
    NO_DATE = "NO_DATE"
    NO_EVIDENCE = "NO_EVIDENCE"
    NOT_CASCADED = "NOT_CASCADED"
    NOT_TAKEN = "NOT_TAKEN"
    EMPTY_SEAT = "EMPTY_SEAT"


@dataclass(frozen=True)
class Move:
    """One allowed act on an assignment and the state it leads to."""

    act: str
    to: State


@dataclass(frozen=True)
class MeasureSummary:
    """What the records say about one measure on a day.

    ``units`` counts the units it was assigned to; ``pending``, ``accepted``, ``decomposed`` and ``done`` add up to it;
    ``overdue`` of them are past their date; ``holes`` names what is missing.
    """

    measure_id: int
    key: str
    name: str
    means: str
    directive_id: int
    units: int = 0
    pending: int = 0
    accepted: int = 0
    decomposed: int = 0
    done: int = 0
    overdue: int = 0
    evidence: int = 0
    evidence_on: date | None = None
    holes: tuple[Hole, ...] = ()


@dataclass(frozen=True)
class PillarSummary:
    """One pillar in its directives' own words, with its measures."""

    pillar: Pillar
    number: int
    title: str
    keyword: str
    table_measures: str
    target_effect: str
    closing_label: str
    measures: tuple[MeasureSummary, ...]


@dataclass(frozen=True)
class Cell:
    """One unit's standing with one measure; ``post_id`` is None where nothing was assigned."""

    measure_id: int
    measure_name: str
    post_id: int | None = None
    state: State | None = None
    is_overdue: bool = False
    evidence: int = 0


@dataclass(frozen=True)
class MatrixRow:
    """One unit of the coverage matrix with a cell a measure, in the measures' order."""

    unit_id: int
    unit_name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class HoleCount:
    """How many rows a hole has."""

    hole: Hole
    count: int
