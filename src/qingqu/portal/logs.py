"""The public log for people: checking a proof in the own browser, the verifier to keep, the root to hang up."""

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.notes import Note
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.policies import PUBLIC, policy
from qingqu.kernel.files import documents
from qingqu.kernel.ledger import proofs
from qingqu.kernel.ledger import queries as ledger
from qingqu.kernel.publications import queries as publications
from qingqu.kernel.publications.proofs import Committed

if TYPE_CHECKING:
    from qingqu.kernel.publications.models import Publication, Version

NUMBER_LENGTH = 40
SCRIPT = "verifier.js"
LANGUAGES = (("zh", "zh-hans", "zh-CN"), ("en", "en", "en"))


@policy(PUBLIC)
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The page on which the reader's own browser checks a proof."""
    number = request.GET.get("number", "").strip()[:NUMBER_LENGTH].replace("\0", "")
    content = kept()
    shown = {
        "key": "page",
        "number": number,
        **_asked(number, request.GET.get("version", ""), now()),
        **_log(request),
        "offline_hash": sha256(content).hexdigest(),
        "offline_size": len(content),
    }
    return render(request, "portal/verify.html", shown)


def _asked(number: str, ordinal: str, at: datetime) -> dict[str, Any]:
    """What was asked for by number: ``proof_url``, or why there is none in ``missing``."""
    if not number:
        return {}
    row = publications.public(at).filter(number=number).first()
    version = _version(row, ordinal, at) if row else None
    if row is None or version is None:
        return {"missing": "NUMBER"}
    where = Committed(row).standing(version)
    if where.is_waiting:
        return {"missing": "WAITING"}
    if where.proof is None:
        return {"missing": "PROOF"}
    return {"proof_url": reverse("publications:proof", args=[row.number, version.ordinal])}


def _version(row: "Publication", ordinal: str, at: datetime) -> "Version | None":
    """The version that was asked for, else the latest."""
    versions = publications.public_versions(row, at)
    return next((each for each in versions if str(each.ordinal) == ordinal or not ordinal), None)


def _log(request: HttpRequest) -> dict[str, Any]:
    """The log's present head and keys as people compare them."""
    head, text = ledger.checkpoint(), proofs.policy_text()
    signed = Checkpoint.parse(Note.parse(head.text.encode()).text) if head else None
    return {
        "policy": text.decode() if text else "",
        "fingerprints": [proofs.fingerprint(vkey) for vkey in proofs.vkeys(proofs.trust())],
        "vkeys": proofs.vkeys(proofs.trust()),
        "head": head,
        "signed": signed,
        "root": proofs.grouped(signed.root) if signed else "",
        "address": (settings.QINGQU_ADDRESS or request.build_absolute_uri("/")).rstrip("/"),
    }


@policy(PUBLIC)
@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The verifier as one file that works from a disk, years later and without us."""
    del request
    name = {"Content-Disposition": 'attachment; filename="qingqu-verifier.html"'}
    return HttpResponse(kept(), content_type="text/html; charset=utf-8", headers=name)


def kept() -> bytes:
    """The verifier's file: both languages and the script, the same bytes wherever this release runs.

    Raises Http404 where the front end was not built.
    """
    path = Path(str(settings.DJANGO_VITE["default"]["manifest_path"])).with_name(SCRIPT)
    try:
        return _kept(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise Http404 from None


@lru_cache(maxsize=1)
def _kept(path: Path, changed: int) -> bytes:
    """The file for a state of the script."""
    del changed
    parts = []
    for key, language, tag in LANGUAGES:
        with translation.override(language):
            parts.append((tag, render_to_string("portal/verifier.html", {"key": key})))
    shown = {"parts": parts, "script": path.read_text(encoding="utf-8")}
    return render_to_string("portal/verifier_file.html", shown).encode()


@policy(PUBLIC)
@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    """The log's head of today on one sheet, for the notice board of a school."""
    shown = _log(request)
    if shown["head"] is None:
        raise Http404
    shown["code"] = documents.qr(shown["head"].text)
    body = render_to_string("portal/poster.html", shown, request)
    content = documents.sheet(title=_("公开日志每日海报"), body=body, at=shown["head"].published_at)
    return HttpResponse(content, content_type="application/pdf")
