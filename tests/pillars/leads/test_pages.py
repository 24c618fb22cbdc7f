"""Screens of the leads."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.kernel.core.clock import local_date, now
from qingqu.kernel.org.models import Relationship
from qingqu.pillars.leads import operations
from qingqu.pillars.leads.models import Lead
from tests.factories import AT, actor, sign_in
from tests.pillars.leads.district import REVIEW_ON, dispose, make_district, open_one, propose

pytestmark = pytest.mark.django_db


class TestRegister:
    @pytest.mark.parametrize("number", [20, 100])
    def test_costs_eight_queries_however_many_leads_there_are(self, client: Client, number: int) -> None:
        district = make_district()
        for _step in range(number):
            open_one(district, about=[district.principal.pk])
        sign_in(client, district.second_keeper)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("leads:list"))

        assert response.status_code == 200
        assert response.content.decode().count("XS2026-") == 20
        assert len(captured) <= 8

    @pytest.mark.parametrize("who", ["principal", "other_principal", "office", "auditor"])
    def test_is_not_there_for_posts_that_do_not_read_leads(self, client: Client, who: str) -> None:
        district = make_district()
        sign_in(client, getattr(district, who))

        assert client.get(reverse("leads:list")).status_code == 404

    def test_leaves_out_what_is_about_the_reader_s_kin(self, client: Client) -> None:
        district = make_district()
        Relationship.objects.create(
            person=district.keeper,
            other_kind="PERSON",
            other_id=str(district.principal.pk),
            kind="SPOUSE",
            declared_on=date(2025, 1, 1),
        )
        seen = open_one(district)
        hidden = open_one(district, about=[district.principal.pk])
        sign_in(client, district.keeper)

        page = client.get(reverse("leads:list")).content.decode()

        assert seen.number in page
        assert hidden.number not in page

    def test_shows_no_discipline_matter_to_the_bureau(self, client: Client) -> None:
        district = make_district()
        hidden = open_one(district, track="T1")
        sign_in(client, district.leader)

        assert hidden.number not in client.get(reverse("leads:list")).content.decode()
        assert client.get(reverse("leads:detail", args=[hidden.pk])).status_code == 404


class TestDetail:
    def test_costs_twelve_queries(self, client: Client) -> None:
        district = make_district()
        lead = dispose(district, open_one(district, about=[district.principal.pk]))
        sign_in(client, district.keeper)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("leads:detail", args=[lead.pk]))

        assert response.status_code == 200
        assert len(captured) <= 12

    def test_answers_a_neighbour_and_an_obstructed_keeper_like_one_that_does_not_exist(self, client: Client) -> None:
        district = make_district()
        Relationship.objects.create(
            person=district.keeper,
            other_kind="PERSON",
            other_id=str(district.principal.pk),
            kind="SPOUSE",
            declared_on=date(2025, 1, 1),
        )
        lead = open_one(district, about=[district.principal.pk])

        for person in (district.other_principal, district.keeper):
            sign_in(client, person)
            for name in ("detail", "propose", "decide"):
                send = client.get if name == "detail" else client.post
                there = send(reverse(f"leads:{name}", args=[lead.pk]))
                nowhere = send(reverse(f"leads:{name}", args=[999_999]))
                assert there.status_code == nowhere.status_code == 404
                assert there.content == nowhere.content

    def test_shows_the_date_with_its_status(self, client: Client) -> None:
        district = make_district()
        lead = open_one(district)
        sign_in(client, district.keeper)

        page = client.get(reverse("leads:detail", args=[lead.pk])).content.decode()

        assert "2026-10-26" in page
        assert "为什么是这一天" in page


class TestNew:
    def test_registers_a_lead_by_hand(self, client: Client) -> None:
        district = make_district()
        sign_in(client, district.keeper)
        typed = {
            "title": "收费问题",
            "unit": district.school.pk,
            "track": "T2",
            "channel": "LETTER",
            "body": "家长反映",
            "about": district.principal.number,
        }

        response = client.post(reverse("leads:new"), typed)

        lead = Lead.objects.get()
        assert response["Location"] == f"{reverse('leads:list')}?q={lead.number}"
        assert reverse("leads:detail", args=[lead.pk]) in client.get(response["Location"]).content.decode()
        assert (lead.source_kind, lead.parties.get().person_id) == ("hand", district.principal.pk)

    def test_names_a_staff_number_that_does_not_exist_and_keeps_what_was_typed(self, client: Client) -> None:
        district = make_district()
        sign_in(client, district.keeper)
        typed = {
            "title": "收费问题",
            "unit": district.school.pk,
            "track": "T2",
            "channel": "VISIT",
            "body": "家长反映",
            "about": "ZZ9",
        }

        response = client.post(reverse("leads:new"), typed)

        assert response.status_code == 422
        assert "没有这些工号：ZZ9" in response.content.decode()
        assert "家长反映" in response.content.decode()
        assert not Lead.objects.exists()

    def test_says_to_call_the_police_when_a_minor_is_harmed(self, client: Client) -> None:
        district = make_district()
        sign_in(client, district.keeper)
        typed = {"title": "侵害", "unit": district.school.pk, "track": "T4", "channel": "PHONE", "body": "x"}

        assert "请立即报警" in client.post(reverse("leads:new"), typed).content.decode()


class TestDispositionOnScreen:
    def test_goes_from_proposal_to_closing_by_two_people(self, client: Client) -> None:
        district = make_district()
        lead = open_one(district)
        sign_in(client, district.keeper)
        client.post(reverse("leads:propose", args=[lead.pk]), {"kind": "SETTLE", "reason": "查无实据"})
        sign_in(client, district.leader)
        page = client.get(reverse("leads:detail", args=[lead.pk])).content.decode()
        assert "查无实据" in page

        answer = {"decision": "approve", "opinion": "同意"}
        asked = client.post(reverse("leads:decide", args=[lead.pk]), answer).content.decode()
        lead.refresh_from_db()
        assert lead.state == "PROPOSED"
        assert "不能重新打开" in asked
        assert 'name="opinion" value="同意"' in asked
        client.post(reverse("leads:decide", args=[lead.pk]), answer | {"confirmed": "1"})

        lead.refresh_from_db()
        assert (lead.state, lead.closed_by_id) == ("CLOSED", district.leader.pk)

    def test_shows_a_refusal_beside_what_was_typed(self, client: Client) -> None:
        district = make_district()
        lead = open_one(district)
        operations.propose(lead=lead, kind="HOLD", reason="a", review_on=REVIEW_ON, at=AT, actor=actor(district.keeper))
        sign_in(client, district.leader)

        response = client.post(reverse("leads:decide", args=[lead.pk]), {"decision": "return", "opinion": ""})

        assert response.status_code == 422
        assert "请写明退回理由。" in response.content.decode()

    def test_writes_in_fifteen_queries(self, client: Client) -> None:
        district = make_district()
        lead = open_one(district)
        sign_in(client, district.keeper)

        with CaptureQueriesContext(connection) as captured:
            client.post(
                reverse("leads:propose", args=[lead.pk]),
                {"kind": "HOLD", "reason": "缺少线索", "review_on": "2027-03-01"},
            )
        proposed = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
        sign_in(client, district.leader)
        with CaptureQueriesContext(connection) as captured:
            client.post(reverse("leads:decide", args=[lead.pk]), {"decision": "approve"})
        decided = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]

        assert len(proposed) <= 15
        assert len(decided) <= 15


class TestTheRegisterByItsCuts:
    def test_finds_a_lead_by_each_of_them_and_by_no_other_code(self, client: Client) -> None:
        district = make_district()
        wanted = open_one(district, source_kind="transfer", track="T3", channel="VISIT", themes=["FINANCE", "GIFTS"])
        other = open_one(district)
        sign_in(client, district.keeper)

        for cut in ("track=T3", "source_kind=transfer", "channel=VISIT", "theme=FINANCE", "theme=GIFTS"):
            page = client.get(f"{reverse('leads:list')}?{cut}").content.decode()
            assert wanted.number in page, cut
            assert other.number not in page, cut
        for cut in ("track=T2", "source_kind=flag", "channel=INTERNAL"):
            page = client.get(f"{reverse('leads:list')}?{cut}").content.decode()
            assert wanted.number not in page, cut
            assert other.number in page, cut

    def test_is_not_cut_by_a_code_that_does_not_exist(self, client: Client) -> None:
        district = make_district()
        lead = open_one(district)
        sign_in(client, district.keeper)

        assert lead.number in client.get(f"{reverse('leads:list')}?track=T9&theme=X").content.decode()


class TestSteps:
    def test_lead_from_a_talk_to_feedback_on_screen(self, client: Client) -> None:
        district = make_district()
        lead = open_one(district, has_named_reporter=True)
        sign_in(client, district.keeper)

        def press(verb: str, **typed: str) -> int:
            return client.post(reverse("leads:act", args=[lead.pk, verb]), typed).status_code

        propose(district, lead, "TALK")
        both = f"{district.keeper.number}、{district.second_keeper.number}"
        today = str(local_date(now()))
        assert press("study", studied_on=today, attendees=both, note="同意谈话") == 302
        operations.approve(lead=lead, at=now(), actor=actor(district.leader))
        assert "请登记谈话" in client.get(reverse("leads:detail", args=[lead.pk])).content.decode()
        assert press("talk", talked_on=today) == 302
        page = client.get(reverse("leads:detail", args=[lead.pk])).content.decode()
        assert "采信了结" in page
        assert 'value="HOLD"' not in page
        typed = {"kind": "SETTLE", "way_out": "ACCEPTED", "reason": "说明清楚"}
        client.post(reverse("leads:propose", args=[lead.pk]), typed)
        operations.approve(lead=lead, at=now(), actor=actor(district.leader))
        assert "请在期限内向实名反映人反馈" in client.get(reverse("leads:detail", args=[lead.pk])).content.decode()
        assert press("feed_back", feedback="电话告知，没有异议") == 302

        page = client.get(reverse("leads:detail", args=[lead.pk])).content.decode()
        for word in ("纪检甲、纪检乙", "同意谈话", "采信了结", "电话告知，没有异议"):
            assert word in page

    def test_name_an_unknown_attendee_and_keep_what_was_typed(self, client: Client) -> None:
        district = make_district()
        lead = propose(district, open_one(district))
        sign_in(client, district.keeper)
        typed = {"studied_on": "2026-09-24", "attendees": "ZZ1 ZZ2", "note": "研究意见甲"}

        response = client.post(reverse("leads:act", args=[lead.pk, "study"]), typed)

        assert response.status_code == 422
        assert "没有这些工号：ZZ1、ZZ2" in response.content.decode()
        assert "研究意见甲" in response.content.decode()

    def test_ask_before_a_merge_and_then_point_to_the_master(self, client: Client) -> None:
        district = make_district()
        master, lead = open_one(district), open_one(district)
        sign_in(client, district.keeper)
        address = reverse("leads:act", args=[lead.pk, "merge"])

        asked = client.post(address, {"number": master.number}).content.decode()
        lead.refresh_from_db()
        assert "不能拆回" in asked
        assert lead.state == "RECEIVED"
        client.post(address, {"number": master.number, "confirmed": "1"})

        assert f"已并入 {master.number}" in client.get(reverse("leads:detail", args=[lead.pk])).content.decode()
        page = client.get(reverse("leads:related", args=[master.pk])).content.decode()
        assert lead.number in page
        assert "已并入本件" in page

    def test_enter_an_intervention_and_show_it_for_good(self, client: Client) -> None:
        district = make_district()
        lead = open_one(district, about=[district.principal.pk], suppliers=["S1"], amount_fen=123_456_00)
        sign_in(client, district.keeper)
        typed = {"who": "某领导", "asked_on": "2026-09-24", "how": "电话", "about": "问什么时候了结"}

        client.post(reverse("leads:act", args=[lead.pk, "intervene"]), typed)

        page = client.get(reverse("leads:related", args=[lead.pk])).content.decode()
        for word in ("某领导", "电话", "问什么时候了结", "校长甲", "S1", "123,456.00"):
            assert word in page

    def test_cost_twelve_queries_to_show_and_fifteen_to_write(self, client: Client) -> None:
        district = make_district()
        lead = open_one(district, about=[district.principal.pk], themes=["FINANCE"], amount_fen=5)
        open_one(district, about=[district.principal.pk])
        propose(district, lead)
        sign_in(client, district.keeper)
        both = f"{district.keeper.number} {district.second_keeper.number}"
        today = str(local_date(now()))

        with CaptureQueriesContext(connection) as shown:
            client.get(reverse("leads:related", args=[lead.pk]))
        with CaptureQueriesContext(connection) as captured:
            typed = {"studied_on": today, "attendees": both, "note": "同意"}
            response = client.post(reverse("leads:act", args=[lead.pk, "study"]), typed)

        assert response.status_code == 302
        assert len(shown) <= 12
        assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 15
