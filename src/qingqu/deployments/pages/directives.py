"""Directives: the register with search, one directive, entering and editing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qingqu.deployments import forms, operations, queries
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org.http import ActorRequest
from qingqu.kernel.org.queries import units_within
from qingqu.kernel.org.rules import may
from qingqu.kernel.org.types import Right


@policy(requires(Right.DO_DUTIES))
def register(request: ActorRequest) -> HttpResponse:
    """The directives the reader may see, or those a query finds."""
    query = request.GET.get("q", "").strip()
    number = request.GET.get("page", 1)
    shown: dict[str, Any] = {"query": query, "may_create": may(request.actor, Right.MANAGE_DIRECTIVES)}
    if query:
        shown["found"] = queries.found_directives(query, actor=request.actor, number=number)
    else:
        shown["page"] = paginate(queries.visible(request.actor), number)
    return render(request, "deployments/directives.html", shown)


@policy(requires(Right.DO_DUTIES))
def detail(request: ActorRequest, directive_id: int) -> HttpResponse:
    """One directive with its measures, how far each has come, and its files."""
    directive = visible(request, directive_id)
    measures = list(queries.measures_of(directive))
    figures = queries.measure_summaries(measures, on=request.actor.on, actor=request.actor)
    may_manage = queries.may_manage(request.actor, directive)
    shown = {
        "directive": directive,
        "measures": list(zip(measures, figures, strict=True)),
        "may_manage": may_manage,
        "files": queries.files_of(directive),
        "file_kind": queries.KIND,
        "file_subject": directive.pk,
        "may_attach": may_manage,
    }
    return render(request, "deployments/directive.html", shown)


@policy(requires(Right.MANAGE_DIRECTIVES))
def new(request: ActorRequest) -> HttpResponse:
    """Enter a directive."""
    form = forms.Directive(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            directive = operations.create(
                unit=own_unit(request), fields=form.cleaned_data, at=now(), actor_id=request.actor.person_id
            )
            messages.success(request, _("已保存。请接着录入措施。"))
            return redirect("deployments:directive", directive.pk)
    return render(request, "deployments/directive_form.html", {"form": form})


@policy(requires(Right.MANAGE_DIRECTIVES))
def edit(request: ActorRequest, directive_id: int) -> HttpResponse:
    """Change a directive."""
    directive = manageable(request, directive_id)
    initial = {name: getattr(directive, name) for name in forms.Directive.base_fields}
    form = forms.Directive(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            operations.edit(directive=directive, fields=form.cleaned_data, at=now(), actor_id=request.actor.person_id)
            messages.success(request, _("已保存。"))
            return redirect("deployments:directive", directive.pk)
    return render(request, "deployments/directive_form.html", {"form": form, "directive": directive})


def visible(request: ActorRequest, directive_id: int) -> Any:
    """The directive, if the reader may see it."""
    directive = queries.visible(request.actor).select_related("unit").filter(pk=directive_id).first()
    if directive is None:
        raise Http404
    return directive


def manageable(request: ActorRequest, directive_id: int) -> Any:
    """The directive, if the reader may change it."""
    directive = visible(request, directive_id)
    if not queries.may_manage(request.actor, directive):
        raise Http404
    return directive


def own_unit(request: ActorRequest) -> Any:
    """The highest unit for which the reader enters directives."""
    return units_within(request.actor, Right.MANAGE_DIRECTIVES).order_by("path").first()
