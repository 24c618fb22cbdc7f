"""A log of its own for a test: a declared kind, a public kind, a watched subject, and keys in the test's folder."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import transaction

from qingqu.engines.tlog.policies import Policy
from qingqu.kernel.ledger import installation, operations, queries, registry
from qingqu.kernel.ledger.models import Checkpoint, Event
from qingqu.kernel.ledger.operations import events
from tests.factories import AT

KIND, PUBLIC_KIND, SUBJECT = "test.happened", "test.announced", "test"
ROWS: dict[str, dict[str, object]] = {}
"""The watched rows of the test's subjects, changed by the tests at will."""


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Kinds, watch and subscribers of the test alone, forgotten afterwards."""
    monkeypatch.setattr(registry, "_kinds", {**registry.kinds(), KIND: "试验", PUBLIC_KIND: "公布"})
    monkeypatch.setattr(registry, "_open", {**registry._open, PUBLIC_KIND: frozenset({"payload.number"})})
    monkeypatch.setattr(registry, "_watched", {**registry.watched(), SUBJECT: _rows})
    monkeypatch.setattr(events, "_subscribers", events._subscribers.copy())
    ROWS.clear()
    yield
    ROWS.clear()


def _rows(subject_ids: object) -> dict[str, dict[str, object]]:
    return {key: dict(ROWS[key]) for key in subject_ids if key in ROWS}  # type: ignore[attr-defined]


def happen(subject_id: object = 7, *, kind: str = KIND, at: datetime = AT, **payload: object) -> Event:
    """Record one event in a transaction of its own."""
    with transaction.atomic():
        return operations.record(
            kind, at=at, subject_kind=SUBJECT, subject_id=subject_id, actor_id="李明", payload=payload
        )


def happen_often(count: int, *, first: int = 0) -> None:
    """Record many events at once."""
    with transaction.atomic():
        operations.record_many(
            KIND,
            at=AT,
            subject_kind=SUBJECT,
            facts=[operations.Fact(first + n, payload={"n": n}) for n in range(count)],
        )


def sequence(*, at: datetime = AT, batch: int = 1000) -> int:
    """Commit what waits."""
    return operations.sequence(at=at, vault=installation.vault(), batch=batch)


def publish(*, at: datetime = AT, policy: Policy | None = None) -> Checkpoint | None:
    """Sign and publish the head."""
    signer = installation.signer()
    done = operations.publish(
        at=at, signer=signer, policy=policy or installation.policy(signer.vkeys), folder=installation.folder()
    )
    return done.checkpoint


def size() -> int:
    """How many leaves the log has."""
    head = queries.head()
    return head.size if head else 0
