"""Asking for an import and performing it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from qingqu.engines.redflags.load import ImportReport, load, still
from qingqu.kernel.ledger.models import Event, Outbox
from qingqu.kernel.org.models import Person
from qingqu.kernel.org.types import Actor
from qingqu.pillars.audit import operations
from qingqu.pillars.audit.models import ImportJob, Mapping, Reject
from qingqu.pillars.audit.operations import BadImport, NameTaken
from tests.engines.redflags.load.factories import MAPPING, contents, csv_file, csv_text, payment, payments, stored
from tests.factories import AT, actor
from tests.pillars.audit.desk import MAPPING_TEXT, ask, events, imported, make_district, perform, saved_mapping

pytestmark = pytest.mark.django_db


def queued(kind: str) -> list[list[int]]:
    """The arguments with which a job waits for the worker."""
    rows = DBTaskResult.objects.filter(task_path=f"qingqu.pillars.audit.tasks.{kind}").order_by("enqueued_at")
    return [row.args_kwargs["args"] for row in rows]


class TestAskImport:
    def test_keeps_the_file_and_hands_it_to_the_worker(self) -> None:
        district = make_district()

        job = ask(district.auditor, b"x,y\n1,2\n", unit_code="S9")

        event = Event.objects.get(kind="audit.import_asked")
        assert Path(job.path).read_bytes() == b"x,y\n1,2\n"
        assert (job.name, job.state, job.unit_code, job.asked_by) == ("a.csv", "QUEUED", "S9", str(district.auditor.pk))
        assert (event.subject_id, event.actor_id, event.at) == (str(job.pk), str(district.auditor.pk), AT)
        assert Outbox.objects.filter(event=event).exists()
        assert queued("perform_import") == [[job.pk]]

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("付款.csv", "付款.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\报表\\付款.xlsx", "付款.xlsx"),
            ("", "upload"),
            ("..", "upload"),
            ("付" * 200 + ".csv", "付" * 58 + ".csv"),
            ("a." + "x" * 300, ("a." + "x" * 300)[:180]),
        ],
    )
    def test_names_the_file_as_every_file_system_can(self, name: str, kept: str) -> None:
        job = ask(make_district().auditor, b"x", name)

        assert job.name == kept
        assert Path(job.path).name == kept
        assert Path(job.path).parent.parent == settings.QINGQU_HOME / "imports"


class TestSaveMapping:
    def waiting(self) -> ImportJob:
        return ask(make_district().auditor, csv_text(payments(2)).encode(), mapping=None)

    def save(self, job: ImportJob, text: str = MAPPING_TEXT, name: str = "付款表") -> Mapping:
        auditor = actor_of(job)
        return operations.save_mapping(job=job, name=name, text=text, actor=auditor, at=AT)

    def test_starts_the_import_that_waited_for_it(self) -> None:
        job = self.waiting()
        perform(job)
        before = ImportJob.objects.get().state

        self.save(job)
        done = perform(job)

        assert before == "QUEUED"
        assert (done.state, done.accepted, done.mapping_id) == ("DONE", 2, Mapping.objects.get().pk)
        assert events() == ["audit.import_asked", "audit.import_asked", "audit.imported"]

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("{", "无法读取"),
            (MAPPING_TEXT.replace("payment\n", "payments\n", 1), "payments"),
            (MAPPING_TEXT.replace("金额", "价税合计"), "价税合计"),
            ("table: payment\ncolumns: {payment_id: 付款编号}", "paid_on"),
            (f"{MAPPING_TEXT}\nheader: 99", "表头"),
        ],
    )
    def test_says_what_does_not_fit_while_the_file_still_waits(self, text: str, named: str) -> None:
        job = self.waiting()

        with pytest.raises(BadImport) as refused:
            self.save(job, text)

        job.refresh_from_db()
        assert named in refused.value.fields["text"]
        assert (job.state, job.mapping_id, Mapping.objects.count()) == ("QUEUED", None, 0)

    def test_never_changes_a_mapping_that_others_use(self) -> None:
        job = self.waiting()
        saved_mapping(name="付款表")

        with pytest.raises(NameTaken, match="付款表"):
            self.save(job, MAPPING_TEXT + "references: reject\n")

        assert Mapping.objects.get().text == MAPPING_TEXT

    def test_takes_the_same_mapping_under_its_name_again(self) -> None:
        job = self.waiting()
        saved_mapping(name="付款表")

        assert self.save(job, MAPPING_TEXT.replace("\n", "\r\n")) == Mapping.objects.get()


def actor_of(job: ImportJob) -> Actor:
    """Who asked for the import."""
    return actor(Person.objects.get(pk=job.asked_by))


class TestPerformImport:
    def test_loads_the_file_and_keeps_what_it_rejects(self) -> None:
        district = make_district()

        job = imported(district.auditor, [payment(1), payment(2, 金额="两元"), payment(3, 付款日期="")])

        assert (job.state, job.read, job.accepted, job.rejected, job.finished_at) == ("DONE", 3, 1, 2, AT)
        assert stored(settings.QINGQU_MART, "payment", "payment_id") == [("P1",)]
        assert list(Reject.objects.values_list("line", "reason_code", "table")) == [
            (3, "NOT_A_NUMBER", "payment"), (4, "REQUIRED", "payment"),
        ]  # fmt: skip
        assert Reject.objects.get(line=3).row["金额"] == "两元"
        assert events() == ["audit.import_asked", "audit.imported"]
        assert Event.objects.get(kind="audit.imported").payload == {"read": 3, "accepted": 1}

    def test_loads_open_contracting_records_into_the_named_unit(self) -> None:
        lines = b'{"ocid": "o1"}\n{"ocid": "o2"}\n{"ocid": "o1"}\n'

        job = perform(ask(make_district().auditor, lines, "a.jsonl", format="ocds", unit_code="S9"))

        assert (job.read, job.accepted, job.rejected) == (3, 2, 1)
        assert stored(settings.QINGQU_MART, "tender", "tender_id, unit_id") == [("o1", "S9"), ("o2", "S9")]

    def test_ends_a_bad_file_with_what_to_do_and_changes_nothing(self) -> None:
        district = make_district()
        imported(district.auditor, payments(2))
        before = contents(settings.QINGQU_MART)

        job = perform(ask(district.auditor, b"", "empty.csv"))

        assert (job.state, job.read, job.finished_at) == ("REFUSED", 0, AT)
        assert "empty.csv 是空文件" in job.message_zh
        assert "empty.csv is empty" in job.message_en
        assert contents(settings.QINGQU_MART) == before
        assert events()[-1] == "audit.import_refused"

    def test_does_nothing_the_second_time(self) -> None:
        job = imported(make_district().auditor, [payment(1), payment(2, 金额="坏")])
        before = contents(settings.QINGQU_MART)

        again = operations.perform_import(job_id=job.pk, mart=settings.QINGQU_MART, clock=lambda: AT + timedelta(1))

        assert again.finished_at == AT
        assert contents(settings.QINGQU_MART) == before
        assert (events("audit.imported"), Reject.objects.count()) == (["audit.imported"], 1)

    def test_writes_a_file_that_is_submitted_twice_once_and_says_where_it_is(self) -> None:
        auditor = make_district().auditor
        rows = [payment(1), payment(2, 金额="坏")]
        first = imported(auditor, rows)

        second = imported(auditor, rows, name="b.csv")

        assert (second.state, second.read, second.accepted, second.rejected) == ("DONE", 2, 1, 1)
        assert f"第{first.pk}次导入“a.csv”" in second.message_zh
        assert Reject.objects.filter(job=second).count() == 0
        assert len(stored(settings.QINGQU_MART, "payment")) == 1

    def test_keeps_the_rejected_rows_of_a_batch_that_only_the_mart_knows(self) -> None:
        """As after a kill between the mart's decision and the database's."""
        auditor = make_district().auditor
        rows = [payment(1), payment(2, 金额="坏")]
        source = csv_file(settings.QINGQU_HOME / "elsewhere.csv", rows)
        load(source, format="table", mapping=MAPPING, mart=settings.QINGQU_MART)

        job = imported(auditor, rows)

        assert (job.state, job.accepted, job.rejected) == ("DONE", 1, 1)
        assert Reject.objects.get().job == job

    def test_waits_while_the_mart_is_in_use(self) -> None:
        auditor = make_district().auditor
        job = ask(auditor, csv_text(payments(1)).encode())
        settings.QINGQU_MART.mkdir()

        with still(settings.QINGQU_MART):
            waiting = perform(job)

        assert (waiting.state, waiting.finished_at) == ("QUEUED", None)
        assert perform(job).state == "DONE"
        assert events() == ["audit.import_asked", "audit.imported"]

    def test_leaves_alone_what_another_worker_finished_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        job = ask(make_district().auditor, csv_text([payment(1), payment(2, 金额="坏")]).encode())
        really = operations.imports.loader.load

        def slow(*args: Any, **options: Any) -> ImportReport:
            report = really(*args, **options)
            monkeypatch.setattr(operations.imports.loader, "load", really)
            perform(job)
            return report

        monkeypatch.setattr(operations.imports.loader, "load", slow)
        perform(job)

        assert events() == ["audit.import_asked", "audit.imported"]
        assert Reject.objects.count() == 1

    def test_says_so_when_the_program_itself_is_wrong(self, monkeypatch: pytest.MonkeyPatch) -> None:
        job = ask(make_district().auditor, csv_text(payments(1)).encode())

        def broken(*_args: object, **_options: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(operations.imports.loader, "load", broken)
        with pytest.raises(ZeroDivisionError):
            perform(job)

        job.refresh_from_db()
        assert (job.state, job.finished_at) == ("REFUSED", AT)
        assert "程序出错" in job.message_zh
        assert events() == ["audit.import_asked", "audit.import_refused"]

    def test_keeps_a_rejected_row_that_holds_what_no_database_stores(self) -> None:
        path = settings.QINGQU_HOME / "a.parquet"
        columns = dict(
            zip(
                ["付款编号", "供应商", "付款日期", "金额", "科目"],
                [["P1"], ["甲\0乙"], ["2025-01-02"], ["坏"], ["x"]],
                strict=True,
            )
        )
        pq.write_table(pa.table(columns), path)

        job = perform(ask(make_district().auditor, path.read_bytes(), "a.parquet"))

        assert job.state == "DONE"
        assert Reject.objects.get().row["供应商"] == "甲\ufffd乙"

    def test_speaks_the_reader_s_language(self) -> None:
        job = ask(make_district().auditor, csv_text(payments(1)).encode(), mapping=None)

        with translation.override("en"), pytest.raises(BadImport, match="cannot be read"):
            operations.save_mapping(job=job, name="m", text="{", actor=actor_of(job), at=AT)

    def test_takes_a_mapping_as_json_as_well(self) -> None:
        auditor = make_district().auditor
        mapping = saved_mapping(json.dumps(MAPPING), "json")

        assert imported(auditor, payments(1), mapping=mapping).accepted == 1
