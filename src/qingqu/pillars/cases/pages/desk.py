"""Screens of the desk, the investigators, the school and those who decide."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translated
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import Irreversible, PageForm, ask_first, is_confirmed, is_left, refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import SIGNED_IN, policy, requires
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.files import documents
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.cases import forms, operations, queries, rules, wording

if TYPE_CHECKING:
    from qingqu.pillars.cases.models import Case, Decision, Respondent


@policy(SIGNED_IN)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The procedures the reader may see, with filters."""
    actor = _actor(request)
    state, text, unit = (request.GET.get(name, "") for name in ("state", "q", "unit"))
    page = paginate(queries.listed(actor, state=state, unit_id=unit, text=text), request.GET.get("page", 1))
    clocks = duties.open_by_subject(queries.PERSON_KIND, [row.pk for row in page.rows])
    shown = {
        "page": page,
        "rows": [(row, clocks.get(str(row.pk))) for row in page.rows],
        "states": queries.states(),
        "state": state,
        "q": text,
        "unit": unit,
        "may_open": org_rules.may(actor, Right.HANDLE_CASES),
    }
    return render(request, "cases/list.html", shown)


@policy(requires(Right.HANDLE_CASES))
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Accept a case, by hand or from a disposed lead named in the address."""
    actor = _actor(request)
    lead = None
    if wanted := request.GET.get("lead", ""):
        lead = queries.lead_for(actor, wanted)
        if lead is None:
            raise Http404
    form = forms.NewCase(request.POST or None, actor=actor, initial=_from_lead(lead))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            case = operations.open_case(**form.sent(), lead=lead, **_act(request))
            messages.success(request, _("已受理，编号 %(number)s。请指定调查人。") % {"number": case.number})
            return redirect("cases:detail", case.pk)
    return render(request, "cases/new.html", {"form": form, "lead": lead}, status=_status(form))


def _from_lead(lead: Any) -> dict[str, Any]:
    """What a lead already says about a new case: title, unit and whom it is about, never its text."""
    if lead is None:
        return {}
    about = [row.person.number for row in lead.parties.all() if row.standing == "ABOUT" and row.person]
    return {"title": lead.title, "unit": lead.unit_id, "about": " ".join(about)}


@policy(SIGNED_IN)
@require_safe
def detail(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: its source, the people in it, who has which part."""
    return _show_case(request, _case(request, case_id))


@policy(SIGNED_IN)
@require_POST
def appoint(request: HttpRequest, case_id: int) -> HttpResponse:
    """Appoint one investigator."""
    form = forms.Investigator(request.POST)
    if form.is_valid():
        chosen = org.person_with_id(form.cleaned_data["person"])
        if chosen is None:
            raise Http404
        with refusals_into(form):
            operations.appoint(case=queries.case_named(case_id), person=chosen, **_act(request))
            messages.success(request, _("调查人已指定。"))
            return redirect("cases:detail", case_id)
    return _show_case(request, _case(request, case_id), appoint=form)


@policy(SIGNED_IN)
@require_POST
def refer(request: HttpRequest, case_id: int) -> HttpResponse:
    """Report a suspected false accusation to the authority that may recognise one."""
    form = forms.Referral(request.POST)
    if form.is_valid():
        with refusals_into(form):
            operations.refer_accusation(case=queries.case_named(case_id), **form.cleaned_data, **_act(request))
            messages.success(request, _("已登记报请认定。"))
            return redirect("cases:detail", case_id)
    return _show_case(request, _case(request, case_id), refer=form)


@policy(SIGNED_IN)
@require_safe
def person(request: HttpRequest, row_id: int) -> HttpResponse:
    """The procedure about one person: what was found, said, proposed and decided, and the next step."""
    return _show(request, _found(request, row_id))


@policy(SIGNED_IN)
@require_POST
def act(request: HttpRequest, row_id: int, verb: str) -> HttpResponse:
    """One step of a procedure, as the address says."""
    if verb not in STEPS:
        raise Http404
    shape, operation = STEPS[verb]
    form = shape(request.POST, auto_id=f"{verb}_%s")
    if form.is_valid() and not is_left(request):
        if not is_confirmed(request) and (asked := _irreversible(request, row_id, verb)):
            return ask_first(request, asked, typed_in=verb)
        with refusals_into(form):
            operation(respondent=queries.named(row_id), **form.cleaned_data, **_act(request))
            messages.success(request, _("已办理。"))
            return redirect("cases:person", row_id)
    return _show(request, _found(request, row_id), verb, form)


STEPS: dict[str, tuple[type[PageForm], Callable[..., object]]] = {
    "notify": (forms.Notice, operations.notify),
    "hear": (forms.Heard, operations.hear),
    "supplement": (forms.Reason, operations.supplement),
    "propose": (forms.Proposal, operations.propose),
    "decide": (forms.Treatment, operations.decide),
    "return": (forms.Reason, operations.return_),
    "dismiss": (forms.Reason, operations.dismiss),
    "serve": (forms.Service, operations.serve),
    "file": (forms.Filing, operations.file),
    "release": (PageForm, operations.release),
    "clearing": (forms.Clearing, operations.draft_clarification),
    "clarify": (PageForm, operations.clarify),
    "answer": (forms.Answer, operations.answer),
    "correct": (forms.Correction, operations.draft_correction),
    "transfer": (forms.Handed, operations.transfer),
    "handed": (forms.HandedBack, operations.note_transfer),
}
"""{verb of the address: (its form, its operation)}."""


def titles() -> dict[str, str]:
    """{verb: what its form and its button are called}."""
    return {
        "notify": _("告知查明情况和拟处理意见"),
        "hear": _("记录陈述申辩或者意见"),
        "supplement": _("补充调查"),
        "propose": _("提出学校建议"),
        "decide": _("作出处理决定"),
        "return": _("退回建议"),
        "dismiss": _("不予处理"),
        "serve": _("登记送达"),
        "file": _("入档"),
        "release": _("期满解除并通知本人"),
        "clearing": _("起草澄清"),
        "clarify": _("批准澄清"),
        "answer": _("答复复核或者申诉"),
        "correct": _("起草同范围更正"),
        "transfer": _("登记移送"),
        "handed": _("登记移送反馈"),
    }


@policy(SIGNED_IN)
@require_safe
def document(request: HttpRequest, row_id: int, form: str) -> HttpResponse:
    """The written decision that stands, as DOCX or PDF."""
    row = _found(request, row_id)
    return written(row, queries.standing(row), form)


MEDIA = {
    "docx": (documents.docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (documents.pdf, "application/pdf"),
}


def written(row: "Respondent", decision: "Decision | None", form: str) -> HttpResponse:
    """A decision as a download, after its release the notice of it; 404 without one and for an unknown form."""
    if decision is None or form not in MEDIA:
        raise Http404
    make, media_type = MEDIA[form]
    is_released = row.released_at is not None
    text = (wording.release_document if is_released else wording.decision_document)(row, decision)
    head = {"Content-Disposition": f'attachment; filename="{decision.number}.{form}"', "Cache-Control": "no-store"}
    return HttpResponse(make(text), content_type=media_type, headers=head)


def _irreversible(request: HttpRequest, row_id: int, verb: str) -> Irreversible | None:
    """What a step cannot take back; None for the other steps, and when the state will refuse it anyway."""
    if verb not in {"decide", "dismiss"}:
        return None
    row = _found(request, row_id)
    if not rules.may_move(row.state, verb):
        return None
    consequences = {
        "decide": (
            _("决定作出后不能修改；只能经复核、申诉变更或者撤销，且不得加重。"),
            _("您今后不能在本案中复核、办理申诉或者发布通报。"),
        ),
        "dismiss": (_("此人的程序终结，不能重新打开。"), _("造成不良影响的，应当及时澄清。")),
    }[verb]
    title = titles()[verb]
    return Irreversible(title, row.case.title, consequences, title, reverse("cases:person", args=[row.pk]))


def _show_case(request: HttpRequest, case: "Case", **given: Any) -> HttpResponse:
    """The case's page, with the form that came back."""
    actor = _actor(request)
    handles = org_rules.may_in(actor, Right.HANDLE_CASES, case.unit.path or "")
    people = list(queries.respondents(actor).filter(case=case).order_by("id"))
    shown = {
        "case": case,
        "people": people,
        "hands": queries.hands(case.pk),
        "may_appoint": handles and any(row.state in {"ACCEPTED", "INVESTIGATING"} for row in people),
        "may_refer": handles and all(row.state in rules.CLEARED for row in people),
        "reads_lead": case.source_kind == "lead" and org_rules.may(actor, Right.VIEW_LEADS),
        "least": rules.least_investigators(),
        "appoint": forms.Investigator(),
        "refer": forms.Referral(),
    }
    bad = any(form.errors for form in given.values())
    return render(request, "cases/detail.html", shown | given, status=422 if bad else 200)


def _show(request: HttpRequest, row: "Respondent", verb: str = "", came_back: Any = None) -> HttpResponse:
    """The procedure's page, with the form that came back."""
    actor = _actor(request)
    asked = queries.remedies(row)
    decisions = queries.decisions(row)
    uncorrected = queries.uncorrected(row, decisions)
    offered = queries.offered(
        actor,
        row,
        waits_for_answer=any(remedy.state == "FILED" for remedy in asked),
        is_uncorrected=bool(uncorrected),
    )
    words = titles()
    initial = {
        "sanction": row.proposed_sanction or row.ceiling_sanction,
        "restriction_months": row.proposed_months if row.proposed_sanction else row.ceiling_months,
    }
    steps = [
        (each, words[each], came_back if each == verb else STEPS[each][0](auto_id=f"{each}_%s", initial=initial))
        for each in offered
    ]
    shown = {
        "row": row,
        "steps": steps,
        "statements": queries.statements(row),
        "decisions": [(each, wording.treatment(each)) for each in decisions],
        "remedies": asked,
        "is_uncorrected": bool(uncorrected),
        "clarification": getattr(row, "clarification", None),
        "transfer": getattr(row, "transfer", None) if queries.reads_discipline(actor) else None,
        "clock": duties.open_by_subject(queries.PERSON_KIND, [row.pk]).get(str(row.pk)),
        "history": [(event, translated(ledger.kinds()[event.kind])) for event in queries.history(actor, row)],
        "may_draft": row.state in rules.STANDING
        and org_rules.may_in(actor, Right.DRAFT_PUBLICATIONS, row.case.unit.path or ""),
        "came_back": came_back if came_back is not None and verb not in offered else None,
    }
    bad = came_back is not None and came_back.errors
    return render(request, "cases/person.html", shown, status=422 if bad else 200)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _act(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when."""
    return {"at": now(), "actor": _actor(request)}


def _case(request: HttpRequest, case_id: int) -> "Case":
    """The case, if the reader may see it; 404 otherwise."""
    found = queries.visible(_actor(request)).filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


def _found(request: HttpRequest, row_id: int) -> "Respondent":
    """The procedure, if the reader may see it; 404 otherwise."""
    row = queries.to_show(_actor(request)).filter(pk=row_id).first()
    if row is None:
        raise Http404
    return row


def _status(form: Any) -> int:
    """422 for a form that came back with errors, 200 otherwise."""
    return 422 if form.is_bound and form.errors else 200
