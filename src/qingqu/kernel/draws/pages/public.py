"""What the public sees: the list, one draw with everything it was made from, its files, the screen in the hall."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingqu.engines.draw import script as replay_script
from qingqu.engines.draw.canonical import encode
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import PUBLIC, policy
from qingqu.kernel.draws import queries
from qingqu.kernel.draws.pages.clocks import clocks
from qingqu.kernel.draws.types import State

if TYPE_CHECKING:
    from qingqu.kernel.draws.models import Ceremony, Draw

SHOWN = 200
"""Longer rosters are downloaded, not listed."""

ON_THE_WALL = 40
"""As many numbers as can be read from the last row of a hall."""

TYPES = {"replay.py": "text/x-python; charset=utf-8", "replay.mjs": "text/javascript; charset=utf-8"}


@policy(PUBLIC)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The public draws, the latest first."""
    page = paginate(queries.public(), request.GET.get("page", 1))
    return render(request, "draws/public_list.html", {"page": page})


@policy(PUBLIC)
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One draw: roster, commitments, reveals, public source, result, and the place of the number that is asked for."""
    drawn = _found(number)
    asked = request.GET.get("entry", "").strip()[:SHOWN]
    strata = drawn.roster["strata"]
    steps = _steps(drawn.ceremony)
    shown = steps | {
        "draw": drawn,
        "strata": [(name, ids[:SHOWN], len(ids), drawn.roster["quotas"][name]) for name, ids in strata.items()],
        "shown": SHOWN,
        "lists": _lists(drawn, SHOWN),
        "missing": drawn.result.content["missing"] if drawn.result_sha256 else [],
        "result_index": steps["places"].get(("draw.drawn", drawn.number)),
        "frozen_index": steps["places"].get(("draw.frozen", drawn.number)),
        "same": queries.with_the_same_list(drawn),
        "asked": asked,
        "standing": queries.standing(drawn, asked) if asked else None,
    }
    return render(request, "draws/public.html", shown)


def _steps(row: "Ceremony") -> dict[str, Any]:
    """What a ceremony's parties and source have given so far, with the numbers in the log."""
    logged = queries.in_the_log(row)
    places = {(each.event.kind, _about(each.event.payload)): each.index for each in logged}
    people = queries.parties(row)
    return {
        "row": row,
        "places": places,
        "clocks": clocks(row, now()),
        "parties": [
            (party, places.get(("draw.committed", party.name)), places.get(("draw.revealed", party.name)))
            for party in people
        ],
        "waiting": queries.waited_for(row, people),
        "source_index": places.get(("draw.source_confirmed", "")),
    }


def _about(payload: dict[str, Any]) -> str:
    """The party or the draw that an event names; nothing when it concerns the whole ceremony."""
    return str(payload.get("party") or payload.get("draw") or "")


def _lists(drawn: "Draw", most: int) -> list[dict[str, Any]]:
    """The strata of a result, each list cut to ``most`` with how many it holds; none before the draw."""
    if not drawn.result_sha256:
        return []
    return [
        {"stratum": stratum, "chosen": found["chosen"][:most], "reserves": found["reserves"][:most]}
        | {"chosen_count": len(found["chosen"]), "reserve_count": len(found["reserves"])}
        | {"skipped_count": len(found["skipped"])}
        for stratum, found in drawn.result.content["strata"].items()
    ]


@policy(PUBLIC)
@require_safe
def roster(request: HttpRequest, number: str) -> HttpResponse:
    """The frozen roster: exactly the bytes whose SHA-256 is the published digest."""
    del request
    drawn = _found(number)
    return _file(encode(drawn.roster), "application/json; charset=utf-8", f"{drawn.number}-roster.json")


@policy(PUBLIC)
@require_safe
def bundle(request: HttpRequest, number: str) -> HttpResponse:
    """The replay bundle; 404 until there is a result."""
    del request
    drawn = _found(number)
    if not drawn.result_sha256:
        raise Http404
    return _file(bytes(drawn.result.bundle), "application/json; charset=utf-8", f"{drawn.number}-bundle.json")


@policy(PUBLIC)
@require_safe
def script(request: HttpRequest, name: str) -> HttpResponse:
    """An independent replay script."""
    del request
    return _file(replay_script(name), TYPES[name], name)


@policy(PUBLIC)
@require_safe
def hall(request: HttpRequest, number: str) -> HttpResponse:
    """The screen in the hall: progress, then the result; it renews itself."""
    row = queries.public_ceremony(number)
    if row is None:
        raise Http404
    draws = queries.draws(row)
    shown = _steps(row) | {
        "draws": [(drawn, _lists(drawn, ON_THE_WALL)) for drawn in draws],
        "is_over": row.state in {State.DRAWN, State.ABANDONED},
    }
    name = "draws/hall_screen.html" if request.headers.get("HX-Request") else "draws/hall.html"
    answer = render(request, name, shown)
    answer["Cache-Control"], answer["Vary"] = "no-store", "HX-Request, Accept-Language, Cookie"
    return answer


def _found(number: str) -> "Draw":
    """The draw, if it is public; 404 otherwise."""
    drawn = queries.public_draw(number)
    if drawn is None:
        raise Http404
    return drawn


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
