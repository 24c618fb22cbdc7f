"""What the worker does: performs, waits, takes up what was left."""

import pytest
from django.conf import settings
from django_tasks_db.models import DBTaskResult

from qingqu.engines.redflags.load import still
from qingqu.pillars.audit import operations, tasks
from qingqu.pillars.audit.models import ImportJob, Run
from tests.engines.redflags.load.factories import csv_text, payments
from tests.factories import AT, actor
from tests.pillars.audit.desk import ask, imported, make_district, overpaid, write_mart
from tests.pillars.audit.test_imports import queued

pytestmark = pytest.mark.django_db


class TestTasks:
    def test_perform_what_was_asked_for(self) -> None:
        district = make_district()
        job = ask(district.auditor, csv_text(payments(2)).encode())
        run = operations.ask_run(actor=actor(district.auditor), at=AT)

        tasks.perform_import.func(job.pk)
        tasks.perform_run.func(run.pk)

        assert ImportJob.objects.get().state == Run.objects.get().state == "DONE"

    def test_try_again_a_little_later_while_the_mart_is_in_use(self) -> None:
        district = make_district()
        write_mart(overpaid(district.school, 1))
        job = ask(district.auditor, csv_text(payments(2)).encode())
        run = operations.ask_run(actor=actor(district.auditor), at=AT)
        DBTaskResult.objects.all().delete()

        with still(settings.QINGQU_MART):
            tasks.perform_import.func(job.pk)
            tasks.perform_run.func(run.pk)

        assert queued("perform_import") == [[job.pk]]
        assert queued("perform_run") == [[run.pk]]
        assert not DBTaskResult.objects.ready().exists()

    def test_leave_a_table_waiting_for_its_columns(self) -> None:
        job = ask(make_district().auditor, csv_text(payments(2)).encode(), mapping=None)
        DBTaskResult.objects.all().delete()

        tasks.perform_import.func(job.pk)

        assert (ImportJob.objects.get().state, queued("perform_import")) == ("QUEUED", [])


class TestResume:
    def test_queues_again_what_has_not_come_to_an_end(self) -> None:
        district = make_district()
        imported(district.auditor, payments(1))
        running = ask(district.auditor, csv_text(payments(2)).encode())
        ImportJob.objects.filter(pk=running.pk).update(state="RUNNING")
        run = Run.objects.create(asked_at=AT, state="RUNNING")
        DBTaskResult.objects.all().delete()

        assert tasks.resume() == 2

        assert queued("perform_import") == [[running.pk]]
        assert queued("perform_run") == [[run.pk]]
