"""Staff home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qingqu.deployments import queries as deployments
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.policies import SIGNED_IN, policy, requires
from qingqu.kernel.org.types import Right
from qingqu.workbench import queries


@policy(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """The signed-in person's to-dos, and what waits for anybody with the same rights."""
    actor = request.actor  # type: ignore[attr-defined]
    shown = {"groups": queries.todo(actor), "queues": queries.queues(actor)} if actor else {}
    return render(request, "workbench/home.html", shown)


@policy(requires(Right.VIEW_UNIT))
def board(request: HttpRequest) -> HttpResponse:
    """The figures over the actor's units: a school's for its head, the district's for the district."""
    actor = request.actor  # type: ignore[attr-defined]
    shown = {
        "tiles": queries.tiles(actor),
        "holes": queries.holes(actor),
        "coverage": queries.coverage(actor),
        "at": now(),
    }
    return render(request, "workbench/board.html", shown)


@policy(requires(Right.VIEW_UNIT))
def coverage(request: HttpRequest) -> HttpResponse:
    """The coverage matrix of the latest directive in force."""
    del request
    latest = deployments.public_directives().first()
    return redirect("deployments:matrix", directive_id=latest.pk) if latest else redirect("deployments:list")
