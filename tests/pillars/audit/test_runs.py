"""Runs of the indicators: their flags, one a hint however often it is raised."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from qingqu.engines.redflags.load import still
from qingqu.kernel.ledger.models import Event
from qingqu.pillars.audit import operations, queries
from qingqu.pillars.audit.models import Flag, Parameter, Run
from qingqu.pillars.audit.operations import BadParameters
from qingqu.pillars.audit.types import FlagState
from tests.factories import AT, actor, make_unit
from tests.pillars.audit.desk import events, make_district, overpaid, raised, run_audit, write_mart
from tests.pillars.audit.test_imports import queued

pytestmark = pytest.mark.django_db


class TestRun:
    def test_keeps_a_flag_for_every_hint_and_says_what_could_not_run(self) -> None:
        district = make_district()
        write_mart(overpaid(district.school, 1), overpaid(district.neighbour, 1))

        run = run_audit(district.auditor)

        flags = Flag.objects.filter(indicator="R068").order_by("unit_id")
        assert [(flag.unit, flag.subject_id, flag.score) for flag in flags] == [
            (district.school, f"C{district.school.code}-1", 1.5),
            (district.neighbour, f"C{district.neighbour.code}-1", 1.5),
        ]
        assert (run.state, run.finished_at, run.raised, run.new) == ("DONE", AT, 2, 2)
        assert run.manifest["counts"]["R068"] == 2
        skipped = {each["indicator"]: each for each in run.manifest["skipped"]}
        assert skipped["M02"]["zh"] == "缺少数据表：meal_count"
        assert "M02" not in run.manifest["counts"]
        assert events() == ["audit.run_asked", "audit.run_finished"]
        assert Event.objects.get(kind="audit.run_finished").payload == {"raised": 2, "new": 2}

    def test_is_handed_to_the_worker_with_the_parameters_of_the_moment(self) -> None:
        district = make_district()
        operations.set_parameters(indicator="R003", values={"threshold": 7}, actor=actor(district.auditor), at=AT)

        run = operations.ask_run(actor=actor(district.auditor), at=AT)

        assert run.parameters == {"R003": {"threshold": 7}}
        assert queued("perform_run") == [[run.pk]]

    def test_raises_a_hint_again_as_the_same_flag_with_what_is_new(self) -> None:
        district = make_district()
        (flag,) = raised(district)
        operations.triage(
            flag=flag, outcome=FlagState.EXPLAINED, reason="有补充合同", actor=actor(district.auditor), at=AT
        )
        write_mart(overpaid(district.school, 0, times=2))

        run = run_audit(district.auditor)

        again = Flag.objects.get()
        assert (again.pk, again.score, again.state) == (flag.pk, 2.0, "EXPLAINED")
        assert (again.first_run_id, again.last_run_id) == (flag.first_run_id, run.pk)
        assert (run.raised, run.new) == (1, 0)

    def test_finds_the_unit_once_it_is_entered(self) -> None:
        district = make_district()
        write_mart({
            table: [{**row, "unit_id": "NEW1"} for row in rows] for table, rows in overpaid(district.school, 1).items()
        })  # fmt: skip
        run_audit(district.auditor)
        before = Flag.objects.get().unit
        unit = make_unit("新校", parent=district.root, kind="PRIMARY", code="NEW1")

        run_audit(district.auditor)

        assert (before, Flag.objects.get().unit) == (None, unit)

    def test_does_nothing_the_second_time(self) -> None:
        district = make_district()
        raised(district)
        run = Run.objects.get()

        again = operations.perform_run(run_id=run.pk, mart=settings.QINGQU_MART, clock=lambda: AT + timedelta(1))

        assert again.finished_at == AT
        assert events("audit.run_finished") == ["audit.run_finished"]

    def test_asks_for_records_when_there_are_none(self) -> None:
        run = run_audit(make_district().auditor)

        assert (run.state, run.finished_at) == ("REFUSED", AT)
        assert "请先导入" in run.message_zh
        assert "Import records first" in run.message_en
        assert events() == ["audit.run_asked", "audit.run_refused"]
        assert not settings.QINGQU_MART.exists()

    def test_says_which_file_of_the_mart_is_broken(self) -> None:
        district = make_district()
        folder = settings.QINGQU_MART / "payment"
        folder.mkdir(parents=True)
        (folder / "b.parquet").write_bytes(b"broken")

        run = run_audit(district.auditor)

        assert run.state == "REFUSED"
        assert "b.parquet" in run.message_zh

    def test_waits_while_records_are_being_imported(self) -> None:
        district = make_district()
        write_mart(overpaid(district.school, 1))
        run = operations.ask_run(actor=actor(district.auditor), at=AT)

        with still(settings.QINGQU_MART):
            waiting = operations.perform_run(run_id=run.pk, mart=settings.QINGQU_MART, clock=lambda: AT)

        assert (waiting.state, waiting.finished_at) == ("QUEUED", None)
        done = operations.perform_run(run_id=run.pk, mart=settings.QINGQU_MART, clock=lambda: AT)
        assert (done.state, done.raised) == ("DONE", 1)

    def test_leaves_alone_what_another_worker_finished_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        district = make_district()
        write_mart(overpaid(district.school, 1))
        run = operations.ask_run(actor=actor(district.auditor), at=AT)

        def finish_elsewhere(*_args: object, **_options: object) -> Any:
            Run.objects.filter(pk=run.pk).update(state="DONE", finished_at=AT)
            return _Found()

        monkeypatch.setattr(operations.runs.redflags, "run", finish_elsewhere)
        operations.perform_run(run_id=run.pk, mart=settings.QINGQU_MART, clock=lambda: AT)

        assert events() == ["audit.run_asked"]

    def test_keeps_no_flag_when_it_breaks_off_and_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        district = make_district()
        write_mart(*(overpaid(district.school, number) for number in range(3)))
        run = operations.ask_run(actor=actor(district.auditor), at=AT)
        really: Callable[..., Flag] = operations.runs._flag
        left = [1, 2]

        def breaking(*args: Any) -> Flag:
            left.pop()
            return really(*args)

        monkeypatch.setattr(operations.runs, "_flag", breaking)
        monkeypatch.setattr(operations.runs, "FLAGS_A_WRITE", 1)
        with pytest.raises(IndexError):
            operations.perform_run(run_id=run.pk, mart=settings.QINGQU_MART, clock=lambda: AT)

        run.refresh_from_db()
        assert (run.state, Flag.objects.count()) == ("REFUSED", 0)
        assert "程序出错" in run.message_zh


class _Found:
    """What a run gives when it raised nothing."""

    class manifest:  # noqa: N801 - an attribute's name
        """An empty manifest."""

        @staticmethod
        def as_json() -> dict[str, object]:
            """Nothing."""
            return {}

    @staticmethod
    def flags() -> list[object]:
        """Nothing."""
        return []


class TestSetParameters:
    def test_keeps_them_for_the_next_run(self) -> None:
        auditor = actor(make_district().auditor)

        operations.set_parameters(indicator="SHARED", values={"currency": "CNY"}, actor=auditor, at=AT)
        operations.set_parameters(indicator="R003", values={"threshold": 7}, actor=auditor, at=AT)
        operations.set_parameters(indicator="R003", values={"threshold": 9}, actor=auditor, at=AT)

        assert queries.settings() == {"currency": "CNY", "R003": {"threshold": 9}}
        assert Parameter.objects.count() == 2
        assert Event.objects.filter(kind="audit.parameters_changed").last().payload == {"values": {"threshold": 9}}

    @pytest.mark.parametrize(
        ("indicator", "values"),
        [("R999", {}), ("R003", {"threshold": "many"}), ("R003", {"colour": 1}), ("SHARED", {"currency": 7})],
    )
    def test_refuses_what_cannot_be_used(self, indicator: str, values: dict[str, object]) -> None:
        with pytest.raises(BadParameters):
            operations.set_parameters(indicator=indicator, values=values, actor=actor(make_district().auditor), at=AT)

        assert not Parameter.objects.exists()
