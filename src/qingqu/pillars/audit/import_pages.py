"""The audit desk's intake: upload, mapping, progress, correcting what was sent back."""

from pathlib import Path
from typing import TYPE_CHECKING

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
from qingqu.kernel.org.types import Right
from qingqu.pillars.audit import exchange, forms, operations, presentation, queries
from qingqu.pillars.audit.pages import desk_of, status_of

if TYPE_CHECKING:
    from qingqu.pillars.audit.models import ImportJob


@policy(requires(Right.MANAGE_AUDIT))
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Every import, newest first."""
    desk_of(request)
    return render(request, "audit/imports.html", {"page": paginate(queries.imports(), request.GET.get("page", 1))})


@policy(requires(Right.MANAGE_AUDIT))
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file; a table without a mapping is shown its columns next, unless it cannot be read at all."""
    actor = desk_of(request)
    saved = [(str(row.pk), row.name) for row in queries.mappings()]
    form = forms.Upload(request.POST or None, request.FILES or None, mappings=saved)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_into(form):
            job = operations.ask_import(
                name=given["file"].name,
                content=given["file"].chunks(),
                format=given["format"],
                mapping=queries.mapping(given["mapping"]),
                unit_code=given["unit_code"],
                folder=settings.QINGQU_HOME / "imports",
                actor=actor,
                at=now(),
            )
            return redirect("audit:mapping" if _waits(job) else "audit:import", job_id=job.pk)
    return render(request, "audit/upload.html", {"form": form}, status=status_of(form))


def _waits(job: "ImportJob") -> bool:
    """Whether the import waits for a mapping; a table that cannot be read ends here, with the reason."""
    if not job.waits_for_mapping:
        return False
    _head, _draft, refused = exchange.drafted(Path(job.path))
    if refused:
        operations.refuse_import(job=job, zh=refused.zh, en=refused.en, at=now())
    return refused is None


@policy(requires(Right.MANAGE_AUDIT))
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: HttpRequest, job_id: int) -> HttpResponse:
    """The file's columns beside a drafted mapping; saving it starts the import."""
    actor = desk_of(request)
    job = queries.imports().filter(pk=job_id, format="table", mapping__isnull=True, state="QUEUED").first()
    if job is None:
        raise Http404
    head, draft, refused = exchange.drafted(Path(job.path))
    if refused:
        messages.error(request, refused.en if presentation.is_english() else refused.zh)
        return redirect("audit:import", job_id=job.pk)
    form = forms.MappingText(request.POST or None, initial={"name": Path(job.name).stem, "text": draft})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            operations.save_mapping(job=job, **form.cleaned_data, actor=actor, at=now())
            return redirect("audit:import", job_id=job.pk)
    return render(request, "audit/mapping.html", {"job": job, "head": head, "form": form}, status=status_of(form))


@policy(requires(Right.MANAGE_AUDIT))
@require_safe
def import_(request: HttpRequest, job_id: int) -> HttpResponse:
    """One import: how far it is, its figures, the rows it sent back."""
    desk_of(request)
    job = queries.imports().filter(pk=job_id).first()
    if job is None:
        raise Http404
    shown = {"job": job, "page": paginate(queries.rejects_of(job), request.GET.get("page", 1))}
    return render(request, "audit/import.html", shown)


@policy(requires(Right.MANAGE_AUDIT))
@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: HttpRequest, reject_id: int) -> HttpResponse:
    """One row that was sent back, to be corrected and imported again."""
    actor = desk_of(request)
    found = queries.reject(reject_id)
    if found is None:
        raise Http404
    form = forms.Correction(request.POST or None, row=exchange.flat(found))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            operations.correct_reject(
                reject=found,
                row=exchange.unflat(found, form.cleaned_data),
                mart=settings.QINGQU_MART,
                actor=actor,
                at=now(),
            )
            messages.success(request, _("这一行已更正并入库。"))
            return redirect("audit:import", job_id=found.job_id)
    reason = found.reason_en if presentation.is_english() else found.reason_zh
    return render(
        request, "audit/reject.html", {"reject": found, "reason": reason, "form": form}, status=status_of(form)
    )
