"""Rules, due dates and the steps that lead to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Status = Literal["V1", "V2", "V2w", "U", "D"]
Rollover = Literal["next_workday", "none"]


@dataclass(frozen=True)
class Citation:
    """Where a rule stands, in both languages; ``shows_article`` is False when no article may be claimed."""

    zh: str
    en: str
    shows_article: bool

    def __str__(self) -> str:
        """The Chinese citation."""
        return self.zh


@dataclass(frozen=True)
class Rule:
    """One rule of the rulebook as it stands in one span of time.

    ``op`` compares with ``value`` in ``unit``; ``calendar`` is workday, natural, month or empty. ``status`` V1 and V2
    may show the article; V2w and U never; D is a design inference. ``effective_on`` None means that the day is not on
    record; ``repealed_on`` is the first day on which the rule no longer stands. ``rollover`` says what happens when
    the last day is a day off.
    """

    id: str
    area: str
    statement: str
    op: str | None
    value: int | float | str | None
    unit: str
    calendar: str
    doc: str
    article: str
    status: Status
    src: str
    note: str
    effective_on: date | None
    repealed_on: date | None
    rollover: Rollover

    @property
    def citation(self) -> Citation:
        """The rule's source as it may be shown."""
        if self.status == "D":
            return Citation("提示模型，不是法条", "a screening model, not a provision of law", shows_article=False)
        if self.status not in {"V1", "V2"}:
            return Citation("按规定", "as prescribed", shows_article=False)
        name, year = _doc(self.doc)
        edition = f"（{year}年）" if year else ""
        if self.article in {"", "—"}:
            return Citation(f"《{name}》{edition}", f"《{name}》{f' ({year})' if year else ''}", shows_article=True)
        return Citation(
            f"《{name}》{edition}第{self.article}条",
            f"《{name}》{f' ({year})' if year else ''}, art. {self.article}",
            shows_article=True,
        )

    @property
    def is_minimum(self) -> bool:
        """Whether the term is a shortest one: acting before its end is too early."""
        return self.op in {">=", ">"}

    def stands(self, on: date) -> bool:
        """Whether this version of the rule is known to stand on a day."""
        return (self.effective_on is None or self.effective_on <= on) and (
            self.repealed_on is None or on < self.repealed_on
        )


def _doc(doc: str) -> tuple[str, str]:
    """A document's name and the year of its edition: ``政府采购法(2014)`` -> ("政府采购法", "2014")."""
    for opening, closing in (("(", ")"), ("\uff08", "\uff09")):
        name, mark, rest = doc.partition(opening)
        if mark and rest.rstrip(closing).isdigit():
            return name, rest.rstrip(closing)
    return doc, ""


@dataclass(frozen=True)
class Day:
    """One day of the working calendar: ``name`` says why it is off, or that it is a make-up workday."""

    on: date
    is_workday: bool
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Pause:
    """Days that do not count, both included, and the ground for it."""

    from_on: date
    until_on: date
    ground: str


@dataclass(frozen=True)
class Extension:
    """An approved extension: its rule, who approved it and when, and the ground told to the parties."""

    rule_id: str
    approver: str
    approved_on: date
    ground: str


@dataclass(frozen=True)
class Due:
    """A due date and why it is that day.

    ``due_on`` is the last day that is not late (for a shortest term: the first day that is not too early).
    ``counted`` is how many days were counted, ``skipped`` the days off passed over, ``rolled_from`` the day the term
    ended before it moved past days off. ``is_provisional`` says that a year without a published calendar was reached.
    ``steps`` is the whole reasoning: [{"step": "START", …}, {"step": "RULE", …}, …, {"step": "DUE", …}].
    """

    rule_id: str
    start: date
    due_on: date
    counted: int
    skipped: tuple[Day, ...]
    rolled_from: date | None
    citation: Citation
    is_provisional: bool = False
    steps: tuple[Mapping[str, Any], ...] = field(default=())
