"""The daily job of the duties."""

from dataclasses import asdict

from django_tasks import task

from qingqu.kernel.core.clock import now
from qingqu.kernel.duties import operations


@task()
def tick() -> dict[str, int]:
    """Count provisional dates again, then send what is due by now: {"recounted": n, "reminded": n, "escalated": n}."""
    at = now()
    return {"recounted": operations.recount(at=at), **asdict(operations.tick(at=at))}
