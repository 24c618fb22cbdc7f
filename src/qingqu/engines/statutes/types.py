"""Rules, due dates and the steps that lead to them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

# An article as laws number them: "34", "21(1)", "23-24", "19,36"; anything else is a note of whoever looked it up.
_ARTICLE = re.compile(r"\d{1,3}(?:\(\d{1,2}\))?(?:[-,、]\d{1,3}(?:\(\d{1,2}\))?)*")

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
    the last day is a day off. ``sources`` are the (document, article) pairs to cite where ``doc`` and ``article`` are
    shorthand; a document that begins with "=" has no title to put into quotation marks.
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
    sources: tuple[tuple[str, str], ...] = ()

    @property
    def citation(self) -> Citation:
        """The rule's source as it may be shown."""
        if self.status == "D":
            return Citation("提示模型，不是法条", "a screening model, not a provision of law", shows_article=False)
        if self.status not in {"V1", "V2"}:
            return Citation("按规定", "as prescribed", shows_article=False)
        pairs = self.sources or ((_titled(self.doc), self.article),)
        return Citation(
            "、".join(_cited_zh(document, article) for document, article in pairs),
            "; ".join(_cited_en(document, article) for document, article in pairs),
            shows_article=True,
        )

    @property
    def article_is_checked(self) -> bool:
        """Whether ``article`` is the number of an article that was checked against the text."""
        return self.status in {"V1", "V2"} and _ARTICLE.fullmatch(self.article) is not None

    @property
    def is_minimum(self) -> bool:
        """Whether the term is a shortest one: acting before its end is too early."""
        return self.op in {">=", ">"}

    def stands(self, on: date) -> bool:
        """Whether this version of the rule is known to stand on a day."""
        return (self.effective_on is None or self.effective_on <= on) and (
            self.repealed_on is None or on < self.repealed_on
        )


def _titled(doc: str) -> str:
    """A document with the year of its edition behind its name: ``政府采购法(2014)`` -> ``政府采购法（2014年）``."""
    found = re.fullmatch(r"(.+?)[(\uff08](\d{4})(?:修正|-\d{2})?[)\uff09]", doc)
    return f"{found[1]}（{found[2]}年）" if found else doc


def _parts(document: str) -> tuple[str, str]:
    """A document's name as it is quoted and the year of its edition, each possibly empty."""
    if document.startswith("="):
        return document[1:], ""
    found = re.fullmatch(r"(.+)（(\d{4})年）", document)
    return (f"《{found[1]}》", found[2]) if found else (f"《{document}》", "")


def _cited_zh(document: str, article: str) -> str:
    name, year = _parts(document)
    number = article.replace(",", "、").replace("(", "（").replace(")", "）")
    edition = f"（{year}年）" if year else ""
    return f"{name}{edition}第{number}条" if _ARTICLE.fullmatch(article) else f"{name}{edition}"


def _cited_en(document: str, article: str) -> str:
    name, year = _parts(document)
    edition = f" ({year})" if year else ""
    return f"{name}{edition}, art. {article}" if _ARTICLE.fullmatch(article) else f"{name}{edition}"


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
