"""What looks wrong about a typed code: it is said and never stands in the way, because real codes fail their check."""

from django.utils.translation import get_language

from qingqu.engines.statutes import check_school_code, check_uscc
from qingqu.engines.statutes.checks import Warnings

SCHOOL_CODE_LENGTH = 10
"""Only a code of this length is taken for a school's national one; districts may use codes of their own."""


def supplier_doubts(code: str) -> tuple[str, ...]:
    """What looks wrong about a supplier's 统一社会信用代码, in the reader's language. Law: DT-01."""
    return _said(check_uscc(code))


def unit_doubts(code: str) -> tuple[str, ...]:
    """What looks wrong about a unit's code where it has the form of a school's national one. Law: DT-03."""
    has_its_form = len(code.strip()) == SCHOOL_CODE_LENGTH and code.strip().isdigit()
    return _said(check_school_code(code)) if has_its_form else ()


def _said(warnings: Warnings) -> tuple[str, ...]:
    """The warnings in the reader's language."""
    in_english = (get_language() or "").startswith("en")
    return tuple(warning.en if in_english else warning.zh for warning in warnings)
