"""The one scope condition, dated posts, and what the database itself refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from qingqu.kernel.org import operations, queries, rules
from qingqu.kernel.org.models import Appointment, Person, Unit
from qingqu.kernel.org.operations import BadAppointment, BadTree
from qingqu.kernel.org.types import Actor, Grant, Right, Role
from tests.factories import AT, actor, make_person, make_post, make_unit, seat

ON = date(2026, 9, 24)


@pytest.mark.django_db
class TestScoped:
    def test_gives_the_units_own_rows_and_those_below_and_no_neighbours(self) -> None:
        root = make_unit()
        school, neighbour = (make_unit(name, parent=root, kind="PRIMARY") for name in ("一小", "二小"))
        grade = make_unit("一年级", parent=school, kind="DEPARTMENT")
        head = seat(Role.PRINCIPAL, school)
        people = [make_person(unit) for unit in (root, school, grade, neighbour)]
        found = queries.scoped(Person.objects.all(), actor(head), Right.VIEW_UNIT)
        assert set(found) == {head, people[1], people[2]}

    def test_is_never_fooled_by_ids_that_begin_alike(self) -> None:
        root = make_unit()
        units = [make_unit(parent=root, kind="PRIMARY") for _number in range(12)]
        first = units[0]
        alike = Unit.objects.create(pk=int(f"{first.pk}0"), code="alike", name="相似", kind="PRIMARY", parent=root)
        alike.path = f"{root.path}{alike.pk}/"
        alike.save()
        head = seat(Role.PRINCIPAL, first)
        assert list(queries.units_within(actor(head), Right.VIEW_UNIT)) == [first]

    def test_adds_no_condition_for_a_right_over_the_whole_tree(self) -> None:
        root = make_unit()
        rows = Person.objects.all()
        assert queries.scoped(rows, actor(seat(Role.DISCIPLINE, root)), Right.VIEW_UNIT) is rows

    def test_gives_nothing_to_whom_the_right_is_not_given(self) -> None:
        root = make_unit()
        make_person(root)
        assert not queries.scoped(Person.objects.all(), actor(seat(Role.TEACHER, root)), Right.VIEW_UNIT).exists()

    @pytest.mark.parametrize(
        ("on", "sees"),
        [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2026, 9, 30), True), (date(2026, 10, 1), False)],
    )
    def test_follows_the_days_of_the_post(self, on: date, sees: bool) -> None:
        school = make_unit("一小", parent=make_unit(), kind="PRIMARY")
        person = make_person(school)
        post = make_post(Role.PRINCIPAL, school)
        Appointment.objects.create(post=post, person=person, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 30))
        then = AT.replace(year=on.year, month=on.month, day=on.day)
        assert queries.scoped(Person.objects.all(), actor(person, at=then), Right.VIEW_UNIT).exists() is sees

    def test_is_one_condition_whatever_the_number_of_posts(self, django_assert_num_queries) -> None:
        root = make_unit()
        person = make_person(root)
        for _number in range(5):
            school = make_unit(parent=root, kind="PRIMARY")
            operations.appoint(post=make_post(Role.PRINCIPAL, school), person=person, starts_on=ON, at=AT)
        asking = actor(person)
        with django_assert_num_queries(1):
            list(queries.scoped(Person.objects.all(), asking, Right.VIEW_UNIT))


PATHS = st.lists(st.integers(1, 30), min_size=1, max_size=4).map(lambda ids: "/" + "".join(f"{pk}/" for pk in ids))


@pytest.mark.django_db
class TestEither:
    @pytest.mark.parametrize("place", ["root", "school", "elsewhere"])
    def test_gives_the_rows_that_meet_one_of_the_conditions(self, place: str) -> None:
        root = make_unit()
        places = {"root": root, "school": make_unit("甲校", parent=root), "elsewhere": make_unit("乙校", parent=root)}
        people = [make_person(unit, name) for unit in places.values() for name in ("甲", "乙")]
        who = actor(seat(Role.PRINCIPAL, places[place], "丙"))
        conditions = (Q(pk=people[0].pk), queries.within(who, Right.VIEW_UNIT) & Q(name="甲"))
        found = queries.either(Person.objects.exclude(name="丙"), who, Right.VIEW_UNIT, *conditions)
        assert set(found) == set(Person.objects.filter(conditions[0] | conditions[1]))

    @pytest.mark.parametrize("place", ["root", "school"])
    def test_is_cut_to_a_value_by_index_or_by_looking(self, place: str) -> None:
        root = make_unit()
        places = {"root": root, "school": make_unit("甲校", parent=root)}
        who = actor(seat(Role.PRINCIPAL, places[place], "丙"))
        wanted = make_person(places["school"], "甲")
        make_person(places["school"], "乙")
        rows = queries.cut(Person.objects.all(), who, Right.VIEW_UNIT, "name", "甲")
        assert list(queries.either(rows, who, Right.VIEW_UNIT, queries.within(who, Right.VIEW_UNIT))) == [wanted]


class TestPrefixes:
    @given(held=st.lists(PATHS, max_size=6), asked=PATHS)
    def test_cover_exactly_what_the_posts_cover(self, held: list[str], asked: str) -> None:
        grants = tuple(Grant(1, "岗", Role.PRINCIPAL, 1, path) for path in held)
        asking = Actor(1, "某", AT, ON, grants)
        covered = any(asked.startswith(path) for path in held)
        assert rules.may_in(asking, Right.VIEW_UNIT, asked) is covered
        kept = rules.prefixes(asking, Right.VIEW_UNIT)
        assert not [one for one in kept for other in kept if one != other and one.startswith(other)]


@pytest.mark.django_db
class TestOneHolder:
    def test_is_kept_by_the_database_against_the_orm(self) -> None:
        post = seat(Role.PRINCIPAL, make_unit()).appointments.get().post
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.create(post=post, person=make_person(post.unit), starts_on=date(2026, 1, 1))

    @pytest.mark.parametrize(
        ("starts_on", "ends_on"),
        [
            ("2024-01-01", "2024-01-01"),
            ("2023-01-01", "2024-01-01"),
            ("2026-12-31", None),
            ("2020-01-01", "2030-01-01"),
        ],
    )
    def test_is_kept_by_the_database_against_raw_sql(self, starts_on: str, ends_on: str | None) -> None:
        holder = seat(Role.PRINCIPAL, make_unit())
        held = holder.appointments.get()
        Appointment.objects.filter(pk=held.pk).update(ends_on=date(2026, 12, 31))
        statement = "INSERT INTO org_appointment (post_id, person_id, starts_on, ends_on) VALUES (%s, %s, %s, %s)"
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [held.post_id, make_person(held.post.unit).pk, starts_on, ends_on])

    def test_is_kept_when_an_end_is_moved_over_the_next_holder(self) -> None:
        post = seat(Role.PRINCIPAL, make_unit()).appointments.get().post
        operations.appoint(post=post, person=make_person(post.unit), starts_on=date(2026, 5, 1), at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.filter(post=post, ends_on__isnull=False).update(ends_on=date(2026, 5, 1))

    def test_lets_one_follow_the_other_on_the_next_day(self) -> None:
        post = seat(Role.PRINCIPAL, make_unit()).appointments.get().post
        operations.appoint(post=post, person=make_person(post.unit), starts_on=date(2026, 5, 1), at=AT)
        assert Appointment.objects.filter(post=post, ends_on=date(2026, 4, 30)).exists()


@pytest.mark.django_db
class TestAppoint:
    def test_refuses_a_day_before_an_appointment_already_made(self) -> None:
        post = seat(Role.PRINCIPAL, make_unit()).appointments.get().post
        operations.appoint(post=post, person=make_person(post.unit), starts_on=date(2027, 1, 1), at=AT)
        with pytest.raises(BadAppointment):
            operations.appoint(post=post, person=make_person(post.unit), starts_on=date(2026, 12, 1), at=AT)

    def test_refuses_a_closed_post_a_leaver_and_the_present_holder(self) -> None:
        root = make_unit()
        holder = seat(Role.PRINCIPAL, root)
        post, leaver = holder.appointments.get().post, make_person(root)
        leaver.left_on = date(2026, 1, 1)
        shut = make_post(Role.PRINCIPAL, root)
        shut.closed_on = date(2026, 1, 1)
        shut.save()
        for target, person in ((post, holder), (post, leaver), (shut, make_person(root))):
            with pytest.raises(BadAppointment):
                operations.appoint(post=target, person=person, starts_on=ON, at=AT)

    def test_keeps_who_held_the_post_when(self) -> None:
        first = seat(Role.PRINCIPAL, make_unit())
        post = first.appointments.get().post
        second = make_person(post.unit)
        operations.appoint(post=post, person=second, starts_on=date(2026, 5, 1), at=AT)
        last = post.appointments.get(person=second)
        operations.end_appointment(appointment=last, ends_on=date(2026, 6, 30), at=AT)
        days = (date(2023, 12, 31), date(2026, 4, 30), date(2026, 5, 1), date(2026, 6, 30), date(2026, 7, 1))
        assert [queries.holder_of(post, on=day) for day in days] == [None, first, second, second, None]
        assert [row.person for row in queries.history_of(post)] == [second, first]
        assert not queries.held_between(second.pk, since=date(2026, 7, 1), until=ON).exists()

    def test_ends_nothing_before_it_began_and_prolongs_nothing(self) -> None:
        held = seat(Role.PRINCIPAL, make_unit(), since=date(2026, 1, 1)).appointments.get()
        with pytest.raises(BadAppointment):
            operations.end_appointment(appointment=held, ends_on=date(2025, 12, 31), at=AT)
        operations.end_appointment(appointment=held, ends_on=date(2026, 3, 1), at=AT)
        with pytest.raises(BadAppointment):
            operations.end_appointment(appointment=held, ends_on=date(2026, 3, 2), at=AT)

    def test_withdraws_only_what_has_not_begun(self) -> None:
        held = seat(Role.PRINCIPAL, make_unit(), since=ON).appointments.get()
        with pytest.raises(BadAppointment):
            operations.withdraw_appointment(appointment=held, on=ON, at=AT)


@pytest.mark.django_db
class TestTree:
    def test_refuses_a_unit_below_itself_and_below_a_closed_one(self) -> None:
        root = make_unit()
        school = make_unit(parent=root, kind="PRIMARY")
        grade = make_unit(parent=school, kind="DEPARTMENT")
        for target in (grade, school):
            with pytest.raises(BadTree):
                operations.move_unit(unit=school, parent=target, at=AT)
        operations.close_unit(unit=grade, closed_on=ON, at=AT)
        with pytest.raises(BadTree):
            make_unit(parent=grade)

    def test_closes_no_unit_with_open_units_or_people_in_its_posts(self) -> None:
        school = make_unit(parent=make_unit(), kind="PRIMARY")
        grade = make_unit(parent=school, kind="DEPARTMENT")
        with pytest.raises(BadTree):
            operations.close_unit(unit=school, closed_on=ON, at=AT)
        seat(Role.TEACHER, grade)
        with pytest.raises(BadTree):
            operations.close_unit(unit=grade, closed_on=ON, at=AT)

    def test_moves_everything_below_in_the_same_statement(self) -> None:
        root = make_unit()
        one, two = make_unit(parent=root), make_unit(parent=root)
        leaf = make_unit(parent=make_unit(parent=one))
        operations.move_unit(unit=one, parent=two, at=AT)
        leaf.refresh_from_db()
        assert leaf.path == f"{two.path}{one.pk}/{leaf.parent_id}/{leaf.pk}/"

    def test_keeps_every_path_when_an_operation_fails_halfway(self) -> None:
        root = make_unit()
        one, two = make_unit(parent=root), make_unit(parent=root)
        before = dict(Unit.objects.values_list("pk", "path"))
        operations.close_unit(unit=two, closed_on=ON, at=AT)
        with pytest.raises(BadTree):
            operations.move_unit(unit=one, parent=two, at=AT)
        assert dict(Unit.objects.values_list("pk", "path")) == before
