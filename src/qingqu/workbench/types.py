"""What the staff home shows."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Group:
    """One group of to-dos: its word, how many there are in all, and the earliest of them."""

    code: str
    title: str
    count: int
    duties: list[Any]


@dataclass(frozen=True)
class Tile:
    """A figure that opens the rows it counts, and what it counts."""

    label: str
    count: int
    url: str
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Coverage:
    """How far the latest directive has come.

    ``measures`` are the district's figures measure by measure; ``units`` are rows of the coverage matrix for those who
    look at units and not at the district. One of the two is empty.
    """

    directive: Any
    measures: list[Any]
    units: list[Any]
