"""The daily job: who is reminded, who is told, once each; handover when a post changes hands."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingqu.kernel.duties import operations, queries
from qingqu.kernel.duties.models import Reminder
from qingqu.kernel.duties.operations import Sent
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.ledger.operations import events as ledger_events
from qingqu.kernel.org import operations as org
from qingqu.kernel.org.models import Post
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_person, make_post, make_unit, seat

pytestmark = pytest.mark.django_db

START = date(2026, 9, 1)


def make_duty(post, *, due_on, subject_id="1", **changes):
    """An open duty of ``post``."""
    return operations.assign(
        title="报送清单",
        post=post,
        subject_kind="risk",
        subject_id=subject_id,
        start_on=START,
        due_on=due_on,
        at=AT,
        **changes,
    )


def district():
    """A district with a leader, a school with a principal and an empty-handed teacher's post."""
    root = make_unit()
    school = make_unit("第一小学", parent=root, kind="PRIMARY")
    leader = seat(Role.LEADER, root, "局长")
    principal = seat(Role.PRINCIPAL, school, "校长")
    return root, school, leader, principal


def post_of(person):
    """The post a person holds."""
    return Post.objects.get(appointments__person=person)


def sent_to():
    """Who got which rung."""
    return list(Reminder.objects.order_by("id").values_list("step", "person__name"))


class TestTick:
    def test_reminds_the_holder_before_the_date_once(self):
        _root, _school, _leader, principal = district()
        make_duty(post_of(principal), due_on=AT.date() + timedelta(days=3))

        first, second = operations.tick(at=AT), operations.tick(at=AT + timedelta(hours=2))

        assert (first, second) == (Sent(1, 0), Sent(0, 0))
        assert sent_to() == [("BEFORE_3", "校长")]

    def test_climbs_the_ladder_day_by_day(self):
        _root, _school, _leader, principal = district()
        make_duty(post_of(principal), due_on=AT.date() + timedelta(days=12))

        for day in range(40):
            operations.tick(at=AT + timedelta(days=day))

        assert sent_to() == [
            ("BEFORE_10", "校长"),
            ("BEFORE_3", "校长"),
            ("ON_DAY", "校长"),
            ("AFTER_1", "校长"),
            ("ESCALATE_3", "局长"),
            ("ESCALATE_10", "局长"),
        ]

    def test_escalates_a_teachers_duty_to_the_principal_first_and_then_to_the_leader(self):
        _root, school, _leader, _principal = district()
        teacher = seat(Role.TEACHER, school, "教师")
        make_duty(post_of(teacher), due_on=START)

        operations.tick(at=AT)

        assert sent_to() == [("AFTER_1", "教师"), ("ESCALATE_3", "校长"), ("ESCALATE_10", "局长")]
        assert Event.objects.filter(kind="duty.escalated").count() == 2

    def test_tells_the_principal_after_three_days(self):
        _root, school, _leader, _principal = district()
        make_duty(post_of(seat(Role.TEACHER, school, "教师")), due_on=AT.date() - timedelta(days=3))

        operations.tick(at=AT)

        assert ("ESCALATE_3", "校长") in sent_to()

    def test_passes_an_empty_seat_up(self):
        _root, school, _leader, _principal = district()
        make_duty(make_post(Role.OFFICE, school), due_on=AT.date())

        operations.tick(at=AT)

        assert sent_to() == [("ON_DAY", "校长")]

    def test_starts_again_for_an_extended_date(self):
        _root, _school, leader, principal = district()
        duty = make_duty(post_of(principal), due_on=AT.date())
        operations.tick(at=AT)
        operations.extend(
            duty=duty, new_due_on=AT.date() + timedelta(days=7), ground="材料待补", approver=leader, at=AT
        )

        operations.tick(at=AT + timedelta(days=7))

        assert [step for step, _name in sent_to()] == ["ON_DAY", "ON_DAY"]

    @pytest.mark.parametrize("act", ["pause", "discharge"])
    def test_is_silent_about_paused_and_completed_duties(self, act):
        _root, _school, _leader, principal = district()
        duty = make_duty(post_of(principal), due_on=AT.date())
        if act == "pause":
            operations.pause(duty=duty, ground="听证", at=AT, actor_id=1)
        else:
            operations.discharge(subject_kind="risk", subject_id=1, at=AT)

        assert operations.tick(at=AT + timedelta(days=20)) == Sent(0, 0)

    def test_never_tells_the_leader_of_a_discipline_duty(self):
        root, _school, _leader, _principal = district()
        make_duty(post_of(seat(Role.DISCIPLINE, root, "纪检")), due_on=START)

        operations.tick(at=AT)

        assert sent_to() == [("AFTER_1", "纪检")]

    def test_costs_the_same_for_any_chunk(self, monkeypatch):
        monkeypatch.setattr(ledger_events, "_subscribers", defaultdict(list))
        _root, _school, _leader, principal = district()
        for number in range(30):
            make_duty(post_of(principal), due_on=START, subject_id=str(number))

        with CaptureQueriesContext(connection) as spent:
            operations.tick(at=AT)

        assert Reminder.objects.count() == 90
        assert len(spent) <= 16

    def test_takes_every_duty_across_chunks(self):
        _root, _school, _leader, principal = district()
        for number in range(205):
            make_duty(post_of(principal), due_on=AT.date(), subject_id=str(number))

        assert operations.tick(at=AT) == Sent(205, 0)
        assert operations.tick(at=AT) == Sent(0, 0)


class TestNoticeFor:
    def test_names_the_matter_and_the_day(self):
        _root, _school, _leader, principal = district()
        duty = make_duty(post_of(principal), due_on=date(2026, 9, 24), url="/leads/1/")

        notice = queries.notice_for(duty.pk, "ON_DAY")
        told = queries.notice_for(duty.pk, "ESCALATE_3")

        assert "报送清单" in notice.title
        assert "2026-09-24" in notice.body
        assert notice.url == "/leads/1/"
        assert "第一小学" in told.title


class TestHandOver:
    def test_records_each_open_duty_with_both_people(self):
        _root, _school, _leader, principal = district()
        post = post_of(principal)
        duties = [make_duty(post, due_on=date(2026, 10, 9), subject_id=str(number)) for number in range(3)]
        successor = make_person(post.unit)

        with CaptureQueriesContext(connection) as spent:
            org.appoint(post=post, person=successor, starts_on=date(2026, 9, 20), at=AT)

        events = Event.objects.filter(kind="duty.handed_over").order_by("id")
        assert [event.subject_id for event in events] == [str(duty.pk) for duty in duties]
        assert {(event.payload["from_person_id"], event.payload["to_person_id"]) for event in events} == {
            (principal.pk, successor.pk)
        }
        assert len(spent) <= 22, "whatever the number of duties; the notice to the successor included"

    def test_is_silent_when_the_post_has_no_open_duty(self):
        _root, _school, _leader, principal = district()

        org.appoint(post=post_of(principal), person=make_person(principal.unit), starts_on=date(2026, 9, 20), at=AT)

        assert not Event.objects.filter(kind="duty.handed_over").exists()
