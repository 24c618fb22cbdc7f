"""Telling people."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from qingqu.kernel.duties import operations as duties
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.notices import operations, queries, rules
from qingqu.kernel.notices.models import Dispatch, Notice
from qingqu.kernel.org import operations as org
from qingqu.kernel.org.models import Person, Post
from qingqu.kernel.org.types import Role
from tests.factories import AT, actor, make_person, make_unit, seat

pytestmark = pytest.mark.django_db


def reader(email: str = "a@example.cn") -> Person:
    """A principal with an address."""
    person = seat(Role.PRINCIPAL, make_unit())
    person.email = email
    person.save()
    return person


def tell(person: Person, **given: Any) -> Notice:
    """A notice to the person."""
    facts: dict[str, Any] = {"title": "到期提醒", "body": "请办理", "url": "/work/", "at": AT}
    return operations.send(person=person, **(facts | given))


def duty_of(person: Person, **given: Any) -> Duty:
    """An open duty of the post the person holds."""
    facts: dict[str, Any] = {
        "title": "报送方案",
        "post": Post.objects.get(appointments__person=person),
        "subject_kind": "x",
        "subject_id": 1,
        "start_on": date(2026, 9, 24),
        "due_on": date(2026, 9, 30),
        "at": AT,
    }
    return duties.assign(**(facts | given))


def run_worker(asked: list[DBTaskResult]) -> None:
    """The queue's own worker, given these tasks whether it had them before or not."""
    worker = Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    for task in asked:
        worker.run_task(task)


class TestSend:
    def test_keeps_a_notice_and_asks_for_an_e_mail(self) -> None:
        person = reader()

        notice = tell(person)

        assert queries.mine(actor(person)).get() == notice
        assert [(row.channel, row.state) for row in notice.dispatches.all()] == [("EMAIL", "WAITING")]

    def test_asks_for_no_e_mail_where_no_mail_server_is_set(self, settings: Settings) -> None:
        settings.MAIL_IS_SET = False
        assert list(tell(reader()).dispatches.all()) == []

    def test_asks_for_no_e_mail_without_an_address_or_when_it_is_off(self) -> None:
        off = reader()
        operations.choose_channels(actor=actor(off), by_email=False, robot="", at=AT)

        notices = [tell(reader(email="")), tell(off)]

        assert not Dispatch.objects.filter(notice__in=notices).exists()

    def test_tells_what_has_a_key_once(self) -> None:
        person = reader()

        first, second = tell(person, key="duty:1"), tell(person, key="duty:1")

        assert first == second
        assert Dispatch.objects.count() == 1

    def test_stands_or_falls_with_the_caller(self) -> None:
        person = reader()

        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - the caller fails after telling
            tell(person)
            _never = 1 / 0

        assert not Notice.objects.exists()
        assert not DBTaskResult.objects.exists()


class TestDeliver:
    def test_sends_once_however_often_it_is_called(self) -> None:
        dispatch = tell(reader()).dispatches.get()

        said = [operations.deliver(dispatch_id=dispatch.pk, at=AT) for _step in range(3)]

        dispatch.refresh_from_db()
        assert said == [True, False, False]
        assert [(message.subject, message.to) for message in mail.outbox] == [("到期提醒", ["a@example.cn"])]
        assert (dispatch.state, dispatch.sent_at, dispatch.tries) == ("SENT", AT, 1)

    def test_keeps_a_failure_with_its_reason_and_tries_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        dispatch = tell(reader()).dispatches.get()

        def refuse(_dispatch: Dispatch) -> None:
            message = "no route"
            raise OSError(message)

        with monkeypatch.context() as patched:
            patched.setattr(operations, "_transmit", refuse)
            assert not operations.deliver(dispatch_id=dispatch.pk, at=AT)
        dispatch.refresh_from_db()
        assert (dispatch.state, dispatch.error) == ("FAILED", "OSError: no route")

        assert operations.retry() == 1
        assert operations.deliver(dispatch_id=dispatch.pk, at=AT)
        assert operations.retry() == 0

    def test_gives_up_after_the_last_try(self) -> None:
        dispatch = tell(reader()).dispatches.get()
        Dispatch.objects.filter(pk=dispatch.pk).update(state="FAILED", error="x", tries=rules.MOST_TRIES)

        assert operations.retry() == 0

    def test_leaves_alone_what_another_worker_has(self) -> None:
        dispatch = tell(reader()).dispatches.get()
        Dispatch.objects.filter(pk=dispatch.pk).update(state="SENDING")

        assert not operations.deliver(dispatch_id=dispatch.pk, at=AT)
        assert not mail.outbox


class TestWorker:
    def test_run_twice_sends_each_notice_once(self) -> None:
        person = reader()
        tell(person, title="甲")
        tell(person, title="乙")
        asked = list(DBTaskResult.objects.all())

        for _step in range(2):
            run_worker(asked)

        assert len(asked) == 2
        assert sorted(message.subject for message in mail.outbox) == ["乙", "甲"]
        assert set(Dispatch.objects.values_list("state", "tries")) == {("SENT", 1)}


class TestDutyReminders:
    def test_reach_the_holder_once(self) -> None:
        person = reader()
        post = actor(person).grants[0].post_id
        duties.assign(
            title="报送方案",
            post=Post.objects.get(pk=post),
            subject_kind="x",
            subject_id=1,
            start_on=date(2026, 9, 24),
            due_on=date(2026, 9, 30),
            at=AT,
        )

        for _step in range(2):
            duties.tick(at=AT + timedelta(days=8))

        titles = [notice.title for notice in queries.mine(actor(person))]
        assert titles
        assert len(titles) == len(set(queries.mine(actor(person)).values_list("key", flat=True)))
        assert all("报送方案" in title for title in titles)


class TestDutyChanges:
    def test_tell_the_holder_of_a_later_date_a_pause_and_its_end(self) -> None:
        head = reader()
        leader = seat(Role.LEADER, head.unit)
        duty = duty_of(head)

        duties.extend(duty=duty, new_due_on=date(2026, 10, 15), ground="复杂", approver=leader, at=AT)
        duties.pause(duty=duty, ground="听证期间", at=AT, actor_id=leader.pk)
        duties.resume(duty=duty, at=AT + timedelta(days=2), actor_id=leader.pk)

        told = [(notice.title, notice.body) for notice in queries.mine(actor(head)).order_by("id")]
        assert [title for title, _body in told] == [
            "到期日变更：报送方案",
            "暂停计时：报送方案",
            "到期日变更：报送方案",
        ]
        assert told[0][1] == "“报送方案”的到期日由 2026-09-30 改为 2026-10-15。"
        assert "听证期间" in told[1][1]
        assert "改为 2026-10-17" in told[2][1]

    def test_say_nothing_of_the_holders_own_act_and_nothing_for_an_empty_seat(self) -> None:
        head = reader()
        duty = duty_of(head)

        duties.pause(duty=duty, ground="听证期间", at=AT, actor_id=head.pk)
        post = duty.post
        org.end_appointment(appointment=post.appointments.get(), ends_on=date(2026, 9, 24), at=AT)
        duties.resume(duty=duty, at=AT + timedelta(days=2), actor_id=1)

        assert not queries.mine(actor(head)).exists()

    def test_tell_the_holder_when_the_working_calendar_moves_the_date(self) -> None:
        head = reader()
        duty_of(head, rule_id="WB-15", due_on=None)

        org.set_setting(key="calendar.day_off", unit=head.unit, value="会", valid_from=date(2026, 10, 12), at=AT)

        assert "由 2026-10-22 改为 2026-10-23" in queries.mine(actor(head)).get().body

    def test_tell_a_new_holder_once_what_came_with_the_post(self) -> None:
        head = reader()
        post = duty_of(head, subject_id=1).post
        duty_of(head, subject_id=2, due_on=date(2026, 10, 20))
        successor = make_person(post.unit)

        org.appoint(post=post, person=successor, starts_on=date(2026, 9, 24), at=AT)

        told = queries.mine(actor(successor)).get()
        assert "未办结事项 2 项" in told.body
        assert "三个工作日内到期 1 项" in told.body
        assert told.url == "/duties/"

    def test_say_nothing_to_the_new_holder_of_a_post_without_open_duties(self) -> None:
        person = reader()

        assert not queries.mine(actor(person)).exists()


class TestChooseChannels:
    @pytest.mark.parametrize("robot", ["http://10.0.0.1/", "json://10.0.0.1/", "mailto://a:b@c.d", "wecombot", "x"])
    def test_refuses_addresses_that_could_lead_elsewhere(self, robot: str) -> None:
        with pytest.raises(operations.BadRobot):
            operations.choose_channels(actor=actor(reader()), by_email=True, robot=robot, at=AT)

    def test_sends_through_a_robot_as_well(self) -> None:
        person = reader()
        robot = "wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa/"
        operations.choose_channels(actor=actor(person), by_email=True, robot=robot, at=AT)

        notice = tell(person)

        assert sorted(notice.dispatches.values_list("channel", flat=True)) == ["EMAIL", "ROBOT"]


class TestConstraints:
    def test_refuse_a_second_dispatch_of_a_channel(self) -> None:
        notice = tell(reader())

        with pytest.raises(IntegrityError), transaction.atomic():
            Dispatch.objects.create(notice=notice, channel="EMAIL")

    @pytest.mark.parametrize("change", ["state='SENT'", "state='FAILED'"])
    def test_refuse_half_a_dispatch_in_plain_sql(self, change: str) -> None:
        tell(reader())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE notices_dispatch SET {change}")  # noqa: S608 - a table of our own
