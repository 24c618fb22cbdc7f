"""Writing publications."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from qingqu.kernel.core import search
from qingqu.kernel.ledger.queries import history
from qingqu.kernel.org import operations as org
from qingqu.kernel.org.types import Role
from qingqu.kernel.publications import operations, queries
from qingqu.kernel.publications.models import Confirmation, Publication, Version
from tests.factories import AT, actor, make_post, make_unit, seat

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


def people() -> dict[str, Any]:
    """A district with a drafter, two publishers (one of whom is also a drafter's colleague) and a principal."""
    root = make_unit()
    school = make_unit("第一小学", parent=root, kind="PRIMARY")
    return {
        "root": root,
        "school": school,
        "drafter": actor(seat(Role.DISCIPLINE, root, "起草人")),
        "office": actor(seat(Role.OFFICE, root, "发布人")),
        "principal": actor(seat(Role.PRINCIPAL, school, "校长")),
    }


def draft_one(who: dict[str, Any], **given: Any) -> Publication:
    """A draft by the drafter about the school."""
    facts: dict[str, Any] = {
        "kind": "NOTICE",
        "title": "关于某校采购问题的通报",
        "body": "某校教师张某某受到处理。",
        "unit": who["school"],
        "author_id": who["drafter"].person_id,
        "at": AT,
    }
    return operations.draft(**(facts | given))


def published(who: dict[str, Any], **given: Any) -> Publication:
    """A published notice."""
    row = draft_one(who, **given)
    operations.submit(publication=row, at=AT, actor=who["drafter"])
    operations.publish(publication=row, at=LATER, actor=who["office"])
    row.refresh_from_db()
    return row


class TestPublish:
    def test_freezes_a_copy_whose_hash_anyone_can_compute(self) -> None:
        row = published(people())

        version = row.versions.get()
        frozen = bytes(version.copy)
        assert hashlib.sha256(frozen).hexdigest() == version.sha256
        assert json.loads(frozen)["title"] == "关于某校采购问题的通报"

    def test_is_found_by_the_public_search(self) -> None:
        row = published(people())

        found = search.find("采购问题", kinds=("publication",))

        assert [hit.url for hit in found.rows] == [f"/publications/{row.number}/"]

    def test_is_refused_to_whoever_wrote_on_it_before_somebody_else_changed_a_word(self) -> None:
        who = people()
        both = seat(Role.DISCIPLINE, who["root"], "两岗")
        org.appoint(post=make_post(Role.OFFICE, who["root"]), person=both, starts_on=date(2024, 1, 1), at=AT)
        row = draft_one(who, author_id=both.pk)
        operations.edit(publication=row, title="题", body="改一个字。", at=AT, actor=who["drafter"])
        operations.submit(publication=row, at=AT, actor=who["drafter"])

        with pytest.raises(operations.NeedsAnother):
            operations.publish(publication=row, at=LATER, actor=actor(both))

        operations.publish(publication=row, at=LATER, actor=who["office"])
        correction = operations.correct(
            publication=row, title="题", body="再改。", reason="笔误", at=LATER, actor=who["drafter"]
        )
        operations.submit(publication=row, at=LATER, actor=who["drafter"])
        assert operations.publish(publication=row, at=LATER, actor=actor(both)).pk == correction.pk

    def test_is_refused_while_the_reason_of_a_correction_names_somebody(self) -> None:
        who = people()
        row = published(who, parties=["王小明"], students=["李小花"])
        operations.correct(
            publication=row,
            title="题",
            body="正文。",
            reason="王小明来电13812345678反映",
            at=LATER,
            actor=who["drafter"],
        )
        operations.submit(publication=row, at=LATER, actor=who["drafter"])

        with pytest.raises(operations.Identifies, match="王小明"):
            operations.publish(publication=row, at=LATER, actor=who["office"])

    def test_is_refused_to_the_author(self) -> None:
        who = people()
        row = draft_one(who, author_id=who["office"].person_id)
        operations.submit(publication=row, at=AT, actor=who["drafter"])

        with pytest.raises(operations.NeedsAnother):
            operations.publish(publication=row, at=LATER, actor=who["office"])

    @pytest.mark.parametrize("name", ["drafter", "principal"])
    def test_is_refused_to_those_who_do_not_publish(self, name: str) -> None:
        who = people()
        row = draft_one(who)
        operations.submit(publication=row, at=AT, actor=who["drafter"])

        with pytest.raises(operations.NotYours):
            operations.publish(publication=row, at=LATER, actor=who[name])

    def test_is_refused_before_it_is_submitted(self) -> None:
        who = people()

        with pytest.raises(operations.NotNow):
            operations.publish(publication=draft_one(who), at=LATER, actor=who["office"])

    def test_is_refused_while_a_party_is_named(self) -> None:
        who = people()
        row = draft_one(who, body="王小明受到处理", parties=["王小明"])
        operations.submit(publication=row, at=AT, actor=who["drafter"])

        with pytest.raises(operations.Identifies, match="王小明"):
            operations.publish(publication=row, at=LATER, actor=who["office"])

        assert row.versions.get().state == "SUBMITTED"

    def test_goes_through_once_a_person_answers_for_the_name(self) -> None:
        who = people()
        row = draft_one(who, body="咨询电话023-67891234")
        operations.submit(publication=row, at=AT, actor=who["drafter"])
        operations.confirm(
            publication=row, trace="PHONE", text="023-67891234", reason="单位公开电话", at=AT, actor=who["office"]
        )

        assert operations.publish(publication=row, at=LATER, actor=who["office"]).sha256

    @pytest.mark.parametrize(
        ("body", "trace", "text"),
        [("三年级女生李某", "STUDENT", "三年级女生李某"), ("11010519491231002X", "RESIDENT_ID", "11010519491231002X")],
    )
    def test_lets_no_reason_keep_a_student_or_an_identity_number(self, body: str, trace: str, text: str) -> None:
        who = people()
        row = draft_one(who, body=body)
        operations.submit(publication=row, at=AT, actor=who["drafter"])

        with pytest.raises(operations.Identifies):
            operations.confirm(publication=row, trace=trace, text=text, reason="必须", at=AT, actor=who["office"])
        with pytest.raises(operations.Identifies):
            operations.publish(publication=row, at=LATER, actor=who["office"])

    def test_under_embargo_is_neither_listed_nor_found_until_its_moment(self) -> None:
        who = people()
        row = draft_one(who)
        operations.submit(publication=row, at=AT, actor=who["drafter"])
        moment = LATER + timedelta(days=3)
        operations.publish(publication=row, at=LATER, actor=who["office"], public_from=moment)

        before = (queries.public(LATER).count(), search.find("采购问题").total, operations.lift_embargoes(at=LATER))
        lifted = (operations.lift_embargoes(at=moment), operations.lift_embargoes(at=moment))
        after = (queries.public(moment).count(), search.find("采购问题").total)

        assert before == (0, 0, 0)
        assert lifted == (1, 0)
        assert after == (1, 1)


class TestConfirm:
    def test_refuses_what_is_not_in_the_text(self) -> None:
        who = people()

        with pytest.raises(operations.Identifies):
            operations.confirm(
                publication=draft_one(who), trace="PHONE", text="13800000000", reason="x", at=AT, actor=who["drafter"]
            )

    def test_needs_a_reason(self) -> None:
        who = people()

        with pytest.raises(operations.Incomplete):
            operations.confirm(
                publication=draft_one(who, body="电话13800000000"),
                trace="PHONE",
                text="13800000000",
                reason=" ",
                at=AT,
                actor=who["drafter"],
            )

    def test_does_not_carry_over_to_the_next_version(self) -> None:
        who = people()
        row = draft_one(who, body="电话13800000000")
        operations.confirm(
            publication=row, trace="PHONE", text="13800000000", reason="公开", at=AT, actor=who["drafter"]
        )
        operations.submit(publication=row, at=AT, actor=who["drafter"])
        operations.publish(publication=row, at=LATER, actor=who["office"])
        operations.correct(
            publication=row, title="更正", body="电话13800000000", reason="笔误", at=LATER, actor=who["drafter"]
        )
        operations.submit(publication=row, at=LATER, actor=who["drafter"])

        with pytest.raises(operations.Identifies):
            operations.publish(publication=row, at=LATER, actor=who["office"])


class TestCorrect:
    def test_keeps_the_old_version_readable_at_the_same_address(self) -> None:
        who = people()
        row = published(who)
        operations.correct(
            publication=row,
            title="更正后的通报",
            body="某校教师李某某受到处理。",
            reason="姓氏有误",
            at=LATER,
            actor=who["drafter"],
        )
        assert [one.ordinal for one in queries.public_versions(row, LATER)] == [1]
        operations.submit(publication=row, at=LATER, actor=who["drafter"])
        operations.publish(publication=row, at=LATER, actor=who["office"])

        versions = queries.public_versions(row, LATER)

        assert [(one.ordinal, one.title, one.reason) for one in versions] == [
            (2, "更正后的通报", "姓氏有误"),
            (1, "关于某校采购问题的通报", ""),
        ]
        assert [event.kind for event in history("publication", row.pk)][-1] == "publication.corrected"

    def test_is_refused_without_a_reason_and_before_publishing(self) -> None:
        who = people()
        given: dict[str, Any] = {"title": "a", "body": "b", "at": LATER, "actor": who["drafter"]}

        with pytest.raises(operations.NotNow):
            operations.correct(publication=draft_one(who), reason="x", **given)
        with pytest.raises(operations.Incomplete):
            operations.correct(publication=published(who), reason=" ", **given)


class TestWithdraw:
    def test_is_refused_with_a_reason_that_names_somebody(self) -> None:
        who = people()
        row = published(who, parties=["王小明"], students=["李小花"])

        for reason in ("王小明申诉成立", "李小花家长要求", "请致电13812345678"):
            with pytest.raises(operations.Identifies) as refusal:
                operations.withdraw(publication=row, reason=reason, at=LATER, actor=who["office"])
            assert "reason" in refusal.value.fields
        operations.withdraw(publication=row, reason="申诉成立", at=LATER, actor=who["office"])

    def test_takes_it_from_the_search_and_keeps_reason_person_and_moment(self) -> None:
        who = people()
        row = published(who)

        operations.withdraw(publication=row, reason="处分已撤销", at=LATER, actor=who["office"])

        row.refresh_from_db()
        assert (row.withdraw_reason, row.withdrawn_by_id, row.withdrawn_at) == (
            "处分已撤销",
            who["office"].person_id,
            LATER,
        )
        assert search.find("采购问题").total == 0
        assert queries.public(LATER).count() == 1

    def test_happens_once(self) -> None:
        who = people()
        row = published(who)
        operations.withdraw(publication=row, reason="a", at=LATER, actor=who["office"])

        with pytest.raises(operations.NotNow):
            operations.withdraw(publication=row, reason="b", at=LATER, actor=who["office"])


class TestConstraints:
    def test_refuse_a_publisher_who_is_the_author(self) -> None:
        row = published(people())

        with pytest.raises(IntegrityError, match="publisher_is_not_author"), transaction.atomic():
            Version.objects.filter(publication=row).update(author=row.versions.get().publisher_id)

    def test_refuse_a_publisher_who_is_the_author_in_plain_sql(self) -> None:
        published(people())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE publications_version SET publisher_id=author_id")

    def test_refuse_publishing_without_a_frozen_copy_in_plain_sql(self) -> None:
        published(people())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE publications_version SET sha256=''")

    def test_refuse_a_withdrawal_without_reason_in_plain_sql(self) -> None:
        published(people())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE publications_publication SET withdrawn_at=created_at")

    def test_refuse_two_versions_at_work(self) -> None:
        who = people()
        row = draft_one(who)

        with pytest.raises(IntegrityError, match=r"one_version_at_work|publication_id"), transaction.atomic():
            Version.objects.create(
                publication=row,
                ordinal=2,
                title="a",
                body="b",
                reason="c",
                author_id=who["drafter"].person_id,
                drafted_at=AT,
            )

    def test_refuse_a_confirmation_without_reason(self) -> None:
        who = people()
        version = draft_one(who).versions.get()

        with pytest.raises(IntegrityError, match="confirmation_has_reason"), transaction.atomic():
            Confirmation.objects.create(
                version=version, trace="PHONE", text="1", reason="", person_id=who["office"].person_id, at=AT
            )
