"""Screens of what never becomes a lead: matters that go up with zero retention, harm to minors."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.policies import SIGNED_IN, policy, requires
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.leads import forms, operations, queries


@policy(requires(Right.MANAGE_LEADS))
@require_http_methods(["GET", "HEAD", "POST"])
def upward(request: HttpRequest) -> HttpResponse:
    """What the reader handed up, and the one button for the next; nothing that is sent along is read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        row = operations.pass_up(at=now(), actor=actor)
        messages.success(request, _("已编号 %(number)s，请在期限内径送并上报。") % {"number": row.number})
        return redirect("leads:upward")
    return render(request, "leads/upward.html", {"rows": queries.own_passages(actor)})


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def minors(request: HttpRequest) -> HttpResponse:
    """What to do when a minor is harmed and whom to call, and a receipt for who did it."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None:
        raise Http404
    form = forms.Alarm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            row = operations.raise_alarm(**form.cleaned_data, at=now(), actor=actor)
            messages.success(request, _("报告回执 %(number)s 已生成。") % {"number": row.number})
            return redirect("leads:minors")
    shown = {"form": form, "rows": queries.own_alarms(actor)}
    return render(request, "leads/minors.html", shown, status=422 if form.errors else 200)
