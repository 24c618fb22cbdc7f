"""Single values of OCDS records: ids, numbers, money, dates; what is not what it should be is None and noted."""

import math
import re
from collections import Counter
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

MAX_INT = 2**63 - 1
# ISO 4217, active currencies whose minor unit is not two digits.
_MINOR_DIGITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
# RFC 3339 section 5.6, date-time.
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=\Z|[Tt ])")

Notes = Counter[str]


def obj(value: object) -> dict[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def array(value: object) -> list[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of an array; none when it is not an array."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def text(value: object) -> str | None:
    """The value if it is text with content, else None."""
    return value if isinstance(value, str) and value else None


def identifier(value: object, notes: Notes) -> tuple[str | None, bool]:
    """An id as text and whether it was text at the source; numbers are turned into text and noted."""
    if isinstance(value, str):
        return value or None, True
    if isinstance(value, int | float) and not isinstance(value, bool):
        notes["NUMERIC_IDS"] += 1
        return str(value), False
    return None, True


def number(value: object) -> float | None:
    """The value as a 64-bit float if it is a finite JSON number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def whole(value: object) -> int | None:
    """The value if it is a JSON integer that fits 64 bits, else None."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) <= MAX_INT else None


def money(value: object, notes: Notes) -> tuple[float | None, int | None, str | None]:
    """An OCDS Value as (amount as published, whole smallest units, currency); halves are rounded up."""
    if not isinstance(value, dict):
        return None, None, None
    currency = text(value.get("currency"))
    amount = number(value.get("amount"))
    if amount is None:
        if value.get("amount") is not None:
            notes["AMOUNT_NOT_NUMBER"] += 1
        return None, None, currency
    return amount, smallest_units(amount, currency, notes), currency


def smallest_units(amount: float, currency: str | None, notes: Notes) -> int | None:
    """An amount in whole smallest units of its currency; None, noted, when it does not fit 64 bits."""
    digits = _MINOR_DIGITS.get(currency or "", 2)
    if amount.is_integer():
        units: int = int(amount) * 10**digits
    else:
        units = int(Decimal(repr(amount)).scaleb(digits).quantize(Decimal(1), ROUND_HALF_UP))
    if abs(units) > MAX_INT:
        notes["AMOUNT_NOT_NUMBER"] += 1
        return None
    return units


@lru_cache(maxsize=65_536)
def _instant(raw: str) -> datetime | None:
    """A complete RFC 3339 moment in UTC, or None."""
    if not _RFC3339.match(raw):
        return None
    try:
        return datetime.fromisoformat(raw.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=65_536)
def _day(raw: str) -> date | None:
    """The calendar day a text begins with, as written, or None."""
    if not _DAY.match(raw):
        return None
    try:
        return date.fromisoformat(raw[:10])
    except ValueError:
        return None


def instant(value: object, notes: Notes) -> datetime | None:
    """A moment in UTC; None, noted, when the text is not RFC 3339 with its zone."""
    if not isinstance(value, str) or not value:
        return None
    found = _instant(value)
    if found is None:
        notes["DATE_UNREADABLE"] += 1
    return found


def day(value: object, notes: Notes) -> date | None:
    """The day a date or moment falls on where it was written; None, noted, when unreadable."""
    if not isinstance(value, str) or not value:
        return None
    found = _day(value)
    if found is None:
        notes["DATE_UNREADABLE"] += 1
    return found
