"""Screens of the notices."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.kernel.duties import operations as duties
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.notices import queries
from qingqu.kernel.notices.models import Feed, Notice
from qingqu.kernel.org.types import Role
from tests.factories import AT, seat, sign_in
from tests.kernel.notices.test_operations import duty_of, reader, tell

pytestmark = pytest.mark.django_db


class TestRegister:
    @pytest.mark.parametrize("number", [20, 100])
    def test_costs_eight_queries_however_many_there_are(self, client: Client, number: int) -> None:
        person = reader()
        Notice.objects.bulk_create(Notice(person=person, title=f"通知{step}", at=AT) for step in range(number))
        sign_in(client, person)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("notices:list"))

        assert response.content.decode().count("<strong>通知") == 20
        assert len(captured) <= 8

    def test_shows_nobody_else_s(self, client: Client) -> None:
        notice = tell(reader(), title="他人的通知")
        sign_in(client, reader())

        assert "他人的通知" not in client.get(reverse("notices:list")).content.decode()
        there = client.post(reverse("notices:read", args=[notice.pk]))
        nowhere = client.post(reverse("notices:read", args=[999_999]))
        assert there.status_code == nowhere.status_code == 404
        assert there.content == nowhere.content
        notice.refresh_from_db()
        assert notice.read_at is None


class TestRead:
    def test_marks_it_and_goes_where_it_leads(self, client: Client) -> None:
        person = reader()
        notice = tell(person)
        tell(person)
        sign_in(client, person)

        response = client.post(reverse("notices:read", args=[notice.pk]))

        assert response["Location"] == "/work/"
        assert queries.unread_count(person.pk) == 1
        client.post(reverse("notices:read_all"))
        assert queries.unread_count(person.pk) == 0


def calendar_of(client: Client, address: str) -> str:
    """What a calendar program reads at an address, its folded lines put together."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return answer.content.decode().replace("\r\n ", "")


class TestCalendar:
    def opened(self, client: Client) -> str:
        """Open the signed-in person's calendar and give its address."""
        page = client.post(reverse("notices:calendar"))
        return re.search(r"http://testserver(/calendar/[^<]+\.ics)", page.content.decode())[1]  # type: ignore[index]

    def test_shows_the_open_duties_of_the_posts_held_and_why(self, client: Client) -> None:
        person = reader()
        duty = duty_of(person, rule_id="WB-15", due_on=None)
        duty_of(reader(), subject_id=2, title="他人的事项")
        sign_in(client, person)

        read = calendar_of(Client(), self.opened(client))

        assert f"SUMMARY:{duty.title}" in read
        assert f"DTSTART;VALUE=DATE:{duty.due_on:%Y%m%d}" in read
        assert "期限：15个工作日" in read
        assert "他人的事项" not in read

    def test_follows_an_extension_a_completion_and_a_handover(self, client: Client) -> None:
        person = reader()
        duty = duty_of(person, is_by_hand=True)
        sign_in(client, person)
        address = self.opened(client)

        duties.extend(
            duty=duty, new_due_on=date(2026, 10, 15), ground="复杂", approver=seat(Role.LEADER, person.unit), at=AT
        )
        assert "DTSTART;VALUE=DATE:20261015" in calendar_of(Client(), address)
        duties.complete(duty=duty, at=AT, actor_id=person.pk)
        assert "BEGIN:VEVENT" not in calendar_of(Client(), address)

    def test_says_nothing_of_what_a_private_duty_is_about(self, client: Client) -> None:
        person = reader()
        duty_of(person, title="核查李某", is_private=True, rule_id="DL-02", due_on=None)
        sign_in(client, person)

        read = calendar_of(Client(), self.opened(client))

        assert "李某" not in read
        assert "监督执纪" not in read
        assert "内容请登录查看" in read

    def test_ends_with_a_new_address_with_stopping_with_the_account_and_with_leaving(self, client: Client) -> None:
        person = reader()
        account = sign_in(client, person)
        first = self.opened(client)
        second = self.opened(client)
        assert Client().get(first).status_code == 404
        assert Client().get(second).status_code == 200

        account.is_active = False
        account.save()
        assert Client().get(second).status_code == 404
        account.is_active = True
        account.save()
        person.left_on = date(2020, 1, 1)
        person.save()
        assert Client().get(second).status_code == 404
        person.left_on = None
        person.save()
        client.post(reverse("notices:calendar"), {"close": "1"})

        gone, never = Client().get(second), Client().get("/calendar/abc.ics")
        assert gone.status_code == never.status_code == 404
        assert gone.content == never.content
        assert [event.kind for event in Event.objects.filter(kind__startswith="notices.feed").order_by("id")] == [
            "notices.feed_opened",
            "notices.feed_opened",
            "notices.feed_closed",
        ]

    def test_keeps_the_secret_nowhere_and_shows_it_once(self, client: Client) -> None:
        person = reader()
        sign_in(client, person)
        secret = self.opened(client).removeprefix("/calendar/").removesuffix(".ics")

        assert secret not in client.get(reverse("notices:calendar")).content.decode()
        assert secret not in str(list(Feed.objects.values()))
        assert secret not in str(list(Event.objects.values()))

    @pytest.mark.parametrize("number", [20, 100])
    def test_costs_the_same_however_many_duties_there_are(self, client: Client, number: int) -> None:
        person = reader()
        for step in range(number):
            duty_of(person, subject_id=step)
        sign_in(client, person)
        address = self.opened(client)

        with CaptureQueriesContext(connection) as captured:
            assert calendar_of(Client(), address).count("BEGIN:VEVENT") == number

        assert len(captured) <= 3


class TestChannels:
    def test_turns_e_mail_off_and_refuses_a_foreign_robot(self, client: Client) -> None:
        person = reader()
        sign_in(client, person)

        client.post(reverse("notices:channels"), {"robot": ""})
        refused = client.post(reverse("notices:channels"), {"by_email": "on", "robot": "http://10.0.0.1"})

        assert refused.status_code == 422
        assert "wecombot" in refused.content.decode()
        assert not queries.channels_of(person.pk).by_email
