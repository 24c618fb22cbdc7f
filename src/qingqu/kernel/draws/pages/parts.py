"""What a party sees: committing, waiting, revealing; by account for a post, by link for an outside body."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.policies import PUBLIC, SIGNED_IN, policy
from qingqu.kernel.draws import forms, operations, queries
from qingqu.kernel.draws.pages.clocks import clocks
from qingqu.kernel.draws.types import State
from qingqu.kernel.org.types import Actor

if TYPE_CHECKING:
    from qingqu.kernel.draws.models import Party


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, row_id: int) -> HttpResponse:
    """The part that a post of the reader's has in a ceremony."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    part = queries.part_of(actor, row_id) if actor else None
    if part is None:
        raise Http404
    return _answer(request, part, "draws/part.html", actor=actor)


@policy(PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def outside(request: HttpRequest, secret: str) -> HttpResponse:
    """The part of the outside body that was handed this link."""
    part = queries.part_behind(secret)
    if part is None:
        raise Http404
    return _answer(request, part, "draws/outside.html", secret=secret)


def _answer(request: HttpRequest, part: "Party", template: str, **who: Any) -> HttpResponse:
    """The page, or the step that was sent from it."""
    step = request.POST.get("step", "")
    commit = forms.Commit(request.POST if step == "commit" else None)
    reveal = forms.Reveal(request.POST if step == "reveal" else None)
    if commit.is_bound and commit.is_valid():
        with refusals_into(commit):
            operations.commit(party=part, **commit.cleaned_data, at=now(), **who)
            messages.success(request, _("承诺已提交。请保存好下载的文件，揭示时要用。"))
            return redirect(request.path)
    if reveal.is_bound and reveal.is_valid():
        with refusals_into(reveal):
            operations.reveal(party=part, **reveal.cleaned_data, at=now(), **who)
            messages.success(request, _("已揭示，与承诺一致。"))
            return redirect(request.path)
    return _show(request, part, template, commit, reveal)


def _show(request: HttpRequest, part: "Party", template: str, commit: Any, reveal: Any) -> HttpResponse:
    row, at = part.ceremony, now()
    logged = queries.in_the_log(row)
    mine = {each.event.kind: each.index for each in logged if each.event.payload.get("party") == part.name}
    is_over = row.closed_at is not None or at > row.commit_by
    shown = {
        "row": row,
        "part": part,
        "draws": queries.draws(row),
        "clocks": clocks(row, at),
        "commit": commit,
        "reveal": reveal,
        "form": commit if commit.is_bound else reveal,
        "is_logged": all(each.index is not None for each in logged if each.event.kind == "draw.frozen"),
        "may_commit": row.state in {State.FROZEN, State.COMMITTING} and not part.commitment and not is_over,
        "may_reveal": bool(part.commitment)
        and not part.revealed_at
        and row.state in {State.COMMITTING, State.REVEALING}
        and is_over
        and at <= row.reveal_by,
        "is_too_late": not part.revealed_at and at > row.reveal_by,
        "committed_index": mine.get("draw.committed"),
        "revealed_index": mine.get("draw.revealed"),
    }
    bad = (commit.is_bound and commit.errors) or (reveal.is_bound and reveal.errors)
    return render(request, template, shown, status=422 if bad else 200)
