"""Base 64 and decimal numbers in their one form each: what can be written in two ways can be changed unnoticed."""

import base64
import binascii
import re

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def to_base64(raw: bytes) -> str:
    """Standard base 64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(raw).decode("ascii")


def from_base64(text: str) -> bytes | None:
    """The bytes, None when the text is not exactly what ``to_base64`` writes."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return raw if to_base64(raw) == text else None


def from_decimal(text: str) -> int | None:
    """A whole number below 10**19, None when it has a sign, leading zeros, or anything else."""
    return int(text) if _DECIMAL.fullmatch(text) else None
