"""Screens of the leads: the register, a lead entered by hand, one lead with what may be done next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import Irreversible, ask_first, is_confirmed, refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.files import queries as files
from qingqu.kernel.files import subjects
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.leads import forms, operations, queries, rules
from qingqu.pillars.leads.labels import ChannelChoice, SourceChoice, StateChoice, ThemeChoice, TrackChoice
from qingqu.pillars.leads.types import Decision as Decided
from qingqu.pillars.leads.types import Kind, State, Track

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from qingqu.kernel.duties.models import Duty
    from qingqu.pillars.leads.models import Disposition, Lead


@policy(requires(Right.VIEW_LEADS))
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The leads the reader may see, the latest received first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    cuts = {name: request.GET.get(name, "") for name in ("theme", *queries.CUTS)}
    unit, text = request.GET.get("unit", ""), request.GET.get("q", "")
    rows = queries.listed(actor, unit_id=unit, text=text, **cuts)
    page = paginate(rows, request.GET.get("page", 1))
    clocks = duties.open_by_subject(queries.KIND, [lead.pk for lead in page.rows])
    shown = {
        "page": page,
        "rows": [(lead, clocks.get(str(lead.pk))) for lead in page.rows],
        "filters": [(name, label, choices, cuts[name]) for name, label, choices in _filters()],
        "query": urlencode({name: code for name, code in (*cuts.items(), ("q", text)) if code}),
        "q": text,
        "may_open": org_rules.may(actor, Right.MANAGE_LEADS),
    }
    return render(request, "leads/list.html", shown)


@policy(requires(Right.MANAGE_LEADS))
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A lead entered by hand."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = forms.NewLead(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            lead = operations.open_lead(**form.cleaned_data, at=now(), actor_id=actor.person_id)
            messages.success(request, _("已登记，编号 %(number)s。") % {"number": lead.number})
            if form.cleaned_data["about"]:
                messages.info(request, _("与您有利害关系的，由他人办理，不在您的名册中。"))
                return redirect(f"{reverse('leads:list')}?q={lead.number}")
            return redirect("leads:detail", lead.pk)
    return render(request, "leads/new.html", {"form": form}, status=_status(form))


@policy(requires(Right.VIEW_LEADS))
@require_safe
def detail(request: HttpRequest, lead_id: int) -> HttpResponse:
    """One lead: what is known, what was decided, what came of it, what may be done next."""
    return _show(request, _found(request, lead_id))


@policy(requires(Right.VIEW_LEADS))
@require_POST
def propose(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Propose a disposition."""
    form = forms.Proposal(request.POST)
    if form.is_valid():
        with refusals_into(form):
            operations.propose(lead=queries.named(lead_id), **form.cleaned_data, at=now(), actor=request.actor)  # type: ignore[attr-defined]
            messages.success(request, _("处置意见已提出，待另一人审批。"))
            return redirect("leads:detail", lead_id)
    return _show(request, _found(request, lead_id), proposal=form)


@policy(requires(Right.VIEW_LEADS))
@require_POST
def decide(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Approve or return the pending disposition, as the pressed button says."""
    form = forms.Decision(request.POST)
    returns = request.POST.get("decision") == "return"
    act: Callable[..., object] = operations.return_ if returns else operations.approve
    said = _("处置意见已退回。") if returns else _("处置意见已批准。")
    if form.is_valid():
        if not returns and not is_confirmed(request) and (lead := _about_to_close(request, lead_id)):
            return ask_first(request, _closing(lead))
        with refusals_into(form):
            act(lead=queries.named(lead_id), **form.cleaned_data, at=now(), actor=request.actor)  # type: ignore[attr-defined]
            messages.success(request, said)
            return redirect("leads:detail", lead_id)
    return _show(request, _found(request, lead_id), decision=form)


@policy(requires(Right.VIEW_LEADS))
@require_POST
def act(request: HttpRequest, lead_id: int, verb: str) -> HttpResponse:
    """One step on a lead, as the address says; a merge is asked about first."""
    step = STEPS[verb]
    form = step.shape(request.POST)
    if form.is_valid():
        if verb == "merge" and not is_confirmed(request):
            return ask_first(request, _merging(_found(request, lead_id), form.cleaned_data["number"]))
        with refusals_into(form):
            step.operation(lead=queries.named(int(lead_id)), **form.cleaned_data, at=now(), actor=request.actor)  # type: ignore[attr-defined]
            messages.success(request, str(step.said))
            return redirect(step.shown_on, lead_id)
    show = _show if step.shown_on == "leads:detail" else _show_related
    return show(request, _found(request, lead_id), **{verb: form})


@policy(requires(Right.VIEW_LEADS))
@require_safe
def related(request: HttpRequest, lead_id: int) -> HttpResponse:
    """How a lead was registered, who is in it, what it belongs together with, and who asked after it."""
    return _show_related(request, _found(request, lead_id))


@dataclass(frozen=True)
class Step:
    """What is typed for a step, what it does, what is said afterwards, and on which page it stands."""

    shape: type[Form]
    operation: Callable[..., object]
    said: "Promise"
    shown_on: str


STEPS = {
    "study": Step(forms.Study, operations.study, gettext_lazy("集体研究情况已登记。"), "leads:detail"),
    "talk": Step(forms.Talk, operations.talk, gettext_lazy("已登记，处置意见的期限自这一天起算。"), "leads:detail"),
    "feed_back": Step(forms.Feedback, operations.feed_back, gettext_lazy("反馈情况已登记。"), "leads:detail"),
    "merge": Step(forms.Merge, operations.merge, gettext_lazy("已并案。"), "leads:related"),
    "intervene": Step(forms.Asked, operations.record_intervention, gettext_lazy("过问已登记。"), "leads:related"),
}


def _filters() -> list[tuple[str, str, Sequence[tuple[str, Any]]]]:
    """The cuts of the register as (parameter, label, choices)."""
    return [
        ("state", _("状态"), StateChoice.choices),
        ("track", _("轨道"), [one for one in TrackChoice.choices if one[0] != Track.MINORS]),
        ("theme", _("问题类别"), ThemeChoice.choices),
        ("source_kind", _("来源"), SourceChoice.choices),
        ("channel", _("渠道"), ChannelChoice.choices),
    ]


def _about_to_close(request: HttpRequest, lead_id: int) -> "Lead | None":
    """The lead, when the reader's approval of what is proposed closes it; None otherwise."""
    row = queries.pending(queries.named(lead_id))
    if row is None or row.kind != Kind.SETTLE:
        return None
    lead = _found(request, lead_id)
    return lead if _may_decide(request.actor, lead, row) else None  # type: ignore[attr-defined]


def _may_decide(actor: Actor, lead: "Lead", pending: "Disposition | None") -> bool:
    """Whether the actor may approve or return what another person has proposed."""
    decides = org_rules.may_in(actor, rules.approving_right(lead.track), lead.unit.path or "")
    return pending is not None and decides and pending.proposed_by_id != actor.person_id


def _closing(lead: "Lead") -> Irreversible:
    """What closing this lead cannot take back."""
    return Irreversible(
        _("确认了结"),
        f"{lead.number} {lead.title}",
        (
            _("线索了结，不能重新打开；有新情况须另行登记。"),
            _("不再能补充材料、提出处置意见或责令整改。"),
            _("了结理由和审批人留存备查。"),
        ),
        _("批准了结"),
        reverse("leads:detail", args=[lead.pk]),
    )


def _merging(lead: "Lead", number: str) -> Irreversible:
    """What merging this lead cannot take back."""
    return Irreversible(
        _("确认并案"),
        f"{lead.number} {lead.title}",
        (
            _("并入 %(number)s 后，本件不再单独办理，期限停止计算，不能拆回。") % {"number": number},
            _("本件的编号、内容和材料照原样保留。"),
        ),
        _("并案"),
        reverse("leads:related", args=[lead.pk]),
    )


def _found(request: HttpRequest, lead_id: int) -> "Lead":
    """The lead, if the reader may see it; 404 otherwise."""
    lead = queries.visible(request.actor).filter(pk=lead_id).first()  # type: ignore[attr-defined]
    if lead is None:
        raise Http404
    return lead


def _show(request: HttpRequest, lead: "Lead", **given: Any) -> HttpResponse:
    """The lead's page, with the forms that came back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    path = lead.unit.path or ""
    rows = queries.dispositions(lead)
    pending = next((row for row in rows if row.decided_by_id is None), None)
    last = next((row for row in reversed(rows) if row.decision == Decided.APPROVED), None)
    keeps = operations.may_propose(lead, actor)
    shown = {
        "lead": lead,
        "clock": None if lead.state in rules.FINISHED else _clock(lead),
        "source_word": queries.source_word(lead),
        "dispositions": rows,
        "pending": pending,
        "outcomes": [(row, _word(row.last_event)) for row in queries.outcomes(lead)],
        "history": [(event, _word(event.kind)) for event in queries.history(lead)],
        "is_intact": queries.evidence_is_intact(lead),
        "source": subjects.find(actor, lead.source_kind, lead.source_id),
        "files": files.attached(queries.KIND, lead.pk),
        "file_kind": queries.KIND,
        "file_subject": lead.pk,
        "may_attach": lead.state not in rules.FINISHED,
        "may_propose": keeps and rules.may_move(lead.state, "propose"),
        "may_study": keeps and rules.may_move(lead.state, "study"),
        "may_talk": keeps and lead.state == State.DISPOSED and _waits_for_talk(last),
        "may_feed_back": keeps and lead.state == State.CLOSED and lead.has_named_reporter and not lead.fed_back_at,
        "needs_study": rules.needs_study(lead.track),
        "may_decide": _may_decide(actor, lead, pending),
        "may_order": lead.state == State.DISPOSED and org_rules.may_in(actor, Right.ORDER_RECTIFICATIONS, path),
        "may_accept": rules.may_become_case(lead.state, lead.track)
        and org_rules.may_in(actor, Right.HANDLE_CASES, path),
        "may_draft": lead.state in {State.DISPOSED, State.CLOSED}
        and org_rules.may_in(actor, Right.DRAFT_PUBLICATIONS, path),
        "proposal": forms.Proposal(),
        "decision": forms.Decision(),
        "study": forms.Study(),
        "talk": forms.Talk(),
        "feed_back": forms.Feedback(),
    } | given
    shown["proposal"].narrowed(last.kind if last else None)
    bad = any(form.errors for form in given.values())
    return render(request, "leads/detail.html", shown | {"is_bad": bad}, status=422 if bad else 200)


def _show_related(request: HttpRequest, lead: "Lead", **given: Any) -> HttpResponse:
    """The page of what a lead belongs together with, with the forms that came back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    people = queries.people_in(lead)
    bad = any(form.errors for form in given.values())
    shown = {
        "lead": lead,
        "source_word": queries.source_word(lead),
        "people": people,
        "amount": "" if lead.amount_fen is None else f"{Decimal(lead.amount_fen) / forms.FEN:,.2f}",
        "themes": queries.themes_of(lead),
        "related": queries.related(actor, lead, people),
        "interventions": queries.interventions(lead),
        "may_merge": rules.may_move(lead.state, "merge") and operations.may_propose(lead, actor),
        "merge": forms.Merge(),
        "intervene": forms.Asked(),
        "is_bad": bad,
    }
    return render(request, "leads/related.html", shown | given, status=422 if bad else 200)


def _clock(lead: "Lead") -> "Duty | None":
    """The open duty of the seat that handles the lead."""
    return duties.open_by_subject(queries.KIND, [lead.pk]).get(str(lead.pk))


def _waits_for_talk(last: "Disposition | None") -> bool:
    """Whether the disposition approved last is a talk of which nobody said that it took place."""
    return last is not None and last.kind == Kind.TALK and last.talked_on is None


def _word(kind: str) -> str:
    """What an event kind means, in the reader's language."""
    return translated(ledger.kinds()[kind])


def _status(form: Any) -> int:
    """422 for a form that came back with errors, 200 otherwise."""
    return 422 if form.is_bound and form.errors else 200
