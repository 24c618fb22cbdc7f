"""What the public reads: the list, one publication with its history, the frozen copies."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import PUBLIC, policy
from qingqu.kernel.publications import queries

if TYPE_CHECKING:
    from qingqu.kernel.publications.models import Publication


@policy(PUBLIC)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """What is published, the latest first."""
    kind = request.GET.get("kind", "")
    rows = queries.public(now(), kind=kind if kind in dict(queries.kinds()) else "")
    shown = {"page": paginate(rows, request.GET.get("page", 1)), "kinds": queries.kinds(), "kind": kind}
    return render(request, "publications/public_list.html", shown)


@policy(PUBLIC)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One publication as it stands, with every version before; a withdrawn one keeps its address and says why."""
    at = now()
    row = _found(number, at)
    versions = queries.public_versions(row, at)
    shown = {"row": row, "current": versions[0], "versions": versions}
    name = "publications/withdrawn.html" if row.withdrawn_at else "publications/public.html"
    return render(request, name, shown)


@policy(PUBLIC)
@require_GET
def copy(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """The frozen machine copy of one version, byte for byte as it was published."""
    del request
    at = now()
    row = _found(number, at)
    version = next((one for one in queries.public_versions(row, at) if one.ordinal == ordinal), None)
    if version is None or row.withdrawn_at is not None:
        raise Http404
    answer = HttpResponse(bytes(version.copy or b""), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.number}-{version.ordinal}.json"'
    return answer


def _found(number: str, at: datetime) -> "Publication":
    """The publication, if it stands in public; 404 otherwise."""
    row = queries.public(at).filter(number=number).first()
    if row is None:
        raise Http404
    return row
