"""Template filters that put a status word and the days left beside a duty's date."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import get_language

from qingqu.kernel.core.clock import today
from qingqu.kernel.duties import queries, rules
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.duties.types import Message

register = template.Library()


@dataclass(frozen=True)
class Shown:
    """A duty's date as shown: code, status word, chip tone, days in words, legal basis (empty when none)."""

    status: str
    word: str
    tone: str
    days: str
    basis: str


@register.filter
def due_today(duty: Duty) -> Shown:
    """The duty's date as it stands today, in the reader's language."""
    found = queries.standing_of(duty, queries.horizon_on(today()))
    return Shown(
        status=found.status.value,
        word=in_language(rules.WORDS[found.status]),
        tone=rules.TONES[found.status],
        days=in_language(rules.days_phrase(found)),
        basis=in_language(queries.basis_of(duty)),
    )


@register.filter
def spoken(step: Mapping[str, Any], name: str) -> str:
    """A field of a step of "why this date" in the reader's language: its ``_en`` twin in English where it has one."""
    english = step.get(f"{name}_en", "") if _is_english() else ""
    return str(english or step.get(name, ""))


def in_language(message: Message) -> str:
    """The message in the reader's language."""
    return message.en if _is_english() else message.zh


def _is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")
