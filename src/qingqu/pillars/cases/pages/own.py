"""What a person sees of the procedure about them: notice, statement, decision, remedies; never who reported."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.policies import SIGNED_IN, policy
from qingqu.kernel.org.types import Actor
from qingqu.pillars.cases import forms, operations, queries, rules, wording
from qingqu.pillars.cases.pages.desk import written
from qingqu.pillars.cases.types import RemedyKind

if TYPE_CHECKING:
    from qingqu.pillars.cases.models import Respondent


@policy(SIGNED_IN)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The procedures about the reader, and what is closed to them today."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shown = {"rows": list(queries.own(actor)), "locks": queries.lock_words(actor.person_id, on=actor.on)}
    return render(request, "cases/mine.html", shown)


@policy(SIGNED_IN)
@require_safe
def detail(request: HttpRequest, row_id: int) -> HttpResponse:
    """One procedure about the reader."""
    return _show(request, _found(request, row_id))


@policy(SIGNED_IN)
@require_POST
def act(request: HttpRequest, row_id: int, verb: str) -> HttpResponse:
    """Speak, ask for a review, or appeal, as the address says."""
    row = _found(request, row_id)
    kinds = {"review": RemedyKind.REVIEW, "appeal": RemedyKind.APPEAL}
    if verb != "speak" and verb not in kinds:
        raise Http404
    form: Any = (forms.Speech if verb == "speak" else forms.Grounds)(request.POST)
    if form.is_valid():
        given = form.cleaned_data | {"respondent": row, "at": now(), "actor": request.actor}  # type: ignore[attr-defined]
        with refusals_into(form):
            if verb == "speak":
                operations.speak(**given)
            else:
                operations.ask(kind=kinds[verb], **given)
            messages.success(request, _("已提交。"))
            return redirect("cases:own", row.pk)
    return _show(request, row, form)


@policy(SIGNED_IN)
@require_safe
def document(request: HttpRequest, row_id: int, form: str) -> HttpResponse:
    """The decision about the reader, once it was served, as DOCX or PDF."""
    row = _found(request, row_id)
    decision = queries.standing(row)
    return written(row, decision if decision and decision.served_on else None, form)


def _found(request: HttpRequest, row_id: int) -> "Respondent":
    """The procedure, if it is about the reader and they were told; 404 otherwise."""
    row = queries.own(request.actor).filter(pk=row_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row


def _show(request: HttpRequest, row: "Respondent", came_back: Any = None) -> HttpResponse:
    """The reader's page, with the form that came back."""
    asked = queries.remedies(row)
    kind = RemedyKind.APPEAL if asked else RemedyKind.REVIEW
    last = queries.last_day(row, kind) if row.state in rules.STANDING else None
    is_open = last is not None and request.actor.on <= last  # type: ignore[attr-defined]
    may_speak = rules.may_move(row.state, "hear")
    shown = {
        "row": row,
        "statements": [each for each in queries.statements(row) if each.voice in {"OWN", "WAIVED"}],
        "decisions": [(each, wording.treatment(each)) for each in queries.decisions(row) if each.served_on],
        "remedies": asked,
        "kind": kind,
        "last": last,
        "may_ask": is_open,
        "may_speak": may_speak,
        "form": came_back or (forms.Speech() if may_speak else forms.Grounds()),
    }
    bad = came_back is not None and came_back.errors
    return render(request, "cases/own.html", shown, status=422 if bad else 200)
