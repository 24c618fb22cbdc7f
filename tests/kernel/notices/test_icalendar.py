"""Calendars as files, read back by the rules of RFC 5545."""

import re
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from qingqu.kernel.notices import icalendar

AT = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)
TEXTS = st.text(max_size=200)


def unfolded(content: bytes) -> list[str]:
    """A calendar's content lines, put together again (3.1)."""
    assert content.endswith(b"\r\n")
    return content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def plain(value: str) -> str:
    """A text value without its escapes (3.3.11)."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def one(title: str, text: str) -> bytes:
    """A calendar with one entry."""
    entry = icalendar.Entry("duty-1@qingqu", date(2026, 9, 30), title, text, "https://example.cn/duties/1/")
    return icalendar.written("清渠", [entry], at=AT)


class TestWritten:
    def test_is_a_whole_day_that_takes_up_no_time_and_reminds_three_days_before(self) -> None:
        title = "报送方案"
        lines = unfolded(one(title, "期限"))

        assert lines[0] == "BEGIN:VCALENDAR"
        assert lines[-1] == "END:VCALENDAR"
        assert {"DTSTART;VALUE=DATE:20260930", "DTEND;VALUE=DATE:20261001", "TRANSP:TRANSPARENT"} <= set(lines)
        assert {"UID:duty-1@qingqu", "DTSTAMP:20260924T010000Z", "TRIGGER:-P3D", f"SUMMARY:{title}"} <= set(lines)
        assert [line for line in lines if line.startswith("BEGIN")] == [
            "BEGIN:VCALENDAR",
            "BEGIN:VEVENT",
            "BEGIN:VALARM",
        ]

    @given(TEXTS, TEXTS)
    def test_gives_back_what_was_written_in_lines_of_seventy_five_bytes(self, title: str, text: str) -> None:
        content = one(title, text)

        assert all(len(line) <= icalendar.LINE for line in content.split(b"\r\n"))
        fields = dict(line.split(":", 1) for line in reversed(unfolded(content)))
        for name, given_ in (("SUMMARY", title), ("DESCRIPTION", text)):
            wanted = given_.replace("\r\n", "\n").replace("\r", "\n")
            assert plain(fields[name]) == "".join(x for x in wanted if x == "\n" or (x >= " " and x != "\x7f"))

    @given(TEXTS)
    def test_lets_no_text_begin_a_line_of_its_own(self, text: str) -> None:
        lines = unfolded(one(f"{text}\r\nEND:VCALENDAR", text))

        assert lines.count("END:VCALENDAR") == 1
        assert len(lines) == len(unfolded(one("a", "b")))
