"""Keeping the register: how a lead is entered, duplicates, what belongs together, interventions."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from qingqu.kernel.duties import queries as duties
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.org.models import Relationship
from qingqu.pillars.leads import operations, queries
from qingqu.pillars.leads.models import Intervention, Lead
from tests.factories import AT, actor
from tests.pillars.leads.district import LATER, dispose, make_district, open_one

pytestmark = pytest.mark.django_db


class TestRegistration:
    def test_keeps_channel_themes_amount_and_whether_there_is_a_name(self) -> None:
        district = make_district()

        lead = open_one(
            district, channel="VISIT", themes=["FINANCE", "GIFTS", "FINANCE"], amount_fen=7, has_named_reporter=True
        )

        lead.refresh_from_db()
        assert (lead.channel, lead.amount_fen, lead.has_named_reporter) == ("VISIT", 7, True)
        assert queries.themes_of(lead) == ["财务经费", "坚守廉洁自律"]

    @pytest.mark.parametrize(("field", "code"), [("channel", "PIGEON"), ("themes", ["WEATHER"])])
    def test_refuses_a_word_that_is_not_on_the_list(self, field: str, code: object) -> None:
        with pytest.raises(ValueError, match=r"PIGEON|WEATHER"):
            open_one(make_district(), **{field: code})

        assert not Lead.objects.exists()

    def test_gives_an_assignment_three_months_beside_the_month_to_propose(self) -> None:
        lead = open_one(make_district(), source_kind="assignment", source_id="渝纪交〔2026〕7号")

        duty = duties.open_by_subject(queries.ASSIGNMENT, [lead.pk])[str(lead.pk)]
        assert (duty.rule_id, duty.due_on, duty.is_by_hand) == ("WB-10", date(2026, 12, 24), True)
        assert Duty.objects.filter(subject_id=str(lead.pk)).count() == 2

    def test_gives_what_was_not_assigned_only_the_month(self) -> None:
        lead = open_one(make_district(), source_kind="transfer", source_id="信转9")

        assert Duty.objects.filter(subject_id=str(lead.pk)).count() == 1


class TestMerge:
    def test_keeps_the_original_and_stops_its_clock(self) -> None:
        district = make_district()
        master, lead = open_one(district), open_one(district, body="第二封来信")

        operations.merge(lead=lead, number=f" {str(master.number).lower()} ", at=LATER, actor=actor(district.keeper))

        lead.refresh_from_db()
        assert (lead.state, lead.master_id, lead.body) == ("MERGED", master.pk, "第二封来信")
        assert not duties.open_by_subject("lead", [lead.pk])
        assert duties.open_by_subject("lead", [master.pk])
        assert queries.related(actor(district.keeper), master, queries.people_in(master)) == [lead]

    def test_brings_its_people_along_so_that_the_master_is_closed_to_their_kin(self) -> None:
        district = make_district()
        Relationship.objects.create(
            person=district.leader,
            other_kind="PERSON",
            other_id=str(district.principal.pk),
            kind="LINEAL",
            declared_on=date(2025, 1, 1),
        )
        master = open_one(district)
        lead = open_one(district, about=[district.principal.pk], suppliers=["S1"])
        assert queries.visible(actor(district.leader)).filter(pk=master.pk).exists()

        operations.merge(lead=lead, number=str(master.number), at=LATER, actor=actor(district.keeper))

        assert not queries.visible(actor(district.leader)).filter(pk=master.pk).exists()
        assert queries.parties(master).suppliers == {"S1"}

    def test_is_refused_when_the_master_s_handler_is_in_the_way(self) -> None:
        district = make_district()
        Relationship.objects.create(
            person=district.keeper,
            other_kind="PERSON",
            other_id=str(district.principal.pk),
            kind="LINEAL",
            declared_on=date(2025, 1, 1),
        )
        master, lead = open_one(district), open_one(district, about=[district.principal.pk])

        with pytest.raises(operations.CannotMerge, match="回避"):
            operations.merge(lead=lead, number=str(master.number), at=LATER, actor=actor(district.second_keeper))

    def test_never_mixes_tracks(self) -> None:
        district = make_district()
        master, lead = open_one(district, track="T1"), open_one(district)

        with pytest.raises(operations.CannotMerge, match="轨道"):
            operations.merge(lead=lead, number=str(master.number), at=LATER, actor=actor(district.keeper))

    def test_is_refused_into_itself_into_nothing_into_a_closed_and_into_a_merged_one(self) -> None:
        district = make_district()
        lead, closed, merged, last = (open_one(district) for _one in range(4))
        dispose(district, closed, "SETTLE")
        operations.merge(lead=merged, number=str(last.number), at=LATER, actor=actor(district.keeper))

        for number in (lead.number, "XS2026-999999", closed.number, merged.number):
            with pytest.raises(operations.CannotMerge):
                operations.merge(lead=lead, number=str(number), at=LATER, actor=actor(district.keeper))

    @pytest.mark.parametrize("who", ["leader", "auditor", "principal"])
    def test_is_refused_to_posts_that_do_not_keep_leads(self, who: str) -> None:
        district = make_district()
        master, lead = open_one(district), open_one(district)

        with pytest.raises(operations.NotYours):
            operations.merge(lead=lead, number=str(master.number), at=LATER, actor=actor(getattr(district, who)))

    def test_is_refused_once_something_was_proposed(self) -> None:
        district = make_district()
        master, lead = open_one(district), dispose(district, open_one(district))

        with pytest.raises(operations.NotNow):
            operations.merge(lead=lead, number=str(master.number), at=LATER, actor=actor(district.keeper))

    def test_needs_a_master_in_plain_sql_too(self) -> None:
        open_one(make_district())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE leads_lead SET state = 'MERGED'")


class TestRelated:
    def test_are_those_that_share_a_person_a_supplier_or_an_amount(self) -> None:
        district = make_district()
        lead = open_one(district, about=[district.principal.pk], suppliers=["S1"], amount_fen=500)
        person = open_one(district, about=[district.principal.pk])
        supplier = open_one(district, suppliers=["S1"])
        amount = open_one(district, amount_fen=500)
        open_one(district, about=[district.other_principal.pk], suppliers=["S2"], amount_fen=501)

        found = queries.related(actor(district.keeper), lead, queries.people_in(lead))

        assert {one.pk for one in found} == {person.pk, supplier.pk, amount.pk}

    def test_are_none_when_nothing_is_shared(self) -> None:
        district = make_district()
        lead = open_one(district)
        open_one(district)

        assert queries.related(actor(district.keeper), lead, []) == []

    def test_leave_out_what_the_reader_may_not_see(self) -> None:
        district = make_district()
        lead = open_one(district, suppliers=["S1"])
        open_one(district, suppliers=["S1"], track="T1")
        open_one(district, suppliers=["S1"], about=[district.leader.pk])

        assert queries.related(actor(district.leader), lead, queries.people_in(lead)) == []

    def test_stop_at_a_number(self) -> None:
        district = make_district()
        lead = open_one(district, suppliers=["S1"])
        for _one in range(queries.RELATED_AT_MOST + 1):
            open_one(district, suppliers=["S1"])

        found = queries.related(actor(district.keeper), lead, queries.people_in(lead))

        assert len(found) == queries.RELATED_AT_MOST


class TestIntervention:
    def test_says_who_asked_when_how_and_what_about(self) -> None:
        district = make_district()
        lead = open_one(district)

        row = operations.record_intervention(
            lead=lead, who="某领导", asked_on=AT.date(), how="电话", about="打听", at=AT, actor=actor(district.leader)
        )

        assert (row.who, row.how, row.about, row.recorded_by_id) == ("某领导", "电话", "打听", district.leader.pk)

    @pytest.mark.parametrize(
        "statement", ["UPDATE leads_intervention SET who = '无'", "DELETE FROM leads_intervention"]
    )
    def test_is_neither_changed_nor_deleted_by_the_database(self, statement: str) -> None:
        district = make_district()
        operations.record_intervention(
            lead=open_one(district),
            who="某领导",
            asked_on=AT.date(),
            how="电话",
            about="打听",
            at=AT,
            actor=actor(district.keeper),
        )

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

        assert Intervention.objects.get().who == "某领导"

    @pytest.mark.parametrize("missing", ["who", "how", "about"])
    def test_leaves_nothing_out(self, missing: str) -> None:
        district = make_district()
        told = {"who": "甲", "how": "电话", "about": "打听"} | {missing: " "}

        with pytest.raises(operations.NeedsReason):
            operations.record_intervention(
                lead=open_one(district), asked_on=AT.date(), at=AT, actor=actor(district.keeper), **told
            )

    def test_is_not_of_a_day_to_come_nor_by_one_who_may_not_see_the_lead(self) -> None:
        district = make_district()
        lead = open_one(district, track="T1")
        told = {"who": "甲", "how": "电话", "about": "打听"}

        with pytest.raises(operations.NotNow):
            operations.record_intervention(
                lead=lead, asked_on=AT.date() + timedelta(days=1), at=AT, actor=actor(district.keeper), **told
            )
        with pytest.raises(operations.NotYours):
            operations.record_intervention(lead=lead, asked_on=AT.date(), at=AT, actor=actor(district.leader), **told)
