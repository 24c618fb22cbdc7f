"""The register, one duty with its reasons, and the acts on it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.kernel.core import clock
from qingqu.kernel.duties import operations
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.org.models import Post
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_unit, seat, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    """The doors read the tests' moment."""
    monkeypatch.setattr(clock.timezone, "now", lambda: AT)


def post_of(person):
    """The post a person holds."""
    return Post.objects.get(appointments__person=person)


def make_duty(person, *, subject_id="1", due_on=date(2026, 10, 9), **changes):
    """An open duty of the person's post."""
    return operations.assign(
        title=changes.pop("title", "报送廉政风险清单"),
        post=post_of(person),
        subject_kind="risk",
        subject_id=subject_id,
        start_on=date(2026, 9, 1),
        due_on=due_on,
        at=AT,
        **changes,
    )


def schools():
    """A leader and the principals of two neighbouring schools."""
    root = make_unit()
    leader = seat(Role.LEADER, root, "局长")
    here = seat(Role.PRINCIPAL, make_unit("第一小学", parent=root, kind="PRIMARY"), "张校长")
    there = seat(Role.PRINCIPAL, make_unit("第二小学", parent=root, kind="PRIMARY"), "李校长")
    return leader, here, there


class TestRegister:
    @pytest.mark.parametrize("rows", [20, 100])
    def test_costs_at_most_eight_queries(self, client, rows):
        _leader, here, _there = schools()
        for number in range(rows):
            make_duty(here, subject_id=str(number))
        sign_in(client, here)

        with CaptureQueriesContext(connection) as spent:
            page = client.get(reverse("duties:list"))

        assert page.status_code == 200
        assert len(spent) <= 8

    def test_shows_groups_with_exact_counts(self, client):
        _leader, here, _there = schools()
        make_duty(here, subject_id="late", due_on=date(2026, 9, 20), title="逾期的")
        make_duty(here, subject_id="later", due_on=date(2026, 12, 31), title="以后的")
        sign_in(client, here)

        page = client.get(reverse("duties:list"), {"group": "overdue"}).content.decode()

        assert "逾期的" in page
        assert "以后的" not in page
        assert "已逾期 1" in page

    def test_hides_the_neighbour_school(self, client):
        _leader, here, there = schools()
        duty = make_duty(there, title="邻校事项")
        sign_in(client, here)

        assert "邻校事项" not in client.get(reverse("duties:list")).content.decode()
        foreign = client.get(reverse("duties:detail", args=[duty.pk]))
        missing = client.get(reverse("duties:detail", args=[duty.pk + 999]))
        assert (foreign.status_code, foreign.content) == (404, missing.content)

    def test_shows_the_leader_all_but_private_duties(self, client):
        leader, here, there = schools()
        make_duty(here, title="甲事项")
        make_duty(there, title="乙事项", is_private=True)
        sign_in(client, leader)

        page = client.get(reverse("duties:list")).content.decode()

        assert "甲事项" in page
        assert "乙事项" not in page


class TestDetail:
    def test_says_why_this_date_within_twelve_queries(self, client):
        _leader, here, _there = schools()
        duty = make_duty(here)
        sign_in(client, here)

        with CaptureQueriesContext(connection) as spent:
            page = client.get(reverse("duties:detail", args=[duty.pk]))

        assert len(spent) <= 12
        assert "为什么是这一天" in page.content.decode()
        assert "自 2026-09-01 起算" in page.content.decode()

    def test_speaks_english(self, client):
        _leader, here, _there = schools()
        duty = make_duty(here)
        sign_in(client, here)

        page = client.get(reverse("duties:detail", args=[duty.pk]), HTTP_ACCEPT_LANGUAGE="en").content.decode()

        assert "days left" in page


class TestComplete:
    def test_ticks_off_ones_own_duty(self, client):
        _leader, here, _there = schools()
        duty = make_duty(here, is_by_hand=True)
        sign_in(client, here)

        with CaptureQueriesContext(connection) as spent:
            client.post(reverse("duties:complete", args=[duty.pk]))

        assert Duty.objects.get(pk=duty.pk).completed_by == str(here.pk)
        assert len(spent) <= 15

    def test_refuses_another_persons_duty_like_a_missing_one(self, client):
        leader, here, _there = schools()
        duty = make_duty(here, is_by_hand=True)
        sign_in(client, leader)

        assert client.post(reverse("duties:complete", args=[duty.pk])).status_code == 404
        assert Duty.objects.get(pk=duty.pk).is_open


class TestExtend:
    def test_lets_the_head_above_approve(self, client):
        leader, here, _there = schools()
        duty = make_duty(here)
        sign_in(client, leader)

        page = client.post(reverse("duties:extend", args=[duty.pk]), {"new_due_on": "2026-10-30", "ground": "材料待补"})

        assert page.status_code == 302
        assert Duty.objects.get(pk=duty.pk).due_on == date(2026, 10, 30)

    def test_shows_the_refusal_beside_what_was_typed(self, client):
        leader, here, _there = schools()
        duty = make_duty(here)
        sign_in(client, leader)

        page = client.post(reverse("duties:extend", args=[duty.pk]), {"new_due_on": "2026-09-30", "ground": "材料待补"})

        assert "须晚于原到期日" in page.content.decode()
        assert "材料待补" in page.content.decode()

    def test_keeps_the_holder_from_moving_the_own_date(self, client):
        _leader, here, _there = schools()
        duty = make_duty(here)
        sign_in(client, here)

        page = client.post(reverse("duties:extend", args=[duty.pk]), {"new_due_on": "2026-10-30", "ground": "材料待补"})

        assert page.status_code == 404


class TestPause:
    def test_stops_and_restarts_the_clock(self, client):
        leader, here, _there = schools()
        duty = make_duty(here)
        sign_in(client, leader)

        client.post(reverse("duties:pause", args=[duty.pk]), {"ground": "听证期间"})
        stopped = Duty.objects.get(pk=duty.pk)
        client.post(reverse("duties:resume", args=[duty.pk]))

        assert stopped.pause_ground == "听证期间"
        assert Duty.objects.get(pk=duty.pk).paused_on is None
