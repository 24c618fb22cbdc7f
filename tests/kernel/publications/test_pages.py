"""Screens of the publish gate."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.kernel.org.models import Person
from qingqu.kernel.publications import operations
from qingqu.kernel.publications.models import Publication
from tests.factories import AT, sign_in
from tests.kernel.publications.test_operations import LATER, draft_one, people, published

pytestmark = pytest.mark.django_db


def person(who: dict, name: str) -> Person:
    """The person behind one of the actors."""
    return Person.objects.get(pk=who[name].person_id)


class TestRegister:
    @pytest.mark.parametrize("number", [20, 100])
    def test_costs_eight_queries_however_many_there_are(self, client: Client, number: int) -> None:
        who = people()
        for _step in range(number):
            draft_one(who)
        sign_in(client, person(who, "drafter"))

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("publications:list"))

        assert response.content.decode().count("GK2026-") == 20
        assert len(captured) <= 8

    def test_is_not_there_for_a_principal(self, client: Client) -> None:
        who = people()
        row = draft_one(who)
        sign_in(client, person(who, "principal"))

        for address in (
            reverse("publications:list"),
            reverse("publications:new"),
            reverse("publications:detail", args=[row.pk]),
        ):
            assert client.get(address).status_code == 404
        there = client.get(reverse("publications:detail", args=[row.pk]))
        assert there.content == client.get(reverse("publications:detail", args=[999_999])).content


class TestDetail:
    def test_costs_twelve_queries(self, client: Client) -> None:
        who = people()
        row = draft_one(who, body="电话13800000000")
        sign_in(client, person(who, "drafter"))

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("publications:detail", args=[row.pk]))

        assert "<mark>13800000000</mark>" in response.content.decode()
        assert len(captured) <= 12


class TestPath:
    def test_runs_from_the_draft_to_the_public_page_by_two_people(self, client: Client) -> None:
        who = people()
        sign_in(client, person(who, "drafter"))
        typed = {
            "kind": "NOTICE",
            "unit": who["school"].pk,
            "title": "通报",
            "body": "王小明受到处理",
            "parties": "王小明",
        }
        client.post(reverse("publications:new"), typed)
        row = Publication.objects.get()
        client.post(reverse("publications:act", args=[row.pk, "submit"]))
        sign_in(client, person(who, "office"))
        refused = client.post(reverse("publications:act", args=[row.pk, "publish"]), {"public_from": ""})
        assert refused.status_code == 422
        assert "还有 1 处" in refused.content.decode()
        client.post(reverse("publications:act", args=[row.pk, "return"]), {"reason": "隐去姓名"})
        sign_in(client, person(who, "drafter"))
        client.post(reverse("publications:act", args=[row.pk, "edit"]), {"title": "通报", "body": "王某某受到处理"})
        client.post(reverse("publications:act", args=[row.pk, "submit"]))
        sign_in(client, person(who, "office"))
        with CaptureQueriesContext(connection) as captured:
            client.post(reverse("publications:act", args=[row.pk, "publish"]), {"public_from": "", "confirmed": "1"})
        client.logout()

        page = client.get(reverse("publications:public", args=[row.number])).content.decode()

        assert "王某某受到处理" in page
        assert "王小明" not in page
        assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 15


class TestWhatCannotBeUndone:
    def test_is_published_only_after_its_consequences_were_shown(self, client: Client) -> None:
        who = people()
        row = draft_one(who)
        operations.submit(publication=row, at=AT, actor=who["drafter"])
        sign_in(client, person(who, "office"))
        page = client.post(
            reverse("publications:act", args=[row.pk, "publish"]), {"public_from": "2026-12-01T08:00"}
        ).content.decode()
        row.refresh_from_db()
        assert row.public_from is None
        assert "有错只能更正或撤回" in page
        assert 'name="public_from" value="2026-12-01T08:00"' in page

    def test_is_withdrawn_only_after_its_consequences_were_shown(self, client: Client) -> None:
        who = people()
        row = published(who)
        sign_in(client, person(who, "office"))
        address = reverse("publications:act", args=[row.pk, "withdraw"])
        assert "正文不再公开" in client.post(address, {"reason": "数据有误"}).content.decode()
        row.refresh_from_db()
        assert row.withdrawn_at is None
        client.post(address, {"reason": "数据有误", "confirmed": "1"})
        row.refresh_from_db()
        assert row.withdraw_reason == "数据有误"


class TestPublicPages:
    @pytest.mark.parametrize("number", [20, 100])
    def test_list_in_eight_queries(self, client: Client, number: int) -> None:
        who = people()
        for _step in range(number):
            published(who)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("publications:public_list"))

        assert response.content.decode().count("关于某校采购问题的通报") == 20
        assert len(captured) <= 8

    def test_do_not_know_a_draft(self, client: Client) -> None:
        row = draft_one(people())

        assert client.get(reverse("publications:public", args=[row.number])).status_code == 404
        assert row.number not in client.get(reverse("publications:public_list")).content.decode()

    def test_do_not_know_what_is_under_embargo(self, client: Client) -> None:
        who = people()
        row = draft_one(who)
        operations.submit(publication=row, at=AT, actor=who["drafter"])
        operations.publish(publication=row, at=LATER, actor=who["office"], public_from=AT + timedelta(days=36500))

        assert client.get(reverse("publications:public", args=[row.number])).status_code == 404
        assert client.get(reverse("publications:copy", args=[row.number, 1])).status_code == 404

    def test_give_the_frozen_bytes_behind_the_shown_hash(self, client: Client) -> None:
        row = published(people())

        copy = client.get(reverse("publications:copy", args=[row.number, 1]))

        page = client.get(reverse("publications:public", args=[row.number])).content.decode()
        assert hashlib.sha256(copy.content).hexdigest() in page
        assert copy["Content-Disposition"].startswith("attachment")

    def test_keep_a_stone_where_something_was_withdrawn(self, client: Client) -> None:
        who = people()
        row = published(who)
        operations.withdraw(publication=row, reason="处分已撤销", at=LATER, actor=who["office"])

        page = client.get(reverse("publications:public", args=[row.number])).content.decode()

        assert "处分已撤销" in page
        assert "张某某" not in page
        assert client.get(reverse("publications:copy", args=[row.number, 1])).status_code == 404
