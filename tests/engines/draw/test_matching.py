"""School places: the published examples, a brute-force oracle, and what the mechanism promises."""

import hashlib
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.engines import draw
from tests.engines.draw.rosters import vectors

SEED = hashlib.sha256(b"places").digest()


def tickets(students: Any) -> dict[str, bytes]:
    return draw.tickets(SEED, "places", "all", students)


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in vectors("matching_cases.json") if each["name"].startswith(name))
    return found


def numbered(lists: list[list[int]], capacity: list[int], rankings: list[list[int]]) -> tuple[Any, ...]:
    """Students p0, p1, … and schools r0, r1, … of an example that only has numbers; a strict ranking is all classes."""
    preferences = {f"p{student}": [f"r{school}" for school in schools] for student, schools in enumerate(lists)}
    priorities = {
        f"r{school}": {f"p{student}": own for own, student in enumerate(ranking)}
        for school, ranking in enumerate(rankings)
    }
    return (
        preferences,
        priorities,
        {f"r{school}": places for school, places in enumerate(capacity)},
        tickets(preferences),
    )


def schools_of(assignment: dict[str, str | None]) -> list[int]:
    return [int((assignment[f"p{student}"] or "r-1")[1:]) for student in range(len(assignment))]


class TestPublishedExamples:
    @pytest.mark.parametrize("name", ["Gale-Shapley 1962 Example 1", "Gale-Shapley 1962 Example 2"])
    def test_of_gale_and_shapley_are_reproduced(self, name: str) -> None:
        example = case(name)
        market = numbered(example["proposer_prefs"], example["capacity"], example["receiver_prefs"])

        assert schools_of(draw.deferred_acceptance(*market)) == example["proposer_optimal"]
        found = [
            list(choice)
            for choice in product(range(len(example["capacity"])), repeat=len(example["proposer_prefs"]))
            if len(set(choice)) == len(choice) and not blocked(choice, market)
        ]
        assert sorted(found) == sorted(example["stable_sets"])

    def test_of_the_resident_match_are_reproduced(self) -> None:
        example = case("NRMP")
        # A programme that does not rank a resident cannot take them: it is left off the resident's list.
        preferences = {
            resident: [programme for programme in listed if resident in example["priorities"][programme]]
            for resident, listed in example["prefs"].items()
        }
        priorities = {
            programme: {resident: own for own, resident in enumerate(ranking)}
            for programme, ranking in example["priorities"].items()
        }
        capacities = dict.fromkeys(priorities, example["capacity"])
        market = (preferences, priorities, capacities, tickets(preferences))

        assert draw.deferred_acceptance(*market) == example["resident_optimal"]

    def test_of_abdulkadiroglu_and_sonmez_are_reproduced(self) -> None:
        example = case("Abdulkadiroglu")
        market = numbered(example["prefs"], example["capacity"], example["priorities"])

        assert schools_of(draw.deferred_acceptance(*market)) == example["student_optimal_stable"]
        assert schools_of(draw.boston(*market)) == example["boston_truthful"]

    def test_show_that_boston_rewards_a_dishonest_list(self) -> None:
        example = case("Abdulkadiroglu")
        lists = [list(listed) for listed in example["prefs"]]
        lists[1].sort(key=lambda school: school != 1)
        dishonest = numbered(lists, example["capacity"], example["priorities"])

        assert schools_of(draw.boston(*dishonest)) == example["boston_when_student1_ranks_school1_first"]


def blocked(choice: tuple[int, ...], market: tuple[Any, ...]) -> list[tuple[str, str]]:
    assignment = {f"p{student}": f"r{school}" for student, school in enumerate(choice)}
    return draw.blocking_pairs(assignment, *market)


def stable_assignments(preferences: Any, priorities: Any, capacities: Any, own_tickets: Any) -> list[dict[str, Any]]:
    """Every stable assignment, by trying all: written apart from the engine."""

    def rank(student: str, school: str) -> tuple[float, bytes]:
        return priorities.get(school, {}).get(student, float("inf")), own_tickets[student]

    def is_stable(found: dict[str, Any]) -> bool:
        for student, school in ((s, c) for s in preferences for c in preferences[s]):
            listed, own = preferences[student], found[student]
            if own is not None and listed.index(own) <= listed.index(school):
                continue
            there = [each for each in found if found[each] == school]
            if len(there) < capacities[school] or any(rank(student, school) < rank(each, school) for each in there):
                return False
        return all(sum(own == school for own in found.values()) <= capacities[school] for school in capacities)

    options = [[None, *preferences[student]] for student in preferences]
    return [found for each in product(*options) if is_stable(found := dict(zip(preferences, each, strict=True)))]


@st.composite
def markets(draw_from: st.DrawFn) -> tuple[Any, ...]:
    schools = [f"r{number}" for number in range(draw_from(st.integers(1, 3)))]
    students = [f"p{number}" for number in range(draw_from(st.integers(1, 5)))]
    preferences = {
        student: draw_from(st.lists(st.sampled_from(schools), unique=True, max_size=3)) for student in students
    }
    priorities = {
        school: draw_from(st.dictionaries(st.sampled_from(students), st.integers(0, 2), max_size=5))
        for school in schools
    }
    capacities = {school: draw_from(st.integers(0, 3)) for school in schools}
    order = draw_from(st.permutations(students))
    return preferences, priorities, capacities, {student: bytes([place]) for place, student in enumerate(order)}


def place_on_list(listed: list[str], school: str | None) -> int:
    return len(listed) if school is None else listed.index(school)


class TestDeferredAcceptance:
    @settings(max_examples=300, deadline=None)
    @given(markets())
    def test_gives_every_student_the_best_of_all_stable_assignments(self, market) -> None:
        found = draw.deferred_acceptance(*market)
        stable = stable_assignments(*market)

        assert found in stable
        for student, listed in market[0].items():
            best = min(place_on_list(listed, each[student]) for each in stable)
            assert place_on_list(listed, found[student]) == best

    @settings(deadline=None)
    @given(markets(), st.data())
    def test_rewards_no_dishonest_list(self, market, chosen) -> None:
        preferences, *rest = market
        student = chosen.draw(st.sampled_from(sorted(preferences)))
        lie = chosen.draw(st.lists(st.sampled_from(sorted(market[2])), unique=True))
        honest = draw.deferred_acceptance(*market)[student]
        gained = draw.deferred_acceptance({**preferences, student: lie}, *rest)[student]

        listed = preferences[student]
        outcome = gained if gained in listed else None
        assert place_on_list(listed, honest) <= place_on_list(listed, outcome)

    @settings(deadline=None)
    @given(markets(), st.randoms(use_true_random=False))
    def test_is_the_same_for_any_order_of_students_and_schools(self, market, chance) -> None:
        turned = [dict(chance.sample(list(each.items()), len(each))) for each in market]

        assert draw.deferred_acceptance(*turned) == draw.deferred_acceptance(*market)

    def test_at_one_school_each_is_a_plain_sort_of_tickets(self) -> None:
        students = [f"p{number}" for number in range(40)]
        own = draw.tickets(SEED, "places", "r", students)
        found = draw.deferred_acceptance(dict.fromkeys(students, ("r",)), {}, {"r": 15}, own)

        chosen = draw.select(SEED, "places", {"r": students}, {"r": 15})["r"]
        assert {student for student, school in found.items() if school} == set(chosen)

    def test_puts_the_priority_class_before_the_ticket(self) -> None:
        own = {"early": b"\0", "sibling": b"\1", "late": b"\2"}
        market = (dict.fromkeys(own, ("r",)), {"r": {"sibling": 0}}, {"r": 1}, own)

        assert draw.deferred_acceptance(*market) == {"early": None, "sibling": "r", "late": None}

    def test_of_nobody_is_empty(self) -> None:
        assert draw.deferred_acceptance({}, {}, {"r": 1}, {}) == {}


class TestBoston:
    @settings(deadline=None)
    @given(markets())
    def test_gives_nobody_a_school_over_its_capacity_or_off_their_list(self, market) -> None:
        # blocking_pairs refuses such an assignment.
        assert draw.blocking_pairs(draw.boston(*market), *market) is not None

    @settings(deadline=None)
    @given(markets())
    def test_fills_first_choices_first(self, market) -> None:
        preferences, _priorities, capacities, _tickets = market
        found = draw.boston(*market)
        for school, places in capacities.items():
            first = [student for student, listed in preferences.items() if listed[:1] == [school]]
            taken = [student for student in first if found[student] == school]
            assert len(taken) == min(places, len(first))

    def test_can_leave_a_pair_that_would_rather_have_each_other(self) -> None:
        own = {"a": b"\0", "b": b"\1", "c": b"\2"}
        market = (
            {"a": ["r", "s"], "b": ["r", "s"], "c": ["s"]},
            {"s": {"b": 0}},
            {"r": 1, "s": 1},
            own,
        )

        assert draw.boston(*market) == {"a": "r", "b": None, "c": "s"}
        assert draw.blocking_pairs(draw.boston(*market), *market) == [("b", "s")]
        assert draw.blocking_pairs(draw.deferred_acceptance(*market), *market) == []


class TestBlockingPairs:
    @settings(deadline=None)
    @given(markets(), st.data())
    def test_are_none_exactly_for_stable_assignments(self, market, chosen) -> None:
        preferences, _priorities, capacities, _tickets = market
        assignment = {student: chosen.draw(st.sampled_from([None, *listed])) for student, listed in preferences.items()}
        if any(list(assignment.values()).count(school) > places for school, places in capacities.items()):
            with pytest.raises(draw.BadShape):
                draw.blocking_pairs(assignment, *market)
        else:
            is_stable = assignment in stable_assignments(*market)
            assert (draw.blocking_pairs(assignment, *market) == []) is is_stable

    @pytest.mark.parametrize(
        ("assignment", "error"),
        [({"nobody": "r"}, draw.UnknownEntry), ({"p": "s"}, draw.BadShape), ({"p": "r", "q": "r"}, draw.BadShape)],
    )
    def test_are_not_counted_for_an_impossible_assignment(self, assignment, error) -> None:
        market = ({"p": ["r"], "q": ["r"]}, {}, {"r": 1, "s": 1}, {"p": b"0", "q": b"1"})

        with pytest.raises(error):
            draw.blocking_pairs(assignment, *market)


LISTS, PLACES, TICKETS = {"p": ["r"], "q": ["r"]}, {"r": 1}, {"p": b"0", "q": b"1"}
BAD = {
    "an unknown school": ({"p": ["r", "x"], "q": []}, {}, PLACES, TICKETS, draw.UnknownEntry, "preferences.p"),
    "a school twice": ({"p": ["r", "r"], "q": []}, {}, PLACES, TICKETS, draw.Duplicate, "preferences.p"),
    "less than no place": (LISTS, {}, {"r": -1}, TICKETS, draw.BadShape, "capacities.r"),
    "half a place": (LISTS, {}, {"r": 1.5}, TICKETS, draw.BadShape, "capacities.r"),
    "a truth for places": (LISTS, {}, {"r": True}, TICKETS, draw.BadShape, "capacities.r"),
    "no ticket": (LISTS, {}, PLACES, {"p": b"0"}, draw.UnknownEntry, "tickets.q"),
    "equal tickets": (LISTS, {}, PLACES, {"p": b"0", "q": b"0"}, draw.Duplicate, "tickets.q"),
    "a priority at no school": (LISTS, {"x": {"p": 0}}, PLACES, TICKETS, draw.UnknownEntry, "priorities.x"),
    "a priority of nobody": (LISTS, {"r": {"x": 0}}, PLACES, TICKETS, draw.UnknownEntry, "priorities.r.x"),
    "a negative class": (LISTS, {"r": {"p": -1}}, PLACES, TICKETS, draw.BadShape, "priorities.r.p"),
}


@pytest.mark.parametrize(("lists", "priorities", "places", "own", "error", "place"), BAD.values(), ids=BAD.keys())
class TestAMarketWith:
    def test_something_wrong_is_refused_at_its_place(self, lists, priorities, places, own, error, place) -> None:
        for mechanism in (draw.deferred_acceptance, draw.boston):
            with pytest.raises(error) as refused:
                mechanism(lists, priorities, places, own)
            assert refused.value.place == place
