"""What a reader is given of one event: its number in the log, the proof, and what may be opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qingqu.engines.tlog.notes import Note
from qingqu.engines.tlog.receipts import Receipt
from qingqu.kernel.ledger import queries
from qingqu.kernel.ledger.models import Checkpoint, Entry


@dataclass(frozen=True)
class Proof:
    """An event's place in the published log.

    ``leaf`` are the public bytes, ``receipt`` a c2sp.org/tlog-proof file, ``opening`` has the shape of
    ``rules.opening``; ``size``, ``witnesses`` and ``published_at`` are the head's.
    """

    index: int
    leaf: bytes
    receipt: bytes
    opening: Mapping[str, Any]
    size: int
    witnesses: tuple[str, ...]
    is_witnessed: bool
    published_at: datetime


def of_event(event_id: int) -> Proof | None:
    """The proof of an event against the head published last; None until it is in a published head."""
    entry = queries.entry_of(event_id)
    head = queries.checkpoint()
    if entry is None or head is None or entry.index >= head.size:
        return None
    return _proof(entry, head)


def receipt(index: int, head: Checkpoint) -> bytes:
    """The receipt of leaf ``index`` under a published head. Raises ProofError when the head does not reach it."""
    proof = queries.tree().inclusion_proof(index, head.size)
    return Receipt(index, tuple(proof), Note.parse(head.text.encode())).raw


def _proof(entry: Entry, head: Checkpoint) -> Proof:
    return Proof(
        entry.index,
        queries.leaf(entry.index, head.size),
        receipt(entry.index, head),
        entry.opening,
        head.size,
        tuple(head.witnesses),
        head.is_witnessed,
        head.published_at,
    )
