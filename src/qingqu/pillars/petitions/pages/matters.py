"""Screens for those who handle petitions: the register, one petition with what may be done next, its steps."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translated
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingqu.engines import statutes
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import Irreversible, PageForm, ask_first, is_confirmed, refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.files import queries as files
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.petitions import forms, operations, queries, rules
from qingqu.pillars.petitions.types import Level, State

if TYPE_CHECKING:
    from qingqu.pillars.petitions.models import Opinion, Petition

Made = dict[str, Any]


@policy(requires(Right.VIEW_PETITIONS))
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The petitions the reader may see, the latest received first; of what was referred, number and dates alone."""
    actor = _actor(request)
    asked = {key: request.GET.get(key, "") for key in ("state", "kind", "q")}
    is_left = asked["state"] == State.REFERRED and not org_rules.may(actor, Right.MANAGE_LEADS)
    unit = request.GET.get("unit", "")
    rows = queries.listed(actor, state=asked["state"], kind=asked["kind"], unit_id=unit, text=asked["q"])
    page = paginate(rows.none() if is_left else rows, request.GET.get("page", 1))
    clocks = duties.open_by_subject(queries.KIND, [row.pk for row in page.rows])
    shown = asked | {
        "page": page,
        "rows": [(row, clocks.get(str(row.pk))) for row in page.rows],
        "states": queries.states(),
        "kinds": queries.kinds(),
        "referrals": queries.referrals(actor) if is_left else [],
        "may_register": org_rules.may(actor, Right.HANDLE_PETITIONS),
    }
    return render(request, "petitions/list.html", shown)


@policy(requires(Right.HANDLE_PETITIONS))
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a petition; one that the registrar may not read any further is only named."""
    form = forms.Registration(request.POST or None, actor=_actor(request))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            row = operations.register(**form.sent(), **_act(request))
            messages.success(request, _("已登记，编号 %(number)s。") % {"number": row.number})
            return redirect("petitions:list")
    return render(request, "petitions/new.html", {"form": form}, status=_status(form))


@policy(requires(Right.VIEW_PETITIONS))
@require_safe
def detail(request: HttpRequest, row_id: int) -> HttpResponse:
    """One petition: what it asks, its dates with their law, the opinions, what may be done next."""
    return _show(request, _found(request, row_id))


@policy(requires(Right.VIEW_PETITIONS))
@require_POST
def act(request: HttpRequest, row_id: str, verb: str) -> HttpResponse:
    """One step of a petition, as the address says."""
    form = _shape(verb, _actor(request), request.POST)
    if form.is_valid():
        if not is_confirmed(request) and verb in ("refer", "close"):
            return ask_first(request, _irreversible(_found(request, int(row_id)), verb))
        operation, said, extra = _operations()[verb]
        given = form.sent() if hasattr(form, "sent") else form.cleaned_data
        with refusals_into(form):
            operation(petition=queries.named(int(row_id)), **given, **extra, **_act(request))
            messages.success(request, said)
            return redirect(*(("petitions:list",) if verb == "refer" else ("petitions:detail", row_id)))
    return _show(request, _found(request, int(row_id)), **{verb: form})


def _operations() -> dict[str, tuple[Callable[..., Any], str, Made]]:
    """{verb: (operation, what is said afterwards, what else the operation is given)}."""
    review, recheck = {"level": Level.REVIEW}, {"level": Level.RECHECK}
    return {
        "accept": (operations.accept, _("已受理。"), {}),
        "refuse": (operations.refuse, _("已决定不予受理。"), {}),
        "transfer": (operations.transfer, _("已转送，请登记签收回执。"), {}),
        "refer": (operations.refer, _("已移送派驻纪检监察组，此后仅该组可见。"), {}),
        "object": (operations.object_, _("已提出异议。"), {}),
        "receipt": (operations.receipt, _("回执已登记。"), {}),
        "begin": (operations.begin, _("已交承办科室。"), {}),
        "extend": (operations.extend, _("已批准延期。"), {}),
        "conclude": (operations.conclude, _("处理意见已出具，请下载意见书送达。"), {}),
        "ask_review": (operations.ask, _("复查请求已登记，请由另一人作出复查意见。"), review),
        "review": (operations.decide, _("复查意见已出具，请下载意见书送达。"), review),
        "ask_recheck": (operations.ask, _("复核请求已登记，请由另一人作出复核意见。"), recheck),
        "recheck": (operations.decide, _("复核意见已出具，信访终结。"), recheck),
        "hear": (operations.hear, _("已暂停计时。"), {}),
        "resume": (operations.resume, _("已恢复计时。"), {}),
        "close": (operations.close, _("信访已终结。"), {}),
    }


def _shape(verb: str, actor: Actor, sent: Any = None, initial: Made | None = None) -> Any:
    """The form of a step, with what was sent or with what it opens with."""
    shapes: dict[str, type[PageForm]] = {
        "accept": forms.Accept,
        "refuse": forms.Refuse,
        "transfer": forms.Transfer,
        "refer": forms.Refer,
        "object": forms.Object,
        "receipt": forms.Receipt,
        "begin": forms.Begin,
        "extend": forms.Extend,
        **dict.fromkeys(("conclude", "review", "recheck"), forms.Opinion),
        **dict.fromkeys(("ask_review", "ask_recheck"), forms.Ask),
        "hear": forms.Hear,
        "close": forms.Close,
    }
    more: Made = {"actor": actor} if verb == "transfer" else {}
    return shapes.get(verb, PageForm)(sent, initial=initial or {}, auto_id=f"{verb}_%s", **more)


def _irreversible(row: "Petition", verb: str) -> Irreversible:
    """What the step cannot take back."""
    title, consequences = {
        "refer": (
            _("确认移送派驻纪检监察组"),
            (_("移送后本单位账号看不到内容，只保留编号、日期和回执。"), _("移送不能撤回。")),
        ),
        "close": (_("确认终结"), (_("终结后不能再办理。"), _("期限不再计算。"))),
    }[verb]
    return Irreversible(title, str(row), consequences, title, reverse("petitions:detail", args=[row.pk]))


def _show(request: HttpRequest, row: "Petition", **given: Any) -> HttpResponse:
    """The petition's page: what may be done next, with the form that came back."""
    actor = _actor(request)
    clocks = list(duties.for_subject(queries.KIND, row.pk))
    opinions = queries.opinions(row) if row.state not in (State.REGISTERED, State.ACCEPTED, State.HANDLING) else []
    meanings = ledger.kinds()
    initial = {"received_on": actor.on, "asked_on": actor.on, "served_on": actor.on}
    steps = [verb for verb in _verbs(row, clocks) if queries.may_take(actor, row, verb)]
    shown: Made = {
        "row": row,
        "clocks": clocks,
        "opinions": [(said, _why(said)) for said in opinions],
        "about": queries.about(row),
        "alike": queries.alike(row)[:5] if row.state == State.REGISTERED else [],
        "steps": [(verb, *_words()[verb], given.get(verb) or _shape(verb, actor, initial=initial)) for verb in steps],
        "history": [(event, translated(meanings[event.kind])) for event in queries.history(row)],
        "files": files.attached(queries.KIND, row.pk),
        "file_kind": queries.KIND,
        "file_subject": row.pk,
        "may_attach": queries.may_attach(actor, row),
    }
    bad = next((form for form in given.values() if form.errors), None)
    return render(request, "petitions/detail.html", shown | {"came_back": bad}, status=422 if bad else 200)


def _verbs(row: "Petition", clocks: list[Any]) -> list[str]:
    """The steps the petition's state allows and that are not done yet."""
    is_paused = any(clock.paused_on for clock in clocks)
    done = {
        "object": row.channel not in rules.PASSED_ON,
        "extend": row.extended_on is not None or not rules.has_term(row.kind),
        "receipt": bool(row.receipt),
        "hear": is_paused,
        "resume": not is_paused,
    }
    return [move.verb for move in rules.TRANSITIONS[State(row.state)] if not done.get(move.verb)]


def _words() -> dict[str, tuple[str, str]]:
    """{verb: (what the step is, what its button says)}."""
    return {
        "accept": (_("受理"), _("决定受理")),
        "refuse": (_("不予受理"), _("决定不予受理")),
        "transfer": (_("转送"), _("转送有权处理的机关")),
        "refer": (_("移送纪检监察机关"), _("移送派驻纪检监察组")),
        "object": (_("提出异议"), _("提出异议退回")),
        "receipt": (_("签收回执"), _("登记回执")),
        "begin": (_("交承办科室"), _("交办")),
        "extend": (_("延长办理期限（一次）"), _("批准延期")),
        "conclude": (_("出具处理意见"), _("出具处理意见书")),
        "ask_review": (_("信访人请求复查"), _("登记复查请求")),
        "review": (_("作出复查意见"), _("出具复查意见书")),
        "ask_recheck": (_("信访人请求复核"), _("登记复核请求")),
        "recheck": (_("作出复核意见"), _("出具复核意见书")),
        "hear": (_("听证（听证时间不计入期限）"), _("开始听证")),
        "resume": (_("听证结束"), _("恢复计时")),
        "close": (_("终结"), _("终结信访")),
    }


def _why(said: "Opinion") -> list[str]:
    """The steps to the last day on which the next opinion may be asked for, as sentences."""
    return statutes.reasons(said.remedy_why, in_english=(get_language() or "").startswith("en"))


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _act(request: HttpRequest) -> Made:
    """Who acts, and when."""
    return {"at": now(), "actor": _actor(request)}


def _found(request: HttpRequest, row_id: int) -> "Petition":
    """The petition, if the reader may see it; 404 otherwise."""
    rows = queries.visible(_actor(request)).select_related("unit", "handler", "to_unit", "same_as", "extended_by")
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise Http404
    return row


def _status(form: Any) -> int:
    """422 for a form that came back with errors, 200 otherwise."""
    return 422 if form.is_bound and form.errors else 200
