"""Writing cases: each step, and each guard with what happens without it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qingqu.kernel.duties import queries as duties
from qingqu.kernel.ledger import installation
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.models import Relationship
from qingqu.kernel.publications import operations as publications
from qingqu.kernel.publications.models import Publication
from qingqu.pillars.cases import operations, queries, rules, wording
from qingqu.pillars.cases.models import Decision, Hand, Referral, Respondent, Transfer
from qingqu.pillars.cases.types import Lock
from qingqu.pillars.leads.models import Lead
from tests.factories import AT, actor
from tests.pillars.cases.district import (
    District,
    as_leads,
    as_of,
    decided,
    effective,
    heard,
    investigated,
    make_district,
    notified,
    open_one,
    proposed,
    row_of,
)
from tests.pillars.leads.district import dispose
from tests.pillars.leads.district import open_one as open_lead

pytestmark = pytest.mark.django_db


def _ask(row: Respondent, kind: str = "REVIEW", at: datetime = AT) -> None:
    operations.ask(respondent=row, kind=kind, grounds="事实不清", at=at, actor=as_of(row.person, at))


def _answer(row: Respondent, by: Any, outcome: str, at: datetime = AT, **given: Any) -> None:
    operations.answer(
        respondent=row, outcome=outcome, reason="理由", organ="清源区教育局", at=at, actor=as_of(by, at), **given
    )


class TestOpening:
    def test_starts_a_procedure_and_a_clock_for_each_person(self) -> None:
        district = make_district()

        case = open_one(district, district.teacher, district.colleague)

        rows = list(case.respondents.order_by("id"))
        assert [row.state for row in rows] == ["ACCEPTED", "ACCEPTED"]
        clocks = duties.open_by_subject("case_person", [row.pk for row in rows])
        assert {clock.rule_id for clock in clocks.values()} == {"ET-22"}
        assert {clock.due_on for clock in clocks.values()} == {date(2027, 3, 24)}

    def test_takes_a_disposed_lead_and_is_listed_there(self) -> None:
        district = make_district()
        lead = open_lead(as_leads(district), about=[district.teacher.pk])
        dispose(as_leads(district), lead)

        case = open_one(district, lead=lead, source_text="")

        assert (case.source_kind, case.source_id) == ("lead", str(lead.pk))
        assert [row.title for row in lead.outcomes.all()] == ["有偿补课"]

    def test_refuses_a_lead_that_is_not_disposed_or_on_another_track(self) -> None:
        district = make_district()
        lead = open_lead(as_leads(district))

        with pytest.raises(operations.NotNow):
            open_one(district, lead=lead)
        Lead.objects.filter(pk=lead.pk).update(track="T1", state="DISPOSED")
        lead.refresh_from_db()
        with pytest.raises(operations.NotNow):
            open_one(district, lead=lead)

    def test_refuses_the_same_act_of_the_same_person_twice(self) -> None:
        district = make_district()
        open_one(district, acted_on=date(2026, 3, 1))

        with pytest.raises(operations.Twice):
            open_one(district, acted_on=date(2026, 3, 1))

    def test_refuses_a_source_in_no_words_and_people_of_another_school(self) -> None:
        district = make_district()

        with pytest.raises(operations.Incomplete):
            open_one(district, source_text=" ")
        with pytest.raises(operations.Incomplete):
            open_one(district, district.leader)

    def test_refuses_whoever_is_related_to_a_respondent(self) -> None:
        district = make_district()
        _relate(district.keeper, district.teacher)

        with pytest.raises(operations.Conflicted):
            open_one(district)

    def test_is_for_the_desk(self) -> None:
        district = make_district()

        with pytest.raises(operations.NotYours):
            open_one(district, actor=actor(district.leader))


def _relate(one: Any, other: Any) -> None:
    Relationship.objects.create(
        person=one, other_kind="PERSON", other_id=str(other.pk), kind="SPOUSE", declared_on=date(2026, 1, 1)
    )


class TestAppointing:
    def test_one_investigator_does_not_begin_it_and_two_do(self) -> None:
        district = make_district()
        case = open_one(district)

        operations.appoint(case=case, person=district.first, at=AT, actor=actor(district.keeper))
        assert row_of(case).state == "ACCEPTED"
        operations.appoint(case=case, person=district.second, at=AT, actor=actor(district.keeper))

        assert row_of(case).state == "INVESTIGATING"

    def test_the_same_person_twice_is_one_investigator(self) -> None:
        district = make_district()
        case = open_one(district)

        for _time in range(2):
            operations.appoint(case=case, person=district.first, at=AT, actor=actor(district.keeper))

        assert row_of(case).state == "ACCEPTED"

    def test_refuses_a_relative_and_the_respondent(self) -> None:
        district = make_district()
        case = open_one(district)
        _relate(district.first, district.teacher)

        for person in (district.first, district.teacher):
            with pytest.raises(operations.Conflicted):
                operations.appoint(case=case, person=person, at=AT, actor=actor(district.keeper))


class TestHearing:
    def test_only_an_investigator_tells_the_person(self) -> None:
        district = make_district()
        row = investigated(district)

        with pytest.raises(operations.NotYours):
            operations.notify(
                respondent=row,
                facts="甲",
                evidence="乙",
                basis="丙",
                sanction="WARNING",
                at=AT,
                actor=actor(district.keeper),
            )

    def test_the_person_sees_nothing_before_being_told(self) -> None:
        district = make_district()
        row = investigated(district)

        assert not queries.own(actor(district.teacher)).exists()
        notified(district, row)
        assert queries.own(actor(district.teacher)).get() == row

    def test_others_alone_do_not_count_as_the_persons_word(self) -> None:
        district = make_district()
        row = notified(district, investigated(district))

        operations.hear(respondent=row, voice="PARENT", text="收费", at=AT, actor=actor(district.first))

        row.refresh_from_db()
        assert row.state == "NOTIFIED"

    def test_a_written_waiver_counts(self) -> None:
        district = make_district()
        row = notified(district, investigated(district))

        operations.speak(respondent=row, text="放弃", waives=True, at=AT, actor=actor(district.teacher))

        row.refresh_from_db()
        assert row.state == "HEARD"

    def test_the_ceiling_stays_through_a_supplementary_investigation(self) -> None:
        district = make_district()
        row = heard(district, notified(district, investigated(district), "WARNING", 0))
        operations.supplement(respondent=row, reason="核实课时", at=AT, actor=actor(district.first))

        with pytest.raises(operations.TooHeavy):
            notified(district, row, "DEMERIT", 0)
        assert notified(district, row, "WARNING", 0).state == "NOTIFIED"

    def test_the_school_does_not_propose_before_others_were_heard(self) -> None:
        district = make_district()
        row = notified(district, investigated(district))
        operations.speak(respondent=row, text="只上过一次课", at=AT, actor=actor(district.teacher))

        with pytest.raises(operations.NotHeard):
            proposed(district, row)

    def test_the_proposal_is_no_heavier_than_the_notice(self) -> None:
        district = make_district()
        row = heard(district, notified(district, investigated(district), "WARNING", 0))

        with pytest.raises(operations.TooHeavy):
            proposed(district, row, "WARNING", 24)

    def test_for_a_head_the_authority_proposes(self) -> None:
        district = make_district()
        row = heard(district, notified(district, investigated(district, district.principal)))

        with pytest.raises(operations.NotYours):
            operations.propose(respondent=row, sanction="WARNING", text="建", at=AT, actor=actor(district.secretary))
        operations.propose(respondent=row, sanction="WARNING", text="建", at=AT, actor=actor(district.deputy))

        row.refresh_from_db()
        assert row.state == "PROPOSED"


class TestDeciding:
    def test_writes_every_element_and_stops_the_clock(self) -> None:
        district = make_district()

        row = decided(district)

        decision = queries.standing(row)
        assert decision is not None
        assert rules.missing_elements(vars(decision)) == ()
        assert (decision.sanction_until, decision.restricted_until) == (date(2027, 9, 24), date(2028, 9, 24))
        assert decision.organ == "清源区教育局"
        assert not duties.open_by_subject("case_person", [row.pk])

    def test_without_the_persons_word_is_refused(self) -> None:
        district = make_district()
        row = proposed(district, heard(district, notified(district, investigated(district))))
        row.statements.filter(voice="OWN").delete()

        with pytest.raises(operations.NotHeard):
            _decide(district, row)

    def test_heavier_than_the_notice_is_refused(self) -> None:
        district = make_district()
        row = proposed(
            district, heard(district, notified(district, investigated(district), "WARNING", 0)), "WARNING", 0
        )

        with pytest.raises(operations.TooHeavy):
            _decide(district, row, sanction="DEMERIT")

    def test_heavier_than_the_notice_is_refused_by_the_database_too(self) -> None:
        row = decided(make_district(), sanction="WARNING", months=0)

        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(respondent=row).update(rank=rules.RANK["DEMERIT"])
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(respondent=row).update(restriction_months=24)

    @pytest.mark.parametrize("column", ["facts", "evidence", "basis", "remedies", "organ"])
    def test_a_missing_element_is_refused_by_the_database(self, column: str) -> None:
        row = decided(make_district())

        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(respondent=row).update(**{column: ""})

    def test_by_the_school_is_refused_in_a_public_one_and_asked_for_in_a_private_one(self) -> None:
        district = make_district()
        ready = proposed(district, heard(district, notified(district, investigated(district))))
        with pytest.raises(operations.NotYours):
            _decide(district, ready, by=district.secretary)
        private = investigated(district, school_kind="PRIVATE")
        proposed(district, heard(district, notified(district, private)))

        with pytest.raises(operations.NotYours):
            _decide(district, private)
        decision = _decide(district, private, by=district.secretary)

        assert decision.organ == "第一小学"

    def test_by_whoever_proposed_is_refused(self) -> None:
        district = make_district()
        private = investigated(district, school_kind="PRIVATE")
        proposed(district, heard(district, notified(district, private)))

        with pytest.raises(operations.NeedsAnother):
            _decide(district, private, by=district.principal)

    def test_a_second_sanction_for_the_act_is_refused_and_other_treatment_is_not(self) -> None:
        district = make_district()
        row = proposed(district, heard(district, notified(district, investigated(district))))
        Transfer.objects.create(
            respondent=row,
            number="甲",
            transferred_on=AT.date(),
            handler="派驻组",
            outcome="GOVERNMENT",
            answered_on=AT.date(),
        )

        with pytest.raises(operations.Twice):
            _decide(district, row)
        assert _decide(district, row, sanction="CIRCULAR").sanction == "CIRCULAR"

    def test_by_somebody_related_is_refused(self) -> None:
        district = make_district()
        row = proposed(district, heard(district, notified(district, investigated(district))))
        _relate(district.leader, district.teacher)

        with pytest.raises(operations.NotYours):
            _decide(district, row)


def _decide(district: District, row: Respondent, *, sanction: str = "WARNING", by: Any = None) -> Decision:
    return operations.decide(respondent=row, sanction=sanction, at=AT, actor=actor(by or district.leader))


class TestSeparation:
    def test_the_database_knows_one_part_a_person(self) -> None:
        district = make_district()
        row = decided(district)

        with pytest.raises(IntegrityError), transaction.atomic():
            Hand.objects.create(case_id=row.case_id, person=district.first, part="DECIDER", taken_at=AT)

    def test_a_decider_never_investigated(self) -> None:
        district = make_district()
        case = open_one(district)
        for person in (district.leader, district.second):
            operations.appoint(case=case, person=person, at=AT, actor=actor(district.keeper))
        row = row_of(case)
        operations.notify(
            respondent=row,
            facts="甲",
            evidence="乙",
            basis="丙",
            sanction="WARNING",
            at=AT,
            actor=actor(district.leader),
        )
        operations.speak(respondent=row, text="丁", at=AT, actor=actor(district.teacher))
        operations.hear(respondent=row, voice="PARENT", text="戊", at=AT, actor=actor(district.second))
        proposed(district, row, "WARNING", 0)

        with pytest.raises(operations.NeedsAnother):
            _decide(district, row)
        assert _decide(district, row, by=district.deputy)

    def test_the_reviewer_and_the_appeal_handler_are_others(self) -> None:
        district = make_district()
        row = effective(district)
        _ask(row)
        with pytest.raises(operations.NeedsAnother):
            _answer(row, district.leader, "UPHELD")
        _answer(row, district.deputy, "UPHELD")
        _ask(row, "APPEAL")

        for person in (district.leader, district.deputy):
            with pytest.raises(operations.NeedsAnother):
                _answer(row, person, "UPHELD")
        _answer(row, district.third, "UPHELD")

        assert [hand.part for hand in queries.hands(row.case_id)][-2:] == ["REVIEWER", "APPEAL"]

    def test_the_publisher_is_another(self) -> None:
        district = make_district()
        row = effective(district)
        draft = _drafted(district, row)
        Hand.objects.create(case_id=row.case_id, person=district.office, part="REVIEWER", taken_at=AT)

        with pytest.raises(operations.NeedsAnother):
            publications.publish(publication=draft, at=AT, actor=actor(district.office))
        draft.refresh_from_db()
        assert draft.public_from is None


def _drafted(district: District, row: Respondent) -> Publication:
    draft = publications.draft(
        kind="NOTICE",
        title="典型案例",
        body="某校教师违规补课，受到处理。",
        unit=district.school,
        author_id=district.keeper.pk,
        at=AT,
        source_kind="case_person",
        source_id=row.pk,
        parties=[row.person.name],
    )
    publications.submit(publication=draft, at=AT, actor=actor(district.keeper))
    return draft


class TestServingAndFiling:
    def test_starts_the_term_of_the_review_for_the_person(self) -> None:
        row = decided(make_district())
        district_keeper = row.case.accepted_by

        operations.serve(respondent=row, served_on=AT.date(), service="签收", at=AT, actor=actor(district_keeper))

        duty = duties.open_by_subject("case_person", [row.pk])[str(row.pk)]
        assert (duty.rule_id, duty.due_on) == ("ET-20", queries.last_day(row, "REVIEW"))
        assert duty.due_on == date(2026, 10, 26)

    def test_not_before_the_decision_and_not_without_saying_how(self) -> None:
        district = make_district()
        row = decided(district)

        with pytest.raises(operations.Incomplete):
            operations.serve(
                respondent=row, served_on=date(2026, 9, 23), service="签收", at=AT, actor=actor(district.keeper)
            )
        with pytest.raises(operations.Incomplete):
            operations.serve(respondent=row, served_on=AT.date(), service=" ", at=AT, actor=actor(district.keeper))

    def test_makes_the_release_a_duty(self) -> None:
        district = make_district()

        row = effective(district)

        found = {duty.title: duty for duty in duties_of(row)}
        assert any(duty.due_on == date(2028, 9, 24) for duty in found.values())


def duties_of(row: Respondent) -> list[Any]:
    """The open duties about a procedure."""
    from qingqu.kernel.duties.models import OPEN, Duty  # noqa: PLC0415 - only this test looks at several

    return list(Duty.objects.filter(OPEN, subject_kind="case_person", subject_id=str(row.pk)))


class TestLocks:
    def test_hold_from_service_to_the_day_before_the_end(self) -> None:
        district = make_district()
        row = decided(district)
        assert queries.locks(district.teacher.pk, on=AT.date()) == ()
        operations.serve(respondent=row, served_on=AT.date(), service="签收", at=AT, actor=actor(district.keeper))

        held = queries.locks(district.teacher.pk, on=AT.date())

        assert {lock.lock for lock in held} == set(Lock)
        assert {lock.until for lock in held} == {date(2028, 9, 24)}
        assert {lock.rule_id for lock in held} == {"ET-06"}
        assert queries.locks(district.teacher.pk, on=date(2028, 9, 23))
        assert queries.locks(district.teacher.pk, on=date(2028, 9, 24)) == ()
        assert queries.locks(district.teacher.pk, on=date(2026, 9, 23)) == ()

    def test_of_a_warning_leave_the_salary_step_open(self) -> None:
        district = make_district()
        effective(district, sanction="WARNING", months=0)

        held = queries.locks(district.teacher.pk, on=AT.date())

        assert {lock.lock for lock in held} == set(Lock) - {Lock.SALARY}
        assert {lock.until for lock in held} == {date(2027, 3, 24)}

    def test_are_one_query(self, django_assert_num_queries: Any) -> None:
        district = make_district()
        effective(district)

        with django_assert_num_queries(1):
            queries.locks(district.teacher.pk, on=AT.date())


class TestReleasing:
    def test_not_before_the_end_and_then_with_the_desk(self) -> None:
        district = make_district()
        row = effective(district, sanction="WARNING", months=0)
        early = AT.replace(year=2027, month=3, day=23)
        with pytest.raises(operations.NotNow):
            operations.release(respondent=row, at=early, actor=as_of(district.keeper, early))

        there = early + timedelta(days=1)
        operations.release(respondent=row, at=there, actor=as_of(district.keeper, there))

        row.refresh_from_db()
        assert row.state == "RELEASED"
        assert duties_of(row) == []

    def test_nothing_runs_nothing_is_released(self) -> None:
        district = make_district()
        row = effective(district, sanction="CRITICISM", months=0)

        with pytest.raises(operations.NotNow):
            operations.release(respondent=row, at=AT, actor=actor(district.keeper))


class TestRemedies:
    def test_are_asked_until_the_last_day_and_not_after(self) -> None:
        row = effective(make_district())
        late = AT.replace(month=10, day=27)

        with pytest.raises(operations.NotNow):
            _ask(row, at=late)
        _ask(row, at=late - timedelta(days=1))

    def test_an_appeal_follows_a_review(self) -> None:
        district = make_district()
        row = effective(district)

        with pytest.raises(operations.NotNow):
            _ask(row, "APPEAL")
        _ask(row)
        _answer(row, district.deputy, "UPHELD")
        _ask(row, "APPEAL")

        assert duties.open_by_subject("case_appeal", [row.pk])[str(row.pk)].rule_id == "ET-30"

    def test_nobody_asks_for_another(self) -> None:
        district = make_district()
        row = effective(district)

        with pytest.raises(operations.NotYours):
            operations.ask(respondent=row, kind="REVIEW", grounds="甲", at=AT, actor=actor(district.colleague))

    def test_a_variation_is_milder_and_binds_from_the_first_day(self) -> None:
        district = make_district()
        row = effective(district)
        _ask(row)

        with pytest.raises(operations.TooHeavy):
            _answer(row, district.deputy, "VARIED", sanction="DEMOTION")
        _answer(row, district.deputy, "VARIED", sanction="WARNING", restriction_months=0)

        row.refresh_from_db()
        assert row.state == "DECIDED"
        held = queries.locks(district.teacher.pk, on=AT.date())
        assert {lock.until for lock in held} == {date(2027, 3, 24)}

    def test_the_same_again_is_no_variation(self) -> None:
        district = make_district()
        row = effective(district)
        _ask(row)

        with pytest.raises(operations.Incomplete):
            _answer(row, district.deputy, "VARIED", sanction="DEMERIT", restriction_months=24)

    def test_a_revocation_lifts_every_lock_for_all_days_and_drops_the_duties(self) -> None:
        district = make_district()
        row = effective(district)
        _ask(row)

        _answer(row, district.deputy, "REVOKED")

        row.refresh_from_db()
        assert row.state == "REVOKED"
        assert queries.locks(district.teacher.pk, on=AT.date()) == ()
        assert duties_of(row) == []


class TestPublishing:
    def test_waits_for_a_decision_in_the_persons_hands(self) -> None:
        district = make_district()
        row = decided(district)
        draft = _drafted(district, row)

        with pytest.raises(operations.NotNow):
            publications.publish(publication=draft, at=AT, actor=actor(district.office))

    def test_a_reversal_is_corrected_at_the_same_address(self) -> None:
        district = make_district()
        row = effective(district)
        draft = _drafted(district, row)
        publications.publish(publication=draft, at=AT, actor=actor(district.office))
        later = AT + timedelta(days=1)
        _ask(row, at=later)
        _answer(row, district.deputy, "REVOKED", at=later)
        assert queries.uncorrected(row) == [draft.pk]

        after = later + timedelta(hours=1)
        operations.draft_correction(
            respondent=row,
            title="更正",
            body="原通报所涉处理已经撤销，特此更正。",
            reason="处理已撤销",
            at=after,
            actor=as_of(district.keeper, after),
        )
        assert queries.uncorrected(row) == [draft.pk]
        publications.submit(publication=draft, at=after, actor=as_of(district.keeper, after))
        publications.publish(publication=draft, at=after, actor=as_of(district.office, after))

        assert queries.uncorrected(row) == []
        assert draft.versions.count() == 2

    def test_nothing_to_correct_is_said(self) -> None:
        district = make_district()
        row = effective(district)

        with pytest.raises(operations.NotNow):
            operations.draft_correction(
                respondent=row, title="甲", body="乙", reason="丙", at=AT, actor=actor(district.keeper)
            )


class TestClarifying:
    def test_is_drafted_by_the_desk_and_approved_by_a_decider(self) -> None:
        district = make_district()
        row = investigated(district)
        operations.dismiss(respondent=row, reason="不属实", at=AT, actor=actor(district.leader))

        draft = operations.draft_clarification(respondent=row, mode="LETTER", at=AT, actor=actor(district.keeper))
        with pytest.raises(operations.NotYours):
            operations.clarify(respondent=row, at=AT, actor=actor(district.keeper))
        operations.clarify(respondent=row, at=AT, actor=actor(district.leader))

        row.refresh_from_db()
        assert row.state == "CLARIFIED"
        assert "家长来信" not in draft.text
        assert row.case.allegation not in draft.text
        with pytest.raises(IntegrityError), transaction.atomic():
            type(draft).objects.filter(pk=draft.pk).update(approved_by=district.keeper)

    def test_a_false_accusation_is_only_reported_for_recognition(self) -> None:
        district = make_district()
        row = investigated(district)
        with pytest.raises(operations.NotNow):
            _refer(district, row)
        operations.dismiss(respondent=row, reason="不属实", at=AT, actor=actor(district.leader))

        _refer(district, row)

        assert {field.name for field in Referral._meta.get_fields()} == {
            "id",
            "case",
            "organ",
            "ground",
            "referred_by",
            "referred_on",
        }


def _refer(district: District, row: Respondent) -> None:
    operations.refer_accusation(
        case=row.case, organ="市纪委监委", ground="材料系伪造", at=AT, actor=actor(district.keeper)
    )


class TestTransferring:
    def test_keeps_number_dates_handler_and_outcome_and_shows_them_to_the_discipline_group(self) -> None:
        district = make_district()
        district.teacher.is_party_member = True
        district.teacher.save()
        row = investigated(district)

        operations.transfer(
            respondent=row,
            number="移1",
            transferred_on=AT.date(),
            handler="派驻组",
            at=AT,
            actor=actor(district.keeper),
        )
        operations.note_transfer(
            respondent=row, outcome="PARTY", answered_on=AT.date(), at=AT, actor=actor(district.keeper)
        )

        kept = {field.name for field in Transfer._meta.get_fields()}
        assert kept == {"id", "respondent", "number", "transferred_on", "handler", "outcome", "answered_on"}
        kinds = {event.kind for event in queries.history(actor(district.leader), row)}
        assert not kinds & set(queries.DISCIPLINE_EVENTS)
        assert queries.history(actor(district.keeper), row).filter(kind="case.transferred").exists()
        with pytest.raises(operations.NotYours):
            operations.note_transfer(
                respondent=row, outcome="PARTY", answered_on=AT.date(), at=AT, actor=actor(district.leader)
            )

    def test_is_for_party_members(self) -> None:
        district = make_district()
        row = investigated(district)

        with pytest.raises(operations.NotNow):
            operations.transfer(
                respondent=row,
                number="移1",
                transferred_on=AT.date(),
                handler="组",
                at=AT,
                actor=actor(district.keeper),
            )


class TestVisibility:
    def test_hides_a_case_from_its_respondents_and_their_kin(self) -> None:
        district = make_district()
        case = open_one(district, district.teacher)
        _relate(district.leader, district.teacher)

        assert not queries.visible(actor(district.teacher)).exists()
        assert not queries.visible(actor(district.leader)).exists()
        assert queries.visible(actor(district.deputy)).get() == case

    def test_shows_the_school_those_who_were_heard(self) -> None:
        district = make_district()
        case = open_one(district, district.teacher, district.colleague)
        for person in (district.first, district.second):
            operations.appoint(case=case, person=person, at=AT, actor=actor(district.keeper))
        assert not queries.respondents(actor(district.principal)).exists()

        heard(district, notified(district, row_of(case, district.teacher)))

        assert [row.person for row in queries.respondents(actor(district.principal))] == [district.teacher]


class TestDocuments:
    def test_hold_what_the_record_holds(self) -> None:
        row = decided(make_district())
        decision = queries.standing(row)
        assert decision is not None

        document = wording.decision_document(row, decision)

        for words in (decision.facts, decision.evidence, decision.basis, decision.remedies, decision.organ, "记过"):
            assert words in document.text
        assert "30日内" in document.text

    def test_are_not_made_with_an_element_missing(self) -> None:
        row = decided(make_district())
        decision = queries.standing(row)
        assert decision is not None
        decision.basis = ""

        with pytest.raises(ValueError, match="basis"):
            wording.decision_document(row, decision)


class TestLog:
    def test_knows_every_change(self) -> None:
        district = make_district()
        row = effective(district)
        _ask(row)
        _answer(row, district.deputy, "REVOKED")

        ledger.sequence(at=AT, vault=installation.vault())
        assert ledger.check(at=AT, vault=installation.vault()).findings == []

    def test_gives_away_a_lighter_decision_written_behind_it(self) -> None:
        row = effective(make_district())
        ledger.sequence(at=AT, vault=installation.vault())
        Decision.objects.filter(respondent=row).update(sanction="WARNING")

        assert ledger.check(at=AT, vault=installation.vault()).findings
