"""Assignments: my unit's list, one with its acts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qingqu.deployments import forms, operations, queries
from qingqu.deployments.rules import acts_from
from qingqu.deployments.types import State
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import Irreversible, ask_first, is_confirmed, refusals_into
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org.http import ActorRequest
from qingqu.kernel.org.types import Right


@policy(requires(Right.DO_DUTIES))
def mine(request: ActorRequest) -> HttpResponse:
    """What was put on the reader's posts."""
    page = paginate(queries.mine(request.actor), request.GET.get("page", 1))
    return render(request, "deployments/mine.html", {"page": page})


@policy(requires(Right.DO_DUTIES))
def detail(request: ActorRequest, measure_id: int, post_id: int) -> HttpResponse:
    """One assignment: what is asked, its parts, its evidence, what the reader may do."""
    row = _visible(request, measure_id, post_id)
    return _show(request, row, forms.Shares(posts=queries.posts_to_share(row)) if _holds(request, row) else None)


@policy(requires(Right.DO_DUTIES))
@require_POST
def accept(request: ActorRequest, measure_id: int, post_id: int) -> HttpResponse:
    """Take the measure on."""
    return _act(request, _held(request, measure_id, post_id), operations.accept, _("已承接。"))


@policy(requires(Right.DO_DUTIES))
@require_POST
def complete(request: ActorRequest, measure_id: int, post_id: int) -> HttpResponse:
    """Declare the measure carried out."""
    row = _held(request, measure_id, post_id)
    if not is_confirmed(request):
        return ask_first(request, _finishing(row))
    return _act(request, row, operations.complete, _("已完成。"))


def _finishing(row: Any) -> Irreversible:
    """What declaring an assignment done cannot take back."""
    return Irreversible(
        _("确认完成"),
        f"{row.measure.name} · {row.unit.name}",
        (
            _("这项责任记为已完成，期限不再计算，不能改回。"),
            _("完成情况计入公开的实时答案。"),
            _("佐证只来自业务记录；没有佐证的，公开页面会照实写明。"),
        ),
        _("确认完成"),
        reverse("deployments:assignment", args=[row.measure_id, row.post_id]),
    )


@policy(requires(Right.DO_DUTIES))
@require_POST
def decompose(request: ActorRequest, measure_id: int, post_id: int) -> HttpResponse:
    """Give parts to posts of the unit or below."""
    row = _held(request, measure_id, post_id)
    posts = list(queries.posts_to_share(row))
    form = forms.Shares(request.POST, posts=posts)
    if form.is_valid():
        chosen = {int(pk) for pk in form.cleaned_data["posts"]}
        with refusals_into(form):
            operations.decompose(
                assignment=row, posts=[post for post in posts if post.pk in chosen], at=now(), actor=request.actor
            )
            messages.success(request, _("已分解。"))
            return redirect("deployments:assignment", measure_id, post_id)
    return _show(request, row, form)


def _act(request: ActorRequest, row: Any, operation: Callable[..., object], done: str) -> HttpResponse:
    """One act on the reader's own assignment."""
    try:
        operation(assignment=row, at=now(), actor=request.actor)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("deployments:assignment", row.measure_id, row.post_id)


def _visible(request: ActorRequest, measure_id: int, post_id: int) -> Any:
    """The assignment, if the reader may see it."""
    row = queries.by_natural_id(request.actor, measure_id, post_id)
    if row is None:
        raise Http404
    return row


def _held(request: ActorRequest, measure_id: int, post_id: int) -> Any:
    """The assignment, if it is the reader's own."""
    row = _visible(request, measure_id, post_id)
    if not _holds(request, row):
        raise Http404
    return row


def _holds(request: ActorRequest, row: Any) -> bool:
    """Whether the reader holds the accountable post."""
    return any(grant.post_id == row.post_id for grant in request.actor.grants)


def _show(request: ActorRequest, row: Any, form: forms.Shares | None) -> HttpResponse:
    """The page of one assignment."""
    shown = {
        "assignment": row,
        "acts": acts_from(State(row.state)) if _holds(request, row) else (),
        "parts": queries.parts_of(row)[:100],
        "evidence": row.evidence.order_by("-at", "-id")[:20],
        "form": form,
    }
    return render(request, "deployments/assignment.html", shown)
