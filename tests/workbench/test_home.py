"""The staff home: what waits for somebody's rights, and nobody else's."""

import re

import pytest
from django.test import Client

from qingqu.kernel.org.models import Person, Post, Unit
from qingqu.kernel.org.types import Role
from qingqu.kernel.publications import operations as publications
from qingqu.pillars.leads import operations as leads
from qingqu.pillars.leads.types import Kind
from qingqu.pillars.rectification import operations as rectification
from qingqu.workbench import queries
from tests.factories import AT, actor, make_unit, seat, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Unit:
    return make_unit()


@pytest.fixture
def school(root: Unit) -> Unit:
    return make_unit("某校", parent=root, kind="PRIMARY")


@pytest.fixture
def discipline(root: Unit) -> Person:
    return seat(Role.DISCIPLINE, root)


def _rows(client: Client, address: str) -> int:
    """How many rows the list at an address says there are."""
    body = client.get(address).content.decode()
    found = re.search(r"共\s*(\d+)\s*条", body)
    assert found, body
    return int(found[1])


def _proposed(school: Unit, handler: Person) -> None:
    lead = leads.open_lead(
        title="反映收费超出公示目录", body="来信反映。", unit=school, source_kind="hand", source_id="", at=AT,
        actor_id=handler.pk,
    )  # fmt: skip
    leads.propose(lead=lead, kind=Kind.TALK, reason="拟函询。", at=AT, actor=actor(handler))


def _reported(school: Unit, ordering: Person, head: Person) -> None:
    row = rectification.order(
        title="清退超范围收费", cause="超出目录。", unit=school,
        owner_post=Post.objects.get(appointments__person=head), at=AT, actor=actor(ordering),
    )  # fmt: skip
    rectification.plan(rectification=row, text="逐户清退。", at=AT, actor=actor(head))
    rectification.report(rectification=row, text="已清退。", at=AT, actor=actor(head))


def _submitted(root: Unit, author: Person) -> None:
    row = publications.draft(
        kind="NOTICE", title="关于一起收费问题的通报", body="已整改。", unit=root, author_id=author.pk, at=AT
    )
    publications.submit(publication=row, at=AT, actor=actor(author))


class TestQueues:
    def test_hold_a_disposition_for_the_leader_alone(
        self, client: Client, root: Unit, school: Unit, discipline: Person
    ) -> None:
        leader = seat(Role.LEADER, root)
        _proposed(school, discipline)
        (tile,) = queries.queues(actor(leader))
        sign_in(client, leader)
        assert tile.count == _rows(client, tile.url) == 1
        assert queries.queues(actor(discipline)) == []

    def test_hold_reported_work_for_those_who_re_check(self, client: Client, school: Unit, discipline: Person) -> None:
        head = seat(Role.PRINCIPAL, school)
        _reported(school, discipline, head)
        (tile,) = queries.queues(actor(discipline))
        sign_in(client, discipline)
        assert tile.count == _rows(client, tile.url) == 1
        assert queries.queues(actor(head)) == []

    def test_hold_a_submitted_text_for_the_office(self, client: Client, root: Unit, discipline: Person) -> None:
        office = seat(Role.OFFICE, root)
        _submitted(root, discipline)
        (tile,) = queries.queues(actor(office))
        sign_in(client, office)
        assert tile.count == _rows(client, tile.url) == 1

    def test_do_not_show_what_lies_in_another_district(self, school: Unit, discipline: Person) -> None:
        _proposed(school, discipline)
        _submitted(school, discipline)
        elsewhere = make_unit("邻区教育局")
        for role in (Role.LEADER, Role.OFFICE, Role.DISCIPLINE, Role.AUDITOR):
            assert queries.queues(actor(seat(role, elsewhere))) == []


class TestHome:
    def test_links_every_queue(self, client: Client, root: Unit, school: Unit, discipline: Person) -> None:
        leader = seat(Role.LEADER, root)
        _proposed(school, discipline)
        sign_in(client, leader)
        body = client.get("/work/").content.decode()
        assert "待审批处置" in body
        assert queries.queues(actor(leader))[0].url in body

    def test_lists_a_duty_with_its_day_and_its_way_in(self, client: Client, school: Unit, discipline: Person) -> None:
        head = seat(Role.PRINCIPAL, school)
        row = rectification.order(
            title="补齐验收资料", cause="缺签字。", unit=school, owner_post=Post.objects.get(appointments__person=head),
            at=AT, actor=actor(discipline),
        )  # fmt: skip
        sign_in(client, head)
        body = client.get("/work/").content.decode()
        assert "整改：补齐验收资料" in body
        assert f"{row.due_on:%Y-%m-%d}" in body
        assert f'href="/work/rectification/{row.pk}/"' in body or f"/{row.pk}/" in body

    def test_takes_no_more_queries_than_a_detail_page(
        self, client: Client, root: Unit, discipline: Person, django_assert_max_num_queries: object
    ) -> None:
        _submitted(root, discipline)
        sign_in(client, discipline)
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            client.get("/work/")

    def test_says_what_to_do_when_the_account_has_no_person(self, client: Client, django_user_model: type) -> None:
        client.force_login(
            django_user_model.objects.create(username="nobody"),  # type: ignore[attr-defined]
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        assert "这个账号还没有对应的人员" in client.get("/work/").content.decode()
