"""Status on a day, reminder ladder, escalation, words."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qingqu.engines.statutes import NotInForce, UnknownYear, due_on, rule
from qingqu.engines.statutes import rules as statutes
from qingqu.kernel.duties import rules
from qingqu.kernel.duties.types import Horizon, Standing, Status

ON = date(2026, 9, 24)
"""A Thursday; 25 to 27 September are the Mid-Autumn days off."""
SEEN = Horizon(ON, soon_until=date(2026, 9, 30), week_until=date(2026, 9, 27))


COUNTABLE = [each.id for each in statutes() if each.calendar and isinstance(each.value, int) and each.unit == "日"]


def stands(rule_id, on):
    """Whether a version of the rule is on record for a day."""
    try:
        return rule(rule_id, on=on) is not None
    except NotInForce:
        return False


def weekdays(day):
    """A calendar without holidays."""
    return day.weekday() < 5


def unknown(day):
    """A calendar that covers nothing."""
    raise UnknownYear(day.year)


class TestHorizon:
    @pytest.mark.parametrize(
        ("on", "soon", "week"),
        [
            (date(2026, 11, 2), date(2026, 11, 5), date(2026, 11, 8)),
            (date(2026, 11, 5), date(2026, 11, 10), date(2026, 11, 8)),
            (date(2026, 11, 7), date(2026, 11, 11), date(2026, 11, 8)),
        ],
    )
    def test_reaches_three_working_days_and_to_sunday(self, on, soon, week):
        seen = rules.horizon(on, is_workday=weekdays)

        assert (seen.soon_until, seen.week_until, seen.is_certain) == (soon, week, True)

    def test_says_when_the_calendar_does_not_cover_the_span(self):
        seen = rules.horizon(date(2030, 1, 3), is_workday=unknown)

        assert (seen.soon_until, seen.is_certain) == (date(2030, 1, 8), False)


class TestStanding:
    @pytest.mark.parametrize(
        ("due_on", "status", "left"),
        [
            (date(2026, 9, 23), Status.OVERDUE, -1),
            (ON, Status.SOON, 0),
            (date(2026, 9, 30), Status.SOON, 6),
            (date(2026, 10, 1), Status.WAITING, 7),
        ],
    )
    def test_tells_open_duties_apart(self, due_on, status, left):
        assert rules.standing(due_on=due_on, seen=SEEN) == Standing(status, left)

    def test_is_this_week_between_soon_and_sunday(self):
        seen = Horizon(date(2026, 11, 2), date(2026, 11, 5), date(2026, 11, 8))

        assert rules.standing(due_on=date(2026, 11, 6), seen=seen).status is Status.WEEK

    @pytest.mark.parametrize(("done", "status"), [(0, Status.DONE_IN_TIME), (1, Status.DONE_LATE)])
    def test_is_late_only_from_the_day_after(self, done, status):
        shown = rules.standing(due_on=ON, seen=SEEN, completed_on=ON + timedelta(days=done))

        assert shown == Standing(status, None)

    def test_puts_pause_and_cancellation_before_the_date(self):
        late = ON - timedelta(days=30)

        assert rules.standing(due_on=late, seen=SEEN, is_paused=True).status is Status.PAUSED
        assert rules.standing(due_on=late, seen=SEEN, is_cancelled=True).status is Status.CANCELLED

    @given(days=st.integers(-400, 400))
    def test_never_calls_a_duty_late_before_its_date(self, days):
        shown = rules.standing(due_on=ON + timedelta(days=days), seen=SEEN)

        assert (shown.status is Status.OVERDUE) == (days < 0)
        assert shown.days_left == days


class TestWords:
    @pytest.mark.parametrize("status", list(Status))
    def test_has_words_and_a_tone_for_every_status(self, status):
        assert rules.WORDS[status].zh
        assert rules.WORDS[status].en
        assert rules.TONES[status]

    @pytest.mark.parametrize(("left", "zh"), [(-2, "已超 2 天"), (0, "今天到期"), (5, "还剩 5 天"), (None, "")])
    def test_says_the_days(self, left, zh):
        assert rules.days_phrase(Standing(Status.WAITING, left)).zh == zh


class TestToSend:
    @pytest.mark.parametrize(
        ("offset", "codes"),
        [
            (-11, []),
            (-10, ["BEFORE_10"]),
            (-4, ["BEFORE_10"]),
            (-3, ["BEFORE_3"]),
            (0, ["ON_DAY"]),
            (1, ["AFTER_1"]),
            (3, ["AFTER_1", "ESCALATE_3"]),
            (10, ["AFTER_1", "ESCALATE_3", "ESCALATE_10"]),
        ],
    )
    def test_gives_the_last_rung_reached_at_each_level(self, offset, codes):
        due_on = ON - timedelta(days=offset)

        assert [step.code for step in rules.to_send(due_on, ON, ())] == codes

    @given(offset=st.integers(-30, 60))
    def test_sends_nothing_twice(self, offset):
        due_on = ON - timedelta(days=offset)
        sent = {step.code for step in rules.to_send(due_on, ON, ())}

        assert rules.to_send(due_on, ON, sent) == ()

    @given(offset=st.integers(-30, 60))
    def test_never_looks_further_than_the_first_rung(self, offset):
        due_on = ON + timedelta(days=offset)

        assert bool(rules.reached(due_on, ON)) == (due_on <= rules.last_due_with_reminder(ON))


class TestMoved:
    @given(days=st.integers(0, 400))
    def test_moves_by_exactly_the_pause(self, days):
        moved = rules.moved(ON, paused_on=ON, resumed_on=ON + timedelta(days=days))

        assert (moved - ON).days == days


class TestBasis:
    @pytest.mark.parametrize(
        ("why", "basis"),
        [
            ([], ("", "")),
            ([{"step": "START", "on": "2026-09-24"}, {"step": "SET", "on": "2026-10-12"}], ("", "")),
            ([{"step": "RULE", "basis": "按规定", "basis_en": "as prescribed"}], ("按规定", "as prescribed")),
            ([{"step": "RULE"}], ("", "")),
        ],
    )
    def test_is_what_the_rule_step_says(self, why, basis):
        found = rules.basis(why)

        assert (found.zh, found.en) == basis

    @given(st.sampled_from(COUNTABLE), st.dates(date(2023, 1, 2), date(2025, 3, 31)))
    def test_claims_an_article_only_of_what_was_checked(self, rule_id, start):
        assume(stands(rule_id, start))

        found = rules.basis(rules.why_by_rule(due_on(rule_id, start)))

        if rule(rule_id, on=start).status in {"V2w", "U"}:
            assert (found.zh, found.en) == ("按规定", "as prescribed")
        else:
            assert found.zh
