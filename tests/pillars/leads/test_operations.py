"""Writing leads."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from qingqu.kernel.duties import queries as duties
from qingqu.kernel.ledger.queries import history
from qingqu.kernel.org.models import Relationship
from qingqu.pillars.leads import operations, queries
from qingqu.pillars.leads.models import Disposition, Lead, Party
from tests.factories import AT, actor
from tests.pillars.leads.district import LATER, dispose, make_district, open_one, study

pytestmark = pytest.mark.django_db


class TestOpenLead:
    def test_gives_it_a_number_with_the_year_it_was_received_in(self) -> None:
        lead = open_one(make_district())

        assert lead.number == f"XS2026-{lead.pk:06d}"

    def test_starts_the_clock_of_dl_02_for_the_desk(self) -> None:
        district = make_district()

        lead = open_one(district)

        duty = duties.open_by_subject("lead", [lead.pk])[str(lead.pk)]
        assert (duty.rule_id, duty.start_on, duty.due_on) == ("DL-02", date(2026, 9, 24), date(2026, 10, 26))
        assert duty.post_id == lead.handler_id
        assert duty.is_private

    def test_freezes_the_evidence_with_its_hash(self) -> None:
        evidence = {"rows": [{"甲": 1}]}
        lead = open_one(make_district(), evidence=evidence)
        evidence["rows"].append({"乙": 2})
        lead.refresh_from_db()

        assert lead.evidence == {"rows": [{"甲": 1}]}
        assert queries.evidence_is_intact(lead)
        Lead.objects.filter(pk=lead.pk).update(evidence={"rows": []})
        lead.refresh_from_db()
        assert not queries.evidence_is_intact(lead)

    def test_refuses_a_second_open_lead_of_one_source(self) -> None:
        district = make_district()
        open_one(district, source_id="7")

        with pytest.raises(operations.AlreadyOpen):
            open_one(district, source_id="7")

    def test_takes_the_source_again_once_the_first_is_closed(self) -> None:
        district = make_district()
        dispose(district, open_one(district, source_id="7"), "SETTLE")

        assert open_one(district, source_id="7").pk

    def test_lets_any_number_come_by_hand(self) -> None:
        district = make_district()

        first = open_one(district, source_kind="hand", source_id="")

        assert open_one(district, source_kind="hand", source_id="").pk != first.pk

    def test_never_queues_harm_to_minors(self) -> None:
        with pytest.raises(operations.ReportAtOnce):
            open_one(make_district(), track="T4")

        assert not Lead.objects.exists()

    def test_goes_past_an_obstructed_keeper_to_the_next_above(self) -> None:
        district = make_district()
        Relationship.objects.create(
            person=district.keeper,
            other_kind="PERSON",
            other_id=str(district.principal.pk),
            kind="SPOUSE",
            declared_on=date(2025, 1, 1),
        )

        lead = open_one(district, about=[district.principal.pk])

        held = [grant.post_id for grant in actor(district.second_keeper).grants]
        assert lead.handler_id in held
        assert not queries.visible(actor(district.keeper)).exists()
        assert queries.visible(actor(district.second_keeper)).exists()

    def test_keeps_a_lead_that_nobody_in_line_may_handle(self) -> None:
        district = make_district()

        lead = open_one(district, about=[district.leader.pk])

        assert lead.handler is None
        assert Lead.objects.filter(pk=lead.pk).exists()


class TestPropose:
    def test_stops_the_clock_and_waits_for_another_person(self) -> None:
        district = make_district()
        lead = open_one(district)

        operations.propose(lead=lead, kind="TALK", reason="了解情况", at=AT, actor=actor(district.keeper))

        lead.refresh_from_db()
        assert lead.state == "PROPOSED"
        assert not duties.open_by_subject("lead", [lead.pk])

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_refuses_without_a_reason(self, reason: str) -> None:
        district = make_district()
        lead = open_one(district)

        with pytest.raises(operations.NeedsReason):
            operations.propose(lead=lead, kind="TALK", reason=reason, at=AT, actor=actor(district.keeper))

    def test_refuses_a_fifth_kind(self) -> None:
        district = make_district()
        lead = open_one(district)

        with pytest.raises(ValueError, match="FORGET"):
            operations.propose(lead=lead, kind="FORGET", reason="x", at=AT, actor=actor(district.keeper))

    def test_refuses_a_second_while_one_waits(self) -> None:
        district = make_district()
        lead = open_one(district)
        operations.propose(lead=lead, kind="TALK", reason="a", at=AT, actor=actor(district.keeper))

        with pytest.raises(operations.NotNow):
            operations.propose(
                lead=lead, kind="HOLD", reason="b", review_on=LATER.date(), at=AT, actor=actor(district.second_keeper)
            )

    @pytest.mark.parametrize("who", ["leader", "auditor", "office", "principal"])
    def test_refuses_posts_that_do_not_keep_leads(self, who: str) -> None:
        district = make_district()
        lead = open_one(district)

        with pytest.raises(operations.NotYours):
            operations.propose(lead=lead, kind="TALK", reason="a", at=AT, actor=actor(getattr(district, who)))

    def test_refuses_a_keeper_whose_relationship_was_declared_after_opening(self) -> None:
        district = make_district()
        lead = open_one(district, about=[district.principal.pk])
        Relationship.objects.create(
            person=district.principal,
            other_kind="PERSON",
            other_id=str(district.keeper.pk),
            kind="LINEAL",
            declared_on=date(2026, 9, 24),
        )

        with pytest.raises(operations.NotYours):
            operations.propose(lead=lead, kind="TALK", reason="a", at=AT, actor=actor(district.keeper))


class TestApprove:
    def test_is_refused_to_the_proposer(self) -> None:
        district = make_district()
        lead = open_one(district, track="T1")
        operations.propose(lead=lead, kind="TALK", reason="a", at=AT, actor=actor(district.keeper))

        with pytest.raises(operations.NeedsAnother):
            operations.approve(lead=lead, at=LATER, actor=actor(district.keeper))

    def test_disposes_with_three_kinds_and_closes_with_the_fourth(self) -> None:
        district = make_district()

        states = {
            kind: dispose(district, open_one(district), kind).state for kind in ("TALK", "VERIFY", "HOLD", "SETTLE")
        }

        assert states == {"TALK": "DISPOSED", "VERIFY": "DISPOSED", "HOLD": "DISPOSED", "SETTLE": "CLOSED"}

    def test_closes_with_reason_and_approver(self) -> None:
        district = make_district()

        lead = dispose(district, open_one(district), "SETTLE")

        assert (lead.closed_by_id, lead.close_reason, lead.closed_at) == (district.leader.pk, "材料可查", LATER)

    def test_keeps_discipline_matters_inside_the_discipline_group(self) -> None:
        district = make_district()
        lead = open_one(district, track="T1")
        operations.propose(lead=lead, kind="TALK", reason="a", at=AT, actor=actor(district.keeper))

        with pytest.raises(operations.NotYours):
            operations.approve(lead=lead, at=LATER, actor=actor(district.leader))
        study(district, lead)
        operations.approve(lead=lead, at=LATER, actor=actor(district.second_keeper))

        lead.refresh_from_db()
        assert lead.state == "DISPOSED"

    def test_leaves_one_event_a_step(self) -> None:
        district = make_district()
        lead = dispose(district, open_one(district))
        dispose(district, lead, "SETTLE")

        assert [event.kind for event in history("lead", lead.pk)] == [
            "lead.opened",
            "lead.disposition_proposed",
            "lead.disposed",
            "lead.disposition_proposed",
            "lead.closed",
        ]


class TestReturn:
    def test_gives_the_first_proposal_its_clock_back_from_the_day_received(self) -> None:
        district = make_district()
        lead = open_one(district)
        operations.propose(
            lead=lead, kind="HOLD", reason="a", review_on=LATER.date(), at=AT, actor=actor(district.keeper)
        )

        operations.return_(lead=lead, opinion="理由不足", at=LATER, actor=actor(district.leader))

        lead.refresh_from_db()
        duty = duties.open_by_subject("lead", [lead.pk])[str(lead.pk)]
        assert (lead.state, duty.start_on) == ("RECEIVED", date(2026, 9, 24))

    def test_puts_a_disposed_lead_back_where_it_stood(self) -> None:
        district = make_district()
        lead = dispose(district, open_one(district))
        operations.propose(lead=lead, kind="SETTLE", reason="a", at=AT, actor=actor(district.keeper))

        operations.return_(lead=lead, opinion="再查", at=LATER, actor=actor(district.leader))

        lead.refresh_from_db()
        assert lead.state == "DISPOSED"
        assert not duties.open_by_subject("lead", [lead.pk])

    def test_needs_a_reason(self) -> None:
        district = make_district()
        lead = open_one(district)
        operations.propose(
            lead=lead, kind="HOLD", reason="a", review_on=LATER.date(), at=AT, actor=actor(district.keeper)
        )

        with pytest.raises(operations.NeedsReason):
            operations.return_(lead=lead, opinion=" ", at=LATER, actor=actor(district.leader))


class TestConstraints:
    def test_refuse_an_approver_who_proposed(self) -> None:
        district = make_district()
        lead = open_one(district)
        person = district.keeper

        with pytest.raises(IntegrityError, match="disposition_decided_by_another"), transaction.atomic():
            Disposition.objects.create(
                lead=lead,
                kind="TALK",
                reason="a",
                proposed_by=person,
                proposed_at=AT,
                decision="APPROVED",
                decided_by=person,
                decided_at=AT,
            )

    def test_refuse_an_approver_who_proposed_in_plain_sql(self) -> None:
        district = make_district()
        lead = open_one(district)
        operations.propose(lead=lead, kind="TALK", reason="a", at=AT, actor=actor(district.keeper))

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE leads_disposition SET decision='APPROVED', decided_by_id=proposed_by_id, decided_at=proposed_at"
            )

    def test_refuse_to_close_without_reason_or_approver_in_plain_sql(self) -> None:
        open_one(make_district())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE leads_lead SET state='CLOSED', closed_at=received_at")

    def test_refuse_to_close_without_reason(self) -> None:
        district = make_district()
        lead = open_one(district)

        with pytest.raises(IntegrityError, match="lead_closed_with_reason_and_approver"), transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(state="CLOSED", closed_at=AT, closed_by=district.leader)

    @pytest.mark.parametrize("kind", ["", "FILE", "talk"])
    def test_refuse_a_fifth_kind(self, kind: str) -> None:
        district = make_district()
        lead = open_one(district)

        with pytest.raises(IntegrityError, match="disposition_four_kinds"), transaction.atomic():
            Disposition.objects.create(lead=lead, kind=kind, reason="a", proposed_by=district.keeper, proposed_at=AT)

    def test_refuse_two_open_leads_of_one_source_in_plain_sql(self) -> None:
        district = make_district()
        first, second = open_one(district), open_one(district)

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE leads_lead SET source_id=%s WHERE id=%s", [first.source_id, second.pk])

    def test_refuse_a_party_that_is_nobody(self) -> None:
        with pytest.raises(IntegrityError, match="party_person_or_supplier"), transaction.atomic():
            Party.objects.create(lead=open_one(make_district()), standing="ABOUT")

    def test_refuse_track_t4_even_in_plain_sql(self) -> None:
        open_one(make_district())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE leads_lead SET track='T4'")
