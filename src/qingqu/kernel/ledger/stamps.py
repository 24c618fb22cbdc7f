"""Time stamps of an outside authority (RFC 3161) on the log's head: it existed then, whatever our own clock says."""

import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.conf import settings
from django.utils.translation import gettext as _
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    Verifier,
    VerifierBuilder,
    decode_timestamp_response,
)

from qingqu.engines.tlog.storage import http_opener
from qingqu.kernel.core.errors import Refused

SECONDS = 20.0
LONGEST = 100_000
"""Bytes of an answer that are read; a token with its certificates has a few thousand."""


class NotStamped(Refused):
    """The authority did not give a time stamp that holds; the message says what to look at."""

    code = "LEDGER_NOT_STAMPED"


@dataclass(frozen=True)
class Authority:
    """A time stamping authority: its address and the certificates that are believed, its root among them."""

    url: str
    certificates: tuple[Certificate, ...]

    def stamp(self, content: bytes) -> bytes:
        """The authority's answer over ``content``, checked before it is given. Raises NotStamped."""
        query = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
        answer = self._asked(query.as_bytes())
        self._checked(answer, content, nonce=query.nonce)
        return answer

    def stamped_at(self, answer: bytes, content: bytes) -> datetime:
        """When the authority saw ``content``. Raises NotStamped when the answer is not its answer over that."""
        return self._checked(answer, content).tst_info.gen_time

    def _asked(self, query: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self.url, data=query, headers=headers)  # noqa: S310 - the opener speaks HTTP only
        try:
            with http_opener().open(request, timeout=SECONDS) as answer:
                content: bytes = answer.read(LONGEST + 1)
        except (OSError, HTTPException) as problem:
            raise NotStamped(
                _("时间戳服务（%(url)s）没有应答：%(problem)s。请检查网络和 QINGQU_TSA_URL。")
                % {"url": self.url, "problem": problem}
            ) from problem
        return content

    def _checked(self, answer: bytes, content: bytes, *, nonce: int | None = None) -> TimeStampResponse:
        try:
            read = decode_timestamp_response(answer)
            _verifier(self.certificates, nonce).verify_message(read, content)
        except (ValueError, VerificationError) as problem:
            raise NotStamped(
                _("时间戳服务（%(url)s）给出的时间戳不成立：%(problem)s。请核对 QINGQU_TSA_CERTIFICATE。")
                % {"url": self.url, "problem": problem}
            ) from problem
        return read


def authority() -> Authority | None:
    """The authority this installation asks; None when none is set. Raises OSError, ValueError for a bad certificate."""
    if not settings.QINGQU_TSA_URL:
        return None
    certificates = load_pem_x509_certificates(Path(settings.QINGQU_TSA_CERTIFICATE).read_bytes())
    return Authority(settings.QINGQU_TSA_URL, tuple(certificates))


def _verifier(certificates: Sequence[Certificate], nonce: int | None) -> Verifier:
    """Certificates that name themselves as issuer are roots, the others stand between a root and the authority."""
    roots = [each for each in certificates if each.issuer == each.subject]
    between = [each for each in certificates if each.issuer != each.subject]
    return VerifierBuilder(roots=roots, intermediates=between, nonce=nonce).build()
