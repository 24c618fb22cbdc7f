"""A worker killed in the middle of a job: another one finishes it, and nothing is lost or doubled."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from qingqu.engines.redflags.load import load
from qingqu.pillars.audit import operations, tasks
from qingqu.pillars.audit.models import Flag, ImportJob, Reject, Run
from tests.engines.redflags.load.factories import MAPPING, contents, csv_file, payment, payments
from tests.factories import AT, actor
from tests.pillars.audit.desk import ask, events, make_district, overpaid, write_mart

ROOT = Path(__file__).parents[3]
WORKER = (sys.executable, "-m", "qingqu.site.cli", "worker")
SECONDS = 180
ROWS = 30_000
BAD_ROWS = 3

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def _database_url() -> str:
    """The address of this test's database, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    who = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
    return f"postgres://{who}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


@contextmanager
def worker(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A task worker of its own on this test's database and home."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qingqu.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "QINGQU_HOME": str(settings.QINGQU_HOME),
        "QINGQU_DATABASE_URL": _database_url(),
    }
    with log.open("ab") as said:
        process = subprocess.Popen(WORKER, env=environment, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.kill()
            process.wait(timeout=SECONDS)


def wait(process: subprocess.Popen[bytes], log: Path, is_time: Callable[[], bool]) -> None:
    """Return at the moment; fail with what the worker said when it ends or nothing comes."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        if is_time():
            return
        time.sleep(0.002)
    raise AssertionError(log.read_text(errors="replace"))


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the process as a power cut would."""
    process.kill()
    assert process.wait(timeout=SECONDS) == -signal.SIGKILL


def table() -> list[list[str]]:
    """Many sound rows and some that are not."""
    rows = payments(ROWS)
    for place in range(BAD_ROWS):
        rows[place * 1000] = payment(place * 1000 + 1, 金额="坏")
    return rows


class TestKilledImport:
    def test_is_finished_by_later_workers_whole_and_once_wherever_they_are_killed(self, tmp_path: Path) -> None:
        auditor = make_district().auditor
        source = csv_file(tmp_path / "a.csv", table())
        load(source, format="table", mapping=MAPPING, mart=tmp_path / "undisturbed")
        job = ask(auditor, source.read_bytes())
        log = tmp_path / "log"

        with worker(log) as first:
            wait(first, log, lambda: any((settings.QINGQU_MART / "_staging").glob("*/work.duckdb")))
            kill(first)
        left = ImportJob.objects.get()
        assert (left.state, left.finished_at, Reject.objects.count()) == ("RUNNING", None, 0)
        assert not (settings.QINGQU_MART / "payment").exists()

        assert tasks.resume() == 1
        with worker(log) as second:
            wait(second, log, lambda: any((settings.QINGQU_MART / "_batches").glob("*.json")))
            kill(second)
        with worker(log) as third:
            wait(third, log, lambda: ImportJob.objects.get().finished_at is not None)

        done = ImportJob.objects.get()
        assert (done.pk, done.state) == (job.pk, "DONE")
        assert (done.read, done.accepted, done.rejected) == (ROWS, ROWS - BAD_ROWS, BAD_ROWS)
        assert Reject.objects.count() == BAD_ROWS
        assert contents(settings.QINGQU_MART) == contents(tmp_path / "undisturbed")
        assert events() == ["audit.import_asked", "audit.imported"]


class TestKilledRun:
    def test_is_finished_by_the_next_worker_whole_and_once(self, tmp_path: Path) -> None:
        district = make_district()
        write_mart(*(overpaid(district.school, number) for number in range(40)))
        undisturbed = operations.ask_run(actor=actor(district.auditor), at=AT)
        operations.perform_run(run_id=undisturbed.pk, mart=settings.QINGQU_MART, clock=lambda: AT)
        expected = _flags()
        _forget_all_runs()
        run = operations.ask_run(actor=actor(district.auditor), at=AT)
        log = tmp_path / "log"

        with worker(log) as first:
            wait(first, log, lambda: Run.objects.get().state == "RUNNING")
            kill(first)
        left = Run.objects.get()
        assert (left.state, left.finished_at, Flag.objects.count()) == ("RUNNING", None, 0)

        assert tasks.resume() == 1
        with worker(log) as second:
            wait(second, log, lambda: Run.objects.get().finished_at is not None)

        done = Run.objects.get()
        assert (done.pk, done.state, done.raised, done.new) == (run.pk, "DONE", len(expected), len(expected))
        assert _flags() == expected
        assert events("audit.run_finished") == ["audit.run_finished", "audit.run_finished"]


def _flags() -> list[tuple[object, ...]]:
    """The flags as a run makes them."""
    return list(
        Flag.objects.order_by("fingerprint").values_list("fingerprint", "severity", "score", "explanation_zh", "state")
    )


def _forget_all_runs() -> None:
    """As if nothing had ever been run."""
    Flag.objects.all().delete()
    Run.objects.all().delete()
