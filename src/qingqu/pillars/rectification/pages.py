"""Screens of the rectifications: the register, an order, one rectification with what may be done next."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translated
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.paging import as_id, paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.files import queries as files
from qingqu.kernel.files import subjects
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.rectification import forms, operations, queries, rules
from qingqu.pillars.rectification.types import State

if TYPE_CHECKING:
    from qingqu.kernel.org.models import Unit
    from qingqu.pillars.rectification.models import Rectification


@policy(requires(Right.VIEW_RECTIFICATIONS))
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The rectifications the reader may see, the earliest due first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    state, unit, overdue = (request.GET.get(key, "") for key in ("state", "unit", "overdue"))
    rows = queries.listed(actor, state=state, unit_id=unit, overdue=overdue == "1")
    page = paginate(rows, request.GET.get("page", 1))
    clocks = duties.open_by_subject(queries.KIND, [row.pk for row in page.rows])
    shown = {
        "page": page,
        "rows": [(row, clocks.get(str(row.pk))) for row in page.rows],
        "states": queries.states(),
        "state": state,
        "overdue": overdue,
        "may_order": org_rules.may(actor, Right.ORDER_RECTIFICATIONS),
    }
    return render(request, "rectification/list.html", shown)


@policy(requires(Right.ORDER_RECTIFICATIONS))
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An order: for the matter it comes from when one is named, otherwise for a unit chosen first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    source = _source(request, actor)
    unit = _unit(request, actor, source)
    if unit is None:
        choice = forms.ChooseUnit(request.GET if "unit" in request.GET else None, actor=actor)
        return render(request, "rectification/unit.html", {"form": choice}, status=_status(choice))
    opened = {"initial": {"title": source.title}} if source else {}
    form = forms.Order(request.POST or None, actor=actor, unit=unit, **opened)
    if request.method == "POST" and form.is_valid():
        kind, key = (source.kind, source.subject_id) if source else ("", "")
        with refusals_into(form):
            row = operations.order(
                **form.cleaned_data, unit=unit, at=now(), actor=actor, source_kind=kind, source_id=key
            )
            messages.success(request, _("整改已下达，编号 %(number)s。") % {"number": row.number})
            return redirect("rectification:detail", row.pk)
    shown = {"form": form, "unit": unit, "source": source}
    return render(request, "rectification/new.html", shown, status=_status(form))


@policy(requires(Right.VIEW_RECTIFICATIONS))
@require_safe
def detail(request: HttpRequest, row_id: int) -> HttpResponse:
    """One rectification: cause, plan, reports and re-checks, what may be done next."""
    return _show(request, _found(request, row_id))


@policy(requires(Right.VIEW_RECTIFICATIONS))
@require_POST
def plan(request: HttpRequest, row_id: int) -> HttpResponse:
    """The owner's plan."""
    form = forms.Plan(request.POST)
    if form.is_valid():
        with refusals_into(form):
            operations.plan(rectification=queries.named(row_id), **form.cleaned_data, **_act(request))
            messages.success(request, _("整改方案已报送。"))
            return redirect("rectification:detail", row_id)
    return _show(request, _found(request, row_id), plan=form)


@policy(requires(Right.VIEW_RECTIFICATIONS))
@require_POST
def report(request: HttpRequest, row_id: int) -> HttpResponse:
    """The owner's report that it is done."""
    form = forms.Report(request.POST)
    if form.is_valid():
        with refusals_into(form):
            operations.report(rectification=queries.named(row_id), **form.cleaned_data, **_act(request))
            messages.success(request, _("已报告整改完成，待他人复核。"))
            return redirect("rectification:detail", row_id)
    return _show(request, _found(request, row_id), report=form)


@policy(requires(Right.RECHECK_RECTIFICATIONS))
@require_POST
def recheck(request: HttpRequest, row_id: int) -> HttpResponse:
    """The re-check: passed or to be put right again, as the pressed button says."""
    form = forms.Recheck(request.POST)
    if form.is_valid():
        found, target = form.cleaned_data, queries.named(row_id)
        with refusals_into(form):
            if request.POST.get("verdict") == "reopen":
                operations.reopen(
                    rectification=target, reason=found["finding"], due_on=found["due_on"], **_act(request)
                )
                messages.success(request, _("已要求重新整改。"))
            else:
                operations.verify(rectification=target, finding=found["finding"], **_act(request))
                messages.success(request, _("复核通过，已销号。"))
            return redirect("rectification:detail", row_id)
    return _show(request, _found(request, row_id), recheck=form)


def _act(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when."""
    return {"at": now(), "actor": request.actor}  # type: ignore[attr-defined]


def _source(request: HttpRequest, actor: Actor) -> subjects.Subject | None:
    """The matter an order comes from; None when none is named, 404 when the actor may not see it."""
    kind, key = request.GET.get("source_kind", ""), request.GET.get("source_id", "")
    if not kind:
        return None
    found = subjects.find(actor, kind, key)
    if found is None:
        raise Http404
    return found


def _unit(request: HttpRequest, actor: Actor, source: subjects.Subject | None) -> "Unit | None":
    """The unit of the matter, or the one chosen; None when it must still be chosen, 404 out of scope."""
    chosen = str(source.unit_id) if source else request.GET.get("unit", "")
    if not chosen:
        return None
    key = as_id(chosen)
    unit = None if key is None else queries.units_for(actor).filter(pk=key).first()
    if unit is None:
        raise Http404
    return unit


def _found(request: HttpRequest, row_id: int) -> "Rectification":
    """The rectification, if the reader may see it; 404 otherwise."""
    rows = queries.visible(request.actor)  # type: ignore[attr-defined]
    row = rows.select_related("unit", "owner", "ordered_by", "planned_by", "verified_by").filter(pk=row_id).first()
    if row is None:
        raise Http404
    return row


def _show(request: HttpRequest, row: "Rectification", **given: Any) -> HttpResponse:
    """The rectification's page, with the forms that came back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    owns = queries.is_owner(actor, row)
    checks = org_rules.may_in(actor, Right.RECHECK_RECTIFICATIONS, row.unit.path or "") and not owns
    shown = {
        "row": row,
        "clock": duties.open_by_subject(queries.KIND, [row.pk]).get(str(row.pk)),
        "reports": queries.reports(row),
        "history": [(event, translated(ledger.kinds()[event.kind])) for event in queries.history(row)],
        "source": subjects.find(actor, row.source_kind, row.source_id),
        "files": files.attached(queries.KIND, row.pk),
        "file_kind": queries.KIND,
        "file_subject": row.pk,
        "may_attach": queries.may_attach(actor, row),
        "may_plan": owns and rules.may_move(row.state, "plan"),
        "may_report": owns and rules.may_move(row.state, "report"),
        "may_verify": checks and rules.may_move(row.state, "verify"),
        "may_reopen": checks and rules.may_move(row.state, "reopen"),
        "may_draft": row.state == State.VERIFIED
        and org_rules.may_in(actor, Right.DRAFT_PUBLICATIONS, row.unit.path or ""),
        "plan": forms.Plan(initial={"text": row.plan}),
        "report": forms.Report(),
        "recheck": forms.Recheck(),
    }
    bad = any(form.errors for form in given.values())
    return render(request, "rectification/detail.html", shown | given, status=422 if bad else 200)


def _status(form: Any) -> int:
    """422 for a form that came back with errors, 200 otherwise."""
    return 422 if form.is_bound and form.errors else 200
