"""The tree of units for administrators, with posts and who holds them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import now, today
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org import forms, operations, queries
from qingqu.kernel.org.pages.doors import actor, ask, or_404
from qingqu.kernel.org.types import Right

ADMINISTRATOR = requires(Right.ADMINISTER)


@policy(ADMINISTRATOR)
def tree(request: HttpRequest) -> HttpResponse:
    """The topmost units; each opens what is below it."""
    page = paginate(queries.children_of(None, actor(request)), request.GET.get("page"), size=50)
    return render(request, "org/units.html", {"page": page})


@policy(ADMINISTRATOR)
def children(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The units right below one, as a fragment for the opened tree."""
    unit = or_404(queries.administered_unit(actor(request), unit_id))
    page = paginate(queries.children_of(unit, actor(request)), request.GET.get("page"), size=200)
    return render(request, "org/unit_children.html", {"page": page, "unit": unit})


@policy(ADMINISTRATOR)
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit: its facts, its posts with their holders, and the units right below it."""
    found = or_404(queries.administered_unit(actor(request), unit_id))
    posts = paginate(queries.posts_of(found, on=today()), request.GET.get("posts"), size=20)
    below = paginate(queries.children_of(found, actor(request)), request.GET.get("page"), size=20)
    return render(request, "org/unit.html", {"unit": found, "posts": posts, "page": below})


@policy(ADMINISTRATOR)
def add(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Add a unit below this one."""
    parent = or_404(queries.administered_unit(actor(request), unit_id))
    form = forms.NewUnit(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            made = operations.add_unit(**form.cleaned_data, parent=parent, at=now(), actor_id=actor(request).person_id)
            return redirect("org:unit", made.pk)
    title = _("在“%(unit)s”下新增单位") % {"unit": parent.name}
    return ask(request, form, title=title, button=_("新增单位"), back=_unit_url(unit_id))


@policy(ADMINISTRATOR)
def rename(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Give this unit another name or kind."""
    found = or_404(queries.administered_unit(actor(request), unit_id))
    form = forms.RenamedUnit(request.POST or None, initial={"name": found.name, "kind": found.kind})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            operations.rename_unit(unit=found, **form.cleaned_data, at=now(), actor_id=actor(request).person_id)
            return redirect("org:unit", unit_id)
    return ask(
        request, form, title=_("更名：%(unit)s") % {"unit": found.name}, button=_("保存"), back=_unit_url(unit_id)
    )


@policy(ADMINISTRATOR)
def move(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Put this unit under another one."""
    found = or_404(queries.administered_unit(actor(request), unit_id))
    form = forms.MovedUnit(request.POST or None)
    if request.method == "POST" and form.is_valid():
        parent = queries.unit_coded(actor(request), form.cleaned_data["parent"])
        if parent is None:
            form.add_error("parent", _("没有这个单位代码。"))
        else:
            with refusals_into(form):
                operations.move_unit(unit=found, parent=parent, at=now(), actor_id=actor(request).person_id)
                return redirect("org:unit", unit_id)
    return ask(
        request, form, title=_("划转：%(unit)s") % {"unit": found.name}, button=_("划转"), back=_unit_url(unit_id)
    )


@policy(ADMINISTRATOR)
def close(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Close this unit, after saying what that means."""
    found = or_404(queries.administered_unit(actor(request), unit_id))
    form = forms.ClosedUnit(request.POST or None, initial={"closed_on": today()})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            operations.close_unit(unit=found, **form.cleaned_data, at=now(), actor_id=actor(request).person_id)
            return redirect("org:units")
    return ask(
        request,
        form,
        title=_("撤销：%(unit)s") % {"unit": found.name},
        lead=_("撤销后，该单位及其岗位不再出现在新的工作中；已有记录保留，不能恢复为在用。"),
        button=_("撤销单位"),
        back=_unit_url(unit_id),
        danger=True,
    )


@policy(ADMINISTRATOR)
def add_post(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Add a post to this unit."""
    found = or_404(queries.administered_unit(actor(request), unit_id))
    form = forms.NewPost(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            made = operations.add_post(unit=found, **form.cleaned_data, at=now(), actor_id=actor(request).person_id)
            return redirect("org:post", made.pk)
    title = _("在“%(unit)s”设岗") % {"unit": found.name}
    return ask(request, form, title=title, button=_("新增岗位"), back=_unit_url(unit_id))


@policy(ADMINISTRATOR)
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post: who held it when, and who takes it next."""
    found = or_404(queries.administered_post(actor(request), post_id))
    form = forms.NewAppointment(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = queries.person_numbered(form.cleaned_data["person"])
        if person is None:
            form.add_error("person", _("没有这个工号。"))
        else:
            with refusals_into(form):
                starts_on = form.cleaned_data["starts_on"]
                operations.appoint(
                    post=found, person=person, starts_on=starts_on, at=now(), actor_id=actor(request).person_id
                )
                messages.success(request, _("已办理任职。"))
                return redirect("org:post", post_id)
    page = paginate(queries.history_of(found), request.GET.get("page"))
    context = {"post": found, "form": form, "page": page, "on": today()}
    return render(request, "org/post.html", context, status=422 if form.is_bound and form.errors else 200)


@policy(ADMINISTRATOR)
def end(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """End an appointment, or withdraw one that has not begun."""
    found = or_404(queries.administered_appointment(actor(request), appointment_id))
    person_id = actor(request).person_id
    form = forms.EndedAppointment(request.POST or None, initial={"ends_on": today()})
    if request.method == "POST" and "withdraw" in request.POST:
        with refusals_into(form):
            operations.withdraw_appointment(appointment=found, on=today(), at=now(), actor_id=person_id)
            return redirect("org:post", found.post_id)
    elif request.method == "POST" and form.is_valid():
        with refusals_into(form):
            operations.end_appointment(appointment=found, **form.cleaned_data, at=now(), actor_id=person_id)
            return redirect("org:post", found.post_id)
    context = {"appointment": found, "form": form, "on": today()}
    return render(request, "org/end.html", context, status=422 if form.is_bound and form.errors else 200)


def _unit_url(unit_id: int) -> str:
    """The address of a unit's page."""
    return reverse("org:unit", args=[unit_id])
