"""What the public reads: the list, one publication with its history, the frozen copies and their proofs."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.promises import SUFFIX
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import PUBLIC, policy
from qingqu.kernel.files import documents
from qingqu.kernel.ledger import proofs as ledger
from qingqu.kernel.publications import proofs, queries

if TYPE_CHECKING:
    from qingqu.kernel.publications.models import Publication, Version


@policy(PUBLIC)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What is published, the latest first."""
    kind = request.GET.get("kind", "")
    rows = queries.public(now(), kind=kind if kind in dict(queries.kinds()) else "")
    shown = {"page": paginate(rows, request.GET.get("page", 1)), "kinds": queries.kinds(), "kind": kind}
    return render(request, "publications/public_list.html", shown)


@policy(PUBLIC)
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One publication as it stands, with every version before; a withdrawn one keeps its address and says why."""
    at = now()
    row = _found(number, at)
    versions, committed = queries.public_versions(row, at), proofs.Committed(row)
    places = committed.places
    shown = {
        "row": row,
        "current": versions[0],
        "versions": [(version, places.get(version.ordinal)) for version in versions],
        "standing": committed.standing(versions[0]),
        "at": at,
    }
    name = "publications/withdrawn.html" if row.withdrawn_at else "publications/public.html"
    return render(request, name, shown)


@policy(PUBLIC)
@require_safe
def copy(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """The frozen machine copy of one version, byte for byte as it was published."""
    del request
    row, version = _version(number, ordinal)
    if row.withdrawn_at is not None:
        raise Http404
    return _file(bytes(version.copy or b""), "application/json; charset=utf-8", f"{row.number}-{version.ordinal}.json")


@policy(PUBLIC)
@require_safe
def receipt(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """The receipt of one version (c2sp.org/tlog-proof); a withdrawn one keeps it."""
    del request
    row, version = _version(number, ordinal)
    name = f"{row.number}-{version.ordinal}.tlog-proof"
    return _file(_proof(row, version).receipt, "text/plain; charset=utf-8", name)


@policy(PUBLIC)
@require_safe
def promise(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """The log's signed word that one version will be in it, as it was given; 404 when none was."""
    del request
    row, version = _version(number, ordinal)
    found = proofs.Committed(row).promise(version)
    if found is None:
        raise Http404
    return _file(found.text.encode(), "text/plain; charset=utf-8", f"{row.number}-{version.ordinal}{SUFFIX}")


@policy(PUBLIC)
@require_safe
def proof(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """Everything that is needed to check one version offline; of a withdrawn one without its text and opening."""
    del request
    row, version = _version(number, ordinal)
    copy = None if row.withdrawn_at else bytes(version.copy or b"")
    content = json.dumps(ledger.proof_file(_proof(row, version), copy), ensure_ascii=False, indent=1)
    name = f"{row.number}-{version.ordinal}.proof.json"
    return _file(content.encode(), "application/json; charset=utf-8", name)


@policy(PUBLIC)
@require_safe
def printed(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """The receipt on paper, with a code that leads back to it."""
    row, version = _version(number, ordinal)
    standing = proofs.Committed(row).standing(version)
    proof = standing.proof
    if proof is None:
        raise Http404
    place = reverse("publications:receipt", args=[row.number, version.ordinal])
    address = (settings.QINGQU_ADDRESS or request.build_absolute_uri("/")).rstrip("/") + place
    shown = {
        "row": row,
        "version": version,
        "standing": standing,
        "address": address,
        "address_code": documents.qr(address),
        "receipt_code": documents.qr(proof.receipt.decode()) if len(proof.receipt) <= documents.LONGEST else "",
        "fingerprints": [ledger.fingerprint(vkey) for vkey in ledger.vkeys(ledger.trust())],
    }
    body = render_to_string("publications/receipt.html", shown, request)
    content = documents.sheet(title=_("公开日志回执"), body=body, at=proof.published_at)
    return HttpResponse(content, content_type="application/pdf")


def _version(number: str, ordinal: int) -> "tuple[Publication, Version]":
    """A version that stands in public, withdrawn or not; 404 otherwise."""
    at = now()
    row = _found(number, at)
    version = next((one for one in queries.public_versions(row, at) if one.ordinal == ordinal), None)
    if version is None:
        raise Http404
    return row, version


def _proof(row: "Publication", version: "Version") -> ledger.Proof:
    """The proof of a version; 404 while it waits, and while the log's files are damaged."""
    try:
        found = proofs.Committed(row).proof(version)
    except TlogError:
        found = None
    if found is None:
        raise Http404
    return found


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _found(number: str, at: datetime) -> "Publication":
    """The publication, if it stands in public; 404 otherwise."""
    row = queries.public(at).filter(number=number).first()
    if row is None:
        raise Http404
    return row
