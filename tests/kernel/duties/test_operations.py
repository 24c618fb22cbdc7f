"""Assigning, discharging, extending and pausing duties."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from qingqu.kernel.duties import operations, queries
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import operations as org
from qingqu.kernel.org.models import Post
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_person, make_post, make_unit, seat

pytestmark = pytest.mark.django_db

DUE = date(2026, 10, 12)


def make_duty(post, **changes):
    """An open duty of ``post`` due on DUE."""
    wanted = {
        "title": "报送整改方案",
        "post": post,
        "subject_kind": "rectification",
        "subject_id": "7",
        "start_on": date(2026, 9, 24),
        "due_on": DUE,
        "at": AT,
    }
    return operations.assign(**{**wanted, **changes})


class TestAssign:
    def test_keeps_post_unit_and_dates(self):
        post = make_post(Role.PRINCIPAL, make_unit())

        duty = make_duty(post)

        assert (duty.post, duty.unit, duty.due_on) == (post, post.unit, DUE)
        assert [step["step"] for step in duty.why] == ["START", "SET"]

    def test_records_one_event_about_the_duty(self):
        duty = make_duty(make_post(Role.PRINCIPAL, make_unit()))

        event = Event.objects.get(kind="duty.assigned")

        assert (event.subject_kind, event.subject_id, event.payload["due_on"]) == ("duty", str(duty.pk), "2026-10-12")

    def test_refuses_a_second_open_duty_of_the_same_post_about_the_same_subject(self):
        post = make_post(Role.PRINCIPAL, make_unit())
        make_duty(post)

        with pytest.raises(operations.AlreadyAssigned):
            make_duty(post)

    def test_accepts_it_again_after_discharge(self):
        post = make_post(Role.PRINCIPAL, make_unit())
        make_duty(post)
        operations.discharge(subject_kind="rectification", subject_id=7, at=AT)

        assert make_duty(post).is_open

    @pytest.mark.parametrize("due_on", [None, date(2026, 9, 23)])
    def test_refuses_missing_or_early_due_date(self, due_on):
        with pytest.raises(operations.BadDates):
            make_duty(make_post(Role.PRINCIPAL, make_unit()), due_on=due_on)

    def test_hides_discipline_duties(self):
        assert make_duty(make_post(Role.DISCIPLINE, make_unit())).is_private


class TestDischarge:
    def test_completes_every_post_of_the_subject_and_says_how_many(self):
        unit = make_unit()
        make_duty(make_post(Role.PRINCIPAL, unit))
        make_duty(make_post(Role.SECRETARY, unit))

        done = operations.discharge(subject_kind="rectification", subject_id="7", at=AT, actor_id=5)

        assert done == 2
        assert set(Duty.objects.values_list("completed_by", "completed_on")) == {("5", date(2026, 9, 24))}

    def test_completes_one_post_when_asked(self):
        unit = make_unit()
        principal, secretary = make_post(Role.PRINCIPAL, unit), make_post(Role.SECRETARY, unit)
        make_duty(principal)
        make_duty(secretary)

        operations.discharge(subject_kind="rectification", subject_id="7", at=AT, post=principal)

        assert list(Duty.objects.filter(completed_at=None).values_list("post", flat=True)) == [secretary.pk]

    def test_ends_a_pause_and_keeps_it(self):
        duty = make_duty(make_post(Role.PRINCIPAL, make_unit()))
        operations.pause(duty=duty, ground="听证期间", at=AT, actor_id=1)

        operations.discharge(subject_kind="rectification", subject_id="7", at=AT + timedelta(days=3))

        assert [(row.resumed_on - row.paused_on).days for row in duty.pauses.all()] == [3]

    def test_leaves_other_subjects_alone(self):
        make_duty(make_post(Role.PRINCIPAL, make_unit()))

        assert operations.discharge(subject_kind="rectification", subject_id="8", at=AT) == 0


class TestComplete:
    def test_refuses_a_duty_that_an_act_completes(self):
        with pytest.raises(operations.NotByHand):
            operations.complete(duty=make_duty(make_post(Role.PRINCIPAL, make_unit())), at=AT, actor_id=1)

    def test_completes_one_that_may_be_ticked_off(self):
        duty = make_duty(make_post(Role.PRINCIPAL, make_unit()), is_by_hand=True)

        operations.complete(duty=duty, at=AT, actor_id=1)

        duty.refresh_from_db()
        assert duty.completed_on == date(2026, 9, 24)
        with pytest.raises(operations.NotOpen):
            operations.complete(duty=duty, at=AT, actor_id=1)


class TestCancel:
    def test_keeps_the_ground(self):
        duty = make_duty(make_post(Role.PRINCIPAL, make_unit()))

        operations.cancel(subject_kind="rectification", subject_id="7", ground="事项撤回", at=AT)

        duty.refresh_from_db()
        assert (duty.is_open, duty.cancel_ground) == (False, "事项撤回")

    def test_refuses_without_a_ground(self):
        with pytest.raises(operations.BadDates):
            operations.cancel(subject_kind="rectification", subject_id="7", ground=" ", at=AT)


class TestExtend:
    def test_keeps_the_old_date_the_ground_and_the_approver(self):
        unit = make_unit()
        leader = seat(Role.LEADER, unit, "李局")
        duty = make_duty(make_post(Role.PRINCIPAL, unit))

        operations.extend(duty=duty, new_due_on=date(2026, 10, 30), ground="情况复杂", approver=leader, at=AT)

        duty.refresh_from_db()
        extension = duty.extensions.get()
        assert duty.due_on == date(2026, 10, 30)
        assert (extension.old_due_on, extension.approver) == (DUE, leader)
        assert duty.why[-1]["approver"] == "李局"

    @pytest.mark.parametrize(
        ("new_due_on", "ground", "days_on"),
        [(DUE, "情况复杂", 0), (date(2026, 10, 30), "  ", 0), (date(2026, 10, 30), "情况复杂", 19)],
    )
    def test_refuses_an_earlier_date_no_ground_and_a_late_duty(self, new_due_on, ground, days_on):
        unit = make_unit()
        leader = seat(Role.LEADER, unit)
        duty = make_duty(make_post(Role.PRINCIPAL, unit))

        with pytest.raises(operations.BadExtension):
            operations.extend(
                duty=duty, new_due_on=new_due_on, ground=ground, approver=leader, at=AT + timedelta(days=days_on)
            )

    def test_is_refused_to_the_holder_and_while_the_clock_stands(self):
        unit = make_unit()
        head = seat(Role.PRINCIPAL, unit)
        duty = make_duty(Post.objects.get(appointments__person=head))
        asked = {"duty": duty, "new_due_on": date(2026, 10, 30), "ground": "情况复杂", "at": AT}

        with pytest.raises(operations.BadExtension):
            operations.extend(**asked, approver=head)
        operations.pause(duty=duty, ground="听证期间", at=AT, actor_id=1)
        with pytest.raises(operations.BadExtension):
            operations.extend(**asked, approver=seat(Role.LEADER, unit))

        duty.refresh_from_db()
        assert duty.due_on == DUE

    def test_is_still_possible_on_the_due_date_itself(self):
        unit = make_unit()
        duty = make_duty(make_post(Role.PRINCIPAL, unit))

        operations.extend(
            duty=duty,
            new_due_on=date(2026, 10, 30),
            ground="情况复杂",
            approver=seat(Role.LEADER, unit),
            at=AT + timedelta(days=18),
        )

        assert duty.extensions.count() == 1


class TestPauseAndResume:
    def test_moves_the_due_date_by_the_days_the_clock_stood_still(self):
        duty = make_duty(make_post(Role.PRINCIPAL, make_unit()))
        operations.pause(duty=duty, ground="听证期间", at=AT, actor_id=1)

        operations.resume(duty=duty, at=AT + timedelta(days=5), actor_id=1)

        duty.refresh_from_db()
        assert duty.due_on == DUE + timedelta(days=5)
        assert duty.why[-1]["ground"] == "听证期间"

    def test_refuses_to_pause_twice_or_without_ground_and_to_resume_a_running_clock(self):
        duty = make_duty(make_post(Role.PRINCIPAL, make_unit()))
        with pytest.raises(operations.BadPause):
            operations.resume(duty=duty, at=AT, actor_id=1)
        with pytest.raises(operations.BadPause):
            operations.pause(duty=duty, ground="", at=AT, actor_id=1)
        operations.pause(duty=duty, ground="听证期间", at=AT, actor_id=1)

        with pytest.raises(operations.BadPause):
            operations.pause(duty=duty, ground="听证期间", at=AT, actor_id=1)

    def test_refuses_to_hide_a_late_duty_behind_a_pause(self):
        duty = make_duty(make_post(Role.PRINCIPAL, make_unit()))
        operations.pause(duty=duty, ground="听证期间", at=AT + timedelta(days=18), actor_id=1)
        operations.resume(duty=duty, at=AT + timedelta(days=18), actor_id=1)

        with pytest.raises(operations.BadPause):
            operations.pause(duty=duty, ground="听证期间", at=AT + timedelta(days=19), actor_id=1)


class TestHolderFollowsTheAppointment:
    def test_gives_the_open_duty_to_the_new_holder(self):
        post = make_post(Role.PRINCIPAL, make_unit())
        former, successor = make_person(post.unit), make_person(post.unit)
        org.appoint(post=post, person=former, starts_on=date(2024, 1, 1), at=AT)
        duty = make_duty(post)

        org.appoint(post=post, person=successor, starts_on=date(2026, 9, 1), at=AT)

        assert list(queries.open_for(successor.pk, on=date(2026, 9, 24))) == [duty]
        assert list(queries.open_for(former.pk, on=date(2026, 9, 24))) == []


class TestByRule:
    def test_counts_working_days_with_make_up_days_and_says_why(self):
        duty = make_duty(make_post(Role.PRINCIPAL, make_unit()), due_on=None, rule_id="WB-15")

        assert duty.due_on == date(2026, 10, 22)
        assert [step["step"] for step in duty.why][:2] == ["START", "RULE"]
        assert duty.why[-1] == {"step": "DUE", "on": "2026-10-22"}
        assert not duty.is_provisional

    def test_counts_by_the_districts_own_days(self):
        unit = make_unit()
        org.set_setting(key="calendar.day_off", unit=unit, value="校庆", valid_from=date(2026, 10, 9), at=AT)

        duty = make_duty(make_post(Role.PRINCIPAL, unit), due_on=None, rule_id="WB-04")

        assert duty.due_on > date(2026, 10, 9)

    def test_does_not_count_paused_days(self):
        duty = make_duty(make_post(Role.PRINCIPAL, make_unit()), due_on=None, rule_id="XF-04")
        before = duty.due_on
        operations.pause(duty=duty, ground="听证期间", at=AT + timedelta(days=4), actor_id=1)

        operations.resume(duty=duty, at=AT + timedelta(days=9), actor_id=1)

        duty.refresh_from_db()
        assert (duty.due_on - before).days >= 5
        assert [step["step"] for step in duty.why].count("PAUSED") == 1

    def test_is_provisional_in_a_year_without_a_calendar_and_counted_again(self):
        start = date(2099, 1, 5)
        duty = make_duty(make_post(Role.PRINCIPAL, make_unit()), due_on=None, rule_id="WB-04", start_on=start)
        assert (duty.is_provisional, duty.due_on) == (True, date(2099, 1, 12))
        Duty.objects.filter(pk=duty.pk).update(due_on=date(2099, 1, 13))

        assert operations.recount(at=AT) == 1

        duty.refresh_from_db()
        assert duty.due_on == date(2099, 1, 12)
        assert duty.why[-1] == {"step": "RECOUNTED", "old": "2099-01-13", "on": "2099-01-12"}
        assert operations.recount(at=AT) == 0

    def test_applies_the_rule_as_it_stood_when_the_act_happened_and_keeps_its_words(self):
        post = make_post(Role.PRINCIPAL, make_unit())
        before = make_duty(post, due_on=None, rule_id="FI-01", start_on=date(2025, 5, 30), subject_id="1")
        after = make_duty(post, due_on=None, rule_id="FI-01", start_on=date(2025, 6, 3), subject_id="2")

        assert queries.basis_of(before).zh == "按规定"
        assert queries.basis_of(after).zh == "《保障中小企业款项支付条例》（2025年）第9条"
        assert queries.basis_of(make_duty(post, subject_id="3")).zh == ""

    @pytest.mark.parametrize(("rule_id", "start_on"), [("PR-18", date(2014, 1, 6)), ("WB-01", date(2026, 1, 5))])
    def test_refuses_a_rule_that_gives_no_date_and_says_so_in_the_readers_language(self, rule_id, start_on):
        post = make_post(Role.PRINCIPAL, make_unit())
        for language, word in (("zh-hans", "规则"), ("en", "rule")):
            with translation.override(language), pytest.raises(operations.NotCountable, match=word):
                make_duty(post, due_on=None, rule_id=rule_id, start_on=start_on)


class TestWorkingCalendar:
    """What happens to open duties when the district's calendar changes."""

    def test_moves_every_open_duty_whose_span_holds_a_day_set_off_later(self):
        unit = make_unit()
        inside = make_duty(make_post(Role.PRINCIPAL, unit), due_on=None, rule_id="WB-15", subject_id="1")
        ended = make_duty(make_post(Role.PRINCIPAL, unit), due_on=None, rule_id="PR-18", subject_id="2")
        by_hand = make_duty(make_post(Role.PRINCIPAL, unit), subject_id="3")

        org.set_setting(key="calendar.day_off", unit=unit, value="区运动会", valid_from=date(2026, 10, 12), at=AT)

        for duty in (inside, ended, by_hand):
            duty.refresh_from_db()
        assert inside.due_on == date(2026, 10, 23)
        assert inside.why[-1] == {"step": "RECOUNTED", "old": "2026-10-22", "on": "2026-10-23"}
        assert (ended.due_on < date(2026, 10, 12), by_hand.due_on) == (True, DUE)
        event = Event.objects.get(kind="duty.recounted")
        assert (event.subject_id, event.payload["old_due_on"]) == (str(inside.pk), "2026-10-22")

    def test_moves_back_when_the_day_is_a_workday_after_all(self):
        unit = make_unit()
        duty = make_duty(make_post(Role.PRINCIPAL, unit), due_on=None, rule_id="WB-15")
        for key in ("calendar.day_off", "calendar.workday"):
            org.set_setting(key=key, unit=unit, value="区运动会", valid_from=date(2026, 10, 12), at=AT)

        duty.refresh_from_db()
        assert duty.due_on == date(2026, 10, 22)

    def test_leaves_paused_extended_and_closed_duties_as_they_were_decided(self):
        unit = make_unit()
        leader = seat(Role.LEADER, unit)
        made = [
            make_duty(make_post(Role.PRINCIPAL, unit), due_on=None, rule_id="WB-15", subject_id=str(number))
            for number in range(3)
        ]
        operations.pause(duty=made[0], ground="听证期间", at=AT, actor_id=1)
        operations.extend(duty=made[1], new_due_on=date(2026, 11, 5), ground="复杂", approver=leader, at=AT)
        operations.discharge(subject_kind="rectification", subject_id="2", at=AT)

        org.set_setting(key="calendar.day_off", unit=unit, value="区运动会", valid_from=date(2026, 10, 12), at=AT)

        for duty in made:
            duty.refresh_from_db()
        assert [duty.due_on for duty in made] == [date(2026, 10, 22), date(2026, 11, 5), date(2026, 10, 22)]
        operations.resume(duty=made[0], at=AT, actor_id=1)
        made[0].refresh_from_db()
        assert made[0].due_on == date(2026, 10, 23)

    def test_makes_a_provisional_date_certain_once_the_year_is_entered(self):
        unit = make_unit()
        start = date(2099, 1, 5)
        duty = make_duty(make_post(Role.PRINCIPAL, unit), due_on=None, rule_id="WB-04", start_on=start)
        assert duty.is_provisional

        org.set_setting(key="calendar.day_off", unit=unit, value="元旦", valid_from=date(2099, 1, 7), at=AT)
        org.set_setting(key="calendar.year", unit=unit, value="国办发明电", valid_from=date(2099, 1, 1), at=AT)

        duty.refresh_from_db()
        assert (duty.is_provisional, duty.due_on) == (False, date(2099, 1, 13))

    def test_leaves_the_duties_alone_when_another_setting_changes(self):
        unit = make_unit()
        make_duty(make_post(Role.PRINCIPAL, unit), due_on=None, rule_id="WB-15")

        org.set_setting(key="ethics.veto_years", unit=unit, value="5", valid_from=date(2026, 10, 12), at=AT)

        assert not Event.objects.filter(kind="duty.recounted").exists()


class TestAssignMany:
    def test_costs_the_same_for_a_hundred_posts(self):
        unit = make_unit()
        posts = [make_post(Role.TEACHER, unit) for _number in range(100)]
        orders = [operations.Order("学习", post, post.pk) for post in posts]

        with CaptureQueriesContext(connection) as spent:
            operations.assign_many(orders=orders, subject_kind="course", start_on=AT.date(), due_on=DUE, at=AT)

        assert Duty.objects.count() == 100
        assert len(spent) <= 9


class TestManyDuties:
    def test_groups_ten_thousand_in_one_query_and_counts_them_exactly(self):
        principal = seat(Role.PRINCIPAL, make_unit())
        post = Post.objects.get(appointments__person=principal)
        Duty.objects.bulk_create(
            Duty(
                title="事项",
                post=post,
                unit=post.unit,
                subject_kind="x",
                subject_id=str(number),
                start_on=date(2026, 1, 1),
                due_on=AT.date() + timedelta(days=number % 40 - 10),
            )
            for number in range(10_000)
        )

        with CaptureQueriesContext(connection) as spent:
            grouped = queries.grouped_for(principal.pk, on=AT.date())
        counts = queries.counts_for(principal.pk, on=AT.date())

        assert len(spent) == 1
        assert sum(len(rows) for rows in grouped.values()) == queries.WORK_LIST_LIMIT
        assert sum(counts.values()) == 10_000
        assert counts["overdue"] == 2_500
