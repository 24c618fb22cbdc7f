"""What a reader is given of one event: its number in the log, the proof, and what may be opened."""

import base64
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q, Subquery

from qingqu.engines.tlog.checkpoints import Checkpoint as Signed
from qingqu.engines.tlog.notes import Note, write_vkey
from qingqu.engines.tlog.policies import Policy
from qingqu.engines.tlog.receipts import Outcome, Receipt, Verdict, verify_receipt
from qingqu.kernel.ledger import installation, queries, registry, rules
from qingqu.kernel.ledger.models import Checkpoint, Entry, Event

FORMAT = "qingqu-proof/v1"
POLICY_PATH = "policy"
"""Where in the public folder stands whom to believe."""


@dataclass(frozen=True)
class Proof:
    """An event's place in the published log.

    ``leaf`` are the public bytes, ``receipt`` a c2sp.org/tlog-proof file, ``opening`` has the shape of
    ``rules.opening``; ``size``, ``origin``, ``root`` (hex in groups of four), ``witnesses`` and ``published_at`` are
    the head's.
    """

    event_id: int
    index: int
    leaf: bytes
    receipt: bytes
    opening: Mapping[str, Any]
    row_digest: str
    size: int
    origin: str
    root: str
    witnesses: tuple[str, ...]
    is_witnessed: bool
    published_at: datetime


@dataclass(frozen=True)
class Trail:
    """Some events of one subject and its latest one, with their entries: all that proofs of them are read from."""

    events: Mapping[int, Event]
    entries: Mapping[int, Entry]
    latest: Event | None

    @property
    def places(self) -> dict[int, int]:
        """{event id: its number in the log} of the events that have one, published or about to be."""
        return {event_id: entry.index for event_id, entry in self.entries.items()}


def trail(subject_kind: str, subject_id: object, kinds: Collection[str]) -> Trail:
    """A subject's events of these kinds and its latest one with their entries, in two queries."""
    found = queries.history(subject_kind, subject_id)
    latest = Subquery(found.order_by("-id").values("id")[:1])
    events = {event.pk: event for event in found.filter(Q(kind__in=kinds) | Q(pk=latest))}
    entries = {entry.event_id: entry for entry in Entry.objects.filter(event_id__in=list(events)) if entry.event_id}
    return Trail(events, entries, events[max(events)] if events else None)


def of_event(event_id: int) -> Proof | None:
    """The proof of an event against the head published last; None until it is in a published head.

    Raises TlogError when the log's own files are damaged.
    """
    return of_entry(queries.entry_of(event_id))


def of_entry(entry: Entry | None) -> Proof | None:
    """The same of an event's entry, in two queries."""
    head = queries.checkpoint()
    if entry is None or head is None or entry.index >= head.size:
        return None
    return _proof(entry, head)


def policy_text() -> bytes | None:
    """Whom the public is told to believe; None until a head was published."""
    return installation.folder().read(POLICY_PATH)


def trust() -> Policy | None:
    """The same, read; the web server needs no key for it."""
    text = policy_text()
    return Policy.parse(text) if text else None


def vkeys(trusted: Policy | None) -> list[str]:
    """The public keys of the log in text form, the Ed25519 key first."""
    return [write_vkey(log.verifier) for log in trusted.logs] if trusted else []


def judged(proof: Proof, trusted: Policy | None) -> Verdict | None:
    """What anybody finds who checks the receipt; None until a policy was published."""
    return verify_receipt(proof.receipt, proof.leaf, trusted) if trusted else None


def proof_file(proof: Proof, copy: bytes | None) -> dict[str, Any]:
    """Everything that is needed to check a record years later and offline, in one JSON object.

    Shape: {"format", "copy": base 64, "leaf": base 64, "receipt": text, "opening": the shape of ``rules.opening``,
    "log": [keys], "policy": text}. Without a copy, because it was withdrawn, nothing is opened either: both are null.
    """
    policy = policy_text()
    return {
        "format": FORMAT,
        "copy": None if copy is None else base64.b64encode(copy).decode(),
        "leaf": base64.b64encode(proof.leaf).decode(),
        "receipt": proof.receipt.decode(),
        "opening": None if copy is None else proof.opening,
        "log": vkeys(trust()),
        "policy": policy.decode() if policy else None,
    }


def is_as_committed(proof: Proof, verdict: Verdict | None, of: Trail) -> bool:
    """Whether event, row and leaf are still what the log was told; what cannot be read here is not held against them.

    The salts belong to the worker's account: where the web server does not reach them, only what is open is compared.
    """
    if verdict and verdict.outcome not in {Outcome.INCLUDED, Outcome.QUORUM_SHORT}:
        return False
    event = of.events.get(proof.event_id)
    return event is not None and _opens(proof) and _event_matches(event, proof) and _row_matches(of)


def _opens(proof: Proof) -> bool:
    try:
        return not proof.opening or rules.opened(proof.opening).commitment == json.loads(proof.leaf)["c"]
    except (rules.BadOpening, ValueError, KeyError):
        return False


def _event_matches(event: Event, proof: Proof) -> bool:
    salt = installation.vault().peek(proof.event_id)
    if salt is None:
        return True
    is_public, algorithm = registry.is_public(event.kind), str(json.loads(proof.leaf).get("salted"))
    made = rules.leaf_of(event, proof.row_digest, salt=salt, is_public=is_public, algorithm=algorithm)
    return made == proof.leaf


def _row_matches(of: Trail) -> bool:
    """Whether the subject is what its latest event left; one that still waits says nothing yet."""
    event = of.latest
    entry = of.entries.get(event.pk) if event else None
    if event is None or entry is None or not entry.row_digest:
        return True
    facts = registry.facts(event.subject_kind, [event.subject_id]).get(event.subject_id)
    return facts is not None and rules.digest(facts) == entry.row_digest


def grouped(raw: bytes) -> str:
    """Bytes as people compare them: hex in groups of four."""
    digits = raw.hex()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def fingerprint(vkey: str) -> str:
    """The SHA-256 of a public key's text, grouped: what stands on the poster to be compared."""
    return grouped(sha256(vkey.encode()).digest())


def _proof(entry: Entry, head: Checkpoint) -> Proof:
    note = Note.parse(head.text.encode())
    signed = Signed.parse(note.text)
    files = queries.proof_files(entry.index, head.size)
    path = queries.tree(files).inclusion_proof(entry.index, head.size)
    return Proof(
        int(entry.event_id or 0),
        entry.index,
        queries.leaf(entry.index, head.size, files),
        Receipt(entry.index, tuple(path), note).raw,
        entry.opening or {},
        entry.row_digest,
        signed.size,
        signed.origin,
        grouped(signed.root),
        tuple(head.witnesses),
        head.is_witnessed,
        head.published_at,
    )
