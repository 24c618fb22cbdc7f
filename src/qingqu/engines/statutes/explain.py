"""A rule and a due date as JSON-ready data and as sentences, for the command line, the pages and the calendars."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from qingqu.engines.statutes.deadlines import due_on
from qingqu.engines.statutes.rulebook import rule

_SENTENCES = {
    "START": ("自{on}起算，当日不计。", "Counted from {on}, which does not count itself."),
    "SET": ("下达时确定的到期日：{on}。", "The date was set when it was ordered: {on}."),
    "RULE": ("期限：{term}（{basis}）。", "Term: {term_en} ({basis_en})."),
    "SKIPPED": ("其间不计算的日子：{days}。", "Days passed over: {days_en}."),
    "MADE_UP": ("其间按工作日计算的调休上班日：{days}。", "Make-up workdays counted: {days_en}."),
    "ROLLED": ("最后一日{old}是休息日，顺延至{on}。", "The last day, {old}, is a day off: moved to {on}."),
    "PAUSED": ("{old}至{resumed}不计入期限。依据：{ground}", "{old} to {resumed} does not count. Ground: {ground}"),
    "EXTENDED": (
        "经{approver}批准，由{old}延至{on}。理由：{ground}",
        "Extended from {old} to {on}, approved by {approver}. Ground: {ground}",
    ),
    "UNKNOWN_YEAR": (
        "{year}年放假安排尚未公布，到期日为暂定。",
        "The working calendar of {year} has not been published: the date is provisional.",
    ),
    "RECOUNTED": ("工作日历有变，由{old}改为{on}。", "The working calendar changed: moved from {old} to {on}."),
    "DUE": ("到期日：{on}；次日起为逾期。", "Due on {on}; late from the day after."),
}
"""How each step of "why this date" is said."""


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


def reasons(steps: Iterable[Mapping[str, Any]], *, in_english: bool = False) -> list[str]:
    """The steps to a due date as sentences of one language, in their order; unknown kinds of steps are left out."""
    return [_SENTENCES[step["step"]][in_english].format(**_named(step)) for step in steps if step["step"] in _SENTENCES]


def _named(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step's facts with its days as text in both languages."""
    days = step.get("days", ())
    zh = "、".join(f"{day['on']}（{day['name']}）" if day.get("name") else day["on"] for day in days)
    en = ", ".join(f"{day['on']} ({day['name_en']})" if day.get("name_en") else day["on"] for day in days)
    return {**step, "days": zh, "days_en": en}
