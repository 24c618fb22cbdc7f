"""Writing events and telling subscribers, inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.expressions import RawSQL

from qingqu.kernel.ledger import queries, registry
from qingqu.kernel.ledger.models import Event

Subscriber = Callable[[Event], None]

NEXT_SEQ = "SELECT COALESCE(MAX(e.seq), 0) + 1 FROM ledger_event e WHERE e.subject_kind = %s AND e.subject_id = %s"

_subscribers: dict[str, list[Subscriber]] = defaultdict(list)


def subscribe(kind: str, subscriber: Subscriber) -> None:
    """Call ``subscriber`` for every event of ``kind``, in the transaction that writes it; called from apps.py."""
    if subscriber not in _subscribers[kind]:
        _subscribers[kind].append(subscriber)


@dataclass(frozen=True)
class Fact:
    """What one event of a bulk write is about."""

    subject_id: object
    unit_id: object = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


def record(
    kind: str,
    *,
    at: datetime,
    subject_kind: str,
    subject_id: object,
    actor_id: object = "",
    unit_id: object = "",
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """Write one event, which then waits in the outbox, and tell the subscribers.

    Must run inside the operation's own transaction, so that row and event stand or fall together.
    Raises KeyError for an undeclared kind and RuntimeError outside a transaction: both are bugs.
    """
    fact = Fact(subject_id, unit_id, payload or {})
    return record_many(kind, at=at, subject_kind=subject_kind, facts=[fact], actor_id=actor_id)[0]


def record_many(
    kind: str,
    *,
    at: datetime,
    subject_kind: str,
    facts: Iterable[Fact],
    actor_id: object = "",
    are_new: bool = False,
) -> list[Event]:
    """Write one event a fact in one or two queries, then tell the subscribers of each.

    ``are_new`` says that the subjects were made in this transaction: these are their first events, and no earlier ones
    are looked for. Same rules and errors as ``record``.
    """
    _check(kind)
    given = list(facts)
    counted = len(given) == 1 and not are_new
    last = {} if counted or are_new else queries.last_seqs(subject_kind, {str(fact.subject_id) for fact in given})
    events = Event.objects.bulk_create(
        _event(kind, at, actor_id, subject_kind, fact, _counted(subject_kind, fact) if counted else _next(last, fact))
        for fact in given
    )
    for event in events:
        for subscriber in _subscribers[kind]:
            subscriber(event)
    return events


def _counted(subject_kind: str, fact: Fact) -> RawSQL:
    """The number of the subject's next event, left to the database."""
    return RawSQL(NEXT_SEQ, (subject_kind, str(fact.subject_id)))  # noqa: S611 - fixed text, two parameters


def _next(last: dict[str, int], fact: Fact) -> int:
    key = str(fact.subject_id)
    last[key] = last.get(key, 0) + 1
    return last[key]


def _event(kind: str, at: datetime, actor_id: object, subject_kind: str, fact: Fact, seq: int | RawSQL) -> Event:
    """The event, not yet written; ``seq`` may be left to the database to count."""
    return Event(
        kind=kind,
        at=at,
        actor_id=str(actor_id or ""),
        subject_kind=subject_kind,
        subject_id=str(fact.subject_id),
        unit_id=str(fact.unit_id or ""),
        payload=dict(fact.payload),
        seq=seq,
    )


def _check(kind: str) -> None:
    """Raise KeyError for an undeclared kind, RuntimeError outside a transaction."""
    if kind not in registry.kinds():
        raise KeyError(kind)
    if not transaction.get_connection().in_atomic_block:
        message = f"event {kind} recorded outside a transaction"
        raise RuntimeError(message)
