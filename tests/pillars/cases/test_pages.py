"""What the screens show, and to whom."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from qingqu.pillars.cases import operations, queries
from tests.factories import AT, actor, sign_in
from tests.pillars.cases.district import as_leads, effective, heard, investigated, make_district, notified
from tests.pillars.leads.district import dispose
from tests.pillars.leads.district import open_one as open_lead

pytestmark = pytest.mark.django_db

WORD = "某某家长"
"""Stands in the source alone: whoever reads it knows who reported."""


class TestTheLeadsPage:
    def test_leads_to_the_case_once_the_lead_is_disposed_of(self, client: Client) -> None:
        district = make_district()
        lead = open_lead(as_leads(district), about=[district.teacher.pk])
        sign_in(client, district.keeper)
        address, intake = reverse("leads:detail", args=[lead.pk]), f"{reverse('cases:new')}?lead={lead.pk}"

        assert intake not in client.get(address).content.decode()
        dispose(as_leads(district), lead)
        assert intake in client.get(address).content.decode()

        page = client.get(intake).content.decode()
        assert district.teacher.number in page


class TestThePersonsOwnPage:
    def test_shows_notice_and_remedies_and_never_who_reported(self, client: Client) -> None:
        district = make_district()
        row = notified(district, investigated(district, source_text=WORD))
        sign_in(client, district.teacher)

        text = client.get(reverse("cases:own", args=[row.pk])).content.decode()

        assert row.facts in text
        assert row.case.allegation in text
        assert WORD not in text
        assert WORD in row.case.source_text

    def test_is_absent_before_the_person_was_told(self, client: Client) -> None:
        district = make_district()
        row = investigated(district)
        sign_in(client, district.teacher)

        assert client.get(reverse("cases:own", args=[row.pk])).status_code == 404


class TestTheDesksPage:
    def test_calls_nobody_guilty_before_a_decision(self, client: Client) -> None:
        district = make_district()
        row = heard(district, notified(district, investigated(district)))
        sign_in(client, district.keeper)

        text = client.get(reverse("cases:person", args=[row.pk])).content.decode()
        listed = client.get(reverse("cases:list")).content.decode()

        assert row.person.name in text
        assert not any(word in page for word in ("违纪", "违规人员") for page in (text, listed))
        assert "被反映人" in listed

    def test_shows_the_discipline_track_to_the_discipline_group_alone(self, client: Client) -> None:
        district = make_district()
        district.teacher.is_party_member = True
        district.teacher.save()
        row = investigated(district)
        operations.transfer(
            respondent=row,
            number="移送七号",
            transferred_on=AT.date(),
            handler="派驻组",
            at=AT,
            actor=actor(district.keeper),
        )

        seen = {}
        for name, person in (("keeper", district.keeper), ("leader", district.leader)):
            sign_in(client, person)
            seen[name] = client.get(reverse("cases:person", args=[row.pk])).content.decode()

        assert "移送七号" in seen["keeper"]
        assert not any(word in seen["leader"] for word in ("移送七号", "派驻组", "办理移送"))


class TestTheWrittenDecision:
    def test_comes_as_docx_and_pdf_with_what_the_record_holds(self, client: Client) -> None:
        district = make_district()
        row = effective(district)
        decision = queries.standing(row)
        assert decision is not None
        sign_in(client, district.teacher)

        docx = client.get(reverse("cases:own_document", args=[row.pk, "docx"])).content
        pdf = client.get(reverse("cases:own_document", args=[row.pk, "pdf"])).content

        with ZipFile(BytesIO(docx)) as parts:
            text = parts.read("word/document.xml").decode()
        for words in (decision.number, decision.facts, decision.evidence, decision.remedies, decision.organ):
            assert words in text
        assert pdf.startswith(b"%PDF")
        assert client.get(reverse("cases:own_document", args=[row.pk, "odt"])).status_code == 404
