"""Jobs of the task worker."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django_tasks import task

from qingqu.kernel.core.clock import now
from qingqu.pillars.audit import operations, queries
from qingqu.pillars.audit.types import JobState

if TYPE_CHECKING:
    from qingqu.kernel.ledger.models import Event

log = logging.getLogger(__name__)


WAIT = timedelta(seconds=5)
"""How long a job that found the mart in use waits before it tries again."""


@task()
def perform_import(job_id: int) -> None:
    """Load one queued file; again a little later while the mart is in use."""
    job = operations.perform_import(job_id=job_id, mart=settings.QINGQU_MART, clock=now)
    if job.state == JobState.QUEUED and not job.waits_for_mapping:
        perform_import.using(run_after=now() + WAIT).enqueue(job_id)


@task()
def perform_run(run_id: int) -> None:
    """Run the indicators once; again a little later while the mart is in use."""
    run = operations.perform_run(run_id=run_id, mart=settings.QINGQU_MART, clock=now)
    if run.state == JobState.QUEUED:
        perform_run.using(run_after=now() + WAIT).enqueue(run_id)


def resume() -> int:
    """Queue again what a stopped worker left unfinished; gives how many jobs that were."""
    imports = [job.pk for job in queries.unfinished_imports()]
    runs = [run.pk for run in queries.unfinished_runs()]
    log.info("resuming imports %s, runs %s", imports, runs)
    for key in imports:
        perform_import.enqueue(key)
    for key in runs:
        perform_run.enqueue(key)
    return len(imports) + len(runs)


def import_asked(event: "Event") -> None:
    """Queue an import that was just asked for."""
    perform_import.enqueue(int(event.subject_id))


def run_asked(event: "Event") -> None:
    """Queue a run that was just asked for."""
    perform_run.enqueue(int(event.subject_id))
