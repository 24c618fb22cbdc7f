"""What the task queue does for notices."""

from django_tasks import task

from qingqu.kernel.core.clock import now
from qingqu.kernel.notices import operations


@task()
def deliver(dispatch_id: int) -> bool:
    """Send one dispatch; says whether it was sent now."""
    return operations.deliver(dispatch_id=dispatch_id, at=now())


@task()
def retry() -> int:
    """Try the failed dispatches again; says how many."""
    return operations.retry()
