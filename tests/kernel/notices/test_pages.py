"""Screens of the notices."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.kernel.notices import queries
from qingqu.kernel.notices.models import Notice
from tests.factories import AT, sign_in
from tests.kernel.notices.test_operations import reader, tell

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


class TestChannels:
    def test_turns_e_mail_off_and_refuses_a_foreign_robot(self, client: Client) -> None:
        person = reader()
        sign_in(client, person)

        client.post(reverse("notices:channels"), {"robot": ""})
        refused = client.post(reverse("notices:channels"), {"by_email": "on", "robot": "http://10.0.0.1"})

        assert refused.status_code == 422
        assert "wecombot" in refused.content.decode()
        assert not queries.channels_of(person.pk).by_email
