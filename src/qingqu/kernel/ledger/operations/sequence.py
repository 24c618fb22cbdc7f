"""The one sequencer: waiting events become leaves, in order, once, with their tiles and the head in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from qingqu.engines.tlog.appending import Edge, append
from qingqu.kernel.ledger import registry, rules
from qingqu.kernel.ledger.models import Entry, Erasure, Event, Head, Outbox, Tile
from qingqu.kernel.ledger.vault import Vault

BATCH = 1000
LOCK = 0x71696E67717500
"""The advisory lock that only one sequencer holds on PostgreSQL; on SQLite a write transaction is alone anyway."""


@dataclass(frozen=True)
class _Leaf:
    """A leaf before it has its number."""

    content: bytes
    event_id: int | None
    opening: dict[str, object]


def sequence(*, at: datetime, vault: Vault, algorithm: str = "hmac-sha256", batch: int = BATCH) -> int:
    """Commit every waiting event and erasure to the log; says how many leaves were added.

    Each batch is one transaction: stopped anywhere, nothing is lost and nothing is in the log twice. Any number of
    sequencers may be started; they take turns.
    """
    added = 0
    while count := _one_batch(at, vault, algorithm, batch):
        added += count
        if count < batch:
            break
    return added


@transaction.atomic
def _one_batch(at: datetime, vault: Vault, algorithm: str, batch: int) -> int:
    _alone()
    waiting = list(Outbox.objects.order_by("event_id").values_list("event_id", "leaf")[:batch])
    events = Event.objects.in_bulk([event_id for event_id, _leaf in waiting])
    salts = vault.salts(list(events))
    leaves = [_leaf(events[event_id], salts[event_id], promised, algorithm) for event_id, promised in waiting]
    erasures = list(Erasure.objects.filter(index__isnull=True).order_by("event_id")[: batch - len(leaves)])
    leaves += _erasure_leaves(erasures, at)
    if leaves:
        first = _grow(leaves)
        for number, erasure in enumerate(erasures, first + len(waiting)):
            Erasure.objects.filter(pk=erasure.pk).update(index=number)
        Outbox.objects.filter(event_id__in=list(events)).delete()
    return len(leaves)


def _leaf(event: Event, salt: bytes, promised: bytes | memoryview | None, algorithm: str) -> _Leaf:
    is_public = registry.is_public(event.kind)
    opening = {}
    if is_public:
        opening = rules.opening(
            rules.fields(event, is_public=True), registry.public_fields(event.kind), salt, algorithm
        )
    content = bytes(promised) if promised else rules.leaf_of(event, salt=salt, is_public=is_public, algorithm=algorithm)
    return _Leaf(content, event.id, opening)


def _erasure_leaves(erasures: list[Erasure], at: datetime) -> list[_Leaf]:
    entries = Entry.objects.filter(event_id__in=[row.event_id for row in erasures])
    places = dict(entries.values_list("event_id", "index"))
    return [_Leaf(rules.erasure_leaf(of=places[row.event_id], ts=rules.day(at)), None, {}) for row in erasures]


def _grow(leaves: list[_Leaf]) -> int:
    """Add the leaves to the tree: entries, tiles and head; gives the number of the first."""
    head = Head.objects.first()
    edge = Edge.from_bytes(bytes(head.edge)) if head else Edge()
    grown = append(edge, [leaf.content for leaf in leaves])
    Entry.objects.bulk_create(
        Entry(index=index, event_id=leaf.event_id, opening=leaf.opening)
        for index, leaf in zip(grown.indexes, leaves, strict=True)
    )
    Tile.objects.bulk_create(Tile(path=path, data=data) for path, data in (grown.tiles | grown.bundles).items())
    new = Head(size=grown.size, root=grown.root, edge=grown.state.to_bytes())
    new.save(force_insert=head is None, force_update=head is not None)
    return grown.first


def _alone() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
