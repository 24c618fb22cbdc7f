"""Small pieces of the answer's sentences: days, numbers, addresses of rows."""

from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import get_language

DIGITS = "零一二三四五六七八九十"


def is_chinese() -> bool:
    """Whether the answer is told in Chinese."""
    return (get_language() or "").startswith("zh")


def numeral(number: int) -> str:
    """A section's number as official documents write it; plain digits in English, and beyond ten."""
    return DIGITS[number] if is_chinese() and number < len(DIGITS) else str(number)


def rows(**query: object) -> str:
    """The query string of the page that lists what a sentence counted."""
    return urlencode(query, safe=",")


def day(on: object) -> str:
    """A day in the reader's language."""
    return date_format(on, "DATE_FORMAT")  # type: ignore[arg-type]
