"""What the publish gate does by the clock."""

from django_tasks import task

from qingqu.kernel.core.clock import now
from qingqu.kernel.publications import operations


@task()
def lift_embargoes() -> int:
    """Let the search know what has become public; says how many versions there were."""
    return operations.lift_embargoes(at=now())
