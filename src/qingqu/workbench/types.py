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
    """A figure that opens the rows it counts."""

    label: str
    count: int
    url: str
    tone: str = ""
