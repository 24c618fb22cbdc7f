"""The records of a JSON document or of JSON Lines, one by one, each with its place; broken files are refused."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn, TextIO

from qingqu.engines.redflags.load.errors import refusal
from qingqu.engines.redflags.load.sniff import encoding_of, kind_of

Json = Any

MAX_DEPTH = 256
PEEK_LINES = 20
MAX_DETAIL = 120
ESCAPED_NO_TEXT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""Escapes that may stand for no character: NUL, and surrogates, which are sound in pairs only."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One JSON value with its place, or the reason why the line holds none (then ``value`` is its text)."""

    line: int
    value: Any
    code: str | None = None
    values: dict[str, object] = field(default_factory=dict)


def records(path: Path) -> Iterator[Record]:
    """The values of a file: every line of JSON Lines, or the one value of a document (line 1).

    A broken line among sound ones is a record with a reason. Raises BadSource EMPTY, NOT_JSON,
    TRUNCATED or TOO_DEEP when the file as a whole cannot be read.
    """
    if kind_of(path) != "TEXT":
        raise refusal("NOT_JSON", file=path.name, detail="binary")
    encoding = encoding_of(path)
    if _is_lines(path, encoding):
        yield from _lines(path, encoding)
        return
    yield Record(line=1, value=_document(path, encoding))


def is_too_deep(value: object) -> bool:
    """Whether a parsed value is nested deeper than any real record."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(value: object) -> list[Any]:
    """The objects and arrays directly inside a value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [child for child in inner if isinstance(child, dict | list)]


def parse(line: str) -> Json:
    """The JSON value of a text; raises ValueError also for NaN and for text that cannot be stored.

    Raises RecursionError when it is nested too deeply.
    """
    value = json.loads(line, parse_constant=_refuse_constant)
    if line.count("{") + line.count("[") > MAX_DEPTH and is_too_deep(value):
        raise RecursionError
    if ESCAPED_NO_TEXT.search(line) and not all(_is_text(each) for each in _texts(value)):
        message = "a text holds a NUL or half a surrogate pair"
        raise ValueError(message)
    return value


def _texts(value: Json) -> Iterator[str]:
    """Every text inside a value, the names of its members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for child in value.values():
            yield from _texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child)


def _is_text(text: str) -> bool:
    """Whether a text can be stored: neither UTF-8 files nor databases take every escape that JSON allows."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity are not JSON."""
    message = f"{name} is not JSON"
    raise ValueError(message)


def _attempt(line: str) -> tuple[Any, str | None]:
    """A parsed line and no code, or its text and the reason code."""
    try:
        return parse(line), None
    except RecursionError:
        return line, "TOO_DEEP"
    except ValueError as error:
        return str(error)[:MAX_DETAIL], "BAD_JSON"


def _filled(file: TextIO) -> Iterator[tuple[int, str]]:
    """The numbered lines that are not blank."""
    for number, line in enumerate(file, 1):
        if not line.isspace():
            yield number, line


def _is_lines(path: Path, encoding: str) -> bool:
    """Whether the first lines are JSON values of their own; a document of one line is not JSON Lines."""
    with path.open(encoding=encoding, newline="\n") as file:
        first = list(islice(_filled(file), PEEK_LINES))
    if len(first) <= 1:
        return False
    if _attempt(first[0][1])[1] is None:
        return True
    return not first[0][1].strip().startswith("[") and _is_record(first[1][1])


def _is_record(line: str) -> bool:
    """Whether a line alone is an object of the kind JSON Lines carry."""
    value, code = _attempt(line)
    return code is None and isinstance(value, dict) and bool({"ocid", "releases", "records"} & value.keys())


def _lines(path: Path, encoding: str) -> Iterator[Record]:
    """The lines as records; refuses a file whose last line breaks off or that has no sound line at all."""
    sound, number, line, detail, code = 0, 0, "\n", "", None
    with path.open(encoding=encoding, newline="\n") as file:
        for number, line in _filled(file):
            value, code = _attempt(line)
            if code is None:
                sound += 1
                yield Record(line=number, value=value)
            elif line.endswith("\n"):
                detail = value
                yield Record(line=number, value=line.strip(), code=code, values={"value": detail})
    if code == "BAD_JSON" and not line.endswith("\n"):
        raise refusal("TRUNCATED", file=path.name, detail=f"第 {number} 行 / line {number}")
    if code is not None and not line.endswith("\n"):
        yield Record(line=number, value=line.strip(), code=code, values={"value": ""})
    if not sound:
        raise refusal("NOT_JSON", file=path.name, detail=detail)


def _document(path: Path, encoding: str) -> Json:
    """The value of a whole document."""
    content = path.read_text(encoding=encoding)
    if not content.strip():
        raise refusal("EMPTY", file=path.name)
    try:
        return parse(content)
    except RecursionError as error:
        raise refusal("TOO_DEEP", file=path.name) from error
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(content.rstrip()) - 1 or error.msg.startswith("Unterminated string")
        code = "TRUNCATED" if at_end and content.lstrip()[:1] in "[{" else "NOT_JSON"
        raise refusal(code, file=path.name, detail=str(error)) from error
    except ValueError as error:
        raise refusal("NOT_JSON", file=path.name, detail=str(error)) from error
