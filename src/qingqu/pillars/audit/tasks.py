"""Jobs of the task worker."""

import logging

from django.conf import settings
from django_tasks import task

from qingqu.kernel.core.clock import now
from qingqu.pillars.audit import operations, queries

log = logging.getLogger(__name__)


@task()
def perform_import(job_id: int) -> None:
    """Load one queued file."""
    operations.perform_import(job_id=job_id, mart=settings.QINGQU_MART, clock=now)


@task()
def perform_run(run_id: int) -> None:
    """Run the indicators once."""
    operations.perform_run(run_id=run_id, mart=settings.QINGQU_MART, clock=now)


def resume() -> int:
    """Queue again what a stopped worker left unfinished; gives how many jobs that were."""
    waiting = [(perform_import, job.pk) for job in queries.unfinished_imports()]
    waiting += [(perform_run, run.pk) for run in queries.unfinished_runs()]
    for job, key in waiting:
        log.info("resuming %s %s", job.name, key)
        job.enqueue(key)
    return len(waiting)
