"""The audit desk: flags and their triage, runs, precision."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.audit import exchange, forms, operations, presentation, queries
from qingqu.pillars.audit.types import FlagState


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in actor; the policy has made sure that there is one."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


def desk_of(request: HttpRequest) -> Actor:
    """The actor at the district's audit desk: imports and runs are the whole district's, never one school's.

    Raises Http404 for those who keep the audit of a part of it.
    """
    actor = actor_of(request)
    if not queries.manages_all(actor):
        raise Http404
    return actor


def status_of(form: Any) -> int:
    """422 for a form that came back with errors, 200 otherwise."""
    return 422 if form is not None and form.is_bound and form.errors else 200


def _listed(request: HttpRequest) -> tuple[forms.Filter, Any]:
    form = forms.Filter(request.GET or None, indicators=presentation.choices())
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = queries.listed(
        actor_of(request),
        indicator=asked.get("indicator", ""),
        state=asked.get("state", ""),
        unit_code=asked.get("unit", ""),
        raised_in=asked.get("raised_in", ""),
        first_in=asked.get("first_in", ""),
        sort=asked.get("sort", ""),
    )
    return form, rows


@policy(requires(Right.VIEW_FLAGS))
@require_safe
def flags(request: HttpRequest) -> HttpResponse:
    """The flags in scope: filter, sort, page."""
    form, rows = _listed(request)
    page = paginate(rows, request.GET.get("page", 1))
    query = request.GET.copy()
    query.pop("page", None)
    shown = {
        "filter": form,
        "page": page,
        "flags": [
            {
                "flag": flag,
                "title": presentation.title_of(flag.indicator),
                "severity": presentation.severity_word(flag.severity),
                "severity_tone": presentation.SEVERITY_TONES.get(flag.severity, "neutral"),
                "tone": presentation.TONES[flag.state],
            }
            for flag in page.rows
        ],
        "query": query.urlencode(),
        "query_amp": f"{query.urlencode()}&" if query else "",
    }
    return render(request, "audit/flags.html", shown)


@policy(requires(Right.VIEW_FLAGS))
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The listed flags as a workbook."""
    _form, rows = _listed(request)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(exchange.flags_workbook(rows), content_type=kind)
    answer["Content-Disposition"] = 'attachment; filename="flags.xlsx"'
    return answer


@policy(requires(Right.VIEW_FLAGS))
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, flag_id: int) -> HttpResponse:
    """One flag: why, evidence, chain, innocent explanations, triage."""
    actor = actor_of(request)
    found = queries.flags_for(actor).select_related("unit", "last_run").filter(pk=flag_id).first()
    may_triage = found is not None and queries.may_triage(actor, found)
    if found is None or (request.method == "POST" and not may_triage):
        raise Http404
    evidence = presentation.read_evidence(found, settings.QINGQU_MART)
    form = _triage_form(request, found) if may_triage else None
    if form and form.is_bound and form.is_valid():
        with refusals_into(form):
            operations.triage(
                flag=found,
                outcome=FlagState(form.cleaned_data.get("outcome", FlagState.OPEN)),
                reason=form.cleaned_data["reason"],
                actor=actor,
                at=now(),
                evidence=presentation.frozen(evidence),
            )
            messages.success(request, _("核查结论已记录。"))
            return redirect("audit:flag", flag_id=found.pk)
    shown = {
        "flag": found,
        "about": presentation.about(found),
        "record": presentation.record_line(queries.measured_one(actor, found.indicator)),
        "stale": presentation.staleness(found, queries.latest_run()),
        "tone": presentation.TONES[found.state],
        "severity_tone": presentation.SEVERITY_TONES.get(found.severity, "neutral"),
        "chain": presentation.chain_of(found, settings.QINGQU_MART, evidence),
        "evidence": presentation.shown_evidence(found, settings.QINGQU_MART, evidence),
        "triages": queries.triages_of(found),
        "form": form,
    }
    return render(request, "audit/flag.html", shown, status=status_of(form))


def _triage_form(request: HttpRequest, found: Any) -> Any:
    """What may be decided next about a flag; None for one that has become a lead."""
    wanted = {FlagState.OPEN: forms.Triage, FlagState.LEAD: None}.get(FlagState(found.state), forms.Reopening)
    return wanted(request.POST or None) if wanted else None


@policy(requires(Right.MANAGE_AUDIT))
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """The runs so far; a POST asks for one more."""
    actor = desk_of(request)
    if request.method == "POST":
        run = operations.ask_run(actor=actor, at=now())
        return redirect("audit:run", run_id=run.pk)
    return render(request, "audit/runs.html", {"page": paginate(queries.runs(), request.GET.get("page", 1))})


@policy(requires(Right.MANAGE_AUDIT))
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: how far it is, its manifest, the indicators that could not run and why."""
    desk_of(request)
    found = queries.runs().filter(pk=run_id).first()
    if found is None:
        raise Http404
    word = "en" if presentation.is_english() else "zh"
    skipped = [
        {"id": each["indicator"], "title": presentation.title_of(each["indicator"]), "reason": each[word]}
        for each in found.manifest.get("skipped", [])
    ]
    shown = {
        "job": found,
        "is_latest": found == queries.latest_run(),
        "skipped": skipped,
        "manifest": presentation.manifest_lines(found.manifest),
    }
    return render(request, "audit/run.html", shown)
