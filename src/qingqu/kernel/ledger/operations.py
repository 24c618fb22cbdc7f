"""Writing events and telling subscribers, inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Callable, Mapping
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


def record(  # noqa: PLR0913 - an event has six parts
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
    if kind not in _kinds:
        raise KeyError(kind)
    if not transaction.get_connection().in_atomic_block:
        message = f"event {kind} recorded outside a transaction"
        raise RuntimeError(message)
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
