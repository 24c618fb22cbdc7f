"""The workbook for administrators of the whole district: template, export, trial run, import."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org import forms, operations, queries, rules
from qingqu.kernel.org.pages.doors import actor, or_404
from qingqu.kernel.org.types import Right

ADMINISTRATOR = requires(Right.ADMINISTER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200
"""Errors and changes shown on the page; the marked workbook holds every error."""


@policy(ADMINISTRATOR)
def exchange(request: HttpRequest) -> HttpResponse:
    """Upload a workbook for a trial run that changes nothing."""
    account_id = _whole_district(request)
    form = forms.Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        with refusals_into(form):
            queries.plan_import(content)
            operations.keep_draft(account_id=account_id, content=content, at=now())
            return redirect("org:trial")
    return render(request, "org/exchange.html", {"form": form}, status=422 if form.is_bound and form.errors else 200)


@policy(ADMINISTRATOR)
def trial(request: HttpRequest) -> HttpResponse:
    """What the uploaded workbook would change, with every error by its cell."""
    content = or_404(queries.draft_of(_whole_district(request)))
    plan = queries.plan_import(content)
    rows = [
        {
            "sheet": name,
            "added": sum(change.before is None for change in changes),
            "changed": sum(change.before is not None for change in changes),
            "unchanged": plan.unchanged.get(name, 0),
        }
        for name, changes in plan.changes.items()
    ]
    return render(
        request, "org/trial.html", {"plan": plan, "rows": rows, "errors": plan.errors[:SHOWN], "shown": SHOWN}
    )


@policy(ADMINISTRATOR)
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Carry the trial out, all of it or nothing."""
    account_id = _whole_district(request)
    content = or_404(queries.draft_of(account_id))
    try:
        written = operations.apply_import(queries.plan_import(content), at=now(), actor_id=actor(request).person_id)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("org:trial")
    operations.drop_draft(account_id=account_id)
    messages.success(request, _("已导入，共写入 %(total)s 行。") % {"total": sum(written.values())})
    return redirect("org:exchange")


@policy(ADMINISTRATOR)
def marked(request: HttpRequest) -> HttpResponse:
    """The uploaded workbook with its errors marked in it."""
    content = or_404(queries.draft_of(_whole_district(request)))
    return _file(queries.annotated(content, queries.plan_import(content)), "errors.xlsx")


@policy(ADMINISTRATOR)
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook."""
    _whole_district(request)
    return _file(queries.template(), "template.xlsx")


@policy(ADMINISTRATOR)
def export(request: HttpRequest) -> HttpResponse:
    """Everything as a workbook; relationships only when this person may read them everywhere."""
    _whole_district(request)
    may_read = _holds_whole_tree(request, Right.VIEW_RELATIONSHIPS)
    return _file(queries.export(with_relationships=may_read), "organisation.xlsx")


def _whole_district(request: HttpRequest) -> int:
    """The account's id, for those who administer the whole tree. Raises Http404 for anybody else."""
    account_id = actor(request).account_id
    if account_id is None or not _holds_whole_tree(request, Right.ADMINISTER):
        raise Http404
    return account_id


def _holds_whole_tree(request: HttpRequest, right: Right) -> bool:
    """Whether the right is held over a root."""
    return rules.holds_root(actor(request), right)


def _file(content: bytes, name: str) -> HttpResponse:
    """A workbook to download."""
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
