"""Coverage: the matrix of units by measures, and what is missing."""

from django.http import HttpResponse
from django.shortcuts import render

from qingqu.deployments import queries
from qingqu.deployments.pages.directives import visible
from qingqu.deployments.types import Hole
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org.http import ActorRequest
from qingqu.kernel.org.types import Right


@policy(requires(Right.VIEW_UNIT))
def matrix(request: ActorRequest, directive_id: int) -> HttpResponse:
    """Units by measures of one directive, a page of units at a time."""
    directive = visible(request, directive_id)
    measures = list(queries.measures_of(directive))
    page = paginate(queries.units_of(directive, request.actor), request.GET.get("page", 1))
    rows = queries.matrix(measures, page.rows, on=request.actor.on)
    shown = {"directive": directive, "measures": measures, "rows": rows, "page": page}
    return render(request, "deployments/matrix.html", shown)


@policy(requires(Right.VIEW_UNIT))
def holes(request: ActorRequest) -> HttpResponse:
    """What is missing, each kind with its count and its rows."""
    asked = request.GET.get("hole", Hole.NOT_TAKEN.value)
    hole = Hole(asked) if asked in set(Hole) else Hole.NOT_TAKEN
    shown = {
        "counts": queries.hole_tallies(request.actor),
        "hole": hole,
        "is_of_measures": hole in queries.OF_MEASURES,
        "page": paginate(queries.hole_rows(hole, request.actor), request.GET.get("page", 1)),
    }
    return render(request, "deployments/holes.html", shown)
