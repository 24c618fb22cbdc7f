"""Reading imports, runs and flags."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingqu.pillars.audit import queries
from qingqu.pillars.audit.models import Run
from tests.engines.redflags.load.factories import payment
from tests.factories import AT, actor
from tests.pillars.audit.desk import finished_run, imported, make_district, many_flags, saved_mapping, school_auditor

pytestmark = pytest.mark.django_db


class TestFlagsFor:
    def test_gives_a_district_everything_and_a_school_its_own(self) -> None:
        district = make_district()
        for unit in (district.school, district.neighbour, None):
            many_flags(unit, 2)

        assert queries.flags_for(actor(district.auditor)).count() == 6
        assert queries.flags_for(actor(district.leader)).count() == 6
        assert {flag.unit_id for flag in queries.flags_for(actor(school_auditor(district)))} == {district.school.pk}
        assert not queries.flags_for(actor(district.principal)).exists()

    def test_asks_the_database_for_the_scope_without_listing_units(self) -> None:
        district = make_district()
        many_flags(district.school, 1)
        someone = actor(school_auditor(district))

        with CaptureQueriesContext(connection) as captured:
            list(queries.listed(someone))

        assert len(captured) == 1
        assert not re.search(r" IN \((?!SELECT )", captured[0]["sql"])


class TestMeasured:
    def test_counts_the_outcomes_in_one_query(self) -> None:
        district = make_district()
        for state, number in (("OPEN", 4), ("LEAD", 3), ("EXPLAINED", 2), ("DISMISSED", 1)):
            many_flags(district.school, number, state=state)
        many_flags(district.school, 1, indicator="L01")
        someone = actor(district.auditor)

        with CaptureQueriesContext(connection) as captured:
            found = {row.indicator: row for row in queries.measured(someone)}

        assert len(captured) == 1
        assert found["R068"] == queries.Measured("R068", 10, 4, 3, 2, 1, 0.5)
        assert found["L01"].precision is None
        assert queries.measured_one(someone, "R068") == found["R068"]
        assert queries.measured_one(someone, "R999") is None


class TestCounts:
    def test_tell_the_district_s_figures(self) -> None:
        district = make_district()
        Run.objects.create(asked_at=AT)
        many_flags(district.school, 3)
        many_flags(district.school, 2, state="LEAD")
        many_flags(district.school, 1, state="DISMISSED")

        assert queries.counts() == {"runs": 3, "flags": 6, "triaged": 3, "to_lead": 2}
        assert list(queries.totals()) == [{"indicator": "R068", "flags": 6, "triaged": 3, "to_lead": 2}]


class TestMayTriage:
    def test_is_for_the_audit_desk_above_the_flag(self) -> None:
        district = make_district()
        (own,), (other,), (nobodys,) = (
            many_flags(unit, 1) for unit in (district.school, district.neighbour, None)
        )  # fmt: skip
        school = actor(school_auditor(district))

        assert [queries.may_triage(school, flag) for flag in (own, other, nobodys)] == [True, False, False]
        assert all(queries.may_triage(actor(district.auditor), flag) for flag in (own, other, nobodys))
        assert not queries.may_triage(actor(district.leader), own)


class TestManagesAll:
    def test_is_for_the_district_s_desk_only(self) -> None:
        district = make_district()

        assert queries.manages_all(actor(district.auditor))
        assert not any(queries.manages_all(actor(one)) for one in (school_auditor(district), district.leader))


class TestRuns:
    def test_are_unfinished_until_they_end(self) -> None:
        finished_run()
        waiting = Run.objects.create(asked_at=AT)
        running = Run.objects.create(asked_at=AT, state="RUNNING")

        assert list(queries.unfinished_runs()) == [waiting, running]

    def test_the_latest_is_one_that_was_done(self) -> None:
        assert queries.latest_run() is None
        done = finished_run()
        Run.objects.create(asked_at=AT, state="REFUSED", finished_at=AT)

        assert queries.latest_run() == done


class TestSubject:
    def test_is_there_for_those_who_see_the_flag_only(self) -> None:
        district = make_district()
        (flag,) = many_flags(district.neighbour, 1)

        seen = queries.subject(actor(district.auditor), str(flag.pk))

        assert seen is not None
        assert (seen.title, seen.unit_id) == (f"R068 {flag.subject_id}", district.neighbour.pk)
        assert queries.subject(actor(school_auditor(district)), str(flag.pk)) is None
        assert queries.subject(None, str(flag.pk)) is None
        assert queries.subject(actor(district.auditor), "x") is None


class TestMapping:
    @pytest.mark.parametrize("key", ["", "x", "-1", "9" * 30, "0"])
    def test_is_none_for_a_key_that_is_none(self, key: str) -> None:
        saved_mapping()

        assert queries.mapping(key) is None


class TestRejects:
    def test_are_listed_until_they_are_corrected(self) -> None:
        job = imported(make_district().auditor, [payment(1, 金额="坏"), payment(2, 金额="坏")])
        first, second = queries.rejects_of(job)
        type(first).objects.filter(pk=first.pk).update(corrected_at=AT)

        assert list(queries.rejects_of(job)) == [second]
        assert queries.reject(first.pk) is None
        assert queries.reject(second.pk) == second
