"""Screens for those who organise: the list, one ceremony with what is next, its steps."""

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
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.draws import forms, operations, queries, rules
from qingqu.kernel.draws.pages.clocks import clocks
from qingqu.kernel.draws.types import State
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.types import Actor, Right

if TYPE_CHECKING:
    from qingqu.kernel.draws.models import Ceremony

Made = dict[str, Any]


@policy(requires(Right.RUN_DRAWS))
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The ceremonies that the reader organises, the latest first."""
    state = request.GET.get("state", "")
    page = paginate(queries.listed(_actor(request), state=state), request.GET.get("page", 1))
    return render(request, "draws/list.html", {"page": page, "states": queries.states(), "state": state})


@policy(requires(Right.RUN_DRAWS))
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new ceremony."""
    form = forms.NewPlan(request.POST or None, actor=_actor(request))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            row = operations.prepare(**form.sent(), **_act(request))
            messages.success(request, _("已建立，编号 %(number)s。请添加名单和参与方。") % {"number": row.number})
            return redirect("draws:detail", row.pk)
    return render(request, "draws/new.html", {"form": form}, status=_status(form))


@policy(requires(Right.RUN_DRAWS))
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The workbook of a roster, empty."""
    del request
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    head = {"Content-Disposition": 'attachment; filename="roster.xlsx"'}
    return HttpResponse(queries.template(), content_type=kind, headers=head)


@policy(requires(Right.RUN_DRAWS))
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest, row_id: int) -> HttpResponse:
    """Add a draw with its roster to a ceremony in preparation."""
    row = _found(request, row_id)
    form = forms.Roster(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        names = ("title", "kind", "counts", "has_public_names")
        with refusals_into(form):
            operations.put_draw(
                ceremony=row,
                given=form.lines(row),
                **{name: form.cleaned_data[name] for name in names},
                **_act(request),
            )
            messages.success(request, _("名单已添加。"))
            return redirect("draws:detail", row.pk)
    return render(request, "draws/roster.html", {"form": form, "row": row}, status=_status(form))


@policy(requires(Right.RUN_DRAWS))
@require_safe
def detail(request: HttpRequest, row_id: int) -> HttpResponse:
    """One ceremony: what is next, who is waited for, until when; draws, parties, recusals, what happened."""
    return _show(request, _found(request, row_id))


@policy(requires(Right.RUN_DRAWS))
@require_POST
def act(request: HttpRequest, row_id: str, verb: str) -> HttpResponse:
    """One step of a ceremony, as the address says."""
    row = _found(request, int(row_id))
    form = _shape(request, row, verb)
    if form.is_valid() and not is_left(request):
        if not is_confirmed(request) and (asked := _irreversible(row, verb)):
            return ask_first(request, asked, typed_in=verb if form.fields else "")
        with refusals_into(form):
            operation, said, names = _operations()[verb]
            given = {names.get(name, name): value for name, value in form.cleaned_data.items()}
            done = operation(ceremony=row, **(form.sent() if verb == "change" else given), **_act(request))
            return _after(request, row, verb, done) or _back(request, row, said)
    return _show(request, _found(request, row.pk), **{verb: form})


def _operations() -> dict[str, tuple[Callable[..., Any], str, dict[str, str]]]:
    """{verb: (operation, what is said afterwards, {field of the form: argument of the operation})}."""
    return {
        "change": (operations.change, _("已保存。"), {}),
        "drop_draw": (operations.drop_draw, _("名单已移除。"), {"row": "draw_id"}),
        "party": (operations.put_party, _("参与方已添加。"), {}),
        "drop_party": (operations.drop_party, _("参与方已移除。"), {"row": "party_id"}),
        "link": (operations.renew_link, "", {"row": "party_id"}),
        "freeze": (operations.freeze, _("名单已冻结并公开。记入公开日志后，各方即可承诺。"), {}),
        "close": (operations.close, _("承诺已截止，各方可以揭示。"), {}),
        "recuse": (operations.recuse, _("回避已登记。"), {"draw": "draw_id"}),
        "record": (operations.record_source, _("已登记，请由另一人核对。"), {}),
        "confirm": (operations.confirm_source, _("核对一致，可以抽出结果。"), {}),
        "draw": (operations.draw, _("结果已抽出并公开。"), {}),
        "abandon": (operations.abandon, _("已中止，理由已公开。"), {}),
    }


def _shape(request: HttpRequest, row: "Ceremony", verb: str) -> Any:
    """The form of a step with what was sent."""
    if verb == "party":
        return forms.Party(request.POST, ceremony=row)
    if verb == "recuse":
        return forms.Recusal(request.POST, draws=queries.draws(row))
    shapes: dict[str, type[PageForm]] = {
        "change": forms.Plan,
        "record": forms.Value,
        "confirm": forms.Again,
        "abandon": forms.Abandon,
        "drop_draw": forms.Chosen,
        "drop_party": forms.Chosen,
        "link": forms.Chosen,
    }
    return shapes.get(verb, PageForm)(request.POST)


def _after(request: HttpRequest, row: "Ceremony", verb: str, done: Any) -> HttpResponse | None:
    """The page with a new link, which is shown once; None after every other step."""
    secret = done[1] if verb == "party" else done if verb == "link" else ""
    if not secret:
        return None
    link = request.build_absolute_uri(reverse("draws:outside", args=[secret]))
    return render(request, "draws/link.html", {"row": row, "link": link})


def _back(request: HttpRequest, row: "Ceremony", said: str) -> HttpResponse:
    """Back on the ceremony's page with what was done."""
    messages.success(request, said)
    return redirect("draws:detail", row.pk)


def _irreversible(row: "Ceremony", verb: str) -> Irreversible | None:
    """What the step cannot take back; None for the other steps, and when the state will refuse it anyway."""
    if not rules.may_move(row.state, verb):
        return None
    said = {
        "freeze": (
            _("确认冻结"),
            (
                _("名单、名额、参与方、截止时间和随机源全部固定，任何人都不能再改。"),
                _("名单随即公开；人员只公开编号。"),
                _("每份名单的摘要记入公开日志。"),
            ),
        ),
        "draw": (
            _("确认抽出结果"),
            (_("结果随即公开，不能重抽。"), _("任何人都可以下载复算包，自行复算。")),
        ),
        "abandon": (
            _("确认中止"),
            (_("这场抽签不再继续，不能恢复。"), _("中止的时间和理由公开，并记入公开日志。")),
        ),
    }.get(verb)
    if said is None:
        return None
    title, consequences = said
    return Irreversible(title, row.title, consequences, title, reverse("draws:detail", args=[row.pk]))


def _show(request: HttpRequest, row: "Ceremony", **given: Any) -> HttpResponse:
    """The ceremony's page, with the form that came back."""
    draws, people, at = queries.draws(row), queries.parties(row), now()
    names = queries.names_drawn(draws) if row.state == State.DRAWN else {}
    meanings = ledger.kinds()
    shown: Made = {
        "row": row,
        "draws": [(drawn, _lists(drawn, names)) for drawn in draws],
        "parties": people,
        "waiting": queries.waited_for(row, people),
        "clocks": clocks(row, at),
        "recusals": queries.recusals(row),
        "history": [(each, translated(meanings[each.event.kind])) for each in queries.in_the_log(row)],
        "is_commit_over": at > row.commit_by or not any(not party.commitment for party in people),
        "is_source_due": at >= row.source_at,
        "has_recorded": row.recorded_by_id == _actor(request).person_id,
        "plan": forms.Plan(initial=forms.Plan.opened(row)),
        "party": forms.Party(ceremony=row),
        "recuse": forms.Recusal(draws=draws),
        "record": forms.Value(),
        "confirm": forms.Again(),
        "abandon": forms.Abandon(),
    }
    bad = next((form for form in given.values() if form.errors), None)
    shown |= given | {"came_back": bad, "plan": given.get("change") or shown["plan"]}
    return render(request, "draws/detail.html", shown, status=422 if bad else 200)


def _lists(drawn: Any, names: dict[tuple[int, str], str]) -> list[Made]:
    """The strata of a drawn result with whom each number stands for; none before."""
    if not drawn.result_sha256:
        return []
    strata = drawn.result.content["strata"]
    return [
        {"stratum": stratum}
        | {part: [(each, names.get((drawn.pk, each), "")) for each in found[part]] for part in ("chosen", "reserves")}
        | {"skipped": found["skipped"]}
        for stratum, found in strata.items()
    ]


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _act(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when."""
    return {"at": now(), "actor": _actor(request)}


def _found(request: HttpRequest, row_id: int) -> "Ceremony":
    """The ceremony, if the reader organises it; 404 otherwise."""
    row = queries.visible(_actor(request)).select_related("recorded_by", "confirmed_by").filter(pk=row_id).first()
    if row is None:
        raise Http404
    return row


def _status(form: Any) -> int:
    """422 for a form that came back with errors, 200 otherwise."""
    return 422 if form.is_bound and form.errors else 200
