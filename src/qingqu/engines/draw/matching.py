"""School places by lottery: deferred acceptance, the Boston mechanism to compare with, and a check of stability.

Students list schools, best first; schools rank students by priority class, then by the student's one lottery ticket.
Deferred acceptance (Gale and Shapley 1962; Abdulkadiroğlu and Sönmez 2003) gives every student the best school of any
stable assignment, and nobody gains by listing schools in another order than their own; a cap on the length of lists
takes the second property away. The Boston mechanism has neither and is here for comparison only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heappushpop
from itertools import pairwise

from qingqu.engines.draw.errors import BadShape, Duplicate, UnknownEntry

Preferences = Mapping[str, Sequence[str]]
Priorities = Mapping[str, Mapping[str, int]]
Capacities = Mapping[str, int]
Tickets = Mapping[str, bytes]
Assignment = dict[str, str | None]


@dataclass(frozen=True)
class _Market:
    """Students in the order of their tickets, so that a rank is a student, and their standing at each school.

    A standing is ``class * students + rank``: smaller is better, and the rank can be read back from it.
    """

    students: list[str]
    lists: list[Sequence[str]]
    priorities: Priorities
    capacities: Capacities
    last_class: int

    def standing(self, rank: int, school: str) -> int:
        """A student's standing at a school; whoever has no class there comes after all who have."""
        classes = self.priorities.get(school)
        own = classes.get(self.students[rank], self.last_class) if classes else self.last_class
        return own * len(self.students) + rank


def deferred_acceptance(
    preferences: Preferences, priorities: Priorities, capacities: Capacities, tickets: Tickets
) -> Assignment:
    """``{student: school, or None}``: the stable assignment that every student prefers to any other stable one.

    ``preferences`` is {student: [school, …]} best first; a school that is left out is never given, so a school that
    may not take a student is kept off the list. ``priorities`` is {school: {student: class}}, class 0 first; students
    without a class come after all classes. ``capacities`` is {school: places}; ``tickets`` {student: ticket}, the
    smaller first. The order of any mapping changes nothing. Raises UnknownEntry for a school without capacity, for a
    student without ticket and for a priority of nobody; Duplicate for a school twice in a list or two equal tickets;
    BadShape for a negative capacity or class.
    """
    market = _market(preferences, priorities, capacities, tickets)
    lists, students = market.lists, market.students
    # Per school a heap of minus standings, whose top is the worst student it holds; its places; its classes.
    rooms = {school: (list[int](), places, priorities.get(school, {})) for school, places in capacities.items()}
    asking, last, many = [iter(each) for each in lists], market.last_class, len(students)
    for first in range(many):
        rank = first
        # Whoever is turned away asks the next school on their own list.
        while (school := next(asking[rank], None)) is not None:
            heap, places, classes = rooms[school]
            key = -(classes.get(students[rank], last) * many + rank)
            if len(heap) < places:
                heappush(heap, key)
                break
            rank = -heappushpop(heap, key) % many
    found: Assignment = dict.fromkeys(preferences)
    found.update((students[-key % many], school) for school, (heap, _, _) in rooms.items() for key in heap)
    return found


def boston(preferences: Preferences, priorities: Priorities, capacities: Capacities, tickets: Tickets) -> Assignment:
    """``{student: school, or None}`` by immediate acceptance: in round k schools fill up with k-th choices, for good.

    Arguments and errors as in ``deferred_acceptance``. Honest lists can lose under it: for comparison only.
    """
    market = _market(preferences, priorities, capacities, tickets)
    found: Assignment = dict.fromkeys(preferences)
    left = dict(capacities)
    waiting = list(range(len(market.students)))
    choice = 0
    while waiting:
        asking: dict[str, list[int]] = {}
        for rank in waiting:
            if choice < len(market.lists[rank]):
                school = market.lists[rank][choice]
                asking.setdefault(school, []).append(market.standing(rank, school))
        waiting = []
        for school, standings in asking.items():
            standings.sort()
            for standing in standings[: left[school]]:
                found[market.students[standing % len(market.students)]] = school
            waiting += [standing % len(market.students) for standing in standings[left[school] :]]
            left[school] -= min(left[school], len(standings))
        choice += 1
    return found


def blocking_pairs(
    assignment: Mapping[str, str | None],
    preferences: Preferences,
    priorities: Priorities,
    capacities: Capacities,
    tickets: Tickets,
) -> list[tuple[str, str]]:
    """Every (student, school) that would both rather have each other, sorted; empty for a stable assignment.

    Raises what ``deferred_acceptance`` raises; UnknownEntry for an assigned student who is not part of the match, and
    BadShape for a school over its capacity or not on its student's list.
    """
    market = _market(preferences, priorities, capacities, tickets)
    ranks = {student: rank for rank, student in enumerate(market.students)}
    held = _held(assignment, market, ranks)
    # The first standing that a school would turn away; a school with a free place turns nobody away.
    bars = {
        school: max(standings, default=-1) if len(standings) >= capacities[school] else None
        for school, standings in held.items()
    }
    found: list[tuple[str, str]] = []
    for rank, student in enumerate(market.students):
        own = assignment.get(student)
        for school in market.lists[rank]:
            if school == own:
                break
            bar = bars[school]
            if bar is None or market.standing(rank, school) < bar:
                found.append((student, school))
    return sorted(found)


def _held(assignment: Mapping[str, str | None], market: _Market, ranks: Mapping[str, int]) -> dict[str, list[int]]:
    held: dict[str, list[int]] = {school: [] for school in market.capacities}
    for student, school in assignment.items():
        place = f"assignment.{student}"
        if student not in ranks:
            raise UnknownEntry(place, "不是参加录取的学生", "is no student of this match")
        if school is None:
            continue
        if school not in market.lists[ranks[student]]:
            raise BadShape(place, f"{school} 不在该生志愿中", f"{school} is not on the student's list")
        held[school].append(market.standing(ranks[student], school))
        if len(held[school]) > market.capacities[school]:
            raise BadShape(place, f"{school} 超出计划数", f"{school} is over its capacity")
    return held


def _market(preferences: Preferences, priorities: Priorities, capacities: Capacities, tickets: Tickets) -> _Market:
    _check_capacities(capacities)
    _check_lists(preferences, capacities)
    missing = next((student for student in preferences if student not in tickets), None)
    if missing is not None:
        raise UnknownEntry(f"tickets.{missing}", "该生没有抽签号", "the student has no ticket")
    students = sorted(preferences, key=tickets.__getitem__)
    for one, other in pairwise(students):
        if tickets[one] == tickets[other]:
            raise Duplicate(f"tickets.{other}", f"与 {one} 的抽签号相同", f"is the same as the ticket of {one}")
    last_class = _last_class(priorities, preferences, capacities)
    return _Market(students, [preferences[each] for each in students], priorities, capacities, last_class)


def _check_capacities(capacities: Capacities) -> None:
    for school, places in capacities.items():
        if not isinstance(places, int) or isinstance(places, bool) or places < 0:
            raise BadShape(
                f"capacities.{school}", "计划数应为不小于 0 的整数", "must be a whole number of places from 0"
            )


def _check_lists(preferences: Preferences, capacities: Capacities) -> None:
    known = frozenset(capacities)
    for student, schools in preferences.items():
        listed = set(schools)
        if len(listed) != len(schools):
            twice = next(each for each in schools if list(schools).count(each) > 1)
            raise Duplicate(f"preferences.{student}", f"志愿中 {twice} 重复", f"{twice} stands twice in the list")
        if not listed <= known:
            odd = next(each for each in schools if each not in known)
            raise UnknownEntry(
                f"preferences.{student}", f"没有学校 {odd} 的计划数", f"there is no school {odd} with a capacity"
            )


def _last_class(priorities: Priorities, preferences: Preferences, capacities: Capacities) -> int:
    """One more than the last class of any school: the class of those who have none."""
    last = 0
    for school, classes in priorities.items():
        if school not in capacities:
            raise UnknownEntry(f"priorities.{school}", "没有该校的计划数", "there is no school with that capacity")
        if not classes.keys() <= preferences.keys():
            nobody = next(each for each in classes if each not in preferences)
            raise UnknownEntry(f"priorities.{school}.{nobody}", "不是参加录取的学生", "is no student of this match")
        own = classes.values()
        # A truth value is an integer to Python; here it is a mistake.
        if set(map(type, own)) - {int} or min(own, default=0) < 0:
            wrong = next(each for each in classes if type(classes[each]) is not int or classes[each] < 0)
            raise BadShape(f"priorities.{school}.{wrong}", "优先级应为不小于 0 的整数", "must be a class from 0")
        last = max(last, max(own, default=-1) + 1)
    return last
