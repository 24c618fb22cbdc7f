"""What every template may know: the actor and what the actor may do anywhere."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from qingqu.kernel.org.rules import RIGHTS


def page(request: HttpRequest) -> dict[str, Any]:
    """``actor`` (None for the public), ``rights`` (set of right codes held in some unit today), ``is_demo``."""
    actor = getattr(request, "actor", None)
    rights = {str(right) for grant in actor.grants for right in RIGHTS[grant.role]} if actor else set()
    return {"actor": actor, "rights": rights, "is_demo": settings.QINGQU_DEMO}
