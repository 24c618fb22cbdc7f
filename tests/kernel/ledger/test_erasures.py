"""What was erased stays erased: after an interruption, after a restore, under somebody else's number."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from qingqu.kernel.ledger import installation, operations, rules
from qingqu.kernel.ledger.models import Entry, Erasure, Event
from qingqu.kernel.ledger.vault import Erased, Vault
from tests.factories import AT
from tests.kernel.ledger.happening import happen, sequence

pytestmark = [pytest.mark.usefixtures("log"), pytest.mark.django_db]


@pytest.fixture
def event() -> Event:
    """An event of the log."""
    made = happen(name="张三")
    sequence()
    return made


def erase(event: Event) -> None:
    """Erase an event a day later."""
    at = AT + timedelta(days=1)
    operations.erase(event_id=event.id, reason="本人申请", actor_id=3, at=at, vault=installation.vault())


def listing(event: Event) -> Erased:
    """The erasure of an event as the vault's list holds it."""
    subject = f"{event.subject_kind}:{event.subject_id}"
    mark = rules.mark(event_id=event.id, kind=event.kind, at=event.at, subject=subject, unit_id=event.unit_id)
    return Erased(event.id, mark, "法院决定", "", AT)


class TestList:
    def test_says_of_an_erasure_what_the_database_says(self, event: Event) -> None:
        assert not installation.vault().erased()
        erase(event)
        assert installation.vault().erased() == operations.erased()
        assert [(row.event_id, row.reason, row.by) for row in operations.erased()] == [(event.id, "本人申请", "3")]

    def test_is_kept_once(self, event: Event) -> None:
        erase(event)
        installation.vault().note(operations.erased())
        assert len(installation.vault().erased()) == 1

    def test_is_not_there_where_nothing_was_ever_kept(self, tmp_path: Path) -> None:
        assert not Vault(tmp_path / "elsewhere").has_list
        assert not (tmp_path / "elsewhere").exists()


class TestErase:
    def test_finishes_what_was_interrupted_when_asked_again(self, event: Event) -> None:
        Erasure.objects.create(event_id=event.id, reason="本人申请", by="", at=AT)
        with pytest.raises(operations.NotErasable):
            erase(event)
        event.refresh_from_db()
        assert (event.payload, installation.vault().known([event.id])) == ({}, {})
        assert installation.vault().erased() == operations.erased()


class TestSettle:
    def test_erases_again_what_came_back(self, event: Event) -> None:
        listed = replace(listing(event), reason="本人申请", by="3")
        installation.vault().note([listed])
        assert operations.settle(vault=installation.vault()) == [event.id]
        event.refresh_from_db()
        assert (event.payload, event.actor_id) == ({}, "")
        assert operations.erased() == [listed]
        sequence()
        assert Erasure.objects.get().index == Entry.objects.count() - 1

    def test_destroys_a_salt_that_came_back_and_notes_what_the_list_lacks(self, event: Event) -> None:
        erase(event)
        installation.vault().path.unlink()
        salts = installation.vault().salts([event.id])
        assert operations.settle(vault=installation.vault()) == [event.id]
        assert salts[event.id] not in installation.vault().path.read_bytes()
        assert installation.vault().erased() == operations.erased()

    def test_waits_until_the_event_has_its_leaf(self) -> None:
        waiting = happen(name="张三")
        installation.vault().note([listing(waiting)])
        assert operations.settle(vault=installation.vault()) == []
        sequence()
        assert operations.settle(vault=installation.vault()) == [waiting.id]

    def test_leaves_another_event_with_that_number_alone(self, event: Event) -> None:
        installation.vault().note([replace(listing(event), mark="0" * 64)])
        assert operations.settle(vault=installation.vault()) == []
        event.refresh_from_db()
        assert event.payload == {"name": "张三"}

    def test_does_nothing_a_second_time(self, event: Event) -> None:
        erase(event)
        assert operations.settle(vault=installation.vault()) == []


@pytest.mark.django_db(transaction=True)
class TestJournal:
    @pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="SQLite keeps a journal of its own"
    )
    def test_is_said_to_hold_the_old_content_while_somebody_reads_it(self, event: Event) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM ledger_event").fetchone()
            with pytest.raises(operations.Unfinished):
                erase(event)
        with pytest.raises(operations.NotErasable):
            erase(event)
        journal = Path(f"{connection.settings_dict['NAME']}-wal")
        assert "张三".encode() not in journal.read_bytes() + Path(connection.settings_dict["NAME"]).read_bytes()
