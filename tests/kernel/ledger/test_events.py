"""Events are written with their rows or not at all, and never change."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from qingqu.kernel.ledger import operations, queries, registry
from qingqu.kernel.ledger.models import Event, Outbox
from qingqu.kernel.ledger.operations import events
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> str:
    """A declared kind of its own, forgotten afterwards."""
    monkeypatch.setattr(registry, "_kinds", {**operations.kinds(), "test.happened": "试验"})
    monkeypatch.setattr(events, "_subscribers", events._subscribers.copy())
    return "test.happened"


def happen(kind: str, subject_id: str = "7") -> Event:
    """Record one event."""
    with transaction.atomic():
        return operations.record(kind, at=AT, subject_kind="test", subject_id=subject_id, payload={"a": 1})


class TestRecord:
    def test_writes_the_event_with_its_outbox_row(self, kind: str) -> None:
        event = happen(kind)
        assert Outbox.objects.get().event == event
        assert list(queries.history("test", 7)) == [event]

    def test_refuses_an_undeclared_kind(self) -> None:
        with pytest.raises(KeyError):
            happen("test.unknown")

    def test_tells_subscribers_in_the_same_transaction(self, kind: str) -> None:
        def fail(event: Event) -> None:
            raise ArithmeticError(event.kind)

        operations.subscribe(kind, fail)
        with pytest.raises(ArithmeticError):
            happen(kind)
        events._subscribers[kind].remove(fail)
        assert not Event.objects.exists()
        assert not Outbox.objects.exists()

    def test_writes_many_in_two_queries(self, kind: str, django_assert_num_queries) -> None:
        facts = [operations.Fact(number) for number in range(50)]
        with transaction.atomic(), django_assert_num_queries(2):
            operations.record_many(kind, at=AT, subject_kind="test", facts=facts)
        assert Outbox.objects.count() == 50


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_a_bug(kind: str) -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        operations.record(kind, at=AT, subject_kind="test", subject_id=1)


class TestAppendOnly:
    def test_refuses_a_change_by_the_orm(self, kind: str) -> None:
        event = happen(kind)
        event.kind = "test.forged"
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            event.save()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Event.objects.update(payload={})

    def test_refuses_a_deletion_by_the_orm(self, kind: str) -> None:
        event = happen(kind)
        with pytest.raises(ProtectedError):
            event.delete()
        Outbox.objects.all().delete()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            event.delete()

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_event SET kind = 'test.forged'",
            "UPDATE ledger_event SET at = at",
            "DELETE FROM ledger_event",
        ],
    )
    def test_refuses_raw_sql(self, kind: str, statement: str) -> None:
        happen(kind)
        Outbox.objects.all().delete()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert Event.objects.get().kind == kind
