"""Uploading to a matter and downloading from it: whoever may see the matter may see its files."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.core.policies import PUBLIC, SIGNED_IN, policy
from qingqu.kernel.files import forms, operations, queries, subjects
from qingqu.kernel.org.types import Actor


@policy(SIGNED_IN)
@require_POST
def attach(request: HttpRequest, subject_kind: str, subject_id: str) -> HttpResponse:
    """Add a file to a matter; back on the matter's page either way."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    subject = subjects.find(actor, subject_kind, subject_id)
    if actor is None or subject is None or not subject.may_attach:
        raise Http404
    form = forms.Upload(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请选择一个不为空的文件。"))
        return redirect(subject.url)
    given = form.cleaned_data["file"]
    try:
        operations.store(
            name=given.name,
            content=given,
            subject_kind=subject_kind,
            subject_id=subject_id,
            unit=queries.unit_of(subject),
            at=now(),
            actor_id=actor.person_id,
        )
        messages.success(request, _("文件已上传。"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(subject.url)


@policy(PUBLIC)
@require_safe
def download(request: HttpRequest, file_id: int) -> FileResponse:
    """The file, always as a download; 404 for whoever may not see its matter."""
    found = queries.readable(request.actor, file_id)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    content = queries.path_of(found.sha256).open("rb")
    answer = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
