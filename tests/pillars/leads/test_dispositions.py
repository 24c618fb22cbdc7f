"""The four dispositions with their study, clocks and ways out."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.org.models import Relationship
from qingqu.pillars.leads import operations, queries
from qingqu.pillars.leads.models import Disposition, Lead
from tests.factories import AT, actor
from tests.pillars.leads.district import (
    LATER,
    REVIEW_ON,
    District,
    dispose,
    make_district,
    open_one,
    propose,
    study,
)

pytestmark = pytest.mark.django_db


def clock(lead: Lead, kind: str = "lead") -> Duty | None:
    """The open duty about the lead."""
    return duties.open_by_subject(kind, [lead.pk]).get(str(lead.pk))


def studied(district: District, lead: Lead, **given_: Any) -> None:
    """A study of the pending proposal, changed as said."""
    there = {one.pk: one.name for one in (district.keeper, district.second_keeper)}
    facts: dict[str, Any] = {"studied_on": AT.date(), "attendees": there, "note": "同意", "at": AT}
    operations.study(lead=lead, actor=actor(district.keeper), **(facts | given_))


class TestStudy:
    def test_is_asked_for_before_approval_on_the_discipline_track(self) -> None:
        district = make_district()
        lead = propose(district, open_one(district, track="T1"))

        with pytest.raises(operations.NotStudied):
            operations.approve(lead=lead, at=LATER, actor=actor(district.second_keeper))
        study(district, lead)

        assert operations.approve(lead=lead, at=LATER, actor=actor(district.second_keeper)).attended_by == (
            "纪检甲、纪检乙"
        )

    def test_of_one_proposal_does_not_serve_the_next(self) -> None:
        district = make_district()
        lead = propose(district, open_one(district, track="T1"))
        study(district, lead)
        operations.return_(lead=lead, opinion="再研究", at=AT, actor=actor(district.second_keeper))
        propose(district, lead)

        with pytest.raises(operations.NotStudied):
            operations.approve(lead=lead, at=LATER, actor=actor(district.second_keeper))

    def test_is_not_held_by_one_person(self) -> None:
        district = make_district()
        lead = propose(district, open_one(district))

        with pytest.raises(operations.NotStudied, match="两人以上"):
            studied(district, lead, attendees={district.keeper.pk: "纪检甲"})

    def test_is_not_held_with_one_whom_the_lead_is_about_nor_with_kin(self) -> None:
        district = make_district()
        lead = propose(district, open_one(district, about=[district.principal.pk]))
        Relationship.objects.create(
            person=district.office,
            other_kind="PERSON",
            other_id=str(district.principal.pk),
            kind="SPOUSE",
            declared_on=date(2025, 1, 1),
        )

        for one in (district.principal, district.office):
            with pytest.raises(operations.NotStudied, match="回避"):
                studied(district, lead, attendees={district.keeper.pk: "纪检甲", one.pk: one.name})
        studied(district, lead, attendees={district.keeper.pk: "纪检甲", district.leader.pk: "领导甲"})

    @pytest.mark.parametrize("days", [-1, 1])
    def test_is_neither_before_the_proposal_nor_to_come(self, days: int) -> None:
        district = make_district()
        lead = propose(district, open_one(district))

        with pytest.raises(operations.NotStudied):
            studied(district, lead, studied_on=AT.date() + timedelta(days=days))

    def test_waits_for_a_proposal(self) -> None:
        district = make_district()

        with pytest.raises(operations.NotNow):
            study(district, open_one(district))


class TestTalk:
    def test_starts_the_clock_of_what_follows(self) -> None:
        district = make_district()
        lead = dispose(district, open_one(district), "TALK")
        assert clock(lead) is None

        operations.talk(lead=lead, talked_on=LATER.date(), at=LATER, actor=actor(district.keeper))

        duty = clock(lead)
        assert duty is not None
        assert (duty.rule_id, duty.start_on, duty.due_on) == ("DL-05", date(2026, 9, 25), date(2026, 10, 26))

    def test_leads_out_by_one_of_five_ways_and_stops_the_clock(self) -> None:
        district = make_district()
        lead = dispose(district, open_one(district), "TALK")
        operations.talk(lead=lead, talked_on=LATER.date(), at=LATER, actor=actor(district.keeper))

        with pytest.raises(operations.WrongWay):
            propose(district, lead, "HOLD", at=LATER)
        with pytest.raises(operations.WrongWay):
            propose(district, lead, "SETTLE", way_out="FILED", at=LATER)
        propose(district, lead, "VERIFY", way_out="JOINED", at=LATER)

        assert Disposition.objects.latest("pk").way_out == "JOINED"
        assert clock(lead) is None

    def test_gets_its_clock_back_when_the_next_proposal_is_returned(self) -> None:
        district = make_district()
        lead = dispose(district, open_one(district), "TALK")
        operations.talk(lead=lead, talked_on=LATER.date(), at=LATER, actor=actor(district.keeper))
        propose(district, lead, "SETTLE", at=LATER)

        operations.return_(lead=lead, opinion="再谈", at=LATER, actor=actor(district.leader))

        duty = clock(lead)
        assert duty is not None
        assert (duty.rule_id, duty.start_on) == ("DL-05", date(2026, 9, 25))

    def test_is_recorded_once_and_only_for_a_talk(self) -> None:
        district = make_district()
        checked, talked = (dispose(district, open_one(district), kind) for kind in ("VERIFY", "TALK"))
        operations.talk(lead=talked, talked_on=LATER.date(), at=LATER, actor=actor(district.keeper))

        for lead in (checked, talked):
            with pytest.raises(operations.NotNow):
                operations.talk(lead=lead, talked_on=LATER.date(), at=LATER, actor=actor(district.keeper))


class TestHold:
    def test_becomes_a_duty_on_its_day_of_review(self) -> None:
        district = make_district()

        lead = dispose(district, open_one(district), "HOLD")

        duty = clock(lead)
        assert duty is not None
        assert duty.due_on == REVIEW_ON

    @pytest.mark.parametrize("review_on", [None, AT.date(), date(2026, 9, 23)])
    def test_needs_a_day_to_come(self, review_on: date | None) -> None:
        district = make_district()
        lead = open_one(district)

        with pytest.raises(operations.NeedsReview):
            propose(district, lead, "HOLD", review_on=review_on)

    def test_needs_its_day_in_plain_sql_too(self) -> None:
        district = make_district()
        dispose(district, open_one(district), "HOLD")

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE leads_disposition SET review_on = NULL")

    def test_keeps_no_day_for_another_disposition(self) -> None:
        district = make_district()

        propose(district, open_one(district), "VERIFY", review_on=REVIEW_ON)

        assert Disposition.objects.get().review_on is None

    def test_may_be_held_again(self) -> None:
        district = make_district()
        lead = dispose(district, open_one(district), "HOLD")

        dispose(district, lead, "HOLD", review_on=date(2027, 9, 1), at=LATER)

        duty = clock(lead)
        assert duty is not None
        assert duty.due_on == date(2027, 9, 1)


class TestSettle:
    def test_gives_fifteen_working_days_to_tell_a_named_reporter(self) -> None:
        district = make_district()
        lead = dispose(district, open_one(district, has_named_reporter=True), "SETTLE")

        duty = clock(lead, queries.FEEDBACK)
        assert duty is not None
        # From 2026-09-25, over Mid-Autumn, the National Day week and two make-up days.
        assert (duty.rule_id, duty.due_on) == ("WB-16", date(2026, 10, 22))

        operations.feed_back(lead=lead, feedback="已电话告知", at=LATER, actor=actor(district.keeper))
        lead.refresh_from_db()
        assert (lead.fed_back_by_id, lead.feedback) == (district.keeper.pk, "已电话告知")
        assert clock(lead, queries.FEEDBACK) is None

    def test_tells_nobody_when_nobody_gave_a_name(self) -> None:
        district = make_district()
        lead = dispose(district, open_one(district), "SETTLE")

        assert clock(lead, queries.FEEDBACK) is None
        with pytest.raises(operations.NotNow):
            operations.feed_back(lead=lead, feedback="x", at=LATER, actor=actor(district.keeper))

    def test_tells_once_and_with_words(self) -> None:
        district = make_district()
        lead = dispose(district, open_one(district, has_named_reporter=True), "SETTLE")

        with pytest.raises(operations.NeedsReason):
            operations.feed_back(lead=lead, feedback=" ", at=LATER, actor=actor(district.keeper))
        operations.feed_back(lead=lead, feedback="已告知", at=LATER, actor=actor(district.keeper))
        with pytest.raises(operations.NotNow):
            operations.feed_back(lead=lead, feedback="再次", at=LATER, actor=actor(district.keeper))


VERBS = ("propose", "study", "approve", "return", "talk", "merge")


class TestAnyWayThroughTheMachine(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(VERBS),
                st.sampled_from(("TALK", "VERIFY", "HOLD", "SETTLE")),
                st.sampled_from(("keeper", "second_keeper", "leader", "kin")),
            ),
            max_size=14,
        ),
        st.sampled_from(("T1", "T2")),
    )
    def test_never_reaches_an_unapproved_end_nor_a_handler_with_a_conflict(
        self, steps: list[tuple[str, str, str]], track: str
    ) -> None:
        district = make_district()
        Relationship.objects.create(
            person=district.second_keeper,
            other_kind="PERSON",
            other_id=str(district.principal.pk),
            kind="SPOUSE",
            declared_on=date(2025, 1, 1),
        )
        people = {"kin": district.second_keeper, "leader": district.leader, "keeper": district.keeper}
        people["second_keeper"] = people["kin"]
        lead = open_one(district, track=track, about=[district.principal.pk])
        other = open_one(district, track=track)
        for n, (verb, kind, who) in enumerate(steps):
            try:
                with transaction.atomic():
                    _step(district, lead, other, verb, kind, actor(people[who]), AT + timedelta(days=n))
            except Refused:
                continue

        lead.refresh_from_db()
        rows = list(lead.dispositions.order_by("id"))
        approved = [row for row in rows if row.decision == "APPROVED"]
        assert all(row.decided_by_id not in {None, row.proposed_by_id} for row in approved)
        assert all(row.studied_on for row in approved if track == "T1")
        assert lead.state != "CLOSED" or approved[-1].kind == "SETTLE"
        assert (lead.state == "MERGED") == (lead.master_id is not None)
        kin = district.second_keeper.pk
        assert kin not in {one for row in rows for one in (row.proposed_by_id, row.decided_by_id, *row.attendees)}


def _step(district: District, lead: Lead, other: Lead, verb: str, kind: str, who: Any, at: datetime) -> None:
    """One step by somebody, whether it may be taken or not."""
    on = at.date()
    there = {district.keeper.pk: "甲", district.leader.pk: "乙"}
    acts = {
        "propose": lambda: operations.propose(
            lead=lead, kind=kind, reason="因", review_on=on + timedelta(days=9), at=at, actor=who
        ),
        "study": lambda: operations.study(lead=lead, studied_on=on, attendees=there, note="同意", at=at, actor=who),
        "approve": lambda: operations.approve(lead=lead, at=at, actor=who),
        "return": lambda: operations.return_(lead=lead, opinion="退", at=at, actor=who),
        "talk": lambda: operations.talk(lead=lead, talked_on=on, at=at, actor=who),
        "merge": lambda: operations.merge(lead=lead, number=other.number or "", at=at, actor=who),
    }
    acts[verb]()
