"""Writing petitions."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from qingqu.kernel.ledger.queries import history
from qingqu.kernel.org.models import Person, Post, Relationship
from qingqu.pillars.petitions import operations, queries
from qingqu.pillars.petitions.models import Opinion, Petition
from qingqu.pillars.petitions.operations.intake import Sender
from qingqu.pillars.petitions.types import Level
from tests.factories import AT, actor
from tests.pillars.petitions.town import (
    LATER,
    Town,
    accepted,
    answered,
    clock,
    fresh,
    handled,
    make_town,
    rechecked,
    rechecking,
    registered,
    reply,
    reviewed,
    reviewing,
)

pytestmark = pytest.mark.django_db


def sees(person: Person, row: Petition) -> bool:
    """Whether somebody may open the petition."""
    return queries.visible(actor(person)).filter(pk=row.pk).exists()


class TestRegister:
    def test_gives_number_handler_and_clock(self) -> None:
        town = make_town()

        row = registered(town)

        duty = clock(row)
        assert row.number == f"XF2026-{row.pk:06d}"
        assert row.handler == Post.objects.get(appointments__person=town.office)
        assert duty is not None
        assert (duty.rule_id, duty.post_id) == ("XF-01", row.handler_id)

    def test_has_no_clock_to_tell_somebody_who_is_not_known(self) -> None:
        assert clock(registered(make_town(), sender=Sender())) is None

    @pytest.mark.parametrize("who", ["leader", "keeper", "principal", "teacher"])
    def test_refuses_posts_that_do_not_handle(self, who: str) -> None:
        town = make_town()

        with pytest.raises(operations.NotYours):
            registered(town, actor=actor(getattr(town, who)))

    @pytest.mark.parametrize("given", [{"title": " "}, {"body": ""}])
    def test_refuses_what_says_nothing(self, given: dict[str, Any]) -> None:
        with pytest.raises(operations.Incomplete):
            registered(make_town(), **given)

    @pytest.mark.parametrize("given", [{"received_on": date(2026, 9, 25)}, {"channel": "ASSIGNED"}])
    def test_refuses_what_cannot_be(self, given: dict[str, Any]) -> None:
        with pytest.raises(operations.BadPetition):
            registered(make_town(), **given)

    @pytest.mark.parametrize(("number", "is_taken"), [(5, True), (6, False)])
    def test_takes_five_who_speak_for_many_and_not_six(self, number: int, is_taken: bool) -> None:
        sender = Sender("家长代表", representatives=[f"代表{each}" for each in range(number)])
        town = make_town()

        if is_taken:
            assert len(registered(town, channel="VISIT", sender=sender).representatives) == 5
        else:
            with pytest.raises(operations.TooMany, match="5 人"):
                registered(town, channel="VISIT", sender=sender)

    def test_says_nothing_of_the_matter_in_its_event(self) -> None:
        row = registered(make_town())

        payload = str(history("petition", row.pk).get().payload)

        assert not any(word in payload for word in ("课后服务", "王家长", "13900000000"))


class TestRecusal:
    def test_passes_over_a_handler_who_is_related_to_the_petitioner(self) -> None:
        town = make_town()
        relate(town.office, town.teacher)

        row = registered(town, sender=Sender("教师甲", "1", staff=[town.teacher.pk]))

        assert row.handler == Post.objects.get(appointments__person=town.second)
        assert not sees(town.office, row)
        assert sees(town.second, row)

    def test_keeps_the_petition_from_whom_it_is_about_and_who_works_under_them(self) -> None:
        town = make_town()

        row = registered(town, about=[town.leader.pk])

        assert not any(sees(person, row) for person in (town.leader, town.office, town.second))

    def test_refuses_a_step_as_if_there_were_nothing(self) -> None:
        town = make_town()
        row = registered(town)
        relate(town.office, town.teacher)
        row.parties.create(standing="ABOUT", person=town.teacher)

        with pytest.raises(operations.NotYours, match="找不到"):
            operations.accept(petition=row, told="x", at=AT, actor=actor(town.office))


def relate(one: Person, other: Person) -> None:
    """Declare two people related."""
    Relationship.objects.create(
        person=one, other_kind="PERSON", other_id=str(other.pk), kind="SPOUSE", declared_on=date(2025, 1, 1)
    )


class TestAComplaint:
    def test_is_closed_to_the_unit_it_is_against(self) -> None:
        town = make_town()
        Post.objects.filter(appointments__person=town.principal).update(role="OFFICE")

        claim, complaint = registered(town), registered(town, kind="COMPLAINT")

        assert sees(town.principal, claim)
        assert not sees(town.principal, complaint)
        assert sees(town.office, complaint)

    def test_against_the_authority_goes_to_the_discipline_group(self) -> None:
        town = make_town()

        row = registered(town, kind="COMPLAINT", unit=town.root)

        assert row.handler == Post.objects.get(appointments__person=town.keeper)
        assert sees(town.keeper, row)
        assert not sees(town.office, row)
        assert not sees(town.leader, row)

    @pytest.mark.parametrize("to_organ", ["第一小学", "教师甲", "清源区第一小学党支部"])
    def test_is_never_handed_to_whom_it_is_against(self, to_organ: str) -> None:
        town = make_town()
        row = registered(town, kind="COMPLAINT", about=[town.teacher.pk])

        with pytest.raises(operations.NotToThem, match="移送纪检监察机关"):
            send(row, town, to_organ=to_organ)
        with pytest.raises(operations.NotToThem):
            send(row, town, to_unit=town.school)
        assert fresh(row).state == "REGISTERED"

    def test_is_sent_to_another_unit(self) -> None:
        town = make_town()

        row = send(registered(town, kind="COMPLAINT"), town, to_unit=town.neighbour)

        assert (row.state, row.to_unit) == ("TRANSFERRED", town.neighbour)

    def test_has_a_clock_that_only_its_handler_sees(self) -> None:
        duty = clock(registered(make_town(), kind="COMPLAINT"))

        assert duty is not None
        assert duty.is_private


def send(row: Petition, town: Town, **to: Any) -> Petition:
    """Send a petition on."""
    return operations.transfer(petition=row, ground="属其职责", told="书面告知", at=AT, actor=actor(town.office), **to)


class TestAccept:
    def test_starts_the_term_of_a_claim_and_ends_the_clock_to_tell(self) -> None:
        duty = clock(accepted(make_town()))

        assert duty is not None
        assert (duty.rule_id, duty.start_on) == ("XF-04", AT.date())

    def test_needs_to_say_how_the_petitioner_was_told(self) -> None:
        town = make_town()

        with pytest.raises(operations.Incomplete):
            operations.accept(petition=registered(town), told=" ", at=AT, actor=actor(town.office))

    def test_refuses_a_matter_in_progress_and_says_what_to_do(self) -> None:
        town = make_town()
        first = accepted(town)
        again = registered(town, title="又来信")

        with pytest.raises(operations.AlreadyTaken, match=f"{first.number}.*不予受理.*并入原件"):
            operations.accept(petition=again, told="告知", at=AT, actor=actor(town.office))

    def test_takes_another_matter_of_the_same_person_when_it_is_said_what_differs(self) -> None:
        town = make_town()
        accepted(town)
        other = registered(town, title="另一件事")

        row = operations.accept(
            petition=other, told="告知", differs="前件是收费，本件是转学", at=AT, actor=actor(town.office)
        )

        assert row.state == "ACCEPTED"

    def test_refuses_what_was_re_checked_whatever_is_said(self) -> None:
        town = make_town()
        final = rechecked(town)
        again = registered(town, same_as=final, sender=Sender())

        with pytest.raises(operations.AlreadyTaken, match="复核终结"):
            operations.accept(petition=again, told="", differs="不同", at=AT, actor=actor(town.office))

    def test_takes_a_matter_again_whose_first_petition_was_refused(self) -> None:
        town = make_town()
        first = registered(town)
        operations.refuse(petition=first, ground="材料不全", told="书面告知", at=AT, actor=actor(town.office))

        assert accepted(town).state == "ACCEPTED"


class TestLeaving:
    def test_by_refusal_keeps_ground_and_telling(self) -> None:
        town = make_town()
        row = registered(town)

        operations.refuse(petition=row, ground="已进入诉讼程序", told="挂号信", at=AT, actor=actor(town.office))

        row = fresh(row)
        assert (row.state, row.exit_ground, row.told) == ("REFUSED", "已进入诉讼程序", "挂号信")
        assert clock(row) is None

    def test_by_transfer_keeps_the_receipt_once(self) -> None:
        town = make_town()
        row = send(registered(town), town, to_organ="区人社局")
        note: dict[str, Any] = {"petition": row, "receipt": "回执 12 号", "received_on": AT.date(), "at": AT}

        operations.receipt(**note, actor=actor(town.office))

        assert fresh(row).receipt == "回执 12 号"
        with pytest.raises(operations.NotNow, match="已经登记"):
            operations.receipt(**note, actor=actor(town.office))

    def test_by_transfer_needs_somebody_to_send_it_to(self) -> None:
        town = make_town()

        with pytest.raises(operations.Incomplete):
            send(registered(town), town)

    @pytest.mark.parametrize(("days", "is_taken"), [(15, True), (16, False)])
    def test_by_objection_is_possible_until_the_last_day(self, days: int, is_taken: bool) -> None:
        town = make_town()
        row = registered(town, channel="PASSED_ON", sent_by="区信访局")
        at = AT + timedelta(days=days)

        def object_() -> Petition:
            return operations.object_(petition=row, ground="不属教育职责", at=at, actor=actor(town.office))

        if is_taken:
            assert object_().state == "OBJECTED"
            assert clock(row) is None
            assert clock(row, "petition_objection") is None
        else:
            with pytest.raises(operations.TooLate, match="2026-10-09"):
                object_()

    def test_by_objection_is_refused_for_what_came_directly(self) -> None:
        town = make_town()

        with pytest.raises(operations.NotNow, match="转送、交办"):
            operations.object_(petition=registered(town), ground="x", at=AT, actor=actor(town.office))


class TestReferral:
    @pytest.mark.parametrize("make", [registered, accepted, handled])
    def test_leaves_the_authority_number_and_dates_alone(self, make: Any) -> None:
        town = make_town()
        row = make(town, kind="COMPLAINT")

        operations.refer(petition=row, ground="涉嫌违纪", at=AT, actor=actor(town.office))

        assert [sees(person, row) for person in (town.office, town.leader, town.keeper)] == [False, False, True]
        (left,) = queries.referrals(actor(town.office))
        assert (left.number, left.referred_on, left.receipt) == (row.number, AT.date(), "")
        assert clock(row) is None

    def test_is_received_by_the_discipline_group_alone(self) -> None:
        town = make_town()
        row = registered(town, kind="COMPLAINT")
        operations.refer(petition=row, ground="涉嫌违纪", at=AT, actor=actor(town.office))
        note: dict[str, Any] = {"petition": row, "receipt": "纪检甲", "received_on": AT.date(), "at": AT}

        with pytest.raises(operations.NotYours):
            operations.receipt(**note, actor=actor(town.office))
        operations.receipt(**note, actor=actor(town.keeper))

        assert queries.referrals(actor(town.office))[0].receipt == "纪检甲"

    def test_shows_nobody_the_number_of_a_matter_about_themselves(self) -> None:
        town = make_town()
        row = registered(town, about=[town.second.pk])
        operations.refer(petition=row, ground="涉嫌违纪", at=AT, actor=actor(town.office))

        assert queries.referrals(actor(town.second)) == []


class TestExtend:
    def extend(self, town: Town, row: Petition, **given: Any) -> Petition:
        facts: dict[str, Any] = {"ground": "情况复杂", "told": "书面告知", "at": AT, "actor": actor(town.leader)}
        return operations.extend(petition=row, **(facts | given))

    def test_is_approved_by_the_head_alone(self) -> None:
        town = make_town()
        row = handled(town)

        with pytest.raises(operations.NotYours):
            self.extend(town, row, actor=actor(town.office))
        assert self.extend(town, row).extended_by == town.leader

    def test_is_done_once(self) -> None:
        town = make_town()
        row = handled(town)
        self.extend(town, row)

        with pytest.raises(operations.AlreadyExtended):
            self.extend(town, row)

    @pytest.mark.parametrize("given", [{"ground": ""}, {"told": " "}])
    def test_needs_a_ground_and_that_the_petitioner_was_told(self, given: dict[str, Any]) -> None:
        town = make_town()

        with pytest.raises(operations.Incomplete):
            self.extend(town, handled(town), **given)

    def test_is_too_late_once_the_term_is_over(self) -> None:
        town = make_town()
        row = handled(town)
        clock_due = date(2026, 11, 23)

        with pytest.raises(operations.TooLate, match=clock_due.isoformat()):
            self.extend(town, row, at=AT + timedelta(days=61))
        assert self.extend(town, row, at=AT + timedelta(days=60)).extended_on == clock_due

    def test_is_not_there_without_a_term(self) -> None:
        town = make_town()

        with pytest.raises(operations.NotNow, match="期限"):
            self.extend(town, handled(town, kind="SUGGESTION"))


class TestConclude:
    @pytest.mark.parametrize("name", ["request", "facts", "opinion", "basis", "organ"])
    def test_needs_every_element(self, name: str) -> None:
        town = make_town()

        with pytest.raises(operations.Incomplete):
            operations.conclude(petition=handled(town), reply=reply(**{name: " "}), at=AT, actor=actor(town.office))
        assert not Opinion.objects.exists()

    def test_is_refused_with_a_day_of_service_in_the_past(self) -> None:
        town = make_town()

        with pytest.raises(operations.Incomplete):
            operations.conclude(petition=handled(town), reply=reply(), at=LATER, actor=actor(town.office))

    def test_knows_three_outcomes(self) -> None:
        town = make_town()

        with pytest.raises(ValueError, match="PARTLY"):
            operations.conclude(petition=handled(town), reply=reply(outcome="PARTLY"), at=AT, actor=actor(town.office))


class TestReviews:
    def test_are_decided_by_three_people(self) -> None:
        town = make_town()

        row = rechecked(town)

        people = list(row.opinions.order_by("id").values_list("issued_by", flat=True))
        assert people == [town.office.pk, town.second.pk, town.third.pk]
        assert row.state == "CLOSED"
        assert clock(row) is None

    def test_are_refused_to_whoever_gave_an_earlier_opinion(self) -> None:
        town = make_town()
        row = reviewing(town)
        with pytest.raises(operations.NeedsAnother):
            operations.decide(petition=row, level=Level.REVIEW, reply=reply(), at=AT, actor=actor(town.office))

        row = rechecking(make_town_again(town))
        for person in (town.office, town.second):
            with pytest.raises(operations.NeedsAnother):
                operations.decide(petition=row, level=Level.RECHECK, reply=reply(), at=AT, actor=actor(person))

    def test_leave_no_remedy_after_the_re_check(self) -> None:
        row = rechecked(make_town())

        dates = list(row.opinions.order_by("id").values_list("remedy_until", flat=True))
        assert dates == [date(2026, 10, 26), date(2026, 10, 26), None]

    def test_are_not_asked_for_before_the_letter_was_handed_over(self) -> None:
        town = make_town()

        with pytest.raises(operations.Incomplete):
            operations.ask(
                petition=answered(town),
                level=Level.REVIEW,
                ground="不服",
                asked_on=date(2026, 9, 23),
                at=AT,
                actor=actor(town.office),
            )


def make_town_again(town: Town) -> Town:
    """The same town, its first petition closed so that the same person may petition again."""
    Petition.objects.update(contact="")
    return town


class TestClose:
    @pytest.mark.parametrize("make", [answered, reviewed])
    def test_waits_until_the_petitioner_can_no_longer_ask(self, make: Any) -> None:
        town = make_town()
        row = make(town)
        fields: dict[str, Any] = {"ground": "期满未请求", "is_content": False, "actor": actor(town.office)}

        with pytest.raises(operations.NotNow, match="2026-10-26"):
            operations.close(petition=row, at=AT + timedelta(days=32), **fields)
        operations.close(petition=row, at=AT + timedelta(days=33), **fields)

        assert fresh(row).closed_on == date(2026, 10, 27)

    def test_may_come_at_once_when_the_petitioner_accepts(self) -> None:
        town = make_town()
        row = answered(town)

        operations.close(petition=row, ground="书面认可", is_content=True, at=AT, actor=actor(town.office))

        assert fresh(row).state == "CLOSED"


class TestConstraints:
    @pytest.mark.parametrize(
        "change",
        [
            "state='CLOSED'",
            "state='REFUSED'",
            "state='NOWHERE'",
            "exit_ground='x'",
            "extended_on='2026-09-24'",
            "receipt='x'",
            "channel='PASSED_ON'",
            "same_as_id=id",
        ],
    )
    def test_hold_in_plain_sql(self, change: str) -> None:
        registered(make_town())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE petitions_petition SET {change}")  # noqa: S608 - the cases are ours

    @pytest.mark.parametrize("change", ["basis=''", "issued_by_id=NULL", "level='REVIEW'", "outcome='PARTLY'"])
    def test_hold_of_an_opinion_in_plain_sql(self, change: str) -> None:
        answered(make_town())

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE petitions_opinion SET {change}")  # noqa: S608 - the cases are ours

    def test_hold_one_opinion_a_level(self) -> None:
        row = reviewing(make_town())

        with pytest.raises(IntegrityError, match=r"opinion_once_a_level|UNIQUE"), transaction.atomic():
            Opinion.objects.create(petition=row, level="REVIEW", asked_on=AT.date(), asked_ground="再")
