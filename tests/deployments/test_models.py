"""The database guards the spine, from the ORM and from raw SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from qingqu.deployments.models import Assignment, Directive, Evidence, Measure
from qingqu.deployments.types import State
from tests.deployments.places import AT, District, make_directive, make_measure, put_on

pytestmark = pytest.mark.django_db


def row_of(district):
    """One assignment."""
    return put_on(make_measure(make_directive(district.root)), district.schools[:1])[0]


def refuses(statement, *values):
    """The database refuses the statement."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


class TestAssignment:
    def test_has_exactly_one_accountable_post_a_unit(self):
        district = District()
        row = row_of(district)
        other = put_on(row.measure, district.schools[1:])[0]

        refuses("UPDATE deployments_assignment SET post_id = NULL WHERE id = %s", row.pk)
        refuses("UPDATE deployments_assignment SET unit_id = %s WHERE id = %s", row.unit_id, other.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.filter(pk=other.pk).update(unit=row.unit)

    def test_gives_a_post_a_measure_once(self):
        district = District()
        row = row_of(district)
        other = put_on(row.measure, district.schools[1:])[0]

        refuses("UPDATE deployments_assignment SET post_id = %s WHERE id = %s", row.post_id, other.pk)

    @pytest.mark.parametrize("column", ["accepted", "decomposed", "done"])
    def test_keeps_moment_and_person_together(self, column):
        district = District()
        row = row_of(district)

        moment, person = f"{column}_at", f"{column}_by_id"
        change = "UPDATE deployments_assignment SET {} = %s WHERE id = %s"
        refuses(change.format(moment), "2026-09-24 01:00:00+00", row.pk)
        refuses(change.format(person), district.principals[0].pk, row.pk)

    @pytest.mark.parametrize("state", [State.ACCEPTED, State.DECOMPOSED, State.DONE, "ELSEWHERE"])
    def test_has_no_state_without_its_act(self, state):
        row = row_of(District())

        refuses("UPDATE deployments_assignment SET state = %s WHERE id = %s", str(state), row.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.filter(pk=row.pk).update(state=state)

    def test_has_a_parent_when_it_is_a_share(self):
        row = row_of(District())

        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.filter(pk=row.pk).update(is_share=True)


class TestMeasure:
    def test_keeps_order_dates_and_pillar(self):
        directive = make_directive(District().root)
        first, second = make_measure(directive, "A", order=1), make_measure(directive, "B", order=2)

        refuses('UPDATE deployments_measure SET "order" = 1 WHERE id = %s', second.pk)
        refuses("UPDATE deployments_measure SET starts_on = '2027-01-01' WHERE id = %s", first.pk)
        refuses("UPDATE deployments_measure SET pillar = 'OTHER' WHERE id = %s", first.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            Measure.objects.filter(pk=second.pk).update(key="A")


class TestDirective:
    def test_names_the_source_of_a_reference(self):
        directive = make_directive(District().root)

        with pytest.raises(IntegrityError), transaction.atomic():
            Directive.objects.filter(pk=directive.pk).update(is_external_reference=True)


class TestEvidence:
    def test_links_an_event_and_a_subject_once(self):
        district = District()
        measure = make_measure(make_directive(district.root))
        common = {"measure": measure, "unit": district.root, "subject_kind": "x", "subject_id": "1", "at": AT}
        Evidence.objects.create(title="甲", event_id=1, **common)
        Evidence.objects.create(title="乙", **common)

        for event_id in (1, None):
            with pytest.raises(IntegrityError), transaction.atomic():
                Evidence.objects.create(title="丙", event_id=event_id, **common)
