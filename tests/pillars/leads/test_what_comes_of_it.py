"""Whom a lead is about handles nothing that comes of it, though nobody there can see the lead (DP-4, DP-5).

Take ``subjects.about`` out of rectification's ``_to_check``, or ``_keeps_out`` out of publications, and these fail.
"""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.kernel.files import subjects
from qingqu.kernel.org.models import Person, Post, Relationship
from qingqu.kernel.publications import operations as publications
from qingqu.kernel.publications.models import Publication
from qingqu.pillars.leads.models import Lead
from qingqu.pillars.rectification import operations as rectification
from qingqu.pillars.rectification.models import Rectification
from tests.factories import AT, actor, sign_in
from tests.pillars.leads.district import LATER, District, dispose, make_district, open_one

pytestmark = pytest.mark.django_db


def reported(district: District, lead: Lead | None) -> Rectification:
    """A rectification ordered from a lead, or from nothing, which waits for its re-check."""
    row = rectification.order(
        title="规范采购",
        cause="合同拆分",
        unit=district.school,
        owner_post=Post.objects.get(unit=district.school, role="PRINCIPAL"),
        at=AT,
        actor=actor(district.keeper),
        due_on=date(2026, 10, 31),
        source_kind="lead" if lead else "",
        source_id=lead.pk if lead else "",
    )
    rectification.plan(rectification=row, text="合并", at=AT, actor=actor(district.principal))
    rectification.report(rectification=row, text="已合并", at=LATER, actor=actor(district.principal))
    return row


def about(district: District, person: Person) -> Lead:
    """A lead about a person, with an approved check."""
    return dispose(district, open_one(district, about=[person.pk]))


def tie(one: Person, other: Person) -> None:
    """Declare two people a couple."""
    Relationship.objects.create(
        person=one, other_kind="PERSON", other_id=str(other.pk), kind="SPOUSE", declared_on=date(2025, 1, 1)
    )


def drafted(row: Rectification, author: Person) -> Publication:
    """A draft that came of a rectification."""
    return publications.draft(
        kind="NOTICE",
        title="通报",
        body="已经整改",
        unit=row.unit,
        author_id=author.pk,
        at=AT,
        source_kind="rectification",
        source_id=row.pk,
    )


class TestARectification:
    @pytest.mark.parametrize("step", ["verify", "reopen"])
    def test_is_not_re_checked_by_the_one_the_lead_is_about(self, step: str) -> None:
        district = make_district()
        row = reported(district, about(district, district.auditor))
        words = {"finding": "属实"} if step == "verify" else {"reason": "不属实"}

        with pytest.raises(rectification.NeedsAnother):
            getattr(rectification, step)(rectification=row, at=LATER, actor=actor(district.auditor), **words)

    def test_is_not_re_checked_by_kin(self) -> None:
        district = make_district()
        row = reported(district, about(district, district.office))
        tie(district.auditor, district.office)

        with pytest.raises(rectification.NeedsAnother):
            rectification.verify(rectification=row, finding="属实", at=LATER, actor=actor(district.auditor))

    def test_is_re_checked_by_one_who_cannot_see_the_lead_and_is_not_in_it(self) -> None:
        district = make_district()
        lead = about(district, district.office)
        row = reported(district, lead)

        rectification.verify(rectification=row, finding="属实", at=LATER, actor=actor(district.auditor))

        assert subjects.find(actor(district.auditor), "lead", lead.pk) is None
        assert Rectification.objects.get().state == "VERIFIED"

    def test_of_nothing_is_re_checked_by_the_same_person(self) -> None:
        district = make_district()
        about(district, district.auditor)

        rectification.verify(
            rectification=reported(district, None), finding="属实", at=LATER, actor=actor(district.auditor)
        )

        assert Rectification.objects.get().state == "VERIFIED"

    def test_refuses_in_the_words_it_has_for_those_who_did_it(self) -> None:
        district = make_district()
        tie(district.auditor, district.principal)
        said = []
        for row in (reported(district, about(district, district.auditor)), reported(district, None)):
            with pytest.raises(rectification.NeedsAnother) as refusal:
                rectification.verify(rectification=row, finding="属实", at=LATER, actor=actor(district.auditor))
            said.append(refusal.value.message)

        assert said[0] == said[1]

    def test_is_re_checked_in_fifteen_queries(self, client: Client) -> None:
        district = make_district()
        row = reported(district, about(district, district.office))
        sign_in(client, district.auditor)

        with CaptureQueriesContext(connection) as captured:
            response = client.post(
                reverse("rectification:recheck", args=[row.pk]),
                {"finding": "属实", "verdict": "pass", "confirmed": "1"},
            )

        assert response.status_code == 302
        assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 15


class TestAPublication:
    def test_is_not_drafted_by_the_one_the_lead_is_about(self) -> None:
        district = make_district()
        row = reported(district, about(district, district.second_keeper))

        with pytest.raises(publications.NotYours):
            drafted(row, district.second_keeper)
        assert not Publication.objects.exists()

    def test_is_neither_changed_nor_published_by_the_one_the_lead_is_about(self) -> None:
        district = make_district()
        text = drafted(reported(district, about(district, district.second_keeper)), district.keeper)
        with pytest.raises(publications.NotYours):
            publications.edit(publication=text, title="改", body="改", at=AT, actor=actor(district.second_keeper))
        text = drafted(reported(district, about(district, district.office)), district.keeper)
        publications.submit(publication=text, at=AT, actor=actor(district.keeper))

        with pytest.raises(publications.NotYours):
            publications.publish(publication=text, at=LATER, actor=actor(district.office))

    def test_is_drafted_and_published_by_others(self) -> None:
        district = make_district()
        text = drafted(reported(district, about(district, district.second_keeper)), district.keeper)
        publications.submit(publication=text, at=AT, actor=actor(district.keeper))

        publications.publish(publication=text, at=LATER, actor=actor(district.office))

        text.refresh_from_db()
        assert text.public_from == LATER

    def test_is_not_drafted_on_screen_either(self, client: Client) -> None:
        district = make_district()
        row = reported(district, about(district, district.second_keeper))
        typed = {"kind": "NOTICE", "title": "通报", "body": "已经整改", "unit": district.school.pk}
        address = f"{reverse('publications:new')}?source_kind=rectification&source_id={row.pk}"
        statuses = []
        for person in (district.second_keeper, district.keeper):
            sign_in(client, person)
            with CaptureQueriesContext(connection) as captured:
                statuses.append(client.post(address, typed).status_code)
            assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 15

        assert statuses == [422, 302]


class TestWhomAMatterIsAbout:
    def test_is_nobody_for_what_does_not_exist(self) -> None:
        for kind, key in (("lead", "7"), ("lead", "x"), ("rectification", "7"), ("nothing", "7"), ("", "")):
            assert subjects.about(kind, key) == frozenset()
