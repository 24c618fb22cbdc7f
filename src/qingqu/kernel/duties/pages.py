"""Screens of the duties: the register, one duty with "why this date", and the acts on it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.core.paging import Tally, paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.duties import forms, operations, queries
from qingqu.kernel.org.http import ActorRequest
from qingqu.kernel.org.types import Right

GROUPS = ("all", "overdue", "soon", "week", "waiting")


@policy(requires(Right.DO_DUTIES))
def register(request: ActorRequest) -> HttpResponse:
    """The open duties the reader may see, by group."""
    actor = request.actor
    asked = request.GET.get("group", "all")
    group = asked if asked in GROUPS else "all"
    rows = queries.open_within(actor, group=group)
    shown = {
        "page": paginate(rows, request.GET.get("page", 1)),
        "group": group,
        "tabs": _tabs(queries.tabs(actor)),
    }
    return render(request, "duties/list.html", shown)


def _tabs(counts: dict[str, Tally]) -> list[dict[str, Any]]:
    """The groups with their words and counts."""
    words = {
        "all": _("全部"),
        "overdue": _("已逾期"),
        "soon": _("3 个工作日内"),
        "week": _("本周"),
        "waiting": _("以后或暂停"),
    }
    return [{"code": code, "word": words[code], "count": counts[code]} for code in GROUPS]


@policy(requires(Right.DO_DUTIES))
def detail(request: ActorRequest, duty_id: int) -> HttpResponse:
    """One duty with the reasons of its date and what the reader may do."""
    return _show(request, duty_id, forms.Extension(), forms.Pause())


@policy(requires(Right.DO_DUTIES))
@require_POST
def complete(request: ActorRequest, duty_id: int) -> HttpResponse:
    """Tick off the reader's own duty."""
    duty = _found(request, duty_id)
    if not queries.holds(request.actor, duty):
        raise Http404
    try:
        operations.complete(duty=duty, at=now(), actor_id=request.actor.person_id)
        messages.success(request, _("已确认办结。"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("duties:detail", duty_id)


@policy(requires(Right.DO_DUTIES))
@require_POST
def extend(request: ActorRequest, duty_id: int) -> HttpResponse:
    """Approve a later date, from a post above."""
    duty = _decidable(request, duty_id)
    form = forms.Extension(request.POST)
    if form.is_valid():
        with refusals_into(form):
            approver: Any = request.user
            operations.extend(duty=duty, approver=approver.person, at=now(), **form.cleaned_data)
            messages.success(request, _("已批准延期。"))
            return redirect("duties:detail", duty_id)
    return _show(request, duty_id, form, forms.Pause())


@policy(requires(Right.DO_DUTIES))
@require_POST
def pause(request: ActorRequest, duty_id: int) -> HttpResponse:
    """Stop the clock on a ground, from a post above."""
    duty = _decidable(request, duty_id)
    form = forms.Pause(request.POST)
    if form.is_valid():
        with refusals_into(form):
            operations.pause(duty=duty, at=now(), actor_id=request.actor.person_id, **form.cleaned_data)
            messages.success(request, _("已暂停计时。"))
            return redirect("duties:detail", duty_id)
    return _show(request, duty_id, forms.Extension(), form)


@policy(requires(Right.DO_DUTIES))
@require_POST
def resume(request: ActorRequest, duty_id: int) -> HttpResponse:
    """Let the clock run again."""
    duty = _decidable(request, duty_id)
    try:
        operations.resume(duty=duty, at=now(), actor_id=request.actor.person_id)
        messages.success(request, _("已恢复计时。"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("duties:detail", duty_id)


def _found(request: ActorRequest, duty_id: int) -> Any:
    """The duty, if the reader may see it."""
    duty = queries.visible(request.actor).filter(pk=duty_id).first()
    if duty is None:
        raise Http404
    return duty


def _decidable(request: ActorRequest, duty_id: int) -> Any:
    """The duty, if the reader may move its date."""
    duty = _found(request, duty_id)
    if not queries.may_decide(request.actor, duty):
        raise Http404
    return duty


def _show(request: ActorRequest, duty_id: int, extension: forms.Extension, pause_form: forms.Pause) -> HttpResponse:
    """The page of one duty."""
    duty = _found(request, duty_id)
    shown = {
        "duty": duty,
        "holder": queries.holder(duty, on=request.actor.on),
        "reminders": queries.reminders_of(duty),
        "may_complete": duty.is_open and duty.is_by_hand and queries.holds(request.actor, duty),
        "may_decide": queries.may_decide(request.actor, duty),
        "extension": extension,
        "pause": pause_form,
    }
    return render(request, "duties/detail.html", shown)
