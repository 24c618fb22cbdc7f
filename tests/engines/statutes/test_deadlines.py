"""Due dates: the reference vectors, their boundaries and their laws."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qingqu.engines.statutes import (
    BadTerm,
    Calendar,
    Extension,
    NoDuration,
    NotInForce,
    Pause,
    UnknownYear,
    add_months,
    due_on,
    is_workday,
    rule,
    rules,
)
from tests.shared import shared_path

STARTS = st.dates(date(2021, 1, 4), date(2025, 6, 30))
COUNTED = [rule.id for rule in rules() if rule.calendar and isinstance(rule.value, int) and rule.unit == "日"]


def _stands(rule_id: str, on: date) -> bool:
    """Whether a version of the rule is on record for a day."""
    try:
        return rule(rule_id, on=on) is not None
    except NotInForce:
        return False


class TestVectors:
    def test_every_reference_vector_is_reproduced(self) -> None:
        vectors = json.loads(shared_path("rulebook/calendar/deadline_test_vectors.json").read_text(encoding="utf-8"))
        assert len(vectors) >= 10
        for vector in vectors:
            due = due_on(vector["rule"], date.fromisoformat(vector["start"]))
            assert (due.rolled_from or due.due_on).isoformat() == vector["due"]
            if vector.get("falls_on_offday"):
                assert due.due_on.isoformat() == vector["next_workday"]

    def test_national_calendar_equals_the_reference_tables(self) -> None:
        for year in (2024, 2025, 2026):
            table = json.loads(shared_path(f"rulebook/calendar/holiday-cn-{year}.json").read_text(encoding="utf-8"))
            special = {date.fromisoformat(day["date"]): not day["isOffDay"] for day in table["days"]}
            day = date(year, 1, 1)
            while day.year == year:
                assert is_workday(day) == special.get(day, day.weekday() < 5), day
                day += timedelta(days=1)


class TestDueOn:
    def test_says_why(self) -> None:
        due = due_on("WB-15", date(2026, 9, 24))
        assert due.due_on == date(2026, 10, 22)
        assert due.counted == 15
        assert [step["step"] for step in due.steps] == ["START", "RULE", "SKIPPED", "MADE_UP", "DUE"]
        assert "国庆节" in {day.zh for day in due.skipped}

    def test_a_shortest_term_never_moves_past_days_off(self) -> None:
        due = due_on("PR-01", date(2026, 9, 12))
        assert due.due_on == date(2026, 10, 2)
        assert due.rolled_from is None

    def test_a_longest_term_moves_to_the_next_workday(self) -> None:
        due = due_on("PR-17", date(2026, 9, 1))
        assert (due.rolled_from, due.due_on) == (date(2026, 10, 1), date(2026, 10, 8))

    def test_a_day_off_declared_locally_is_skipped(self) -> None:
        plain = due_on("PR-18", date(2026, 9, 1))
        local = due_on("PR-18", date(2026, 9, 1), calendar=Calendar({date(2026, 9, 2): False}))
        assert local.due_on == plain.due_on + timedelta(days=1)

    def test_working_days_into_an_unpublished_year_are_refused(self) -> None:
        with pytest.raises(UnknownYear) as refusal:
            due_on("WB-15", date(2026, 12, 21))
        assert refusal.value.year == 2027

    def test_weekdays_may_be_counted_provisionally_when_asked(self) -> None:
        due = due_on("WB-15", date(2026, 12, 21), unknown_year="weekends")
        assert due.is_provisional
        assert {"step": "UNKNOWN_YEAR", "year": 2027} in due.steps

    def test_a_calendar_term_into_an_unpublished_year_is_provisional(self) -> None:
        due = due_on("XF-04", date(2026, 11, 24))
        assert due.due_on == date(2027, 1, 23)
        assert due.is_provisional

    def test_a_year_given_by_the_district_is_known(self) -> None:
        calendar = Calendar({date(2027, 1, 1): False}, frozenset({2027}))
        due = due_on("WB-15", date(2026, 12, 21), calendar=calendar)
        assert not due.is_provisional

    def test_a_rule_without_a_single_term_is_refused(self) -> None:
        for rule_id in ("WB-01", "DL-11", "PR-13"):
            with pytest.raises(NoDuration):
                due_on(rule_id, date(2026, 3, 2))

    def test_applies_the_rule_as_it_stood_when_the_act_happened(self) -> None:
        assert due_on("FI-01", date(2025, 5, 30)).citation.zh == "按规定"
        assert due_on("FI-01", date(2025, 6, 3)).citation.zh == "《保障中小企业款项支付条例》（2025年）第9条"
        assert due_on("FI-01", date(2025, 5, 30), on=date(2025, 6, 1)).citation.shows_article

    def test_refuses_a_day_on_which_no_version_is_known(self) -> None:
        with pytest.raises(NotInForce):
            due_on("FI-01", date(2020, 8, 31))

    def test_says_of_a_year_before_the_calendar_that_it_is_not_held_rather_than_unpublished(self) -> None:
        with pytest.raises(UnknownYear, match="不含1999年") as refusal:
            due_on("WB-15", date(1999, 3, 1))
        assert "尚未公布" not in refusal.value.zh

    @pytest.mark.parametrize("rule_id", ["XF-04", "DL-02"])
    def test_refuses_a_start_beyond_the_end_of_the_calendar_itself(self, rule_id: str) -> None:
        with pytest.raises(BadTerm):
            due_on(rule_id, date(9999, 12, 30))

    @pytest.mark.parametrize(
        ("rule_id", "start", "due"),
        [
            ("PR-18", date(2026, 2, 12), date(2026, 2, 14)),  # a Saturday that was made a workday counts
            ("PR-18", date(2026, 2, 13), date(2026, 2, 24)),  # the whole Spring Festival is passed over
            ("XF-04", date(2026, 2, 2), date(2026, 4, 3)),  # sixty days that end on a workday stay
            ("XF-04", date(2026, 2, 3), date(2026, 4, 7)),  # the same a day later end on a Saturday and a holiday
            ("DL-02", date(2026, 1, 30), date(2026, 2, 28)),  # no 30 February: the last day, a make-up Saturday
            ("DL-02", date(2026, 2, 28), date(2026, 3, 30)),  # the 28th falls on a Saturday and rolls
            ("ET-33", date(2024, 2, 29), date(2029, 2, 28)),  # years count like months
        ],
    )
    def test_counts_at_the_boundaries(self, rule_id: str, start: date, due: date) -> None:
        assert due_on(rule_id, start).due_on == due

    @given(STARTS, st.sampled_from(COUNTED))
    def test_a_later_start_is_never_due_earlier(self, start: date, rule_id: str) -> None:
        assume(_stands(rule_id, start))
        assert due_on(rule_id, start).due_on <= due_on(rule_id, start + timedelta(days=1)).due_on

    @given(STARTS)
    def test_counted_and_skipped_days_make_up_the_span(self, start: date) -> None:
        due = due_on("DS-01", start)
        assert (due.due_on - start).days == due.counted + len(due.skipped)

    @given(STARTS, st.sampled_from([rule.id for rule in rules() if rule.rollover == "next_workday"]))
    def test_a_term_that_rolls_ends_on_a_workday(self, start: date, rule_id: str) -> None:
        assume(_stands(rule_id, start))
        try:
            due = due_on(rule_id, start)
        except NoDuration:
            return
        assert is_workday(due.due_on)


class TestPausesAndExtensions:
    def test_paused_days_do_not_count(self) -> None:
        pause = Pause(date(2026, 3, 10), date(2026, 3, 14), "等待鉴定")
        assert due_on("XF-04", date(2026, 3, 2), pauses=[pause]).rolled_from is None
        plain, paused = due_on("XF-04", date(2026, 3, 2)), due_on("XF-04", date(2026, 3, 2), pauses=[pause])
        assert ((paused.rolled_from or paused.due_on) - (plain.rolled_from or plain.due_on)).days == 5

    def test_a_pause_after_the_end_changes_nothing(self) -> None:
        pause = Pause(date(2026, 9, 1), date(2026, 9, 30), "无关")
        assert due_on("XF-04", date(2026, 3, 2), pauses=[pause]).due_on == due_on("XF-04", date(2026, 3, 2)).due_on

    def test_a_pause_moves_a_month_too(self) -> None:
        pause = Pause(date(2026, 3, 10), date(2026, 3, 11), "等待材料")
        paused = due_on("DL-02", date(2026, 3, 2), pauses=[pause])
        assert paused.due_on == date(2026, 4, 7)
        assert paused.counted == 31

    @given(STARTS, st.integers(0, 80), st.integers(0, 30), st.sampled_from(["XF-04", "DL-02"]))
    def test_a_pause_never_brings_the_day_forward_and_never_adds_more_than_it_lasted(
        self, start: date, after: int, length: int, rule_id: str
    ) -> None:
        assume(_stands(rule_id, start))
        begins = start + timedelta(days=after)
        pause = Pause(begins, begins + timedelta(days=length), "依据")
        plain, paused = due_on(rule_id, start), due_on(rule_id, start, pauses=[pause])
        assert paused.counted == plain.counted
        assert paused.due_on >= plain.due_on
        assert ((paused.rolled_from or paused.due_on) - (plain.rolled_from or plain.due_on)).days <= length + 1

    def test_three_extensions_of_three_approvers_follow_one_another(self) -> None:
        first = Extension("WB-11", "本机关主要负责人", date(2026, 6, 1), "案情复杂")
        second = Extension("WB-11", "上级纪检监察机关", date(2026, 8, 31), "案情复杂")
        due = due_on("WB-10", date(2026, 3, 2), extensions=[first, second])
        extended = [step for step in due.steps if step["step"] == "EXTENDED"]
        assert [step["approver"] for step in extended] == ["本机关主要负责人", "上级纪检监察机关"]
        assert [step["old"] for step in extended] == ["2026-06-02", "2026-09-02"]
        assert due.due_on == date(2026, 12, 2)

    def test_an_extension_is_counted_from_the_day_that_was_due(self) -> None:
        extension = Extension("DS-03", "区政府办公室主任", date(2026, 3, 20), "需要征求意见")
        due = due_on("DS-02", date(2026, 3, 2), extensions=[extension])
        assert due.counted == 40
        assert any(step["step"] == "EXTENDED" and step["approver"] == "区政府办公室主任" for step in due.steps)

    @pytest.mark.parametrize(
        "extension",
        [
            Extension("XF-05", "", date(2026, 3, 20), "复杂"),
            Extension("XF-05", "负责人", date(2026, 3, 20), " "),
            Extension("XF-05", "负责人", date(2026, 8, 1), "复杂"),
        ],
    )
    def test_an_extension_without_approver_ground_or_in_time_is_refused(self, extension: Extension) -> None:
        with pytest.raises(BadTerm):
            due_on("XF-04", date(2026, 3, 2), extensions=[extension])

    def test_a_pause_that_ends_before_it_starts_is_refused(self) -> None:
        with pytest.raises(BadTerm):
            due_on("XF-04", date(2026, 3, 2), pauses=[Pause(date(2026, 3, 5), date(2026, 3, 4), "错误")])


class TestAddMonths:
    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 600))
    def test_keeps_the_day_or_takes_the_last_of_the_month(self, start: date, number: int) -> None:
        moved = add_months(start, number)
        assert (moved.year * 12 + moved.month) - (start.year * 12 + start.month) == number
        assert moved.day == start.day or (moved + timedelta(days=1)).day == 1
