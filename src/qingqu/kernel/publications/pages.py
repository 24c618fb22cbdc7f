"""Screens of the publish gate for staff."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translated
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import Irreversible, ask_first, is_confirmed, is_left, refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import SIGNED_IN, policy, requires
from qingqu.kernel.files import subjects
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.types import Actor, Right
from qingqu.kernel.publications import forms, operations, queries, rules
from qingqu.kernel.publications.types import State

if TYPE_CHECKING:
    from qingqu.kernel.publications.models import Publication, Version


@policy(SIGNED_IN)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The publications the reader works on, the latest first."""
    actor = _worker(request)
    labels = dict(queries.states())
    kind = _known(request.GET.get("kind", ""), dict(queries.kinds()))
    state = _known(request.GET.get("state", ""), labels)
    page = paginate(queries.listed(actor, kind=kind, state=state), request.GET.get("page", 1))
    shown = {
        "page": page,
        "rows": [(row, labels.get(getattr(row, "last_state", ""), "")) for row in page.rows],
        "kinds": queries.kinds(),
        "kind": kind,
        "states": queries.states(),
        "state": state,
        "may_draft": org_rules.may(actor, Right.DRAFT_PUBLICATIONS),
    }
    return render(request, "publications/list.html", shown)


def _known(code: str, labels: dict[str, str]) -> str:
    """The code when it is one of the labelled ones; empty otherwise."""
    return code if code in labels else ""


@policy(requires(Right.DRAFT_PUBLICATIONS))
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new draft, from the matter named in the address when there is one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    source = _source(request, actor)
    opened = {"initial": {"title": source.title, "unit": source.unit_id}} if source else {}
    form = forms.Draft(request.POST or None, actor=actor, **opened)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        given["parties"] = [*given["parties"], *(source.people if source else ())]
        kind, key = (source.kind, source.subject_id) if source else ("", "")
        with refusals_into(form):
            row = operations.draft(**given, author_id=actor.person_id, at=now(), source_kind=kind, source_id=key)
            messages.success(request, _("已起草，编号 %(number)s。") % {"number": row.number})
            return redirect("publications:detail", row.pk)
    bad = form.is_bound and form.errors
    return render(request, "publications/new.html", {"form": form, "source": source}, status=422 if bad else 200)


@policy(SIGNED_IN)
@require_safe
def detail(request: HttpRequest, row_id: int) -> HttpResponse:
    """One publication: the version at work with its traces, the versions before, what may be done next."""
    return _show(request, _found(request, row_id))


@policy(SIGNED_IN)
@require_POST
def act(request: HttpRequest, row_id: int, verb: str) -> HttpResponse:
    """One step of a publication, as the address says."""
    _worker(request)
    shape, operation, said = _acts()[verb]
    form = shape(request.POST, auto_id=f"{verb}_%s")
    if form.is_valid() and not is_left(request):
        if not is_confirmed(request) and (asked := _irreversible(request, _found(request, row_id), verb)):
            return ask_first(request, asked, typed_in=verb)
        with refusals_into(form):
            operation(publication=queries.named(int(row_id)), **form.cleaned_data, at=now(), actor=request.actor)  # type: ignore[attr-defined]
            messages.success(request, said)
            return redirect("publications:detail", row_id)
    return _show(request, _found(request, row_id), **{verb: form})


def _acts() -> dict[str, tuple[type[Form], Callable[..., object], str]]:
    """{verb: (shape of the input, operation, what is said afterwards)}."""
    return {
        "edit": (forms.Text, operations.edit, _("草稿已保存。")),
        "submit": (Form, operations.submit, _("已送审，待另一人审核发布。")),
        "return": (forms.Reason, operations.return_, _("已退回作者。")),
        "confirm": (forms.Trace, operations.confirm, _("已记录保留理由。")),
        "publish": (forms.Publish, operations.publish, _("已发布。")),
        "correct": (forms.Correction, operations.correct, _("更正稿已起草，发布前原版本继续有效。")),
        "withdraw": (forms.Reason, operations.withdraw, _("已撤回，原网址保留撤回说明。")),
    }


def _irreversible(request: HttpRequest, row: "Publication", verb: str) -> Irreversible | None:
    """What the step cannot take back; None for the other steps, and when the step will be refused anyway."""
    versions = queries.versions(row)
    working = _working(versions)
    may = _may(request.actor, row, working)  # type: ignore[attr-defined]
    back, title = reverse("publications:detail", args=[row.pk]), versions[0].title
    if verb == "publish" and may["may_decide"] and not may["is_author"] and _is_clean(row, working):
        return Irreversible(
            _("确认发布"),
            title,
            (
                _("任何人都可以看到，正文冻结，不能再改。"),
                _("有错只能更正或撤回，各个版本都留在同一网址上。"),
                _("发布人、时间和正文的指纹记入账本。"),
            ),
            _("确认发布"),
            back,
        )
    if verb == "withdraw" and may["may_withdraw"]:
        return Irreversible(
            _("确认撤回"),
            title,
            (
                _("正文不再公开，不能恢复；需要时另行起草。"),
                _("网址保留，写明撤回时间和您填写的理由。"),
            ),
            _("确认撤回"),
            back,
        )
    return None


def _worker(request: HttpRequest) -> Actor:
    """The actor, if one of the actor's posts drafts or publishes; 404 otherwise."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor and (org_rules.may(actor, Right.DRAFT_PUBLICATIONS) or org_rules.may(actor, Right.PUBLISH)):
        return actor
    raise Http404


def _source(request: HttpRequest, actor: Actor) -> subjects.Subject | None:
    """The matter a draft comes from; None when none is named, 404 when the actor may not see it."""
    kind, key = request.GET.get("source_kind", ""), request.GET.get("source_id", "")
    found = subjects.find(actor, kind, key) if kind else None
    if kind and found is None:
        raise Http404
    return found


def _found(request: HttpRequest, row_id: int) -> "Publication":
    """The publication, if the reader works on it; 404 otherwise."""
    row = queries.visible(_worker(request)).filter(pk=row_id).first()
    if row is None:
        raise Http404
    return row


def _show(request: HttpRequest, row: "Publication", **given: Any) -> HttpResponse:
    """The publication's page, with the form that came back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    versions = queries.versions(row)
    working = _working(versions)
    shown = {
        "row": row,
        "versions": versions,
        "working": working,
        "traces": queries.traces(row, working) if working else [],
        "history": [(event, translated(ledger.kinds()[event.kind])) for event in queries.history(row)],
        "source": subjects.find(actor, row.source_kind, row.source_id),
        "edit": forms.Text(initial={"title": working.title, "body": working.body} if working else {}),
        "return": forms.Reason(),
        "publish": forms.Publish(),
        "correct": forms.Correction(initial={"title": versions[0].title, "body": versions[0].body}),
        "withdraw": forms.Reason(auto_id="withdraw_%s"),
    } | _may(actor, row, working)
    bad = next((form for form in given.values() if form.errors), None)
    shown |= given | {"came_back": bad, "returning": given.get("return") or forms.Reason()}
    return render(request, "publications/detail.html", shown, status=422 if bad else 200)


def _is_clean(row: "Publication", working: "Version | None") -> bool:
    """Whether every trace of a person in the version at work is gone or kept with a reason."""
    return working is not None and all(found.confirmation for found in queries.traces(row, working))


def _working(versions: "list[Version]") -> "Version | None":
    """The version at work; None when the last one is published."""
    return next((version for version in versions if version.state != State.PUBLISHED), None)


def _may(actor: Actor, row: "Publication", working: "Version | None") -> dict[str, bool]:
    """What the actor may do next with the publication."""
    path = row.unit.path or ""
    drafts = org_rules.may_in(actor, Right.DRAFT_PUBLICATIONS, path)
    publishes = org_rules.may_in(actor, Right.PUBLISH, path)
    state = working.state if working else ""
    stands = row.public_from is not None and row.withdrawn_at is None
    return {
        "may_edit": bool(working) and drafts and rules.may_move(state, "edit"),
        "may_decide": bool(working) and publishes and rules.may_move(state, "publish"),
        "is_author": working is not None and actor.person_id in {working.author_id, *working.writers},
        "may_correct": drafts and stands and working is None,
        "may_withdraw": publishes and stands,
    }
