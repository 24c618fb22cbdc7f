"""Pure decisions: the steps of a version, and what in a text may identify a person."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from qingqu.kernel.publications.types import Hit, Move, State, Trace

TRANSITIONS: dict[State, tuple[Move, ...]] = {
    State.DRAFT: (Move("edit", State.DRAFT), Move("submit", State.SUBMITTED)),
    State.SUBMITTED: (Move("return", State.DRAFT), Move("publish", State.PUBLISHED)),
    State.PUBLISHED: (),
}
"""A published version never changes; a correction is the next version."""

NEVER = frozenset({Trace.STUDENT, Trace.RESIDENT_ID, Trace.BANK_CARD})
"""What no reason can keep in a publication: it must be taken out (MR-05, DP-9, DP-17)."""

_PLAIN = str.maketrans(
    {chr(0xFF10 + digit): str(digit) for digit in range(10)}
    | {"\uff38": "X", "\uff58": "X", "x": "X", "\uff0d": "-", "\uff0e": ".", "\uff20": "@"}
)
"""Full-width digits and signs to plain ones, character for character, so that positions stay."""

_PATTERNS: tuple[tuple[Trace, re.Pattern[str]], ...] = (
    (Trace.RESIDENT_ID, re.compile(r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dX](?![\dX])")),
    (Trace.RESIDENT_ID, re.compile(r"(?<!\d)\d{15}(?!\d)")),
    (Trace.BANK_CARD, re.compile(r"(?<!\d)(?:\d{4}[ -]?){4}\d{0,3}(?!\d)")),
    (Trace.PHONE, re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")),
    (Trace.PHONE, re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")),
    (Trace.EMAIL, re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    (
        Trace.ADDRESS,
        re.compile(
            r"[\u4e00-\u9fa5]{1,12}(?:路|街|巷|弄|大道|小区|花园|村)[0-9一二三四五六七八九十百]{1,5}(?:号|栋|幢|组|单元|室)"
        ),
    ),
    (
        Trace.STUDENT,
        re.compile(
            r"[0-9一二三四五六七八九初高]{1,2}(?:年级|[(\uff08][0-9一二三四五六七八九十]{1,2}[)\uff09]班)"
            r"[^。;\n]{0,8}?(?:男生|女生|学生)(?:[\u4e00-\u9fa5]?(?:某|同学))?"
        ),
    ),
    (Trace.STUDENT, re.compile(r"(?:男生|女生|学生|幼儿)[\u4e00-\u9fa5](?:某|同学)")),
)


def scan(text: str, *, parties: Iterable[str] = (), students: Iterable[str] = ()) -> tuple[Hit, ...]:
    """Everything in ``text`` that may identify a person, in the order it stands there, nothing twice.

    Names are found by exact match, also with blanks between the characters; numbers also in full-width digits. Where
    finds overlap the graver one stands (the order of ``Trace``). Law: MR-05, DP-9, DP-10, DP-17.
    """
    plain = text.translate(_PLAIN)
    found = [
        Hit(trace, match.start(), text[match.start() : match.end()])
        for trace, pattern in _PATTERNS
        for match in pattern.finditer(plain)
    ]
    for trace, names in ((Trace.STUDENT, students), (Trace.PARTY, parties)):
        found += [Hit(trace, match.start(), match.group()) for name in _names(names) for match in name.finditer(text)]
    return _without_overlaps(found)


def _names(names: Iterable[str]) -> list[re.Pattern[str]]:
    """One pattern a name of two characters or more, blanks allowed between its characters."""
    kept = {name.strip() for name in names if len(name.strip()) > 1}
    return [re.compile(r"[ \u3000]*".join(re.escape(char) for char in name)) for name in sorted(kept)]


def _without_overlaps(found: list[Hit]) -> tuple[Hit, ...]:
    """The graver, then the longer of what overlaps, in text order."""
    gravity = list(Trace)
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda hit: (gravity.index(hit.trace), -len(hit.text), hit.start)):
        end = hit.start + len(hit.text)
        if all(end <= other.start or hit.start >= other.start + len(other.text) for other in kept):
            kept.append(hit)
    return tuple(sorted(kept, key=lambda hit: hit.start))


def may_move(state: str, verb: str) -> bool:
    """Whether ``verb`` is a step out of ``state``."""
    return any(move.verb == verb for move in TRANSITIONS[State(state)])


def frozen(facts: Mapping[str, Any]) -> bytes:
    """The machine copy of a version as it is frozen: JSON with sorted keys, UTF-8, ending in a line feed."""
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def copy_hash(content: bytes) -> str:
    """The SHA-256 of a frozen copy, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
