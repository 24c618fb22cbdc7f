"""Writing rectifications."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from qingqu.kernel.duties import queries as duties
from qingqu.kernel.ledger.queries import history
from qingqu.kernel.org.models import Post, Relationship
from qingqu.pillars.leads import queries as leads
from qingqu.pillars.rectification import operations, queries
from qingqu.pillars.rectification.models import Rectification, Report
from qingqu.pillars.rectification.types import Figures
from tests.factories import AT, actor
from tests.pillars.leads.district import LATER, District, dispose, make_district, open_one

pytestmark = pytest.mark.django_db

DUE = date(2026, 10, 31)


def order_one(district: District, **given: Any) -> Rectification:
    """A rectification of the school, ordered by the keeper unless said otherwise."""
    facts: dict[str, Any] = {
        "title": "规范食堂采购",
        "cause": "合同拆分",
        "unit": district.school,
        "owner_post": Post.objects.get(unit=district.school, role="PRINCIPAL"),
        "at": AT,
        "actor": actor(district.keeper),
        "due_on": DUE,
    }
    return operations.order(**(facts | given))


def done(district: District) -> Rectification:
    """A rectification that the principal planned and reported."""
    row = order_one(district)
    operations.plan(rectification=row, text="合并采购", at=AT, actor=actor(district.principal))
    operations.report(rectification=row, text="已合并", at=LATER, actor=actor(district.principal))
    row.refresh_from_db()
    return row


class TestOrder:
    def test_gives_the_owner_a_duty_until_the_due_date(self) -> None:
        row = order_one(make_district())

        duty = duties.open_by_subject("rectification", [row.pk])[str(row.pk)]
        assert (row.state, row.number) == ("ORDERED", f"ZG2026-{row.pk:06d}")
        assert (duty.post_id, duty.due_on) == (row.owner_id, DUE)

    def test_takes_the_usual_time_of_the_district_when_no_date_is_given(self, settings: Any) -> None:
        settings.QINGQU_RECTIFICATION_CALENDAR_DAYS = 45

        row = order_one(make_district(), due_on=None)

        assert row.due_on == date(2026, 9, 24) + timedelta(days=45)

    @pytest.mark.parametrize("who", ["principal", "auditor", "office", "leader"])
    def test_refuses_posts_that_do_not_order(self, who: str) -> None:
        district = make_district()

        with pytest.raises(operations.NotYours):
            order_one(district, actor=actor(getattr(district, who)))

    def test_refuses_an_owner_of_another_unit(self) -> None:
        district = make_district()

        with pytest.raises(operations.NotYours):
            order_one(district, owner_post=Post.objects.get(unit=district.neighbour))

    @pytest.mark.parametrize("given", [{"title": " "}, {"cause": ""}, {"due_on": date(2026, 9, 23)}])
    def test_refuses_what_is_incomplete(self, given: dict[str, Any]) -> None:
        district = make_district()

        with pytest.raises(operations.Incomplete):
            order_one(district, **given)

        assert not Rectification.objects.exists()

    def test_is_seen_at_the_lead_it_came_from(self) -> None:
        district = make_district()
        lead = dispose(district, open_one(district))

        row = order_one(district, source_kind="lead", source_id=lead.pk)
        operations.plan(rectification=row, text="合并采购", at=LATER, actor=actor(district.principal))

        outcome = leads.outcomes(lead).get()
        assert (outcome.subject_kind, outcome.subject_id, outcome.last_event) == (
            "rectification",
            str(row.pk),
            "rectification.planned",
        )


class TestPlanAndReport:
    @pytest.mark.parametrize("who", ["keeper", "auditor", "leader"])
    def test_are_refused_to_all_but_the_owner(self, who: str) -> None:
        district = make_district()
        row = order_one(district)

        with pytest.raises(operations.NotYours):
            operations.plan(rectification=row, text="x", at=AT, actor=actor(getattr(district, who)))

    def test_are_refused_to_the_neighbour_as_if_there_were_nothing(self) -> None:
        district = make_district()
        row = order_one(district)

        with pytest.raises(operations.NotYours, match="找不到"):
            operations.plan(rectification=row, text="x", at=AT, actor=actor(district.other_principal))

    def test_need_a_plan_before_a_report(self) -> None:
        district = make_district()

        with pytest.raises(operations.NotNow):
            operations.report(rectification=order_one(district), text="x", at=AT, actor=actor(district.principal))

    def test_discharge_the_owner_s_duty_when_reported(self) -> None:
        row = done(make_district())

        assert row.state == "DONE"
        assert not duties.open_by_subject("rectification", [row.pk])


class TestVerify:
    def test_closes_with_the_checker_s_name_and_words(self) -> None:
        district = make_district()
        row = done(district)

        operations.verify(rectification=row, finding="实地查看属实", at=LATER, actor=actor(district.auditor))

        row.refresh_from_db()
        report = queries.reports(row)[0]
        assert (row.state, row.verified_by_id) == ("VERIFIED", district.auditor.pk)
        assert (report.verdict, report.finding, report.checked_by_id) == ("PASSED", "实地查看属实", district.auditor.pk)

    def test_is_refused_to_the_doer_and_to_those_without_the_right(self) -> None:
        district = make_district()
        row = done(district)

        for who in (district.principal, district.office):
            with pytest.raises(operations.NotYours):
                operations.verify(rectification=row, finding="x", at=LATER, actor=actor(who))

    def test_is_refused_to_the_doer_s_kin(self) -> None:
        district = make_district()
        row = done(district)
        Relationship.objects.create(
            person=district.auditor,
            other_kind="PERSON",
            other_id=str(district.principal.pk),
            kind="SPOUSE",
            declared_on=date(2025, 1, 1),
        )

        with pytest.raises(operations.NeedsAnother):
            operations.verify(rectification=row, finding="x", at=LATER, actor=actor(district.auditor))

    def test_needs_words(self) -> None:
        district = make_district()

        with pytest.raises(operations.Incomplete):
            operations.verify(rectification=done(district), finding=" ", at=LATER, actor=actor(district.auditor))


class TestReopen:
    def test_keeps_the_history_and_starts_the_clock_again(self) -> None:
        district = make_district()
        row = done(district)

        operations.reopen(
            rectification=row, reason="仍有拆分", due_on=date(2026, 11, 30), at=LATER, actor=actor(district.auditor)
        )
        operations.report(rectification=row, text="全部合并", at=LATER, actor=actor(district.principal))
        operations.verify(rectification=row, finding="属实", at=LATER, actor=actor(district.auditor))

        row.refresh_from_db()
        assert row.state == "VERIFIED"
        assert [(said.verdict, said.finding) for said in queries.reports(row)] == [
            ("FAILED", "仍有拆分"),
            ("PASSED", "属实"),
        ]
        assert [event.kind.split(".")[1] for event in history("rectification", row.pk)] == [
            "ordered",
            "planned",
            "reported",
            "reopened",
            "reported",
            "closed",
        ]

    def test_opens_a_verified_one_again_when_something_turns_up(self) -> None:
        district = make_district()
        row = done(district)
        operations.verify(rectification=row, finding="属实", at=LATER, actor=actor(district.auditor))

        operations.reopen(rectification=row, reason="又发现一笔", at=LATER, actor=actor(district.auditor))

        row.refresh_from_db()
        assert (row.state, row.verified_by_id) == ("REOPENED", None)
        assert duties.open_by_subject("rectification", [row.pk])


class TestFigures:
    def test_count_by_query_what_stands_where(self) -> None:
        district = make_district()
        order_one(district)
        row = done(district)
        operations.verify(rectification=row, finding="属实", at=LATER, actor=actor(district.auditor))
        done(district)

        assert queries.figures(on=DUE) == Figures(ordered=3, verified=1, waiting=1, open=2, overdue=0)
        assert queries.figures(on=date(2026, 11, 1)).overdue == 1
        assert queries.figures(on=DUE, unit_path=district.neighbour.path or "").ordered == 0


class TestConstraints:
    def test_refuse_a_checker_who_reported(self) -> None:
        row = done(make_district())

        with pytest.raises(IntegrityError, match="report_checked_by_another"), transaction.atomic():
            Report.objects.filter(rectification=row).update(
                verdict="PASSED", finding="x", checked_by=row.planned_by, checked_at=AT
            )

    def test_refuse_a_checker_who_reported_in_plain_sql(self) -> None:
        done(make_district())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE rectification_report SET verdict='PASSED', finding='x', checked_by_id=reported_by_id, "
                "checked_at=reported_at"
            )

    def test_refuse_a_verified_one_without_a_checker_in_plain_sql(self) -> None:
        done(make_district())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE rectification_rectification SET state='VERIFIED'")

    def test_refuse_a_verifier_who_planned(self) -> None:
        row = done(make_district())

        with pytest.raises(IntegrityError, match="rectification_verified_by_another"), transaction.atomic():
            Rectification.objects.filter(pk=row.pk).update(state="VERIFIED", verified_at=AT, verified_by=row.planned_by)
