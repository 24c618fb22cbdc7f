"""A rule and a due date as JSON-ready data, for the command line and the pages."""

from dataclasses import asdict
from datetime import date
from typing import Any

from qingqu.engines.statutes.deadlines import due_on
from qingqu.engines.statutes.rulebook import rule


def show(rule_id: str, *, on: date | None = None) -> dict[str, Any]:
    """A rule with its source; document and article are left out where they may not be claimed.

    Raises UnknownRule, NotInForce.
    """
    found = rule(rule_id, on=on)
    shown = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(found).items()}
    shown["citation"] = found.citation.zh
    shown["citation_en"] = found.citation.en
    shown.pop("sources")
    if not found.citation.shows_article:
        shown.pop("doc")
    if not found.article_is_checked:
        shown.pop("article")
    return shown


def explain(rule_id: str, start: date, *, on: date | None = None) -> dict[str, Any]:
    """A due date with its reasons: {rule, start, due_on, counted, rolled_from, is_provisional, citation, why}.

    Counted, and refused, as ``due_on`` does.
    """
    due = due_on(rule_id, start, on=on)
    return {
        "rule": rule_id,
        "statement": rule(rule_id, on=on or start).statement,
        "start": start.isoformat(),
        "due_on": due.due_on.isoformat(),
        "counted": due.counted,
        "rolled_from": due.rolled_from.isoformat() if due.rolled_from else None,
        "is_provisional": due.is_provisional,
        "citation": due.citation.zh,
        "citation_en": due.citation.en,
        "why": [dict(step) for step in due.steps],
    }
