"""Who sees what, the matrix, the holes, the figures of the live answer."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from qingqu.deployments import operations, queries
from qingqu.deployments.models import Assignment, Evidence, Measure
from qingqu.deployments.types import Hole, Pillar, State
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.org import operations as org
from qingqu.kernel.org.models import Appointment
from qingqu.kernel.org.types import Role
from tests.deployments.places import AT, District, make_directive, make_measure, post_of, put_on
from tests.factories import actor, seat

pytestmark = pytest.mark.django_db
ON = AT.date()


class TestVisible:
    def test_shows_an_internal_directive_to_the_district_and_to_those_it_reached(self):
        district = District()
        directive = make_directive(district.root, is_public=False)
        put_on(make_measure(directive), district.schools[:1])

        here, there = (actor(person) for person in district.principals)

        assert list(queries.visible(actor(district.office))) == [directive]
        assert list(queries.visible(here)) == [directive]
        assert list(queries.visible(there)) == []
        assert list(queries.public_directives()) == []
        assert queries.directive_public(directive.pk) is None

    def test_finds_by_text_only_what_may_be_seen(self):
        district = District()
        make_directive(district.root, "D1", title="公开的廉政部署")
        make_directive(district.root, "D2", title="内部的廉政部署", is_public=False)

        assert queries.found_directives("廉政", actor=None).total == 1
        assert queries.found_directives("廉政", actor=actor(district.office)).total == 2
        assert queries.found_directives("廉政", actor=actor(district.principals[0])).total == 1

    def test_sends_the_public_to_the_public_page(self):
        district = District()
        public = make_directive(district.root, "D1", title="廉政部署")
        internal = make_directive(district.root, "D2", title="廉政部署", is_public=False)

        hits = queries.found_directives("廉政", actor=actor(district.office)).rows

        assert {hit.url for hit in hits} == {f"/directives/{public.pk}/", f"/deployments/{internal.pk}/"}

    def test_finds_a_directive_by_its_measures(self):
        district = District()
        directive = make_directive(district.root)
        make_measure(directive, name="廉政风险防控")

        assert [hit.subject_id for hit in queries.found_directives("风险防控", actor=None).rows] == [str(directive.pk)]

    def test_keeps_references_apart_from_our_own(self):
        district = District()
        own = make_directive(district.root, "D1")
        reference = make_directive(
            district.root, "R1", is_external_reference=True, source_url="https://example.org/meeting"
        )

        assert list(queries.public_directives()) == [own]
        assert list(queries.external_references()) == [reference]


class TestMatrix:
    def test_has_a_cell_a_unit_and_measure_in_one_query(self):
        district = District(schools=3)
        directive = make_directive(district.root)
        first, second = make_measure(directive, "A", order=1), make_measure(directive, "B", order=2)
        row = put_on(first, district.schools[:2])[0]
        operations.accept(assignment=row, at=AT, actor=actor(district.principals[0]))
        Duty.objects.filter(pk=row.duty_id).update(due_on=ON - timedelta(days=1), start_on=ON - timedelta(days=9))
        units = list(queries.units_of(directive, actor(district.leader)))

        with CaptureQueriesContext(connection) as spent:
            rows = queries.matrix([first, second], units, on=ON)

        assert len(spent) == 1
        assert [row.unit_name for row in rows] == ["第0小学", "第1小学", "第2小学"]
        assert [(cell.state, cell.is_overdue) for cell in rows[0].cells] == [(State.ACCEPTED, True), (None, False)]
        assert [cell.state for cell in rows[1].cells] == [State.PENDING, None]
        assert [cell.state for cell in rows[2].cells] == [None, None]

    def test_shows_a_school_its_own_row(self):
        district = District(schools=3)
        directive = make_directive(district.root)
        put_on(make_measure(directive), district.schools)

        assert list(queries.units_of(directive, actor(district.principals[1]))) == [district.schools[1]]


class TestPillarSummary:
    def test_counts_units_by_state_overdue_and_evidence(self):
        district = District(schools=4)
        directive = make_directive(district.root)
        measure = make_measure(directive, kinds=["rectification.closed"], target_effect="规范权力运行")
        rows = put_on(measure, district.schools)
        operations.accept(assignment=rows[0], at=AT, actor=actor(district.principals[0]))
        teacher = seat(Role.TEACHER, district.schools[1])
        operations.decompose(assignment=rows[1], posts=[post_of(teacher)], at=AT, actor=actor(district.principals[1]))
        Duty.objects.filter(pk=rows[2].duty_id).update(due_on=ON - timedelta(days=1), start_on=ON - timedelta(days=9))
        for moment in (AT, AT + timedelta(days=2)):
            operations.link_evidence(
                measure_key="M1",
                unit=district.schools[0],
                subject_kind="x",
                subject_id=moment.day,
                title="记录",
                url="",
                at=moment,
            )

        summary = queries.pillar_summary(on=ON)
        found = summary[1].measures[0]

        assert [pillar.pillar for pillar in summary] == list(Pillar)
        assert (found.units, found.pending, found.accepted, found.decomposed, found.done) == (4, 2, 1, 1, 0)
        assert (found.overdue, found.evidence, found.evidence_on) == (1, 2, date(2026, 9, 26))
        assert summary[1].target_effect == "规范权力运行"
        assert queries.assignment_rows(on=ON, measure_ids=[measure.pk]).count() == found.units
        assert queries.assignment_rows(on=ON, measure_ids=[measure.pk], state="OVERDUE").count() == found.overdue
        assert queries.evidence_rows(measure_ids=[measure.pk]).count() == found.evidence

    @pytest.mark.parametrize("schools", [2, 12])
    def test_costs_three_queries_whatever_the_records(self, schools):
        district = District(schools=schools)
        directive = make_directive(district.root)
        for number in range(schools):
            put_on(make_measure(directive, f"M{number}", order=number + 1), district.schools)

        with CaptureQueriesContext(connection) as spent:
            queries.pillar_summary(on=ON)

        assert len(spent) == 3

    def test_leaves_internal_directives_and_references_out(self):
        district = District()
        make_measure(make_directive(district.root, is_public=False))

        assert all(not pillar.measures for pillar in queries.pillar_summary(on=ON))


class TestHoles(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        plan=st.lists(
            st.tuples(st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["none", "pending", "accepted"])),
            min_size=1,
            max_size=5,
        ),
        is_seated=st.booleans(),
    )
    def test_lists_exactly_the_planted_holes(self, plan, is_seated):
        district = District(schools=1)
        directive = make_directive(district.root)
        wanted = {hole: set() for hole in Hole}
        for number, (has_owner, has_dates, has_evidence, taken) in enumerate(plan, start=1):
            measure = make_measure(
                directive,
                f"M{number}",
                order=number,
                owner_id=post_of(district.office).pk if has_owner else None,
                starts_on=date(2026, 9, 1) if has_dates else None,
            )
            plant(measure, district, has_evidence=has_evidence, taken=taken)
            for hole, is_there in (
                (Hole.NO_OWNER, not has_owner),
                (Hole.NO_DATE, not has_dates),
                (Hole.NO_EVIDENCE, not has_evidence),
                (Hole.NOT_CASCADED, taken == "none"),
                (Hole.NOT_TAKEN, taken == "pending"),
                (Hole.EMPTY_SEAT, taken != "none" and not is_seated),
            ):
                wanted[hole] |= {measure.key} if is_there else set()
        if not is_seated:
            appointment = Appointment.objects.get(person=district.principals[0])
            org.end_appointment(appointment=appointment, ends_on=date(2026, 9, 23), at=AT)
        reader = actor(district.leader)

        found = {hole: {key_of(row) for row in queries.hole_rows(hole, reader)} for hole in Hole}

        assert found == wanted
        assert {item.hole: item.count for item in queries.hole_counts(reader)} == {
            hole: len(keys) for hole, keys in wanted.items()
        }


def plant(measure, district, *, has_evidence, taken):
    """Give a measure what its plan says."""
    if taken != "none":
        row = put_on(measure, district.schools)[0]
        if taken == "accepted":
            operations.accept(assignment=row, at=AT, actor=actor(district.principals[0]))
    if has_evidence:
        operations.link_evidence(
            measure_key=measure.key,
            unit=district.root,
            subject_kind="x",
            subject_id=1,
            title="记录",
            url="",
            at=AT,
        )


def key_of(row):
    """The measure's key of a hole's row."""
    return row.key if isinstance(row, Measure) else row.measure.key


class TestScope:
    def test_shows_a_principal_no_assignment_or_evidence_of_the_neighbour(self):
        district = District()
        measure = make_measure(make_directive(district.root))
        mine, theirs = put_on(measure, district.schools)
        for school in district.schools:
            operations.link_evidence(
                measure_key="M1", unit=school, subject_kind="x", subject_id=1, title="记录", url="", at=AT
            )
        reader = actor(district.principals[0])

        assert list(queries.tree(measure, reader)) == [mine]
        assert queries.by_natural_id(reader, measure.pk, theirs.post_id) is None
        assert [row.unit for row in queries.evidence_within(measure, reader)] == [district.schools[0]]
        assert list(queries.hole_rows(Hole.NOT_TAKEN, reader)) == [mine]
        assert Assignment.objects.count() == Evidence.objects.count() == 2
