"""What every template may know: the actor and what the actor may do anywhere."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from qingqu.kernel.org.rules import RIGHTS, holds_root


def page(request: HttpRequest) -> dict[str, Any]:
    """``actor`` (None for the public), ``rights`` and ``is_demo``.

    ``rights`` is the set of right codes held in some unit today, ``whole`` those held over the whole district.
    """
    actor = getattr(request, "actor", None)
    rights = {str(right) for grant in actor.grants for right in RIGHTS[grant.role]} if actor else set()
    whole = {right for right in rights if holds_root(actor, right)} if actor else set()
    return {"actor": actor, "rights": rights, "whole": whole, "is_demo": settings.QINGQU_DEMO}
