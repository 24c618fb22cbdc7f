"""Pure decisions about cases."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.pillars.cases import rules
from qingqu.pillars.cases.types import Body, Group, Lock, Part, RemedyState, Sanction, SchoolKind, State, Treatment


class TestTransitions:
    def test_know_every_state_and_lead_to_known_ones(self) -> None:
        assert set(rules.TRANSITIONS) == set(State)
        assert {move.to for moves in rules.TRANSITIONS.values() for move in moves} <= set(State)
        assert set(rules.REMEDY_TRANSITIONS) == set(RemedyState)

    @given(st.data())
    def test_no_walk_decides_without_hearing_and_proposal(self, data: st.DataObject) -> None:
        state, passed = State.ACCEPTED, [State.ACCEPTED]
        for _step in range(25):
            moves = rules.TRANSITIONS[state]
            if not moves:
                break
            state = State(data.draw(st.sampled_from(moves)).to)
            passed.append(state)

        if State.DECIDED in passed:
            before = passed[: passed.index(State.DECIDED)]
            assert {State.INVESTIGATING, State.NOTIFIED, State.HEARD, State.PROPOSED} <= set(before)
        if State.EFFECTIVE in passed:
            assert passed[passed.index(State.EFFECTIVE) - 1] is State.SERVED
        if State.REVOKED in passed:
            assert passed[-1] is State.REVOKED

    def test_a_decision_is_reached_from_a_proposal_or_a_variation_alone(self) -> None:
        ways = {
            (state, move.verb)
            for state, moves in rules.TRANSITIONS.items()
            for move in moves
            if move.to == State.DECIDED
        }

        assert ways == {(State.PROPOSED, "decide"), (State.SERVED, "vary"), (State.EFFECTIVE, "vary")}


class TestAuthority:
    @pytest.mark.parametrize(
        ("sanction", "school", "staffed", "rule_id", "decides", "files_with"),
        [
            ("WARNING", "PUBLIC", True, "ET-09", (Body.AUTHORITY,), None),
            ("DEMERIT", "PUBLIC", False, "ET-09", (Body.AUTHORITY,), None),
            ("WARNING", "PRIVATE", False, "ET-09", (Body.SCHOOL,), Body.AUTHORITY),
            ("DEMOTION", "PUBLIC", True, "ET-10", (Body.AUTHORITY,), Body.PERSONNEL),
            ("REMOVAL", "PRIVATE", True, "ET-10", (Body.AUTHORITY,), Body.PERSONNEL),
            ("DISMISSAL", "PUBLIC", True, "ET-11", (Body.AUTHORITY,), Body.PERSONNEL),
            ("DISMISSAL", "PUBLIC", False, "ET-11", (Body.SCHOOL,), Body.AUTHORITY),
            ("DISMISSAL", "PRIVATE", True, "ET-11", (Body.SCHOOL,), Body.AUTHORITY),
            ("CRITICISM", "PUBLIC", True, "ET-12", (Body.SCHOOL, Body.AUTHORITY), None),
        ],
    )
    def test_names_who_decides_and_with_whom_it_is_filed(
        self,
        sanction: str,
        school: str,
        staffed: bool,
        rule_id: str,
        decides: tuple[Body, ...],
        files_with: Body | None,
    ) -> None:
        line = rules.authority(sanction, school=school, is_staffed=staffed)

        assert (line.rule_id, line.decides, line.files_with) == (rule_id, decides, files_with)

    def test_has_a_line_for_every_case(self) -> None:
        assert len(rules.AUTHORITY) == len(Group) * len(SchoolKind) * 2


class TestPeriods:
    @pytest.mark.parametrize(
        ("sanction", "months"),
        [("WARNING", 6), ("DEMERIT", 12), ("MAJOR_DEMERIT", 18), ("DEMOTION", 24), ("REMOVAL", 24), ("CRITICISM", 0)],
    )
    def test_come_from_the_rulebook(self, sanction: str, months: int) -> None:
        assert rules.period_months(sanction) == months

    @pytest.mark.parametrize(
        ("start", "months", "free"),
        [
            (date(2026, 1, 15), 6, date(2026, 7, 15)),
            (date(2026, 8, 31), 6, date(2027, 2, 28)),
            (date(2026, 4, 1), 6, date(2026, 10, 1)),
        ],
    )
    def test_end_on_the_same_day_of_a_later_month_holiday_or_not(self, start: date, months: int, free: date) -> None:
        assert rules.ends_on(start, months) == free

    def test_a_restriction_is_never_shorter_than_the_rulebook_says(self) -> None:
        assert rules.fits_person(Treatment(Sanction.WARNING, 24), is_manager=False)
        assert rules.fits_person(Treatment(Sanction.WARNING), is_manager=False)
        assert not rules.fits_person(Treatment(Sanction.WARNING, 23), is_manager=False)

    def test_removal_and_major_demerit_are_for_managers(self) -> None:
        assert not rules.fits_person(Treatment(Sanction.REMOVAL), is_manager=False)
        assert rules.fits_person(Treatment(Sanction.MAJOR_DEMERIT), is_manager=True)


class TestIsWithin:
    @given(*[st.builds(Treatment, st.sampled_from(Sanction), st.sampled_from([0, 24, 36]))] * 2)
    def test_two_treatments_within_each_other_are_equal(self, one: Treatment, other: Treatment) -> None:
        if rules.is_within(one, other) and rules.is_within(other, one):
            assert one == other

    def test_a_longer_restriction_is_heavier_even_with_a_milder_sanction(self) -> None:
        assert not rules.is_within(Treatment(Sanction.WARNING, 36), Treatment(Sanction.DEMERIT, 24))
        assert rules.is_within(Treatment(Sanction.WARNING, 24), Treatment(Sanction.DEMERIT, 24))


class TestDoubles:
    def test_a_second_sanction_for_the_act(self) -> None:
        assert rules.doubles("WARNING", ["GOVERNMENT"])

    def test_other_treatment_beside_one_and_a_sanction_beside_party_discipline(self) -> None:
        assert not rules.doubles("CIRCULAR", ["GOVERNMENT"])
        assert not rules.doubles("WARNING", ["PARTY"])


class TestLocks:
    def test_a_warning_leaves_the_salary_step_open(self) -> None:
        assert set(Lock) - rules.sanction_locks("WARNING") == {Lock.SALARY}
        assert rules.sanction_locks("DEMERIT") == frozenset(Lock)
        assert rules.sanction_locks("CRITICISM") == frozenset()


class TestMayTake:
    def test_one_person_has_one_part(self) -> None:
        assert rules.may_take(Part.DECIDER, None)
        assert rules.may_take(Part.DECIDER, "DECIDER")
        assert not rules.may_take(Part.DECIDER, "INVESTIGATOR")


class TestMissingElements:
    FULL = dict.fromkeys(rules.ELEMENTS, "有")

    def test_nothing_is_missing_from_a_whole_one(self) -> None:
        assert rules.missing_elements(self.FULL) == ()

    @pytest.mark.parametrize("name", rules.ELEMENTS)
    def test_names_each_that_is_empty(self, name: str) -> None:
        assert rules.missing_elements(self.FULL | {name: " "}) == (name,)
