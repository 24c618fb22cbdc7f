"""The one way to write a draw's texts and JSON as bytes, and strict reading of them."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785

from qingqu.engines.draw.errors import BadFile, BadShape, BadText, Empty

MAX_TEXT = 200
# Private-use letters stay allowed: registries of names use them for rare Chinese characters.
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Letters and marks that show nothing: Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, less HIDDEN.
IGNORABLE = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
            *range(0x180B, 0x1810),
            *range(0xFE00, 0xFE10),
            *range(0xE0000, 0xE1000),
        ),
    )
)
# The other spaces look like one of these.
SPACES = frozenset({" ", "\u3000"})
HEX = re.compile(r"[0-9a-f]{64}")
# RFC 8785 counts in doubles; beyond this an integer would change its value.
SAFE_INTEGER = 2**53 - 1


def encode(value: Any) -> bytes:
    """The canonical JSON (RFC 8785) of a value made of objects, lists, texts, integers, true, false and null."""
    encoded: bytes = rfc8785.dumps(value)
    return encoded


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return sha256(encode(value))


def decode(raw: bytes | str, *, place: str = "file") -> Any:
    """The value of a JSON file, read strictly.

    Raises BadFile for bytes that are not UTF-8, for a key that stands twice in one object, and for numbers that are
    not integers of at most 53 bits: readers of other languages would see another value.
    """
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        value = json.loads(
            text, object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number, parse_int=_integer
        )
        # Half a letter (a lone surrogate) may stand in JSON as an escape, and has no bytes.
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise too_deep(place) from error
    except ValueError as error:
        raise BadFile(
            place,
            f"不是可用的 JSON（{error}），请改正后重试",
            f"not usable JSON ({error}); correct it and try again",
        ) from error
    return value


def too_deep(place: str) -> BadFile:
    """The refusal of JSON whose brackets go deeper than Python can follow."""
    return BadFile(place, "JSON 嵌套过深", "the JSON is nested too deeply")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _value in pairs]
        raise ValueError(f"key {next(key for key in keys if keys.count(key) > 1)!r} stands twice")
    return found


def _no_number(number: str) -> Any:
    raise ValueError(f"{number} is not an integer")


def _integer(number: str) -> int:
    if len(number) > len(str(SAFE_INTEGER)) + 1 or abs(int(number)) > SAFE_INTEGER:
        raise ValueError(f"{number} is too large")
    return int(number)


def text(value: Any, place: str) -> str:
    """A name or an id that can be written in one way only.

    Raises BadShape when it is no text; BadText when it is longer than 200 characters, begins or ends with a space,
    is not in Unicode normal form C, or holds characters that do not show (control, formatting, variation selectors,
    fillers, spaces other than the two usual ones); Empty when it is empty.
    """
    if not isinstance(value, str):
        raise BadShape(place, "应为文字", "must be a text")
    if not value:
        raise Empty(place, "不能为空", "must not be empty")
    if len(value) > MAX_TEXT:
        raise BadText(place, f"超过 {MAX_TEXT} 个字符", f"longer than {MAX_TEXT} characters")
    if value.isascii() and value.isprintable() and value[0] != " " and value[-1] != " ":
        return value
    hidden = next((each for each in value if _is_hidden(each)), None)
    if hidden is not None:
        name = f"U+{ord(hidden):04X}"
        raise BadText(place, f"含有看不见的字符 {name}，请删去", f"holds the invisible character {name}; take it out")
    if value != value.strip():
        raise BadText(place, "首尾有空格，请删去", "begins or ends with a space; take it out")
    if not unicodedata.is_normalized("NFC", value):
        raise BadText(place, "未按 Unicode NFC 规范化，请先规范化", "not in Unicode normal form C; normalise it first")
    return value


def _is_hidden(letter: str) -> bool:
    """Whether a reader cannot see a character, or takes it for another one."""
    category = unicodedata.category(letter)
    return category in HIDDEN or letter in IGNORABLE or (category == "Zs" and letter not in SPACES)


def shaped(value: Any, place: str, *, needs: Sequence[str], may: Sequence[str] = ()) -> Mapping[str, Any]:
    """An object with exactly the named keys; raises BadShape naming the first that is missing or unknown."""
    found = mapping(value, place)
    missing = next((key for key in needs if key not in found), None)
    if missing is not None:
        raise BadShape(f"{place}.{missing}".lstrip("."), "缺少此项，请补上", "is missing; add it")
    unknown = next((key for key in found if key not in needs and key not in may), None)
    if unknown is not None:
        known = ", ".join((*needs, *may))
        raise BadShape(f"{place}.{unknown}".lstrip("."), f"不认识此项；可用：{known}", f"is not known; known: {known}")
    return found


def mapping(value: Any, place: str) -> Mapping[str, Any]:
    """An object; raises BadShape for anything else."""
    if not isinstance(value, Mapping):
        raise BadShape(place, "应为 JSON 对象", "must be a JSON object")
    return value


def sequence(value: Any, place: str) -> Sequence[Any]:
    """A list; raises BadShape for anything else, a text too."""
    if not isinstance(value, list | tuple):
        raise BadShape(place, "应为列表", "must be a list")
    return value


def count(value: Any, place: str) -> int:
    """A whole number from 0; raises BadShape for anything else."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= SAFE_INTEGER:
        raise BadShape(place, "应为不小于 0 的整数", "must be a whole number from 0")
    return value


def hex32(value: Any, place: str) -> bytes:
    """32 bytes from 64 small hex digits; raises BadShape for anything else."""
    if not isinstance(value, str) or not HEX.fullmatch(value):
        raise BadShape(place, "应为 64 位小写十六进制数", "must be 64 hex digits in lower case")
    return bytes.fromhex(value)


def sha256(raw: bytes) -> str:
    """SHA-256 of bytes, in hex."""
    return hashlib.sha256(raw).hexdigest()
