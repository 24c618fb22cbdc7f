"""Receipts: one file by which anybody can check, years later and offline, that an entry is in the log.

Source: c2sp.org/tlog-proof (version 1).
"""

from dataclasses import dataclass
from enum import StrEnum

from qingqu.engines.tlog.checkpoints import MAX_SIZE, Checkpoint, CheckpointError
from qingqu.engines.tlog.encoding import from_base64, from_decimal, to_base64
from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.hashing import HASH_SIZE, leaf_hash
from qingqu.engines.tlog.notes import BadSignature, Note, NoteError, Unsigned
from qingqu.engines.tlog.policies import Judgement, Policy
from qingqu.engines.tlog.proofs import ProofError, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
MAX_HASHES = 63


class ReceiptError(TlogError):
    """A file is not a receipt; the message says which line is wrong."""

    code = "TLOG_RECEIPT"


@dataclass(frozen=True)
class Receipt:
    """An entry's index, its inclusion proof, the signed head, and extra bytes that nothing vouches for."""

    index: int
    proof: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    @classmethod
    def parse(cls, raw: bytes) -> "Receipt":
        """The receipt of a file. Raises ReceiptError when it is not one."""
        above, blank, below = raw.partition(b"\n\n")
        if not blank:
            raise ReceiptError("the receipt has no blank line with a head below it")
        try:
            lines = above.decode("ascii").split("\n")
            note = Note.parse(below)
        except UnicodeDecodeError:
            raise ReceiptError("the upper part of the receipt is not ASCII") from None
        except NoteError as error:
            raise ReceiptError(f"the head in the receipt: {error}") from None
        if lines.pop(0) != HEADER:
            raise ReceiptError(f"the first line is not {HEADER}")
        extra = _extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else None
        index = from_decimal(lines.pop(0).removeprefix("index ")) if lines and lines[0].startswith("index ") else None
        if index is None or index > MAX_SIZE:
            raise ReceiptError("the line of the index is missing or wrong")
        if len(lines) > MAX_HASHES:
            raise ReceiptError(f"the proof has {len(lines)} hashes, at most {MAX_HASHES} are possible")
        return cls(index, tuple(map(_hash, lines)), note, extra)

    @property
    def raw(self) -> bytes:
        """The file."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {to_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines += map(to_base64, self.proof)
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.note.raw


def _extra(line: str) -> bytes:
    found = from_base64(line.removeprefix("extra "))
    if found is None:
        raise ReceiptError("the extra line is not base 64")
    return found


def _hash(line: str) -> bytes:
    found = from_base64(line)
    if found is None or len(found) != HASH_SIZE:
        raise ReceiptError(f"this line of the proof is not a hash: {line[:60]!r}")
    return found


class Outcome(StrEnum):
    """What checking a receipt comes to."""

    INCLUDED = "INCLUDED"
    MALFORMED = "MALFORMED"
    LOG_UNKNOWN = "LOG_UNKNOWN"
    SIGNATURE_WRONG = "SIGNATURE_WRONG"
    NOT_INCLUDED = "NOT_INCLUDED"
    QUORUM_SHORT = "QUORUM_SHORT"


@dataclass(frozen=True)
class WitnessedBy:
    """A witness of the policy and the POSIX second at which it saw the head; None when it states none."""

    name: str
    at: int | None


@dataclass(frozen=True)
class Verdict:
    """The outcome in codes and numbers, to be put in words by whoever shows it.

    What the receipt does not give, or what was not reached, is None or empty; ``needed`` is the least number of
    witnesses that make the policy's quorum.
    """

    outcome: Outcome
    origin: str | None = None
    index: int | None = None
    size: int | None = None
    root: bytes | None = None
    witnesses: tuple[WitnessedBy, ...] = ()
    needed: int = 0

    @property
    def is_included(self) -> bool:
        """Whether the entry is shown to be in the log, to the satisfaction of the policy."""
        return self.outcome is Outcome.INCLUDED

    @property
    def seen_at(self) -> int | None:
        """The earliest POSIX second at which a witness saw the log with the entry in it."""
        return min((witness.at for witness in self.witnesses if witness.at is not None), default=None)


def verify_receipt(raw: bytes, entry: bytes, policy: Policy) -> Verdict:
    """Whether a receipt shows an entry to be in a log that the policy believes. Never raises for what it is given."""
    return verify_receipt_of_leaf(raw, leaf_hash(entry), policy)


def verify_receipt_of_leaf(raw: bytes, leaf: bytes, policy: Policy) -> Verdict:
    """The same, for whoever has the leaf's hash and not the entry."""
    try:
        receipt = Receipt.parse(raw)
        head = Checkpoint.parse(receipt.note.text)
    except (ReceiptError, CheckpointError):
        return Verdict(Outcome.MALFORMED)
    try:
        judgement = policy.judge(receipt.note)
    except Unsigned:
        return _verdict(Outcome.LOG_UNKNOWN, receipt, head)
    except BadSignature:
        return _verdict(Outcome.SIGNATURE_WRONG, receipt, head)
    try:
        verify_inclusion(leaf, receipt.index, head.size, receipt.proof, head.root)
    except ProofError:
        return _verdict(Outcome.NOT_INCLUDED, receipt, head, judgement)
    outcome = Outcome.INCLUDED if judgement.has_quorum else Outcome.QUORUM_SHORT
    return _verdict(outcome, receipt, head, judgement)


def _verdict(outcome: Outcome, receipt: Receipt, head: Checkpoint, judgement: Judgement | None = None) -> Verdict:
    seen = () if judgement is None else tuple(WitnessedBy(n, signed.at) for n, signed in judgement.witnesses.items())
    needed = 0 if judgement is None else judgement.needed
    return Verdict(outcome, head.origin, receipt.index, head.size, head.root, seen, needed)
