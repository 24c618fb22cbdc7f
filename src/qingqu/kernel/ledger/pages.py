"""The public log as files, the same bytes for everybody; any web server may serve the folder in our place."""

import stat
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from qingqu.engines.tlog.tiles import CHECKPOINT_PATH, TileError, parse_path
from qingqu.kernel.core.policies import PUBLIC, policy
from qingqu.kernel.ledger.proofs import POLICY_PATH

TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
ASK_AGAIN = "no-cache"
"""A head is kept by no cache unasked: an old one looks like a log that was rolled back."""
FOR_EVER = "public, max-age=31536000, immutable"
"""Tiles never change (c2sp.org/tlog-tiles)."""


@policy(PUBLIC)
@require_safe
def head(request: HttpRequest) -> HttpResponseBase:
    """The head that was published last."""
    return _file(request, CHECKPOINT_PATH, TEXT, ASK_AGAIN)


@policy(PUBLIC)
@require_safe
def trust(request: HttpRequest) -> HttpResponseBase:
    """Whom this log names as its key and its witnesses, to be compared with what they publish themselves."""
    return _file(request, POLICY_PATH, TEXT, ASK_AGAIN)


@policy(PUBLIC)
@require_safe
def tile(request: HttpRequest, place: str) -> HttpResponseBase:
    """A tile of hashes or a bundle of entries."""
    try:
        path = parse_path(f"tile/{place}").path
    except TileError:
        raise Http404 from None
    return _file(request, path, BYTES, FOR_EVER)


def _file(request: HttpRequest, path: str, kind: str, caching: str) -> HttpResponseBase:
    """A file of the public folder; 404 when it is not there. Readers on other sites may fetch it: it is public."""
    place = Path(settings.QINGQU_LOG, path)
    try:
        found = place.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise Http404 from None
    if not stat.S_ISREG(found.st_mode):
        raise Http404
    etag = quote_etag(f"{found.st_mtime_ns:x}-{found.st_size:x}")
    answer = get_conditional_response(request, etag=etag) or FileResponse(place.open("rb"), content_type=kind)
    answer["ETag"], answer["Cache-Control"], answer["Access-Control-Allow-Origin"] = etag, caching, "*"
    return answer
