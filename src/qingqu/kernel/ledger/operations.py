"""Writing events and telling subscribers, inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from qingqu.kernel.ledger.models import Event, Outbox

Subscriber = Callable[[Event], None]

_kinds: dict[str, str] = {}
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)


def declare(kinds: Mapping[str, str]) -> None:
    """Declare event kinds as {``noun.happened``: what happened, in Chinese}; called from each package's apps.py."""
    _kinds.update(kinds)


def kinds() -> dict[str, str]:
    """Every declared event kind with its meaning."""
    return dict(sorted(_kinds.items()))


def subscribe(kind: str, subscriber: Subscriber) -> None:
    """Call ``subscriber`` for every event of ``kind``, in the transaction that writes it; called from apps.py."""
    if subscriber not in _subscribers[kind]:
        _subscribers[kind].append(subscriber)


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
    """Write one event and its outbox row, then tell the subscribers.

    Must run inside the operation's own transaction, so that row and event stand or fall together.
    Raises KeyError for an undeclared kind and RuntimeError outside a transaction: both are bugs.
    """
    _check(kind)
    event = Event.objects.create(
        kind=kind,
        at=at,
        actor_id=str(actor_id or ""),
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        unit_id=str(unit_id or ""),
        payload=dict(payload or {}),
    )
    Outbox.objects.create(event=event)
    for subscriber in _subscribers[kind]:
        subscriber(event)
    return event


@dataclass(frozen=True)
class Fact:
    """What one event of a bulk write is about."""

    subject_id: object
    unit_id: object = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


def record_many(
    kind: str, *, at: datetime, subject_kind: str, facts: Iterable[Fact], actor_id: object = ""
) -> list[Event]:
    """Write one event a fact with their outbox rows in two queries, then tell the subscribers of each.

    Same rules and errors as ``record``.
    """
    _check(kind)
    events = Event.objects.bulk_create(
        Event(
            kind=kind,
            at=at,
            actor_id=str(actor_id or ""),
            subject_kind=subject_kind,
            subject_id=str(fact.subject_id),
            unit_id=str(fact.unit_id or ""),
            payload=dict(fact.payload),
        )
        for fact in facts
    )
    Outbox.objects.bulk_create(Outbox(event=event) for event in events)
    for event in events:
        for subscriber in _subscribers[kind]:
            subscriber(event)
    return events


def _check(kind: str) -> None:
    """Raise KeyError for an undeclared kind, RuntimeError outside a transaction."""
    if kind not in _kinds:
        raise KeyError(kind)
    if not transaction.get_connection().in_atomic_block:
        message = f"event {kind} recorded outside a transaction"
        raise RuntimeError(message)
