"""Full-text search over what packages put in: exact adjacency, exact counts, one SQL condition for who may find what.

A package puts a row for each of its subjects and drops it when the subject goes. Chinese is indexed character by
character, so that words of two characters are found; a phrase matches only where its tokens stand side by side.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from qingqu.kernel.core import tokens
from qingqu.kernel.core.models import SearchRow
from qingqu.kernel.core.paging import whole

SIGNED_IN = "SIGNED_IN"
"""The right of rows that every signed-in person may find."""

PAGE_SIZE = 20
LAST_PAGE = 500
"""Pages beyond this are not shown: a narrower query is the way there."""

Reach = Callable[[Any], Mapping[str, Sequence[str]]]
_reach: list[Reach] = []


@dataclass(frozen=True)
class Hit:
    """One found subject; ``title`` and ``snippet`` are safe HTML with the matches in <mark>."""

    kind: str
    subject_id: str
    url: str
    dated_on: date
    is_public: bool
    plain_title: str
    title: SafeString
    snippet: SafeString


@dataclass(frozen=True)
class Results:
    """One page of what was found, with the exact total; usable where a Page is."""

    query: str
    rows: list[Hit]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def has_next(self) -> bool:
        """Whether a further page exists."""
        return self.number * self.size < self.total and self.number < LAST_PAGE

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
        """The exact count as shown."""
        return str(self.total)


def use_reach(reach: Reach) -> None:
    """Say how an actor's rights are read: ``reach(actor)`` gives {right: unit path prefixes}; called from apps.py."""
    _reach[:] = [reach]


@dataclass(frozen=True, kw_only=True)
class Findable:
    """What makes a subject findable.

    One that is not public is found by holders of ``right`` over ``unit_path``; with SIGNED_IN by all staff.
    """

    kind: str
    subject_id: object
    title: str
    text: str
    url: str
    is_public: bool
    dated_on: date
    unit_path: str = ""
    right: str = "VIEW_UNIT"


def put(given: Findable) -> None:
    """Make a subject findable, replacing what was put for it before; runs in the caller's transaction."""
    put_many([given])


def put_many(given: Iterable[Findable]) -> None:
    """Make many subjects findable, in one query."""
    SearchRow.objects.bulk_create(
        [_row(each) for each in given],
        update_conflicts=True,
        unique_fields=["kind", "subject_id"],
        update_fields=["title", "text", "url", "is_public", "unit_path", "right", "dated_on", "tokens"],
    )


def _row(given: Findable) -> SearchRow:
    title, text = given.title.replace("\0", ""), given.text.replace("\0", "")
    return SearchRow(
        kind=given.kind,
        subject_id=str(given.subject_id),
        title=title,
        text=text,
        url=given.url,
        is_public=given.is_public,
        unit_path=given.unit_path,
        right=given.right,
        dated_on=given.dated_on,
        tokens=tokens.spaced(title, text),
    )


def drop(*, kind: str, subject_id: object) -> None:
    """Make a subject unfindable; nothing happens when it was not in the index."""
    SearchRow.objects.filter(kind=kind, subject_id=str(subject_id)).delete()


def find(query: str, *, kinds: Sequence[str] = (), actor: object = None, number: Any = 1) -> Results:
    """What the actor (None: the public) may find for a query, the newest first, in two queries.

    The pieces of the query between white space must all occur, each as a phrase. A query without a letter or digit
    finds nothing. ``number`` is the raw page number.
    """
    wanted = tokens.phrases(query)
    page = min(whole(number), LAST_PAGE)
    if not wanted:
        return Results(query, [], 1, 0)
    rows = _matching(_findable(actor), wanted)
    if kinds:
        rows = rows.filter(_of(kinds))
    total = rows.count()
    start = (page - 1) * PAGE_SIZE
    found = rows.order_by("-dated_on", "-id")[start : start + PAGE_SIZE]
    return Results(query, [_hit(row, wanted) for row in found], page, total)


def _findable(actor: object) -> QuerySet[SearchRow]:
    """The rows the actor may find at all, as one SQL condition."""
    condition = Q(is_public=True)
    if actor is not None:
        condition |= Q(right=SIGNED_IN)
        for right, prefixes in _reach[0](actor).items():
            for prefix in prefixes:
                condition |= Q(right=right, unit_path__startswith=prefix)
    return SearchRow.objects.filter(condition)


def _matching(rows: QuerySet[SearchRow], wanted: Sequence[Sequence[str]]) -> QuerySet[SearchRow]:
    """The rows that hold every phrase: the index finds the candidates, the token string decides."""
    narrowed = rows.filter(_by_array(wanted) if connection.vendor == "postgresql" else _by_fts(wanted))
    for phrase in wanted:
        narrowed = narrowed.filter(tokens__contains=f" {' '.join(phrase)} ")
    return narrowed


def _of(kinds: Sequence[str]) -> Q | RawSQL:
    """The condition on kinds. On SQLite not by its index: the text's own finds far fewer rows."""
    if connection.vendor == "postgresql":
        return Q(kind__in=kinds)
    places = ", ".join(["%s"] * len(kinds))
    is_of = f"likely(core_searchrow.kind IN ({places}))"
    return RawSQL(is_of, list(kinds), output_field=BooleanField())  # noqa: S611 - places for parameters only


def _by_fts(wanted: Sequence[Sequence[str]]) -> RawSQL:
    """SQLite: candidates from the FTS5 table; tokens are letters and digits only, so quoting cannot be left."""
    match = " ".join(f'"{" ".join(word for word in phrase if word != tokens.BREAK)}"' for phrase in wanted)
    return RawSQL(
        "core_searchrow.id IN (SELECT rowid FROM core_searchfts WHERE core_searchfts MATCH %s)",
        [match],
        output_field=BooleanField(),
    )


def _by_array(wanted: Sequence[Sequence[str]]) -> RawSQL:
    """PostgreSQL: candidates that hold every token, from a GIN index over the token array.

    An array, not a tsvector: a tsvector forgets positions beyond 256 a word and 16,383 a text, and would miss silently.
    """
    words = sorted({word for phrase in wanted for word in phrase})
    return RawSQL(
        "string_to_array(core_searchrow.tokens, ' ') @> %s::text[]",
        [words],
        output_field=BooleanField(),
    )


def _hit(row: SearchRow, wanted: Sequence[Sequence[str]]) -> Hit:
    """A row as it is shown."""
    title = tokens.mark(row.title, wanted)
    return Hit(
        kind=row.kind,
        subject_id=row.subject_id,
        url=row.url,
        dated_on=row.dated_on,
        is_public=row.is_public,
        plain_title=row.title,
        title=_html(title),
        snippet=_html(tokens.snippet(row.text, wanted)),
    )


def _html(parts: Sequence[tokens.Part]) -> SafeString:
    """Parts as HTML: every text escaped, matches in <mark>."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part.text) if part.is_match else part.text,) for part in parts)
    )
