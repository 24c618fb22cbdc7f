"""Deciding about petitions."""

import pytest

from qingqu.kernel.org.types import Grant, Role
from qingqu.pillars.petitions import rules
from qingqu.pillars.petitions.types import State


def reachable(start: State, without: str = "") -> set[State]:
    """The states one can come to, one verb left out."""
    seen, waiting = {start}, [start]
    while waiting:
        for move in rules.TRANSITIONS[waiting.pop()]:
            if move.verb != without and move.to not in seen:
                seen.add(move.to)
                waiting.append(move.to)
    return seen


class TestTransitions:
    def test_know_every_state_and_reach_it(self) -> None:
        assert set(rules.TRANSITIONS) == set(State) == reachable(State.REGISTERED)

    def test_lead_out_of_no_end(self) -> None:
        for end in (State.REFUSED, State.OBJECTED, State.CLOSED, State.TRANSFERRED, State.REFERRED):
            assert reachable(end) == {end}

    @pytest.mark.parametrize("verb", ["accept", "begin", "conclude"])
    def test_reach_an_end_after_taking_by_an_opinion_or_the_discipline_exit_alone(self, verb: str) -> None:
        assert State.CLOSED not in reachable(State.REGISTERED, verb)

    def test_have_a_discipline_exit_until_the_opinion(self) -> None:
        leaving = {state for state, moves in rules.TRANSITIONS.items() if any(move.verb == "refer" for move in moves)}

        assert leaving == {State.REGISTERED, State.ACCEPTED, State.HANDLING}

    def test_name_who_takes_every_step(self) -> None:
        assert set(rules.NEEDS) == set(rules.VERBS)


class TestNextState:
    def test_is_none_for_what_is_no_step(self) -> None:
        assert rules.next_state("REGISTERED", "accept") is State.ACCEPTED
        assert rules.next_state("CLOSED", "accept") is None


class TestOwnLine:
    def test_holds_the_own_units_and_those_above_but_not_for_the_discipline_group(self) -> None:
        teacher = Grant(1, "教师", Role.TEACHER, 2, "/1/2/")
        keeper = Grant(2, "派驻纪检", Role.DISCIPLINE, 1, "/1/")

        assert rules.own_line([teacher]) == {1, 2}
        assert rules.own_line([keeper]) == set()


class TestHandedToTheAccused:
    @pytest.mark.parametrize(
        ("to_path", "to_organ", "is_theirs"),
        [
            ("/1/2/", "", True),
            ("/1/2/9/", "", True),
            ("/1/3/", "", False),
            ("/1/", "", False),
            ("", "清源区第一小学", True),
            ("", "张三老师", True),
            ("", "区市场监管局", False),
        ],
    )
    def test_is_told_by_place_and_by_name(self, to_path: str, to_organ: str, is_theirs: bool) -> None:
        found = rules.is_handed_to_the_accused(
            unit_path="/1/2/", to_path=to_path, to_organ=to_organ, names=("第一小学", "张三")
        )

        assert found is is_theirs
