"""Screens of the rectifications."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.kernel.org.models import Post
from qingqu.pillars.rectification.models import Rectification
from tests.factories import sign_in
from tests.pillars.leads.district import dispose, make_district, open_one
from tests.pillars.rectification.test_operations import done, order_one

pytestmark = pytest.mark.django_db


class TestRegister:
    @pytest.mark.parametrize("number", [20, 100])
    def test_costs_eight_queries_however_many_there_are(self, client: Client, number: int) -> None:
        district = make_district()
        for _step in range(number):
            order_one(district)
        sign_in(client, district.principal)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("rectification:list"))

        assert response.content.decode().count("ZG2026-") == 20
        assert len(captured) <= 8

    def test_shows_a_school_its_own_only(self, client: Client) -> None:
        district = make_district()
        row = order_one(district)
        sign_in(client, district.other_principal)

        page = client.get(reverse("rectification:list")).content.decode()

        assert row.number not in page
        assert "没有符合条件的整改" in page


class TestDetail:
    def test_costs_twelve_queries(self, client: Client) -> None:
        district = make_district()
        row = done(district)
        sign_in(client, district.auditor)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("rectification:detail", args=[row.pk]))

        assert response.status_code == 200
        assert len(captured) <= 12

    def test_answers_a_neighbour_like_one_that_does_not_exist(self, client: Client) -> None:
        district = make_district()
        row = order_one(district)
        sign_in(client, district.other_principal)

        for name in ("detail", "plan", "report", "recheck"):
            send = client.get if name == "detail" else client.post
            there = send(reverse(f"rectification:{name}", args=[row.pk]), {"text": "x", "finding": "x"})
            nowhere = send(reverse(f"rectification:{name}", args=[999_999]), {"text": "x", "finding": "x"})
            assert there.status_code == nowhere.status_code == 404
            assert there.content == nowhere.content

    def test_hides_the_source_from_the_owner_who_may_not_see_leads(self, client: Client) -> None:
        district = make_district()
        lead = dispose(district, open_one(district, title="只有线索库可见"))
        row = order_one(district, source_kind="lead", source_id=lead.pk)
        sign_in(client, district.principal)

        assert "只有线索库可见" not in client.get(reverse("rectification:detail", args=[row.pk])).content.decode()


class TestPath:
    def test_runs_from_a_lead_to_the_re_check_on_screen(self, client: Client) -> None:
        district = make_district()
        lead = dispose(district, open_one(district))
        sign_in(client, district.keeper)
        page = client.get(reverse("leads:detail", args=[lead.pk])).content.decode()
        address = f"{reverse('rectification:new')}?source_kind=lead&source_id={lead.pk}"
        assert address.replace("&", "&amp;") in page
        owner = Post.objects.get(unit=district.school, role="PRINCIPAL")
        client.post(address, {"title": "规范采购", "cause": "拆分", "owner_post": owner.pk, "due_on": "2099-01-01"})
        row = Rectification.objects.get()
        sign_in(client, district.principal)
        client.post(reverse("rectification:plan", args=[row.pk]), {"text": "合并"})
        client.post(reverse("rectification:report", args=[row.pk]), {"text": "已合并"})
        sign_in(client, district.auditor)
        client.post(reverse("rectification:recheck", args=[row.pk]), {"finding": "属实", "verdict": "verify"})

        row.refresh_from_db()

        assert (row.state, row.source_id, row.verified_by_id) == ("VERIFIED", str(lead.pk), district.auditor.pk)

    def test_asks_for_the_unit_first_when_no_matter_is_named(self, client: Client) -> None:
        district = make_district()
        sign_in(client, district.keeper)

        assert "第 1 步" in client.get(reverse("rectification:new")).content.decode()
        assert "第一小学" in client.get(reverse("rectification:new"), {"unit": district.school.pk}).content.decode()

    @pytest.mark.parametrize(
        "query", ["?source_kind=lead&source_id=999", "?unit=999999", "?source_kind=x&source_id=1", "?unit=a"]
    )
    def test_is_not_there_for_a_matter_out_of_reach(self, client: Client, query: str) -> None:
        district = make_district()
        sign_in(client, district.keeper)

        assert client.get(reverse("rectification:new") + query).status_code == 404

    def test_writes_in_fifteen_queries(self, client: Client) -> None:
        district = make_district()
        row = done(district)
        sign_in(client, district.auditor)

        with CaptureQueriesContext(connection) as captured:
            client.post(reverse("rectification:recheck", args=[row.pk]), {"finding": "属实", "verdict": "verify"})

        assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 15
        row.refresh_from_db()
        assert row.state == "VERIFIED"
