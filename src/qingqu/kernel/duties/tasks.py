"""The daily job of the duties."""

from dataclasses import asdict

from django_tasks import task

from qingqu.kernel.core.clock import now
from qingqu.kernel.duties import operations


@task()
def tick() -> dict[str, int]:
    """Send the reminders and escalations due by now: {"reminded": n, "escalated": n}."""
    return asdict(operations.tick(at=now()))
