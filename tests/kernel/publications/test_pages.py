"""Screens of the publish gate."""

import base64
import hashlib
import json
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from qingqu.engines.tlog import Policy, Receipt, leaf_hash, open_promise, verify_receipt
from qingqu.kernel.core.clock import now
from qingqu.kernel.ledger import installation as ledger_installation
from qingqu.kernel.ledger import operations as ledger_operations
from qingqu.kernel.ledger import rules as ledger_rules
from qingqu.kernel.ledger import tasks
from qingqu.kernel.ledger.models import Event, Promise
from qingqu.kernel.org.models import Person
from qingqu.kernel.publications import operations
from qingqu.kernel.publications.models import Publication
from tests.factories import AT, sign_in
from tests.kernel.files.documents.reading import read
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

    @pytest.mark.parametrize(
        ("verb", "typed"), [("publish", {"public_from": "2026-12-01T08:00"}), ("withdraw", {"reason": "数据有误"})]
    )
    def test_keeps_what_was_typed_for_who_goes_back_before_a_step_that_stays(
        self, client: Client, verb: str, typed: dict[str, str]
    ) -> None:
        who = people()
        row = published(who) if verb == "withdraw" else draft_one(who)
        if verb == "publish":
            operations.submit(publication=row, at=AT, actor=who["drafter"])
        sign_in(client, person(who, "office"))
        address = reverse("publications:act", args=[row.pk, verb])
        asking = client.post(address, typed).content.decode()
        assert f'name="confirmed" value="0" formaction="#{verb}"' in asking
        before = Event.objects.count()

        shown = client.post(address, typed | {"confirmed": "0"})

        assert (shown.status_code, Event.objects.count()) == (200, before)
        assert all(value in shown.content.decode() for value in typed.values())
        assert f'id="{verb}"' in shown.content.decode()
        assert verb == "publish" or 'id="withdraw" open' in shown.content.decode()


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


def in_the_log(who: dict, **given: object) -> Publication:
    """A published notice whose event is in the published log."""
    row = published(who, **given)
    tasks.keep()
    return row


def promise_waiting(*, at: datetime) -> Promise:
    """Have the worker give its word and be stopped before it commits."""
    ledger_operations.promise_waiting(at=at, terms=ledger_installation.terms(ledger_installation.signer()))
    return Promise.objects.latest("event_id")


class TestProofs:
    def test_stand_on_the_page_in_plain_words(self, client: Client) -> None:
        row = in_the_log(people())
        page = client.get(reverse("publications:public", args=[row.number])).content.decode()
        assert "已写入公开日志第" in page
        assert "尚未见证" in page
        assert "与公开日志不符" not in page
        assert reverse("publications:proof", args=[row.number, 1]) in page

    def test_are_said_to_be_on_their_way(self, client: Client) -> None:
        row = published(people())
        page = client.get(reverse("publications:public", args=[row.number])).content.decode()
        assert "等待写入" in page
        assert "每十秒" in page
        for name in ("proof", "receipt", "printed"):
            assert client.get(reverse(f"publications:{name}", args=[row.number, 1])).status_code == 404

    def test_are_promised_by_a_moment_until_they_are_there(self, client: Client) -> None:
        row = published(people())
        place = reverse("publications:promise", args=[row.number, 1])
        assert client.get(place).status_code == 404
        assert place not in client.get(reverse("publications:public", args=[row.number])).content.decode()
        given = promise_waiting(at=now())
        page = client.get(reverse("publications:public", args=[row.number])).content.decode()
        assert f"最迟 {localtime(given.due_at):%Y-%m-%d %H:%M} 写入（还有23" in page
        assert place in page
        answer = client.get(place)
        assert answer["Content-Disposition"] == f'attachment; filename="{row.number}-1.promise"'
        promise = open_promise(answer.content, ledger_installation.policy(ledger_installation.signer().vkeys))
        tasks.keep()
        receipt = client.get(reverse("publications:receipt", args=[row.number, 1])).content
        leaf = base64.b64decode(client.get(reverse("publications:proof", args=[row.number, 1])).json()["leaf"])
        assert promise.leaf == leaf_hash(leaf)
        assert Receipt.parse(receipt).index >= 0
        assert place not in client.get(reverse("publications:public", args=[row.number])).content.decode()
        assert client.get(place).content == answer.content

    def test_that_were_promised_and_did_not_come_are_said_to_be_overdue(self, client: Client) -> None:
        row = published(people())
        promise_waiting(at=now() - timedelta(hours=25))
        page = client.get(reverse("publications:public", args=[row.number])).content.decode()
        assert "逾期未写入" in page
        assert reverse("publications:promise", args=[row.number, 1]) in page

    def test_hold_the_copy_that_was_committed(self, client: Client) -> None:
        row = in_the_log(people())
        file = client.get(reverse("publications:proof", args=[row.number, 1])).json()
        copy = base64.b64decode(file["copy"])
        assert copy == client.get(reverse("publications:copy", args=[row.number, 1])).content
        opened = ledger_rules.opened(file["opening"])
        assert opened.fields["payload.sha256"] == hashlib.sha256(copy).hexdigest()
        assert opened.commitment == json.loads(base64.b64decode(file["leaf"]))["c"]
        receipt = client.get(reverse("publications:receipt", args=[row.number, 1])).content
        assert receipt.decode() == file["receipt"]
        trusted = Policy.parse(file["policy"].encode())
        assert verify_receipt(receipt, base64.b64decode(file["leaf"]), trusted).is_included

    def test_of_every_version_have_their_number(self, client: Client) -> None:
        who = people()
        row = in_the_log(who)
        operations.correct(publication=row, title="题", body="改。", reason="笔误", at=LATER, actor=who["drafter"])
        operations.submit(publication=row, at=LATER, actor=who["drafter"])
        operations.publish(publication=row, at=LATER, actor=who["office"])
        tasks.keep()
        page = client.get(reverse("publications:public", args=[row.number])).content.decode()
        places = [
            Receipt.parse(client.get(reverse("publications:receipt", args=[row.number, ordinal])).content).index
            for ordinal in (1, 2)
        ]
        assert len(set(places)) == 2
        for place in places:
            assert f"公开日志第 {place} 号" in page

    def test_outlive_a_withdrawal_without_the_text(self, client: Client) -> None:
        who = people()
        row = in_the_log(who)
        operations.withdraw(publication=row, reason="处分已撤销", at=LATER, actor=who["office"])
        tasks.keep()
        file = client.get(reverse("publications:proof", args=[row.number, 1])).json()
        assert (file["copy"], file["opening"]) == (None, None)
        receipt = client.get(reverse("publications:receipt", args=[row.number, 1])).content
        assert verify_receipt(
            receipt, base64.b64decode(file["leaf"]), Policy.parse(file["policy"].encode())
        ).is_included
        page = client.get(reverse("publications:public", args=[row.number])).content.decode()
        assert "已写入公开日志第" in page
        assert "张某某" not in client.get(reverse("publications:proof", args=[row.number, 1])).content.decode()

    @pytest.mark.parametrize("name", ["proof", "receipt", "printed", "promise"])
    def test_are_absent_under_embargo_and_of_versions_that_never_were(self, client: Client, name: str) -> None:
        who = people()
        row = draft_one(who)
        operations.submit(publication=row, at=AT, actor=who["drafter"])
        operations.publish(publication=row, at=LATER, actor=who["office"], public_from=AT + timedelta(days=36500))
        tasks.keep()
        nothing = client.get("/there-is-no-such-page").content
        for number, ordinal in ((row.number, 1), (row.number, 2), ("GK2026-999999", 1)):
            answer = client.get(reverse(f"publications:{name}", args=[number, ordinal]))
            assert (answer.status_code, answer.content) == (404, nothing)

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE publications_version SET title = '改过的标题'",
            "UPDATE publications_version SET body = '改过的正文'",
            "UPDATE publications_publication SET names = '{}'",
            "DELETE FROM ledger_tile WHERE path LIKE 'tile/entries/%%'",
        ],
    )
    def test_show_that_the_record_was_changed_and_hide_nothing(self, client: Client, change: str) -> None:
        row = in_the_log(people(), parties=["王小明"])
        with connection.cursor() as cursor:
            cursor.execute(change)
        answer = client.get(reverse("publications:public", args=[row.number]))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "与公开日志不符" in page
        assert "改过的正文" in page or "张某某" in page

    def test_show_a_copy_that_was_changed_together_with_its_hash(self, client: Client) -> None:
        row = in_the_log(people())
        version = row.versions.get()
        version.copy = bytes(version.copy).replace("某校教师".encode(), "某校园丁".encode())
        version.body, version.sha256 = (
            version.body.replace("某校教师", "某校园丁"),
            hashlib.sha256(version.copy).hexdigest(),
        )
        version.save()
        page = client.get(reverse("publications:public", args=[row.number])).content.decode()
        assert "与公开日志不符" in page
        assert "某校园丁" in page

    def test_cost_a_fixed_number_of_queries(self, client: Client) -> None:
        who = people()
        rows = [in_the_log(who) for _row in range(2)]
        for _more in range(20):
            published(who)
        tasks.keep()
        counts = []
        for row in rows:
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse("publications:public", args=[row.number]))
            counts.append(len(captured))
        assert max(counts) <= 28

    def test_are_printed_on_one_sheet(self, client: Client) -> None:
        row = in_the_log(people())
        answer = client.get(reverse("publications:printed", args=[row.number, 1]))
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        (page,) = read(answer.content).pages
        assert row.number in page.text
        assert row.versions.get().sha256 in page.text
