"""Promises: a log's signed word that a leaf it has not yet taken in will be in it by a certain moment.

The log's own Ed25519 key signs, so that whoever can check the log can check what it promised; no second key has to be
made known. It signs under a type of its own, and the two can never be taken for one another: the type is part of the
id by which a line names its key; what is signed begins with a label and a NUL, which no text of a note may hold; and
the second line of a promise is no size. Source: c2sp.org/signed-note (type 0xff, one key under several types).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from qingqu.engines.tlog.encoding import from_base64, to_base64
from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.hashing import HASH_SIZE
from qingqu.engines.tlog.notes import (
    ED25519,
    Note,
    Unsigned,
    check_ed25519,
    ed25519_private,
    ed25519_public,
    is_name,
    sign,
)
from qingqu.engines.tlog.policies import Policy

HEADER = "qingqu/promise/v1"
SUFFIX = ".promise"
PROMISE = b"\xff" + HEADER.encode()

_LABEL = HEADER.encode() + b"\n\x00"
_WORDS = ("log", "leaf", "promised", "due")
_LAST = 253_402_300_799
"""The last second of the year 9999, beyond which RFC 3339 writes no moment."""


class PromiseError(TlogError):
    """A text is not a promise, or what it says cannot be; the message names the line."""

    code = "TLOG_PROMISE"


@dataclass(frozen=True)
class Promise:
    """What a log gives its word for: a leaf's hash, when it was promised, and by when it is in (POSIX seconds)."""

    origin: str
    leaf: bytes
    promised_at: int
    due_at: int

    def __post_init__(self) -> None:
        """Raise PromiseError for what no log can promise."""
        if not is_name(self.origin):
            raise PromiseError(f"{self.origin!r} cannot be the origin of a log: no spaces, no plus")
        if len(self.leaf) != HASH_SIZE:
            raise PromiseError(f"the hash of a leaf has {HASH_SIZE} bytes, this one {len(self.leaf)}")
        if not 0 <= self.promised_at < self.due_at <= _LAST:
            raise PromiseError("a promise is due after it was made, and before the year 10000")

    @classmethod
    def parse(cls, text: str) -> "Promise":
        """The promise that a note's text states. Raises PromiseError, naming the line that is wrong."""
        header, *lines = text.split("\n")
        if header != HEADER:
            raise PromiseError(f"the first line is not {HEADER}")
        if len(lines) != len(_WORDS) + 1 or lines.pop():
            raise PromiseError(f"a promise has one line each of {', '.join(_WORDS)} below the first")
        origin, leaf, promised, due = (_after(word, line) for word, line in zip(_WORDS, lines, strict=True))
        digest = from_base64(leaf)
        if digest is None:
            raise PromiseError(f"the line of the leaf is not base 64: {leaf[:60]!r}")
        return cls(origin, digest, _second(promised), _second(due))

    @property
    def text(self) -> str:
        """The text that is signed."""
        said = (self.origin, to_base64(self.leaf), _moment(self.promised_at), _moment(self.due_at))
        lines = (f"{word} {value}" for word, value in zip(_WORDS, said, strict=True))
        return "".join(f"{line}\n" for line in (HEADER, *lines))


def _after(word: str, line: str) -> str:
    if not line.startswith(f"{word} "):
        raise PromiseError(f"this line should begin with {word!r}: {line[:60]!r}")
    return line.removeprefix(f"{word} ")


def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().replace("+00:00", "Z")


def _second(moment: str) -> int:
    """The POSIX second of a moment in the one form that is written: RFC 3339 in UTC, whole seconds."""
    try:
        second = int(datetime.fromisoformat(moment).timestamp()) if moment.endswith("Z") else -1
        is_exact = _moment(second) == moment
    except (ValueError, OverflowError):
        is_exact = False
    if not is_exact:
        raise PromiseError(f"this is not a moment like 2026-01-31T08:00:00Z: {moment[:40]!r}")
    return second


class PromiseVerifier:
    """A log's Ed25519 key as far as it signs promises."""

    kind = PROMISE

    def __init__(self, name: str, public_key: bytes) -> None:
        """Use the 32-byte public key of a log. Raises NoteError when name or key cannot be."""
        self.name, self.public_key = name, public_key
        self._key = ed25519_public(name, public_key)

    def check(self, text: str, signature: bytes) -> None:
        """Raise BadSignature when the signature is wrong; the time is in the text."""
        check_ed25519(self.name, self._key, signature, _LABEL + text.encode())


class PromiseSigner:
    """A log's private Ed25519 key as far as it signs promises."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Use the 32-byte seed of the log's key. Raises NoteError when name or seed cannot be."""
        self._key = ed25519_private(seed)
        self.secret = seed
        self.verifier = PromiseVerifier(name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str, *, at: int) -> bytes:
        """The 64-byte signature. Raises PromiseError when the text is not a promise: this type signs nothing else."""
        del at
        Promise.parse(text)
        return self._key.sign(_LABEL + text.encode())


def sign_promise(promise: Promise, signer: PromiseSigner) -> Note:
    """The promise as its holder keeps it. Raises PromiseError when it is another log's."""
    if signer.verifier.name != promise.origin:
        raise PromiseError(f"{signer.verifier.name} cannot promise for {promise.origin}")
    return sign(promise.text, [signer], at=promise.promised_at)


def open_promise(raw: bytes, policy: Policy) -> Promise:
    """The promise of a file, signed by a log of the policy.

    Raises NoteError (Unsigned when no log of the policy made it, BadSignature), PromiseError when it is something else.
    """
    note = Note.parse(raw)
    promise = Promise.parse(note.text)
    logs = [log.verifier for log in policy.logs if log.verifier.kind == ED25519]
    keys = [PromiseVerifier(log.name, log.public_key) for log in logs if log.name == promise.origin]
    if not keys:
        raise Unsigned(f"the policy names no log {promise.origin}", origin=promise.origin)
    note.verify(keys)
    return promise
