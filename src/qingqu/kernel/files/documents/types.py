"""What an official document says, whatever file it becomes."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` 1 to 4, its number (一、 (一) 1. (1)) is part of ``text``."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of body text."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table; every row has as many cells as there are headers."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Document:
    """An official document.

    ``addressee`` and ``number`` may be empty; ``dated_on`` is the day below the issuer's name; ``attachments`` are
    names only.
    """

    title: str
    number: str
    issuer: str
    addressee: str
    blocks: tuple[Block, ...]
    dated_on: date
    attachments: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """Every character the document shows, for choosing fonts."""
        parts = [self.title, self.number, self.issuer, self.addressee, chinese_date(self.dated_on), *self.attachments]
        for block in self.blocks:
            if isinstance(block, Table):
                parts += [*block.headers, *(cell for row in block.rows for cell in row)]
            else:
                parts.append(block.text)
        return "".join(parts)


def chinese_date(day: date) -> str:
    """The date as documents write it: 2026年9月24日, without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
