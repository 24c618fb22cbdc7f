"""Calendars in the form every calendar program reads (RFC 5545): whole days, folded lines, escaped text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

PRODUCT = "-//Qingqu//Duties//ZH"
LINE = 75
"""Bytes a line may have before it is folded (RFC 5545, 3.1)."""


@dataclass(frozen=True)
class Entry:
    """One day in a calendar: ``uid`` stays the same when the day moves; ``remind_days`` before it is reminded."""

    uid: str
    on: date
    title: str
    text: str
    url: str = ""
    remind_days: int = 3


def written(name: str, entries: Iterable[Entry], *, at: datetime) -> bytes:
    """A calendar as a file, as it stands at a moment."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for entry in entries:
        lines += _event(entry, f"{at:%Y%m%dT%H%M%SZ}")
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _event(entry: Entry, stamp: str) -> list[str]:
    """An entry as a whole-day event that takes up nobody's time, with an alarm."""
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(entry.title)}",
        f"DESCRIPTION:{escaped(entry.text)}",
        *([f"URL:{entry.url}"] if entry.url else []),
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escaped(entry.title)}",
        f"TRIGGER:-P{entry.remind_days}D",
        "END:VALARM",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """Text as a property holds it (RFC 5545, 3.3.11); signs that no calendar may hold are left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign, written_as in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(sign, written_as)
    return "".join(letter for letter in plain if letter >= " " and letter != "\x7f")


def folded(line: str) -> str:
    """A line of at most LINE bytes, the rest on lines that begin with a space; no letter is torn apart."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LINE:
            pieces.append(piece)
            piece, size = "", 1
        piece += letter
        size += width
    return "\r\n ".join([*pieces, piece])
