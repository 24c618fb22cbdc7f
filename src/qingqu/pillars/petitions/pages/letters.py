"""The letters of the opinions as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.files import documents
from qingqu.kernel.files.documents import Document
from qingqu.kernel.org.types import Right
from qingqu.pillars.petitions import queries
from qingqu.pillars.petitions.letters import LEVELS, letter

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@policy(requires(Right.VIEW_PETITIONS))
@require_safe
def as_docx(request: HttpRequest, row_id: int, ordinal: int) -> HttpResponse:
    """The letter as DOCX."""
    document = _letter(request, row_id, ordinal)
    return _file(documents.docx(document), DOCX, f"petition-{row_id}-{ordinal}.docx")


@policy(requires(Right.VIEW_PETITIONS))
@require_safe
def as_pdf(request: HttpRequest, row_id: int, ordinal: int) -> HttpResponse:
    """The letter as PDF."""
    document = _letter(request, row_id, ordinal)
    return _file(documents.pdf(document), "application/pdf", f"petition-{row_id}-{ordinal}.pdf")


def _letter(request: HttpRequest, row_id: int, ordinal: int) -> Document:
    """The letter of an issued opinion the reader may see; 404 otherwise."""
    row = queries.visible(request.actor).filter(pk=row_id).first()  # type: ignore[attr-defined]
    said = queries.issued(row, LEVELS[ordinal - 1]) if row and 1 <= ordinal <= len(LEVELS) else None
    if row is None or said is None:
        raise Http404
    return letter(row, said)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file that the browser keeps."""
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=head)
