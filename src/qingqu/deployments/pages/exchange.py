"""Import and export of directives as a workbook."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qingqu.deployments import forms, operations, queries
from qingqu.deployments.pages.directives import own_unit
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org.http import ActorRequest
from qingqu.kernel.org.types import Right

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@policy(requires(Right.MANAGE_DIRECTIVES))
def upload(request: ActorRequest) -> HttpResponse:
    """Try a workbook, which changes nothing; what was tried is kept to be imported without choosing it again."""
    if request.method == "POST" and "import" in request.POST:
        return _adopt(request)
    form = forms.Upload(request.POST or None, request.FILES or None)
    plan, kept = None, ""
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        with refusals_into(form):
            plan = queries.plan_import(content, actor=request.actor)
            if not plan.errors:
                kept = operations.keep_tried(account_id=_account_id(request), content=content, at=now())
    return _show(request, form, plan, kept)


def _adopt(request: ActorRequest) -> HttpResponse:
    """Import what was tried, all of it or nothing; it is looked at anew, because the records may have changed."""
    form, kept = forms.Tried(request.POST), ""
    plan = None
    if form.is_valid():
        kept = form.cleaned_data["tried"]
        with refusals_into(form):
            content = queries.tried(account_id=_account_id(request), sha256=kept)
            plan = queries.plan_import(content, actor=request.actor)
            if not plan.errors:
                operations.import_plan(plan=plan, unit=own_unit(request), at=now(), actor_id=request.actor.person_id)
                operations.drop_tried(account_id=_account_id(request))
                messages.success(request, _("已导入。"))
                return redirect("deployments:list")
    return _show(request, form, plan, kept)


def _account_id(request: ActorRequest) -> int:
    """The reader's account. Raises Http404 for a program, which has none."""
    if request.actor.account_id is None:
        raise Http404
    return request.actor.account_id


def _show(request: ActorRequest, form: Any, plan: Any, kept: str) -> HttpResponse:
    """The page with what the trial found, and the form to choose a file."""
    shown = {"upload": form if isinstance(form, forms.Upload) else forms.Upload(), "form": form}
    return render(request, "deployments/import.html", shown | {"plan": plan, "kept": kept})


@policy(requires(Right.MANAGE_DIRECTIVES))
def template(request: ActorRequest) -> HttpResponse:
    """The empty workbook."""
    del request
    return _file(queries.template(), "directives-template.xlsx")


@policy(requires(Right.MANAGE_DIRECTIVES))
def export(request: ActorRequest) -> HttpResponse:
    """The directives the reader may see, as a workbook that can be imported again."""
    return _file(queries.export(queries.visible(request.actor)), "directives.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    """A workbook to save."""
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
