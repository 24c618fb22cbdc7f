"""Import and export of directives as a workbook."""

from django.contrib import messages
from django.http import HttpResponse
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
    """Try a workbook, then import it; a try changes nothing."""
    form = forms.Upload(request.POST or None, request.FILES or None)
    plan = None
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            plan = queries.plan_import(form.cleaned_data["file"].read(), actor=request.actor)
            if "import" in request.POST and not plan.errors:
                operations.import_plan(plan=plan, unit=own_unit(request), at=now(), actor_id=request.actor.person_id)
                messages.success(request, _("已导入。"))
                return redirect("deployments:list")
    return render(request, "deployments/import.html", {"form": form, "plan": plan})


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
