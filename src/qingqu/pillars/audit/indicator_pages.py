"""The indicators: how they have done, whether they can run, what they rest on, the district's own parameters."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qingqu.engines import redflags
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org.types import Right
from qingqu.pillars.audit import exchange, forms, operations, presentation, queries
from qingqu.pillars.audit.pages import actor_of, desk_of, status_of
from qingqu.pillars.audit.readiness import all_readiness, needed


@policy(requires(Right.VIEW_FLAGS))
@require_safe
def precision(request: HttpRequest) -> HttpResponse:
    """Every indicator: its precision from triage, and whether it can run on the records there are."""
    actor = actor_of(request)
    measured = {row.indicator: row for row in queries.measured(actor)}
    ready = all_readiness(settings.QINGQU_MART, queries.settings())
    rows = [
        {
            "indicator": name,
            "is_declared": name in redflags.REGISTER,
            "measured": measured.get(name),
            "title": presentation.title_of(name),
            "ready": ready.get(name),
            "precision": presentation.precision_word(measured.get(name)),
        }
        for name in sorted({*redflags.REGISTER, *measured})
    ]
    shown = {"rows": rows, "shared": queries.SHARED, "may_set": queries.manages_all(actor)}
    return render(request, "audit/precision.html", shown)


@policy(requires(Right.VIEW_FLAGS))
@require_safe
def indicator(request: HttpRequest, name: str) -> HttpResponse:
    """One indicator: what it compares, what it rests on, what it reads, what would explain it innocently."""
    declared = redflags.REGISTER.get(name)
    if declared is None:
        raise Http404
    actor = actor_of(request)
    ready = all_readiness(settings.QINGQU_MART, queries.settings())[name]
    shown = {
        "indicator": declared,
        "title": presentation.said(declared.title),
        "severity": presentation.severity_word(declared.severity),
        "null": presentation.said(declared.null),
        "innocent": [presentation.said(each) for each in declared.innocent],
        "legal": [presentation.cited(rule) for rule in declared.legal_basis],
        "ready": ready,
        "needed": needed(declared, ready.empty),
        "record": presentation.record_line(queries.measured_one(actor, name)),
        "settings": exchange.asked(name, _own(name)),
        "shared": queries.SHARED,
        "may_set": queries.manages_all(actor),
    }
    return render(request, "audit/indicator.html", shown)


@policy(requires(Right.MANAGE_AUDIT))
@require_http_methods(["GET", "HEAD", "POST"])
def parameters(request: HttpRequest, name: str) -> HttpResponse:
    """The district's own values for an indicator, or for what several indicators share."""
    actor = desk_of(request)
    if name != queries.SHARED and name not in redflags.REGISTER:
        raise Http404
    form = forms.Parameters(request.POST or None, settings=exchange.asked(name, _own(name)))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            values = exchange.stored(name, form.values())
            operations.set_parameters(indicator=name, values=values, actor=actor, at=now())
            messages.success(request, _("参数已保存，从下一次跟踪审计起生效。"))
            return redirect("audit:precision")
    title = _("共用参数") if name == queries.SHARED else presentation.title_of(name)
    return render(request, "audit/parameters.html", {"title": title, "form": form}, status=status_of(form))


def _own(name: str) -> dict[str, object]:
    """The district's own values; empty while it has none."""
    found = queries.parameters_of(name)
    return found.values if found else {}
