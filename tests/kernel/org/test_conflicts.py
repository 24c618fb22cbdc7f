"""Who may touch a matter, and who is next above."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.kernel.org import rules
from qingqu.kernel.org.models import Person, Relationship
from qingqu.kernel.org.queries import may_touch, obstacle_words
from qingqu.kernel.org.types import HeldPost, Matter, Obstacle, Role, Standing, Tie
from tests.factories import make_person, make_unit, seat

ON = date(2026, 9, 24)


def relate(
    person: Person, other: object, kind: str = "SPOUSE", *, since: date | None = None, until: date | None = None
) -> Relationship:
    """Declare a relationship with a person or, given text, with a supplier."""
    is_person = isinstance(other, Person)
    return Relationship.objects.create(
        person=person,
        other_kind="PERSON" if is_person else "SUPPLIER",
        other_id=str(other.pk) if is_person else str(other),
        kind=kind,
        declared_on=ON,
        starts_on=since,
        ends_on=until,
    )


@pytest.mark.django_db
class TestMayTouch:
    def test_lets_a_person_without_any_tie_handle_the_matter(self) -> None:
        root = make_unit()
        school = make_unit("一小", parent=root, kind="PRIMARY")
        desk = seat(Role.DISCIPLINE, root)
        touch = may_touch(desk.pk, unit=school, about=[make_person(school).pk], suppliers=["91X"], on=ON)
        assert touch.allowed
        assert touch.reasons == ()
        assert touch.next_above is None

    def test_refuses_a_matter_about_oneself_and_names_the_other_desk(self) -> None:
        root = make_unit()
        desk, colleague, leader = seat(Role.DISCIPLINE, root), seat(Role.DISCIPLINE, root), seat(Role.LEADER, root)
        touch = may_touch(desk.pk, unit=root, about=[desk.pk], on=ON)
        assert touch.reasons == (Obstacle.SELF,)
        assert touch.next_above.appointments.get().person == colleague
        assert leader != colleague

    def test_refuses_a_matter_about_the_head_of_the_own_school_and_passes_it_to_the_district(self) -> None:
        root = make_unit()
        school = make_unit("一小", parent=root, kind="PRIMARY")
        secretary, principal = seat(Role.SECRETARY, school), seat(Role.PRINCIPAL, school)
        desk = seat(Role.DISCIPLINE, root)
        touch = may_touch(secretary.pk, unit=school, about=[principal.pk], on=ON)
        assert touch.reasons == (Obstacle.UNIT_HEAD,)
        assert touch.next_above.appointments.get().person == desk

    def test_lets_the_district_handle_a_matter_about_a_principal(self) -> None:
        root = make_unit()
        school = make_unit("一小", parent=root, kind="PRIMARY")
        principal = seat(Role.PRINCIPAL, school)
        assert may_touch(seat(Role.DISCIPLINE, root).pk, unit=school, about=[principal.pk], on=ON).allowed

    def test_lets_a_neighbour_school_handle_a_matter_about_a_principal(self) -> None:
        root = make_unit()
        school, neighbour = (make_unit(name, parent=root, kind="PRIMARY") for name in ("一小", "二小"))
        principal = seat(Role.PRINCIPAL, school)
        assert may_touch(seat(Role.PRINCIPAL, neighbour).pk, unit=neighbour, about=[principal.pk], on=ON).allowed

    def test_has_nobody_above_when_the_matter_is_about_the_head_of_the_district(self) -> None:
        root = make_unit()
        desk, leader = seat(Role.DISCIPLINE, root), seat(Role.LEADER, root)
        touch = may_touch(desk.pk, unit=root, about=[leader.pk], on=ON)
        assert touch.reasons == (Obstacle.UNIT_HEAD,)
        assert touch.next_above is None

    @pytest.mark.parametrize("declared_by_handler", [True, False])
    def test_reads_kin_from_both_ends(self, declared_by_handler) -> None:
        root = make_unit()
        desk, accused = seat(Role.DISCIPLINE, root), make_person(root)
        relate(*((desk, accused) if declared_by_handler else (accused, desk)))
        assert may_touch(desk.pk, unit=root, about=[accused.pk], on=ON).reasons == (Obstacle.KIN,)

    @pytest.mark.parametrize(
        ("since", "until", "is_kin"),
        [
            (None, None, True),
            (ON, ON, True),
            (date(2026, 9, 25), None, False),
            (None, date(2026, 9, 23), False),
        ],
    )
    def test_counts_a_relationship_on_its_days_only(self, since, until, is_kin) -> None:
        root = make_unit()
        desk, accused = seat(Role.DISCIPLINE, root), make_person(root)
        relate(desk, accused, since=since, until=until)
        assert may_touch(desk.pk, unit=root, about=[accused.pk], on=ON).allowed is not is_kin

    def test_refuses_a_matter_about_an_own_supplier_and_about_one_of_the_kin(self) -> None:
        root = make_unit()
        desk, brother = seat(Role.DISCIPLINE, root), make_person(root)
        relate(desk, "OWN", "SHARES")
        relate(desk, brother, "COLLATERAL")
        relate(brother, "KIN", "SHARES")
        assert may_touch(desk.pk, unit=root, suppliers=["OWN"], on=ON).reasons == (Obstacle.SUPPLIER,)
        assert may_touch(desk.pk, unit=root, suppliers=["KIN"], on=ON).reasons == (Obstacle.SUPPLIER,)
        assert may_touch(desk.pk, unit=root, suppliers=["OTHER"], on=ON).allowed

    def test_refuses_an_own_earlier_act_and_skips_an_obstructed_colleague(self) -> None:
        root = make_unit()
        desk, colleague, third = (seat(Role.DISCIPLINE, root) for _ in range(3))
        touch = may_touch(desk.pk, unit=root, own_acts=[desk.pk, colleague.pk], on=ON)
        assert touch.reasons == (Obstacle.OWN_ACT,)
        assert touch.next_above.appointments.get().person == third

    def test_skips_a_post_that_is_empty_that_day(self) -> None:
        root = make_unit()
        desk = seat(Role.DISCIPLINE, root)
        seat(Role.LEADER, root, since=date(2026, 12, 1))
        assert may_touch(desk.pk, unit=root, about=[desk.pk], on=ON).next_above is None

    def test_asks_at_most_four_queries_whatever_is_asked(self, django_assert_max_num_queries) -> None:
        root = make_unit()
        school = make_unit("一小", parent=root, kind="PRIMARY")
        desk = seat(Role.DISCIPLINE, root)
        about = [seat(Role.PRINCIPAL, school).pk for _ in range(30)]
        for someone in about:
            relate(Person.objects.get(pk=someone), desk)
        with django_assert_max_num_queries(4):
            assert not may_touch(desk.pk, unit=school, about=about, suppliers=map(str, range(50)), on=ON).allowed

    def test_answers_for_a_person_who_holds_no_post(self, django_assert_max_num_queries) -> None:
        root = make_unit()
        leader, teacher = seat(Role.LEADER, root), make_person(root)
        with django_assert_max_num_queries(4):
            assert may_touch(teacher.pk, unit=root, about=[leader.pk], on=ON).reasons == (Obstacle.UNIT_HEAD,)


def test_every_reason_has_its_words() -> None:
    assert all(obstacle_words(reason).endswith("。") for reason in Obstacle)


PEOPLE = st.integers(1, 6)
PATHS = st.sampled_from(["/1/", "/1/2/", "/1/3/", "/1/2/4/"])
HELD = st.lists(
    st.builds(HeldPost, st.integers(1, 50), PEOPLE, st.sampled_from(Role), PATHS),
    max_size=12,
    unique_by=lambda post: post.post_id,
)
TIES = st.lists(
    st.one_of(
        st.builds(Tie, PEOPLE, st.just("PERSON"), PEOPLE.map(str)),
        st.builds(Tie, PEOPLE, st.just("SUPPLIER"), st.sampled_from("AB")),
    ),
    max_size=8,
).map(tuple)
SETS = st.frozensets(PEOPLE, max_size=3)


class TestRules:
    @given(held=HELD, ties=TIES, about=SETS, acts=SETS, suppliers=st.frozensets(st.sampled_from("AB")), unit_path=PATHS)
    def test_never_pass_a_matter_to_somebody_with_an_obstacle(
        self, held, ties, about, acts, suppliers, unit_path
    ) -> None:
        standings = {
            person: Standing(
                person, frozenset(post.unit_path for post in held if post.person_id == person) or frozenset({"/1/"})
            )
            for person in range(1, 7)
        }
        matter = Matter(about, suppliers, acts, rules.heads(held, about))
        above = rules.next_above(standings[1], unit_path, held, standings, matter, ties)
        if above is None:
            level = {post.unit_path for post in held if post.person_id == 1 and unit_path.startswith(post.unit_path)}
            top = max(level, key=len, default=unit_path)
            free = [
                post
                for post in held
                if post.role in rules.SUPERVISORS
                and post.person_id != 1
                and top.startswith(post.unit_path)
                and not rules.obstacles(standings[post.person_id], matter, ties)
            ]
            assert free == []
            return
        assert above.person_id not in about | acts | {1}
        assert unit_path.startswith(above.unit_path)
        assert rules.obstacles(standings[above.person_id], matter, ties) == ()

    @given(ties=TIES, first=PEOPLE, second=PEOPLE)
    def test_read_kin_alike_from_both_ends(self, ties, first, second) -> None:
        assert (second in rules.kin_of(first, ties)) == (first in rules.kin_of(second, ties))

    @given(ties=TIES, extra=TIES, about=SETS, person=PEOPLE)
    def test_find_no_fewer_obstacles_when_more_is_declared(self, ties, extra, about, person) -> None:
        standing, matter = Standing(person, frozenset({"/1/"})), Matter(about)
        assert set(rules.obstacles(standing, matter, ties)) <= set(rules.obstacles(standing, matter, (*ties, *extra)))
