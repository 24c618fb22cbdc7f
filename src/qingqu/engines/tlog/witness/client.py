"""Asking a witness to cosign a head."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException

from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.encoding import from_decimal
from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.notes import Note, NoteError, SignatureLine, Verifier, by_identity
from qingqu.engines.tlog.storage import http_opener
from qingqu.engines.tlog.witness.protocol import ADD_CHECKPOINT, MAX_REQUEST, SIZE_TYPE, TEXT_TYPE, Request

# The witness may move on between two tries when another server of the log asks it too; not for ever.
MAX_TRIES = 3

_OK, _BAD_REQUEST, _FORBIDDEN, _NOT_FOUND, _CONFLICT, _UNPROCESSABLE = 200, 400, 403, 404, 409, 422


class Refusal(StrEnum):
    """Why there is no cosignature."""

    UNREACHABLE = "UNREACHABLE"
    MALFORMED = "MALFORMED"
    LOG_KEY_UNKNOWN = "LOG_KEY_UNKNOWN"
    LOG_UNKNOWN = "LOG_UNKNOWN"
    WITNESS_IS_AHEAD = "WITNESS_IS_AHEAD"
    INCONSISTENT = "INCONSISTENT"
    RESTLESS = "RESTLESS"
    COSIGNATURE_WRONG = "COSIGNATURE_WRONG"
    ANSWER_UNREADABLE = "ANSWER_UNREADABLE"


_SAYS = {
    _BAD_REQUEST: (Refusal.MALFORMED, "finds the request malformed"),
    _FORBIDDEN: (Refusal.LOG_KEY_UNKNOWN, "does not know the key that signed the head: give it the log's public key"),
    _NOT_FOUND: (Refusal.LOG_UNKNOWN, "does not know the log: ask its operator to add it"),
    _UNPROCESSABLE: (
        Refusal.INCONSISTENT,
        "has seen another history of this log and keeps the evidence: do not publish the head, find out why",
    ),
}


class WitnessRefused(TlogError):
    """A witness gave no cosignature; ``refusal`` says why, ``size`` the head it knows, where it told."""

    code = "TLOG_WITNESS_REFUSED"

    def __init__(self, refusal: Refusal, message: str, *, size: int | None = None) -> None:
        """Keep the reason."""
        super().__init__(message, refusal=refusal.value)
        self.refusal = refusal
        self.size = size


@dataclass(frozen=True)
class Asked:
    """The cosignature lines of a witness that hold, and how many requests it took."""

    lines: tuple[SignatureLine, ...]
    tries: int


def ask(
    url: str,
    note: Note,
    *,
    prove: Callable[[int, int], Sequence[bytes]],
    known: int,
    witnesses: Sequence[Verifier],
    timeout: float = 10.0,
) -> Asked:
    """The cosignatures of one witness on a signed head.

    ``url`` is the witness's submission prefix; ``prove`` gives the consistency proof between two sizes; ``known`` is
    the size it is believed to know, 0 when nothing is known; ``witnesses`` are its keys. A witness that knows another
    size is asked again from there. Raises WitnessRefused.
    """
    size = Checkpoint.parse(note.text).size
    for tries in range(1, MAX_TRIES + 1):
        request = Request(known, tuple(prove(known, size)) if known else (), note)
        status, kind, body = _post(f"{url.rstrip('/')}/{ADD_CHECKPOINT}", request.raw, timeout)
        if status == _OK:
            return Asked(_lines(url, note, body, witnesses), tries)
        if status != _CONFLICT:
            refusal, says = _SAYS.get(status, (Refusal.ANSWER_UNREADABLE, f"answered {status}"))
            raise WitnessRefused(refusal, f"the witness {url} {says}")
        known = _known_size(url, kind, body)
        if known > size:
            message = f"the witness {url} knows {known} entries, the head has {size}: the log was rolled back"
            raise WitnessRefused(Refusal.WITNESS_IS_AHEAD, message, size=known)
    raise WitnessRefused(Refusal.RESTLESS, f"the witness {url} named another size {MAX_TRIES} times", size=known)


def _known_size(url: str, kind: str, body: bytes) -> int:
    size = from_decimal(body.decode("ascii", "replace").removesuffix("\n"))
    if kind != SIZE_TYPE or size is None:
        raise WitnessRefused(Refusal.ANSWER_UNREADABLE, f"the witness {url} answered 409 without the size it knows")
    return size


def _lines(url: str, note: Note, body: bytes, witnesses: Sequence[Verifier]) -> tuple[SignatureLine, ...]:
    """The lines of an answer that belong to the witness's keys and hold; others are passed over."""
    try:
        answer = Note.parse(note.text.encode() + b"\n" + body)
        answer.verify(witnesses)
    except NoteError as error:
        message = f"the witness {url} answered without a cosignature that holds: {error}"
        raise WitnessRefused(Refusal.COSIGNATURE_WRONG, message) from None
    known = by_identity(witnesses)
    return tuple(line for line in answer.signatures if (line.name, line.key_id) in known)


def _post(address: str, body: bytes, timeout: float) -> tuple[int, str, bytes]:
    """The status, type and body of the answer; redirects are not followed."""
    if urllib.parse.urlsplit(address).scheme not in {"http", "https"}:
        raise WitnessRefused(Refusal.UNREACHABLE, f"{address} is not an http or https address")
    request = urllib.request.Request(address, body, {"Content-Type": TEXT_TYPE}, method="POST")  # noqa: S310 - checked
    try:
        with http_opener().open(request, timeout=timeout) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read(MAX_REQUEST)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get_content_type(), error.read(MAX_REQUEST)
    except (OSError, HTTPException) as error:
        raise WitnessRefused(Refusal.UNREACHABLE, f"the witness {address} cannot be reached: {error}") from error
