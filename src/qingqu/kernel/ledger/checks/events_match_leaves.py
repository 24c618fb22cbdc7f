"""Every leaf of the log still opens to its event."""

import json
from collections.abc import Iterator

from qingqu.engines.tlog.commitments import ALGORITHMS
from qingqu.engines.tlog.log import read_tile
from qingqu.engines.tlog.tiles import TileError, bundles_of, decode_bundle
from qingqu.kernel.ledger import queries, registry, rules
from qingqu.kernel.ledger.models import Entry, Erasure, Event
from qingqu.kernel.ledger.types import Finding, Trouble
from qingqu.kernel.ledger.vault import Vault


def events_match_leaves(*, vault: Vault) -> Iterator[Finding]:
    """Events that were changed or deleted, leaves whose entry or bundle is gone, openers that were destroyed unsaid.

    Works through one bundle of 256 leaves at a time, whatever the size of the log.
    """
    head = queries.head()
    first = 0
    for bundle in bundles_of(head.size if head else 0):
        try:
            leaves = decode_bundle(read_tile(queries.Tables(), bundle))
        except TileError:
            leaves = []
        if len(leaves) != bundle.width:
            yield from (Finding(Trouble.LEAF_MISSING, index=index) for index in range(first, first + bundle.width))
        else:
            yield from _bundle(first, leaves, vault)
        first += bundle.width


def _bundle(first: int, leaves: list[bytes], vault: Vault) -> Iterator[Finding]:
    entries = Entry.objects.in_bulk(range(first, first + len(leaves)))
    event_ids = [entry.event_id for entry in entries.values() if entry.event_id is not None]
    events = Event.objects.in_bulk(event_ids)
    erased = set(Erasure.objects.filter(event_id__in=event_ids).values_list("event_id", flat=True))
    salts = vault.known(event_ids)
    for index, leaf in enumerate(leaves, first):
        entry = entries.get(index)
        if entry is None:
            yield Finding(Trouble.LEAF_MISSING, index=index)
        elif entry.event_id is not None and entry.event_id not in erased:
            trouble = _trouble(leaf, entry.row_digest, events.get(entry.event_id), salts.get(entry.event_id))
            if trouble:
                yield _finding(trouble, index, entry.event_id, events.get(entry.event_id))


def _trouble(leaf: bytes, row_digest: str, event: Event | None, salt: bytes | None) -> Trouble | None:
    if event is None:
        return Trouble.EVENT_MISSING
    if salt is None:
        return Trouble.OPENER_MISSING
    algorithm = json.loads(leaf).get("salted", "")
    if algorithm not in ALGORITHMS:
        return Trouble.EVENT_CHANGED
    made = rules.leaf_of(event, row_digest, salt=salt, is_public=registry.is_public(event.kind), algorithm=algorithm)
    return None if made == leaf else Trouble.EVENT_CHANGED


def _finding(trouble: Trouble, index: int, event_id: int, event: Event | None) -> Finding:
    subject = (event.subject_kind, event.subject_id) if event else ("", "")
    return Finding(trouble, event_id, index, *subject)
