"""Whoever changes the database past the application is found out, and it is said where."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from qingqu.kernel.ledger import installation, operations
from qingqu.kernel.ledger.checks import check_records
from qingqu.kernel.ledger.models import Checkpoint, Entry, Erasure, Event, Outbox, Tile
from qingqu.kernel.ledger.types import Finding, Trouble
from tests.factories import AT
from tests.kernel.ledger.happening import KIND, PUBLIC_KIND, ROWS, SUBJECT, happen, happen_often, sequence, size

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log")]


def found() -> list[Finding]:
    return list(check_records(vault=installation.vault(), at=AT))


def unguard() -> None:
    """What a database administrator can do."""
    end = " ON ledger_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for trigger in ("event_no_update", "event_no_delete", "event_append_only"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}{end}")


def run(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def slip_in(at: datetime) -> Event:
    """An event that no operation wrote."""
    return Event.objects.create(kind=KIND, at=at, subject_kind=SUBJECT, subject_id="1", payload={}, seq=1)


@pytest.fixture
def event() -> Event:
    """An event of a watched row, committed among others."""
    happen_often(3)
    ROWS["7"] = {"state": "OPEN", "reason": "无"}
    made = happen(7, outcome="SETTLE")
    sequence()
    assert found() == []
    return made


class TestEvents:
    @pytest.mark.parametrize(
        "change",
        [
            "kind = 'test.announced'",
            "at = '2020-01-01 00:00:00+00:00'",
            "actor_id = '王刚'",
            "subject_id = '8'",
            "unit_id = '9'",
            "payload = '{}'",
            "seq = 9",
        ],
    )
    def test_that_were_edited_are_found(self, event: Event, change: str) -> None:
        unguard()
        run(f"UPDATE ledger_event SET {change} WHERE id = %s", event.id)  # noqa: S608 - the test's own words
        assert (Trouble.EVENT_CHANGED, event.id) in [(finding.trouble, finding.event_id) for finding in found()]

    def test_that_were_deleted_are_found(self, event: Event) -> None:
        unguard()
        run("DELETE FROM ledger_event WHERE id = %s", event.id)
        assert [(finding.trouble, finding.event_id) for finding in found()] == [(Trouble.EVENT_MISSING, event.id)]

    def test_that_were_slipped_in_are_in_the_log_like_any_other(self, event: Event) -> None:
        slipped = slip_in(at=AT)
        sequence()
        assert Entry.objects.filter(event_id=slipped.id).exists()
        assert found() == []

    def test_that_were_slipped_in_past_the_outbox_are_found(self, event: Event) -> None:
        slipped = slip_in(at=AT)
        Outbox.objects.all().delete()
        assert [(finding.trouble, finding.event_id) for finding in found()] == [(Trouble.EVENT_UNCOMMITTED, slipped.id)]

    def test_that_claim_to_be_older_than_a_head_without_them_are_found(self, event: Event) -> None:
        Checkpoint.objects.create(size=size(), text="", published_at=AT)
        slipped = slip_in(at=AT - timedelta(days=300))
        assert [(finding.trouble, finding.event_id) for finding in found()] == [(Trouble.EVENT_BACKDATED, slipped.id)]
        sequence()
        assert [(finding.trouble, finding.index) for finding in found()] == [(Trouble.EVENT_BACKDATED, size() - 1)]

    def test_that_wait_are_not_accused(self, event: Event) -> None:
        ROWS["7"]["state"] = "CLOSED"
        happen(7)
        assert found() == []

    def test_whose_opener_is_gone_without_a_word_are_found(self, event: Event) -> None:
        installation.vault().destroy([event.id])
        assert [finding.trouble for finding in found()] == [Trouble.OPENER_MISSING]


class TestRows:
    def test_that_were_edited_are_found(self, event: Event) -> None:
        ROWS["7"]["state"] = "CLOSED"
        assert [(finding.trouble, finding.subject_id) for finding in found()] == [(Trouble.ROW_CHANGED, "7")]

    def test_that_were_deleted_are_found(self, event: Event) -> None:
        del ROWS["7"]
        assert [finding.trouble for finding in found()] == [Trouble.ROW_MISSING]


class TestLog:
    def test_whose_entry_was_deleted_is_found(self, event: Event) -> None:
        Entry.objects.filter(event_id=event.id).delete()
        assert {finding.trouble for finding in found()} == {Trouble.LEAF_MISSING, Trouble.EVENT_UNCOMMITTED}

    def test_whose_bundle_was_deleted_is_found_leaf_by_leaf(self, event: Event) -> None:
        Tile.objects.filter(path__startswith="tile/entries/").delete()
        assert [finding.trouble for finding in found()] == [Trouble.LEAF_MISSING] * size()

    def test_that_is_empty_is_sound(self) -> None:
        Outbox.objects.all().delete()
        unguard()
        run("DELETE FROM ledger_event")
        assert found() == []


class TestDailyCheck:
    def test_keeps_what_it_found(self, event: Event) -> None:
        ROWS["7"]["state"] = "CLOSED"
        made = operations.check(at=AT, vault=installation.vault())
        made.refresh_from_db()
        assert made.size == size()
        assert [each["trouble"] for each in made.findings] == ["ROW_CHANGED"]


class TestErasure:
    def test_empties_the_event_and_keeps_the_log_sound(self, event: Event) -> None:
        place = Entry.objects.get(event_id=event.id).index
        operations.erase(event_id=event.id, reason="本人申请", actor_id=3, at=AT, vault=installation.vault())
        event.refresh_from_db()
        assert (event.payload, event.actor_id) == ({}, "")
        assert installation.vault().known([event.id]) == {}
        sequence()
        assert found() == []
        assert Erasure.objects.get().index == size() - 1
        from qingqu.kernel.ledger import queries  # noqa: PLC0415 - only here

        assert f'"of":{place}'.encode() in queries.leaf(size() - 1, size())

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_needs_a_reason(self, event: Event, reason: str) -> None:
        with pytest.raises(operations.NotErasable):
            operations.erase(event_id=event.id, reason=reason, actor_id=3, at=AT, vault=installation.vault())
        assert Event.objects.get(pk=event.pk).payload

    def test_happens_once(self, event: Event) -> None:
        operations.erase(event_id=event.id, reason="本人申请", actor_id=3, at=AT, vault=installation.vault())
        with pytest.raises(operations.NotErasable):
            operations.erase(event_id=event.id, reason="再次", actor_id=3, at=AT, vault=installation.vault())

    def test_waits_for_the_event_to_be_in_the_log(self) -> None:
        made = happen(9)
        with pytest.raises(operations.NotErasable):
            operations.erase(event_id=made.id, reason="本人申请", actor_id=3, at=AT, vault=installation.vault())

    def test_hides_what_was_open(self) -> None:
        made = happen(kind=PUBLIC_KIND, number="GK-1")
        sequence()
        operations.erase(event_id=made.id, reason="法院决定", actor_id=3, at=AT, vault=installation.vault())
        assert Entry.objects.get(event_id=made.id).opening is None

    def test_is_the_only_change_the_database_lets_through(self, event: Event) -> None:
        from django.db import IntegrityError, transaction  # noqa: PLC0415 - only here

        with pytest.raises(IntegrityError), transaction.atomic():
            run("UPDATE ledger_event SET payload = '{}', actor_id = '' WHERE id = %s", event.id)
        Erasure.objects.create(event_id=event.id, reason="试", by="", at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            run("UPDATE ledger_event SET payload = '{}', actor_id = '', kind = 'x' WHERE id = %s", event.id)
