"""Template filters that put a status word and the days left beside a duty's date."""

from dataclasses import dataclass
from datetime import date

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
        basis=queries.basis_of(duty.rule_id, on=duty.start_on),
    )


@register.filter
def as_day(text: str) -> date:
    """The date that a step of "why this date" names."""
    return date.fromisoformat(text)


def in_language(message: Message) -> str:
    """The message in the reader's language."""
    return message.en if (get_language() or "").startswith("en") else message.zh
