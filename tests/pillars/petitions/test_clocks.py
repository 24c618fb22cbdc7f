"""The terms of the petition rules: boundary day, holiday, make-up workday, month end; and as duties show them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qingqu.engines.statutes import Extension, due_on, rule
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.duties import queries as standing
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.org import operations as org
from qingqu.pillars.petitions import operations
from qingqu.pillars.petitions.models import Opinion
from qingqu.pillars.petitions.types import Level
from tests.factories import AT, actor
from tests.pillars.petitions.town import (
    answered,
    clock,
    fresh,
    handled,
    make_town,
    rechecking,
    registered,
    reply,
    reviewing,
)

HERE = ZoneInfo("Asia/Shanghai")

PLAIN, HOLIDAY, MADE_UP, MONTH_END = "plain", "holiday", "make-up workday", "month end"

TABLE: list[tuple[str, str, date, date]] = [
    ("XF-01", PLAIN, date(2026, 9, 1), date(2026, 9, 16)),
    ("XF-01", HOLIDAY, date(2026, 9, 16), date(2026, 10, 8)),
    ("XF-01", MADE_UP, date(2026, 9, 5), date(2026, 9, 20)),
    ("XF-01", MONTH_END, date(2026, 8, 31), date(2026, 9, 15)),
    ("XF-02", PLAIN, date(2026, 3, 2), date(2026, 3, 17)),
    ("XF-02", HOLIDAY, date(2026, 2, 1), date(2026, 2, 24)),
    ("XF-02", MADE_UP, date(2026, 2, 13), date(2026, 2, 28)),
    ("XF-02", MONTH_END, date(2026, 1, 31), date(2026, 2, 24)),
    ("XF-03", PLAIN, date(2026, 3, 2), date(2026, 3, 9)),
    ("XF-03", HOLIDAY, date(2026, 9, 24), date(2026, 10, 9)),
    ("XF-03", MADE_UP, date(2026, 9, 14), date(2026, 9, 20)),
    ("XF-03", MONTH_END, date(2026, 1, 30), date(2026, 2, 6)),
    ("XF-04", PLAIN, date(2026, 6, 1), date(2026, 7, 31)),
    ("XF-04", HOLIDAY, date(2026, 8, 3), date(2026, 10, 8)),
    ("XF-04", MADE_UP, date(2026, 8, 11), date(2026, 10, 10)),
    ("XF-04", MONTH_END, date(2026, 1, 31), date(2026, 4, 1)),
    ("XF-06", PLAIN, date(2026, 3, 2), date(2026, 4, 1)),
    ("XF-06", HOLIDAY, date(2026, 9, 1), date(2026, 10, 8)),
    ("XF-06", MADE_UP, date(2026, 9, 10), date(2026, 10, 10)),
    ("XF-06", MONTH_END, date(2026, 1, 30), date(2026, 3, 2)),
    ("XF-07", PLAIN, date(2026, 4, 8), date(2026, 5, 8)),
    ("XF-07", HOLIDAY, date(2026, 4, 1), date(2026, 5, 6)),
    ("XF-07", MADE_UP, date(2026, 8, 21), date(2026, 9, 20)),
    ("XF-07", MONTH_END, date(2026, 1, 29), date(2026, 2, 28)),
    ("XF-08", PLAIN, date(2026, 3, 3), date(2026, 4, 2)),
    ("XF-08", HOLIDAY, date(2026, 1, 18), date(2026, 2, 24)),
    ("XF-08", MADE_UP, date(2026, 4, 9), date(2026, 5, 9)),
    ("XF-08", MONTH_END, date(2026, 1, 29), date(2026, 2, 28)),
    ("XF-09", PLAIN, date(2026, 11, 30), date(2026, 12, 30)),
    ("XF-09", HOLIDAY, date(2026, 4, 1), date(2026, 5, 6)),
    ("XF-09", MADE_UP, date(2026, 4, 9), date(2026, 5, 9)),
    ("XF-09", MONTH_END, date(2026, 1, 29), date(2026, 2, 28)),
]
"""(rule, what of it is tried, the day it starts, the last day), counted by hand from the calendar of 2026."""

EXTENDED: list[tuple[str, date, date, date]] = [
    (PLAIN, date(2026, 5, 5), date(2026, 7, 6), date(2026, 8, 5)),
    (HOLIDAY, date(2026, 7, 6), date(2026, 9, 4), date(2026, 10, 8)),
    (MADE_UP, date(2026, 7, 13), date(2026, 9, 11), date(2026, 10, 12)),
    (MONTH_END, date(2026, 6, 1), date(2026, 7, 31), date(2026, 8, 31)),
]
"""XF-05: (what is tried, the day the claim was taken, the day due, the last day after the extension)."""


class TestEveryTerm:
    @pytest.mark.parametrize(("rule_id", "tried", "start", "last"), TABLE)
    def test_ends_on_the_day_counted_by_hand(self, rule_id: str, tried: str, start: date, last: date) -> None:
        assert due_on(rule_id, start).due_on == last, tried

    @pytest.mark.parametrize(("tried", "start", "due", "last"), EXTENDED)
    def test_of_a_claim_is_extended_from_the_day_it_was_due(
        self, tried: str, start: date, due: date, last: date
    ) -> None:
        extension = Extension("XF-05", "领导甲", start, "情况复杂")

        assert due_on("XF-04", start).due_on == due, tried
        assert due_on("XF-04", start, extensions=[extension]).due_on == last, tried

    def test_with_a_number_stands_in_the_table_four_times(self) -> None:
        terms = {f"XF-0{number}" for number in range(1, 10)}
        timed = {rule_id for rule_id in terms if rule(rule_id).value and rule(rule_id).calendar}

        assert {rule_id for rule_id, *_rest in TABLE} | {"XF-05"} == timed == terms
        assert len(TABLE) == 4 * 8

    def test_counts_natural_days_but_for_the_objection(self) -> None:
        assert {rule_id for rule_id, *_rest in TABLE if rule(rule_id).calendar == "workday"} == {"XF-03"}


def late_on(duty: Duty, day: date) -> bool:
    """Whether a duty is late as seen on a day."""
    return standing.standing_of(duty, standing.horizon_on(day)).status == "OVERDUE"


@pytest.mark.django_db
class TestADuty:
    def test_shows_the_day_of_the_law_and_is_late_from_the_day_after(self) -> None:
        duty = clock(registered(make_town(), received_on=date(2026, 9, 16)))

        assert duty is not None
        assert (duty.rule_id, duty.due_on) == ("XF-01", date(2026, 10, 8))
        assert not late_on(duty, date(2026, 10, 8))
        assert late_on(duty, date(2026, 10, 9))

    def test_follows_a_day_off_that_is_announced_later(self) -> None:
        town = make_town()
        row = registered(town, received_on=date(2026, 9, 1))

        org.set_setting(key="calendar.day_off", unit=town.root, value="停课", valid_from=date(2026, 9, 16), at=AT)

        duty = clock(row)
        assert duty is not None
        assert duty.due_on == date(2026, 9, 17)

    def test_of_what_was_passed_on_is_to_tell_and_another_to_object(self) -> None:
        row = registered(make_town(), channel="PASSED_ON", sent_by="区信访局", received_on=date(2026, 9, 14))

        told, objected = clock(row), clock(row, "petition_objection")
        assert told is not None
        assert objected is not None
        assert (told.rule_id, told.due_on) == ("XF-02", date(2026, 9, 29))
        assert (objected.rule_id, objected.due_on) == ("XF-03", date(2026, 9, 20))

    @pytest.mark.parametrize(("kind", "rule_id"), [("CLAIM", "XF-04"), ("COMPLAINT", ""), ("SUGGESTION", "")])
    def test_to_settle_is_given_for_claims(self, kind: str, rule_id: str) -> None:
        duty = clock(handled(make_town(), kind=kind))

        assert (duty.rule_id if duty else "") == rule_id

    def test_is_extended_to_the_day_of_the_law(self) -> None:
        town = make_town()
        row = handled(town)
        before = clock(row)

        operations.extend(petition=row, ground="情况复杂", told="书面告知", at=AT, actor=actor(town.leader))

        after = clock(row)
        assert before is not None
        assert after is not None
        assert before.due_on == date(2026, 11, 23)
        assert (after.rule_id, after.start_on, after.due_on) == ("XF-05", before.due_on, date(2026, 12, 23))

    def test_of_a_review_starts_on_the_day_it_was_asked_for(self) -> None:
        duty = clock(reviewing(make_town()))

        assert duty is not None
        assert (duty.rule_id, duty.start_on, duty.due_on) == ("XF-07", AT.date(), date(2026, 10, 26))

    def test_of_a_re_check_does_not_count_the_days_of_a_hearing(self) -> None:
        town = make_town()
        row = rechecking(town)
        clerk = actor(town.office)
        operations.hear(petition=row, ground="组织听证", at=AT + timedelta(days=3), actor=clerk)
        paused = clock(row)
        operations.resume(petition=row, at=AT + timedelta(days=10), actor=clerk)

        duty = clock(row)
        assert paused is not None
        assert paused.paused_on == date(2026, 9, 27)
        assert duty is not None
        assert (duty.rule_id, duty.due_on) == ("XF-09", date(2026, 11, 2))

    def test_of_a_re_check_stands_still_while_a_hearing_lasts(self) -> None:
        town = make_town()
        row = rechecking(town)
        operations.hear(petition=row, ground="组织听证", at=AT, actor=actor(town.office))

        with pytest.raises(duties.BadPause):
            operations.hear(petition=row, ground="再次听证", at=AT, actor=actor(town.office))

    def test_is_over_with_the_step_it_asks_for(self) -> None:
        town = make_town()

        assert clock(answered(town)) is None


@pytest.mark.django_db
class TestTheRemedy:
    def test_ends_on_the_day_of_the_law_after_the_letter_was_handed_over(self) -> None:
        town = make_town()
        row = handled(town)
        at = datetime(2026, 9, 10, 9, tzinfo=HERE)
        said = operations.conclude(
            petition=row, reply=reply(served_on=date(2026, 9, 10)), at=at, actor=actor(town.office)
        )

        assert said.remedy_until == date(2026, 10, 10)

    def test_is_open_on_its_last_day_and_closed_on_the_next(self) -> None:
        town = make_town()
        row = answered(town)
        last = Opinion.objects.get(petition=row).remedy_until
        assert last == date(2026, 10, 26)

        def ask(on: date) -> None:
            at = datetime(on.year, on.month, on.day, 9, tzinfo=HERE)
            operations.ask(
                petition=row, level=Level.REVIEW, ground="不服", asked_on=on, at=at, actor=actor(town.office)
            )

        with pytest.raises(operations.NotInTime):
            ask(last + timedelta(days=1))
        ask(last)
        assert fresh(row).state == "REVIEWING"
