"""Declared relationships: one's own for everybody, those of others only for the discipline desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import now, today
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import SIGNED_IN, policy, requires
from qingqu.kernel.org import forms, operations, queries
from qingqu.kernel.org.operations import Other
from qingqu.kernel.org.pages.doors import actor, ask, or_404
from qingqu.kernel.org.types import Right


@policy(SIGNED_IN)
def own(request: HttpRequest) -> HttpResponse:
    """What the person declared, and a form for a further declaration."""
    person_id = actor(request).person_id
    form = forms.NewRelationship(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        with refusals_into(form):
            operations.declare_relationship(
                person=or_404(queries.person_with_id(person_id)),
                other=Other(facts["other_kind"], facts["other"], facts["other_name"]),
                kind=facts["kind"],
                starts_on=facts["starts_on"],
                on=today(),
                at=now(),
            )
            messages.success(request, _("已申报。"))
            for doubt in queries.supplier_doubts(facts["other"]) if facts["other_kind"] == "SUPPLIER" else ():
                messages.warning(request, doubt)
            return redirect("org:relationships")
    page = paginate(queries.own_relationships(person_id), request.GET.get("page"))
    context = {"page": page, "form": form}
    return render(request, "org/relationships.html", context, status=422 if form.is_bound and form.errors else 200)


@policy(SIGNED_IN)
def end(request: HttpRequest, relationship_id: int) -> HttpResponse:
    """Say that an own relationship has ended."""
    found = or_404(queries.own_relationships(actor(request).person_id).filter(pk=relationship_id).first())
    form = forms.EndedRelationship(request.POST or None, initial={"ends_on": today()})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            operations.end_relationship(relationship=found, **form.cleaned_data, at=now())
            return redirect("org:relationships")
    return ask(
        request,
        form,
        title=_("终止关系"),
        lead=_("终止前的日子仍按有此关系处理。"),
        button=_("确认终止"),
        back="/work/relationships",
    )


@policy(requires(Right.VIEW_RELATIONSHIPS))
def declared(request: HttpRequest) -> HttpResponse:
    """The declarations of those in whose units the discipline desk works."""
    page = paginate(queries.relationships_within(actor(request)), request.GET.get("page"))
    return render(request, "org/declared.html", {"page": page})
