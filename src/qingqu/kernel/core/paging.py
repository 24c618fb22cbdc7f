"""Pages of a list whose cost does not grow with the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

COUNT_LIMIT = 1000
"""Counts beyond this are shown as "1000+": counting further would cost what the page does not show."""

MOST_DIGITS = 9
"""Longer page numbers are no page numbers: nobody pages that far, and Python limits how long a number it reads."""

ID_DIGITS = 18
"""Longer numbers are no row's id: the databases count in 64 bits."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows.

    ``number`` starts at 1; ``total`` is exact up to COUNT_LIMIT, and ``is_capped`` says when there are more.
    """

    rows: list[Row]
    number: int
    size: int
    total: int
    is_capped: bool

    @property
    def has_next(self) -> bool:
        """Whether a further page exists."""
        return self.number * self.size < self.total and len(self.rows) == self.size

    @property
    def has_previous(self) -> bool:
        """Whether an earlier page exists."""
        return self.number > 1

    @property
    def next_number(self) -> int:
        """The number of the page after this one."""
        return self.number + 1

    @property
    def previous_number(self) -> int:
        """The number of the page before this one."""
        return self.number - 1

    @property
    def total_label(self) -> str:
        """The count as shown: ``37`` or ``1000+``."""
        return f"{COUNT_LIMIT}+" if self.is_capped else str(self.total)


def paginate(rows: QuerySet[Row], number: Any, *, size: int = 20) -> Page[Row]:
    """The asked page of ``rows`` in two queries, whatever the list's length.

    A number that is not one, or is out of range, gives the nearest page.
    """
    counted = rows.order_by().values("pk")[: COUNT_LIMIT + 1].count()
    total = min(counted, COUNT_LIMIT)
    last = max(1, -(-total // size))
    page = min(whole(number), last)
    start = (page - 1) * size
    return Page(list(rows[start : start + size]), page, size, total, counted > COUNT_LIMIT)


@dataclass(frozen=True)
class Tally:
    """How many rows a list has: exact up to COUNT_LIMIT, shown as ``1000+`` beyond; false when there are none."""

    number: int

    def __str__(self) -> str:
        """The count as shown."""
        return f"{COUNT_LIMIT}+" if self.number > COUNT_LIMIT else str(self.number)

    def __bool__(self) -> bool:
        """Whether there is any row."""
        return self.number > 0


def counts(lists: Mapping[str, QuerySet[Any]]) -> dict[str, Tally]:
    """How many rows each list has, as {name: tally}, in one query that counts none of them past COUNT_LIMIT."""
    named: dict[str, str] = {}
    given: list[Any] = []
    for name, rows in lists.items():
        try:
            sql, params = rows.order_by().values("pk")[: COUNT_LIMIT + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        named[name] = f"(SELECT COUNT(*) FROM ({sql}) AS counted)"  # noqa: S608 - Django wrote it
        given += params
    found: tuple[int, ...] = ()
    if named:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(named.values())}", given)
            found = cursor.fetchone() or ()
    counted = dict(zip(named, found, strict=True))
    return {name: Tally(counted.get(name, 0)) for name in lists}


def whole(number: Any) -> int:
    """A raw query value as a page number of at least 1; 1 when it is not one."""
    text = str(number)
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else 1


def as_id(value: Any) -> int | None:
    """A raw query value as a row's id; None when it cannot be one."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS else None
