"""Public pages."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingqu.deployments import queries as deployments
from qingqu.insight import queries as insight
from qingqu.insight import renderings
from qingqu.insight.basis import basis
from qingqu.kernel.core import search
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import PUBLIC, policy
from qingqu.kernel.files import documents
from qingqu.kernel.publications import queries as publications
from qingqu.portal import queries

QUESTION_LENGTH = 200
LATEST = 5


@policy(PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The portal's first page: the question, the five pillars with their figures, what is new."""
    at = now()
    shown = {
        "question": default_question(),
        "answer": insight.answer("", at=at),
        "directives": deployments.public_directives()[:LATEST],
        "publications": publications.public(at)[:LATEST],
    }
    return render(request, "portal/home.html", shown)


def default_question() -> str:
    """The founding question, offered in the question box."""
    return _("最新部署有哪些，如何推动教育生态优化与教师队伍廉洁建设？")


def _asked(request: HttpRequest) -> str:
    return (request.GET.get("question", "").strip() or default_question())[:QUESTION_LENGTH]


@policy(PUBLIC)
@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """The live answer as a page."""
    found = insight.answer(_asked(request), at=now())
    shown = {
        "answer": found,
        "table_head": renderings.table_head(),
        "mentions_head": renderings.mentions_head(),
        "log": queries.log_line(),
        "query": request.GET.urlencode(),
    }
    return render(request, "portal/answer.html", shown)


@policy(PUBLIC)
@require_safe
def answer_pdf(request: HttpRequest) -> HttpResponse:
    """The live answer as an official document in PDF."""
    document = renderings.as_document(insight.answer(_asked(request), at=now()))
    return _file(documents.pdf(document), "application/pdf", "answer.pdf")


@policy(PUBLIC)
@require_safe
def answer_docx(request: HttpRequest) -> HttpResponse:
    """The live answer as an official document in DOCX."""
    document = renderings.as_document(insight.answer(_asked(request), at=now()))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return _file(documents.docx(document), kind, "answer.docx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@policy(PUBLIC)
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The rows behind a sentence of the answer."""
    query = request.GET.copy()
    found = basis(request.GET.dict(), at=now())
    if found is None:
        raise Http404
    query.pop("page", None)
    return render(request, "portal/rows.html", {"basis": found, "query": query.urlencode()})


@policy(PUBLIC)
@require_safe
def directives(request: HttpRequest) -> HttpResponse:
    """The public directives, the newest first, and the sourced references beside them."""
    page = paginate(deployments.public_directives(), request.GET.get("page", 1))
    shown = {"page": page, "references": deployments.external_references()[:LATEST]}
    return render(request, "portal/directives.html", shown)


@policy(PUBLIC)
@require_safe
def directive(request: HttpRequest, directive_id: int) -> HttpResponse:
    """One public directive with its measures and its files."""
    found = deployments.directive_public(directive_id)
    if found is None:
        raise Http404
    return render(request, "portal/directive.html", {"directive": found, "files": deployments.files_of(found)})


@policy(PUBLIC)
@require_safe
def disclosures(request: HttpRequest) -> HttpResponse:
    """What the district and its schools disclose, and what the law asks them to."""
    text = request.GET.get("unit", "").strip()[:QUESTION_LENGTH].replace("\0", "")
    page = paginate(queries.disclosures(now(), text=text), request.GET.get("page", 1))
    shown = {"page": page, "unit": text, "rules": queries.disclosure_rules()}
    return render(request, "portal/disclosures.html", shown)


@policy(PUBLIC)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Full text search over what is public, or over what the signed-in person may see."""
    asked = request.GET.get("q", "").strip()[:QUESTION_LENGTH]
    found = search.find(asked, actor=_actor(request), number=request.GET.get("page", 1))
    return render(request, "portal/search.html", {"results": found, "asked": asked})


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


@policy(PUBLIC)
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is, what it publishes, what it never does."""
    return render(request, "portal/about.html")


@policy(PUBLIC)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "portal/accessibility.html")
