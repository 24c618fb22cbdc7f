"""Directives, cascade, acts and evidence."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from qingqu.deployments import operations, rules
from qingqu.deployments.models import Assignment, Evidence, Measure
from qingqu.deployments.types import State
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org.types import Role
from tests.deployments.places import AT, ENDS, District, make_directive, make_measure, make_post, post_of, put_on
from tests.factories import actor, make_unit, seat

pytestmark = pytest.mark.django_db


def happened(kind, unit, subject_id="9", **payload):
    """An event of a pillar."""
    with transaction.atomic():
        return ledger.record(
            kind,
            at=AT,
            subject_kind="rectification",
            subject_id=subject_id,
            unit_id=unit.pk if unit else "",
            payload=payload,
        )


class TestCreate:
    @pytest.mark.parametrize("missing", ["code", "title", "issuer", "issued_on"])
    def test_refuses_a_missing_field_by_name(self, missing):
        fields = {"code": "D1", "title": "部署", "issuer": "区教育工委", "issued_on": AT.date()}

        with pytest.raises(operations.BadDirective) as refused:
            operations.create(unit=make_unit(), fields={**fields, missing: ""}, at=AT)

        assert list(refused.value.fields) == [missing]

    def test_refuses_a_code_in_use(self):
        unit = make_unit()
        make_directive(unit)

        with pytest.raises(operations.BadDirective):
            make_directive(unit)

    @pytest.mark.parametrize("source", ["", "javascript:alert(1)", "ftp://x"])
    def test_refuses_a_reference_without_a_web_source(self, source):
        with pytest.raises(operations.BadDirective):
            make_directive(make_unit(), is_external_reference=True, source_url=source)

    def test_gives_an_external_reference_no_measures(self):
        directive = make_directive(make_unit(), is_external_reference=True, source_url="https://example.org/a")

        with pytest.raises(operations.BadDirective):
            make_measure(directive)


class TestPutMeasure:
    def test_changes_the_measure_with_the_same_key(self):
        directive = make_directive(make_unit())
        make_measure(directive, kinds=["lead.disposed"])

        make_measure(directive, name="改名", kinds=["rectification.closed"])

        measure = Measure.objects.get()
        assert measure.name == "改名"
        assert [kind.kind for kind in measure.kinds.all()] == ["rectification.closed"]

    @pytest.mark.parametrize(
        "changes",
        [{"name": ""}, {"starts_on": date(2027, 1, 1)}, {"kinds": ["no.such"]}, {"key": "M2"}],
    )
    def test_refuses_what_contradicts_itself(self, changes):
        directive = make_directive(make_unit())
        make_measure(directive)

        with pytest.raises(operations.BadDirective):
            make_measure(directive, **changes)


class TestCascade:
    def test_gives_each_unit_one_accountable_post_with_a_duty(self):
        district = District()
        measure = make_measure(make_directive(district.root))

        rows = put_on(measure, district.schools)

        assert [row.post for row in rows] == [post_of(person) for person in district.principals]
        assert {row.duty.due_on for row in rows} == {ENDS}
        assert Duty.objects.get(pk=rows[0].duty_id).subject_id == f"{measure.pk}-{rows[0].post_id}"

    def test_tells_apart_units_that_have_it_and_units_without_a_post(self):
        district = District()
        empty = make_unit("空校", parent=district.root, kind="PRIMARY")
        measure = make_measure(make_directive(district.root))
        put_on(measure, district.schools[:1])

        done = operations.cascade(measure=measure, units=[*district.schools, empty], at=AT)

        assert [row.unit_id for row in done.assignments] == [district.schools[1].pk]
        assert (done.already, done.without_post) == ((district.schools[0],), (empty,))

    def test_costs_at_most_fifteen_queries_for_a_hundred_schools(self):
        district = District(schools=0)
        schools = [make_unit(f"{number}校", parent=district.root, kind="PRIMARY") for number in range(100)]
        for school in schools:
            make_post(Role.PRINCIPAL, school)
        measure = make_measure(make_directive(district.root))

        with CaptureQueriesContext(connection) as spent:
            done = operations.cascade(measure=measure, units=schools, at=AT)

        assert len(done.assignments) == 100
        assert len(spent) <= 15

    def test_refuses_without_a_date_or_units(self):
        district = District()
        measure = make_measure(make_directive(district.root), ends_on=None)

        with pytest.raises(operations.NotReady):
            operations.cascade(measure=measure, units=district.schools, at=AT)
        with pytest.raises(operations.NotReady):
            operations.cascade(measure=measure, units=[], due_on=ENDS, at=AT)

    def test_can_be_put_on_a_unit_again_after_withdrawal(self):
        district = District()
        measure = make_measure(make_directive(district.root))
        row = put_on(measure, district.schools[:1])[0]

        operations.withdraw(assignment=row, ground="下达有误", at=AT, actor_id=1)

        assert Duty.objects.get(pk=row.duty_id).cancel_ground == "下达有误"
        assert len(put_on(measure, district.schools[:1])) == 1


class TestActs:
    def test_records_who_accepted(self):
        district = District()
        row = put_on(make_measure(make_directive(district.root)), district.schools[:1])[0]

        operations.accept(assignment=row, at=AT, actor=actor(district.principals[0]))

        row.refresh_from_db()
        assert (row.state, row.accepted_by, row.accepted_at) == (State.ACCEPTED, district.principals[0], AT)

    def test_is_the_holders_alone(self):
        district = District()
        row = put_on(make_measure(make_directive(district.root)), district.schools[:1])[0]

        for stranger in (district.principals[1], district.leader):
            with pytest.raises(operations.NotYours):
                operations.accept(assignment=row, at=AT, actor=actor(stranger))

    @pytest.mark.parametrize(("state", "act"), list(product(State, ("accept", "decompose", "complete"))))
    def test_follows_the_table_of_transitions(self, state, act):
        district = District()
        principal = district.principals[0]
        row = put_on(make_measure(make_directive(district.root)), district.schools[:1])[0]
        bring_to(row, state, principal)
        teacher_post = make_post(Role.TEACHER, district.schools[0])

        def do():
            if act == "decompose":
                operations.decompose(assignment=row, posts=[teacher_post], at=AT, actor=actor(principal))
            else:
                getattr(operations, act)(assignment=row, at=AT, actor=actor(principal))

        wanted = rules.next_state(state, act)
        if wanted is None:
            with pytest.raises(operations.NotNow):
                do()
        else:
            do()
            row.refresh_from_db()
            assert row.state == wanted


def bring_to(row, state, person):
    """Put an assignment into a state as its acts would."""
    stamp = {"at": AT, "by": person}
    done = {
        State.PENDING: (),
        State.ACCEPTED: ("accepted",),
        State.DECOMPOSED: ("decomposed",),
        State.DONE: ("accepted", "done"),
        State.WITHDRAWN: (),
    }[state]
    values = {f"{name}_{part}": value for name in done for part, value in stamp.items()}
    Assignment.objects.filter(pk=row.pk).update(state=state, **values)


class TestDecompose:
    def test_gives_parts_to_posts_of_the_unit_and_to_units_below(self):
        district = District()
        school = district.schools[0]
        department = make_unit("教务处", parent=school, kind="DEPARTMENT")
        inside, below = make_post(Role.TEACHER, school), make_post(Role.TEACHER, department)
        row = put_on(make_measure(make_directive(district.root)), [school])[0]

        parts = operations.decompose(assignment=row, posts=[inside, below], at=AT, actor=actor(district.principals[0]))

        assert [(part.unit_id, part.is_share, part.parent_id) for part in parts] == [
            (school.pk, True, row.pk),
            (department.pk, False, row.pk),
        ]
        assert {part.duty.due_on for part in parts} == {ENDS}

    def test_refuses_none_outsiders_and_posts_that_have_it(self):
        district = District()
        row = put_on(make_measure(make_directive(district.root)), district.schools[:1])[0]
        outsider = make_post(Role.TEACHER, district.schools[1])

        for posts in ([], [outsider], [row.post]):
            with pytest.raises(operations.NoShares):
                operations.decompose(assignment=row, posts=posts, at=AT, actor=actor(district.principals[0]))

    def test_keeps_one_accountable_post_a_unit_below(self):
        district = District()
        school = district.schools[0]
        department = make_unit("教务处", parent=school, kind="DEPARTMENT")
        posts = [make_post(Role.TEACHER, department), make_post(Role.TEACHER, department)]
        row = put_on(make_measure(make_directive(district.root)), [school])[0]

        with pytest.raises(operations.NoShares):
            operations.decompose(assignment=row, posts=posts, at=AT, actor=actor(district.principals[0]))


class TestComplete:
    def test_waits_for_the_parts(self):
        district = District()
        school, principal = district.schools[0], district.principals[0]
        teacher = seat(Role.TEACHER, school)
        row = put_on(make_measure(make_directive(district.root)), [school])[0]
        part = operations.decompose(assignment=row, posts=[post_of(teacher)], at=AT, actor=actor(principal))[0]

        with pytest.raises(operations.NotDoneBelow):
            operations.complete(assignment=row, at=AT, actor=actor(principal))
        operations.accept(assignment=part, at=AT, actor=actor(teacher))
        operations.complete(assignment=part, at=AT, actor=actor(teacher))
        operations.complete(assignment=row, at=AT, actor=actor(principal))

        assert Duty.objects.get(pk=row.duty_id).completed_by == str(principal.pk)

    def test_needs_evidence_where_the_measure_names_any(self):
        district = District()
        school, principal = district.schools[0], district.principals[0]
        row = put_on(make_measure(make_directive(district.root), kinds=["rectification.closed"]), [school])[0]
        operations.accept(assignment=row, at=AT, actor=actor(principal))

        with pytest.raises(operations.NotDoneBelow):
            operations.complete(assignment=row, at=AT, actor=actor(principal))
        happened("rectification.closed", school)

        assert operations.complete(assignment=row, at=AT, actor=actor(principal)).state == State.DONE


class TestLinkFromEvent:
    def test_credits_the_nearest_unit_above_that_has_the_measure(self):
        district = District()
        department = make_unit("总务处", parent=district.schools[0], kind="DEPARTMENT")
        measure = make_measure(make_directive(district.root), kinds=["rectification.closed"])
        row = put_on(measure, district.schools[:1])[0]

        event = happened("rectification.closed", department, url="/rectifications/9/")

        evidence = Evidence.objects.get()
        assert (evidence.assignment, evidence.unit, evidence.event_id) == (row, department, event.pk)
        assert evidence.url == "/rectifications/9/"

    def test_links_an_event_once_to_every_measure_that_asks(self):
        district = District()
        directive = make_directive(district.root)
        make_measure(directive, "A", order=1, kinds=["rectification.closed"])
        make_measure(directive, "B", order=2, kinds=["rectification.closed"])
        make_measure(directive, "C", order=3, kinds=["lead.disposed"])

        event = happened("rectification.closed", district.schools[0])
        operations.link_from_event(event)

        assert sorted(Evidence.objects.values_list("measure__key", flat=True)) == ["A", "B"]
        assert Event.objects.filter(kind="evidence.linked").count() == 2

    def test_links_an_event_without_a_unit_to_the_measure_alone(self):
        district = District()
        make_measure(make_directive(district.root), kinds=["audit.run_finished"])

        happened("audit.run_finished", None)

        assert Evidence.objects.get().unit is None

    def test_costs_one_query_when_no_measure_asks(self):
        district = District()
        event = happened("rectification.closed", district.schools[0])

        with CaptureQueriesContext(connection) as spent:
            operations.link_from_event(event)

        assert len(spent) == 1


class TestLinkEvidence:
    def test_links_the_same_record_once(self):
        district = District()
        make_measure(make_directive(district.root))

        for _time in range(2):
            operations.link_evidence(
                measure_key="M1",
                unit=district.schools[0],
                subject_kind="publication",
                subject_id=3,
                title="通报",
                url="/p/3/",
                at=AT + timedelta(days=1),
            )

        assert Evidence.objects.count() == 1


class TestWithdraw:
    def test_cancels_the_duty_and_keeps_the_reason(self):
        district = District()
        row = put_on(make_measure(make_directive(district.root)), district.schools)[0]

        operations.withdraw(assignment=row, ground=" 下达有误 ", at=AT, actor_id=district.office.pk)

        row.refresh_from_db()
        assert row.state == State.WITHDRAWN
        assert Duty.objects.get(pk=row.duty_id).cancelled_at == AT
        assert Event.objects.get(kind="assignment.withdrawn").payload == {"ground": "下达有误"}

    def test_leaves_room_to_put_the_measure_on_the_unit_again(self):
        district = District()
        measure = make_measure(make_directive(district.root))
        operations.withdraw(assignment=put_on(measure, district.schools)[0], ground="有误", at=AT, actor_id="")

        assert [row.unit for row in put_on(measure, district.schools)] == district.schools[:1]

    def test_needs_a_reason(self):
        district = District()
        row = put_on(make_measure(make_directive(district.root)), district.schools)[0]

        with pytest.raises(operations.NotReady) as refused:
            operations.withdraw(assignment=row, ground="  ", at=AT, actor_id="")

        assert list(refused.value.fields) == ["ground"]

    def test_refuses_what_is_done_or_taken_back_even_when_read_before(self):
        district = District()
        row = put_on(make_measure(make_directive(district.root)), district.schools)[0]
        operations.withdraw(assignment=Assignment.objects.get(pk=row.pk), ground="有误", at=AT, actor_id="")

        with pytest.raises(operations.NotReady):
            operations.withdraw(assignment=row, ground="有误", at=AT, actor_id="")

    def test_waits_until_its_parts_are_taken_back(self):
        district = District()
        row = put_on(make_measure(make_directive(district.root)), district.schools)[0]
        post = make_post(Role.TEACHER, district.schools[0])
        part = operations.decompose(assignment=row, posts=[post], at=AT, actor=actor(district.principals[0]))[0]

        with pytest.raises(operations.NotReady):
            operations.withdraw(assignment=row, ground="有误", at=AT, actor_id="")
        operations.withdraw(assignment=part, ground="有误", at=AT, actor_id="")
        operations.withdraw(assignment=row, ground="有误", at=AT, actor_id="")
