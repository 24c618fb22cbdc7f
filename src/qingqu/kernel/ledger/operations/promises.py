"""Giving the log's word: a waiting event's leaf is fixed, and its holder gets a note that says by when it is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction

from qingqu.engines.tlog.hashing import leaf_hash
from qingqu.kernel.ledger import queries, registry, rules
from qingqu.kernel.ledger.models import Outbox, Promise
from qingqu.kernel.ledger.operations.sequencer import row_digests, take_turn
from qingqu.kernel.ledger.signer import FileSigner
from qingqu.kernel.ledger.vault import Vault

AT_ONCE = 200
"""Promises of one transaction: the sequencer waits meanwhile."""


@dataclass(frozen=True)
class Terms:
    """What a promise is made with: who signs it, where salts are kept, how leaves commit, and the merge delay."""

    signer: FileSigner
    vault: Vault
    algorithm: str
    delay: timedelta


def promise(*, event_ids: Sequence[int], at: datetime, terms: Terms) -> list[Promise]:
    """Fix the leaves of those of the events that wait and have none yet, and give the log's word for each.

    Runs inside the caller's transaction (RuntimeError otherwise), where row and event are as they are to stay: what
    changes the row afterwards needs an event of its own. Once the transaction holds, the vault remembers what was
    promised, so that the daily comparison asks for it even if the database forgot.
    """
    if not connection.in_atomic_block:
        message = "something was promised outside a transaction"
        raise RuntimeError(message)
    take_turn()
    rows = Outbox.objects.filter(event_id__in=event_ids, leaf__isnull=True).select_related("event")
    waiting = list(rows.order_by("event_id"))
    if not waiting:
        return []
    _fix(waiting, terms)
    made = Promise.objects.bulk_create(_promise(row, at.replace(microsecond=0), terms) for row in waiting)
    remembered = {bytes.fromhex(row.leaf_hash): int(row.due_at.timestamp()) for row in made}
    transaction.on_commit(partial(terms.vault.remember, remembered))
    return made


def promise_waiting(*, at: datetime, terms: Terms) -> int:
    """Give the log's word for every waiting event that the public learns of; says for how many."""
    event_ids, given = list(queries.unpromised()), 0
    for start in range(0, len(event_ids), AT_ONCE):
        with transaction.atomic():
            given += len(promise(event_ids=event_ids[start : start + AT_ONCE], at=at, terms=terms))
    return given


def _fix(waiting: list[Outbox], terms: Terms) -> None:
    """Write down in the outbox what the sequencer will commit."""
    salts = terms.vault.salts([row.event_id for row in waiting])
    digests = row_digests([row.event for row in waiting])
    for row in waiting:
        row.row_digest = digests.get(row.event_id, "")
        is_public = registry.is_public(row.event.kind)
        row.leaf = rules.leaf_of(
            row.event, row.row_digest, salt=salts[row.event_id], is_public=is_public, algorithm=terms.algorithm
        )
    Outbox.objects.bulk_update(waiting, ["leaf", "row_digest"])


def _promise(row: Outbox, at: datetime, terms: Terms) -> Promise:
    leaf, due_at = leaf_hash(bytes(row.leaf or b"")), at + terms.delay
    note = terms.signer.promise(leaf, at=int(at.timestamp()), due=int(due_at.timestamp()))
    return Promise(event_id=row.event_id, leaf_hash=leaf.hex(), text=note.raw.decode(), promised_at=at, due_at=due_at)
