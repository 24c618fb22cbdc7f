"""Measures: one with its cascade tree and evidence, entering and editing, putting it on units."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qingqu.deployments import forms, operations, queries
from qingqu.deployments.pages.directives import manageable
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org.http import ActorRequest
from qingqu.kernel.org.queries import answering_posts
from qingqu.kernel.org.types import Right


@policy(requires(Right.DO_DUTIES))
def detail(request: ActorRequest, measure_id: int) -> HttpResponse:
    """One measure: what it asks, on whom it was put, what proves it."""
    measure = _visible(request, measure_id)
    shown = {
        "measure": measure,
        "figures": queries.measure_summaries([measure], on=request.actor.on, actor=request.actor)[0],
        "kinds": measure.kinds.order_by("kind"),
        "page": paginate(queries.tree(measure, request.actor), request.GET.get("page", 1), size=50),
        "evidence": queries.evidence_within(measure, request.actor)[:20],
        "may_manage": queries.may_manage(request.actor, measure.directive),
    }
    return render(request, "deployments/measure.html", shown)


@policy(requires(Right.MANAGE_DIRECTIVES))
def new(request: ActorRequest, directive_id: int) -> HttpResponse:
    """Add a measure to a directive."""
    directive = manageable(request, directive_id)
    form = forms.Measure(request.POST or None, owners=answering_posts(directive.unit))
    return _save(request, directive, form, None)


@policy(requires(Right.MANAGE_DIRECTIVES))
def edit(request: ActorRequest, measure_id: int) -> HttpResponse:
    """Change a measure."""
    measure = _visible(request, measure_id)
    if not queries.may_manage(request.actor, measure.directive):
        raise Http404
    names = [name for name in forms.Measure.base_fields if name != "evidence_kinds"]
    initial = {name: getattr(measure, name) for name in names}
    initial["evidence_kinds"] = [kind.kind for kind in measure.kinds.all()]
    form = forms.Measure(request.POST or None, initial=initial, owners=answering_posts(measure.directive.unit))
    form.fields["key"].disabled = True
    return _save(request, measure.directive, form, measure)


def _save(request: ActorRequest, directive: Any, form: forms.Measure, measure: Any) -> HttpResponse:
    """Write the measure when the form is good; show it otherwise."""
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            fields = dict(form.cleaned_data)
            saved = operations.put_measure(
                directive=directive,
                key=fields.pop("key"),
                evidence_kinds=fields.pop("evidence_kinds"),
                fields=fields,
                at=now(),
                actor_id=request.actor.person_id,
            )
            messages.success(request, _("已保存。"))
            return redirect("deployments:measure", saved.pk)
    return render(request, "deployments/measure_form.html", {"form": form, "directive": directive, "measure": measure})


@policy(requires(Right.MANAGE_DIRECTIVES))
def cascade(request: ActorRequest, measure_id: int) -> HttpResponse:
    """Put the measure on units."""
    measure = _visible(request, measure_id)
    if not queries.may_manage(request.actor, measure.directive):
        raise Http404
    units = list(queries.units_without(measure, request.actor))
    form = forms.Cascade(request.POST or None, units=units, initial={"due_on": measure.ends_on})
    if request.method == "POST" and form.is_valid():
        chosen = {int(pk) for pk in form.cleaned_data["units"]}
        with refusals_into(form):
            done = operations.cascade(
                measure=measure,
                units=[unit for unit in units if unit.pk in chosen],
                due_on=form.cleaned_data["due_on"],
                at=now(),
                actor_id=request.actor.person_id,
            )
            _tell(request, done)
            return redirect("deployments:measure", measure.pk)
    return render(request, "deployments/cascade.html", {"form": form, "measure": measure})


def _tell(request: ActorRequest, done: Any) -> None:
    """Say what the cascade did, and what it could not do."""
    count = len(done.assignments)
    text = ngettext("已下达到 %(count)d 个单位。", "已下达到 %(count)d 个单位。", count) % {"count": count}
    messages.success(request, text)
    if done.without_post:
        names = "、".join(unit.name for unit in done.without_post[:10])
        messages.warning(request, _("以下单位没有可承担责任的岗位，未下达：%(names)s") % {"names": names})


def _visible(request: ActorRequest, measure_id: int) -> Any:
    """The measure, if the reader may see it."""
    measure = queries.visible_measures(request.actor).filter(pk=measure_id).first()
    if measure is None:
        raise Http404
    return measure
