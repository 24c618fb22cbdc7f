"""The log's word for what waits: given before sequencing, kept to the letter, and missed when it is not kept."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from qingqu.engines.tlog import Policy, leaf_hash, open_promise
from qingqu.engines.tlog.notes import BadSignature
from qingqu.kernel.ledger import installation, operations, queries, registry, rules, tasks
from qingqu.kernel.ledger.checks.promises_are_kept import promises_are_kept
from qingqu.kernel.ledger.models import Checkpoint, Entry, Event, Outbox, Promise
from qingqu.kernel.ledger.types import Finding, Trouble
from qingqu.site import environment
from tests.factories import AT
from tests.kernel.ledger.happening import PUBLIC_KIND, ROWS, SUBJECT, happen, publish, sequence, size
from tests.kernel.ledger.test_checks import run, unguard

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log")]

DELAY = timedelta(hours=24)


def give(*events: Event, at: datetime = AT, algorithm: str = "hmac-sha256") -> list[Promise]:
    """Promise some events in a transaction of its own."""
    terms = operations.Terms(installation.signer(), installation.vault(), algorithm, DELAY)
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        return operations.promise(event_ids=[event.id for event in events], at=at, terms=terms)


def policy() -> Policy:
    return installation.policy(installation.signer().vkeys)


def committed(event: Event) -> bytes:
    entry = queries.entry_of(event.id)
    assert entry is not None
    return queries.leaf(entry.index, size())


def broken(at: datetime) -> list[Finding]:
    return list(promises_are_kept(vault=installation.vault(), at=at))


class TestPromise:
    def test_is_a_note_that_anybody_opens_with_the_logs_key(self) -> None:
        event = happen(kind=PUBLIC_KIND, number="GK-1")
        (made,) = give(event)
        opened = open_promise(made.text.encode(), policy())
        assert opened.origin == installation.signer().origin
        assert opened.promised_at == int(AT.timestamp())
        assert opened.due_at - opened.promised_at == 24 * 3600
        assert (made.event_id, made.due_at - made.promised_at) == (event.id, DELAY)
        assert queries.promise_of(event.id) == made

    def test_does_not_open_once_it_was_changed(self) -> None:
        (made,) = give(happen(kind=PUBLIC_KIND))
        with pytest.raises(BadSignature):
            open_promise(made.text.replace("due 2026", "due 2027").encode(), policy())

    def test_is_for_the_leaf_that_the_sequencer_then_commits(self) -> None:
        event = happen(kind=PUBLIC_KIND, number="GK-1")
        (made,) = give(event)
        sequence()
        assert leaf_hash(committed(event)).hex() == made.leaf_hash

    def test_is_kept_to_the_letter_when_the_row_changes_before_sequencing(self) -> None:
        ROWS["7"] = {"state": "OPEN"}
        event = happen(7, kind=PUBLIC_KIND, number="GK-1")
        (made,) = give(event)
        ROWS["7"] = {"state": "CLOSED"}
        sequence()
        entry = Entry.objects.get(event_id=event.id)
        assert leaf_hash(committed(event)).hex() == made.leaf_hash
        assert entry.row_digest == rules.digest({"state": "OPEN"})
        assert rules.opened(entry.opening).commitment in committed(event).decode()

    def test_finds_the_row_that_was_changed_after_it_without_an_event(self) -> None:
        ROWS["7"] = {"state": "OPEN"}
        give(happen(7, kind=PUBLIC_KIND))
        ROWS["7"] = {"state": "CLOSED"}
        sequence()
        found = operations.check(at=AT, vault=installation.vault()).findings
        assert [each["trouble"] for each in found] == ["ROW_CHANGED"]

    def test_is_kept_when_the_next_leaves_commit_by_another_algorithm(self) -> None:
        event = happen(kind=PUBLIC_KIND, number="GK-1")
        (made,) = give(event)
        operations.sequence(at=AT, vault=installation.vault(), algorithm="hmac-sm3")
        opening = Entry.objects.get(event_id=event.id).opening
        assert leaf_hash(committed(event)).hex() == made.leaf_hash
        assert rules.opened(opening).commitment in committed(event).decode()
        assert broken(AT) == []

    def test_leaves_the_events_beside_it_to_the_sequencer(self) -> None:
        first, second = happen(1, kind=PUBLIC_KIND), happen(2, kind=PUBLIC_KIND)
        give(second)
        assert {row.event_id: row.leaf is not None for row in Outbox.objects.filter(event__in=[first, second])} == {
            first.id: False,
            second.id: True,
        }
        sequence()
        assert [Entry.objects.get(event_id=event.id).index for event in (first, second)] == [size() - 2, size() - 1]

    def test_is_given_once(self) -> None:
        event = happen(kind=PUBLIC_KIND)
        (made,) = give(event)
        assert give(event, at=AT + timedelta(hours=1)) == []
        assert Promise.objects.get().text == made.text

    def test_is_not_given_for_what_is_in_the_log(self) -> None:
        event = happen(kind=PUBLIC_KIND)
        sequence()
        assert give(event) == []
        assert queries.promise_of(event.id) is None

    def test_stands_or_falls_with_the_transaction_of_the_act(self) -> None:
        terms = installation.terms(installation.signer())
        with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
            event = operations.record(PUBLIC_KIND, at=AT, subject_kind=SUBJECT, subject_id=1)
            assert len(operations.promise(event_ids=[event.id], at=AT, terms=terms)) == 1
            transaction.set_rollback(True)
        assert (Promise.objects.count(), Event.objects.filter(pk=event.pk).count()) == (0, 0)
        assert installation.vault().promised() == {}

    def test_is_due_after_it_was_made_for_the_database_too(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Promise.objects.create(event_id=1, leaf_hash="", text="", promised_at=AT, due_at=AT)
        columns = "(event_id, leaf_hash, text, promised_at, due_at)"
        with pytest.raises(IntegrityError), transaction.atomic():
            run(f"INSERT INTO ledger_promise {columns} VALUES (1, '', '', %s, %s)", AT, AT - DELAY)  # noqa: S608 - fixed


@pytest.mark.django_db(transaction=True)
class TestTransaction:
    def test_is_needed(self) -> None:
        event = happen(kind=PUBLIC_KIND)
        with pytest.raises(RuntimeError, match="outside a transaction"):
            operations.promise(event_ids=[event.id], at=AT, terms=installation.terms(installation.signer()))


class TestWorker:
    def test_promises_what_the_public_learns_of_and_nothing_else(self) -> None:
        announced, private = happen(1, kind=PUBLIC_KIND), happen(2)
        assert operations.promise_waiting(at=AT, terms=installation.terms(installation.signer())) == 1
        assert queries.promise_of(announced.id)
        assert queries.promise_of(private.id) is None
        assert operations.promise_waiting(at=AT, terms=installation.terms(installation.signer())) == 0

    def test_promises_before_it_commits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        event = happen(kind=PUBLIC_KIND)
        monkeypatch.setattr(operations, "sequence", _fail)
        with pytest.raises(ArithmeticError):
            tasks.keep()
        made = queries.promise_of(event.id)
        assert made is not None
        monkeypatch.undo()
        tasks.keep()
        assert leaf_hash(committed(event)).hex() == made.leaf_hash

    def test_takes_no_more_queries_for_fifty_than_for_five(self) -> None:
        counts = []
        for many in (5, 50):
            for number in range(many):
                happen(number, kind=PUBLIC_KIND)
            with CaptureQueriesContext(connection) as captured:
                operations.promise_waiting(at=AT, terms=installation.terms(installation.signer()))
            counts.append(len(captured))
        assert counts[1] <= counts[0] + 2  # SQLite splits long updates


class TestDelay:
    def test_is_a_day_unless_the_installation_says_otherwise(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert installation.terms(installation.signer()).delay == DELAY
        monkeypatch.setenv("QINGQU_PROMISE_HOURS", "6")
        assert environment.merge_delay_hours() == 6

    @pytest.mark.parametrize("given", ["0", "-1", "soon"])
    def test_is_never_none_at_all(self, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
        monkeypatch.setenv("QINGQU_PROMISE_HOURS", given)
        with pytest.raises(environment.BadSetting, match="QINGQU_PROMISE_HOURS"):
            environment.merge_delay_hours()


class TestCheck:
    """The daily comparison misses what was promised and is not there, whoever took it away."""

    LATE = AT + DELAY + timedelta(seconds=1)

    def test_finds_nothing_where_the_promise_was_kept(self) -> None:
        give(happen(kind=PUBLIC_KIND))
        sequence()
        publish(at=AT)
        assert broken(self.LATE) == []

    def test_waits_until_it_is_due(self) -> None:
        give(happen(kind=PUBLIC_KIND))
        assert broken(AT + DELAY) == []

    def test_finds_what_was_never_published(self) -> None:
        event = happen(7, kind=PUBLIC_KIND)
        give(event)
        sequence()
        assert broken(self.LATE) == [Finding(Trouble.PROMISE_BROKEN, event.id, None, SUBJECT, "7")]

    def test_finds_what_was_published_late(self) -> None:
        happen(1)
        sequence()
        event = happen(7, kind=PUBLIC_KIND)
        give(event)
        publish(at=self.LATE)
        sequence()
        publish(at=self.LATE + timedelta(minutes=1))
        index = Entry.objects.get(event_id=event.id).index
        assert broken(self.LATE + DELAY) == [Finding(Trouble.PROMISE_BROKEN, event.id, index, SUBJECT, "7")]

    def test_does_not_call_late_what_the_first_head_after_the_deadline_has(self) -> None:
        happen(1)
        sequence()
        publish(at=AT)
        give(happen(7, kind=PUBLIC_KIND))
        sequence()
        publish(at=self.LATE)
        assert Checkpoint.objects.count() == 2
        assert broken(self.LATE + DELAY) == []

    def test_finds_a_leaf_that_was_changed_in_the_outbox(self) -> None:
        event = happen(7, kind=PUBLIC_KIND, number="GK-1")
        give(event)
        Outbox.objects.filter(event_id=event.id).update(leaf=rules.erasure_leaf(of=1, ts="2026-09-24"))
        sequence()
        publish()
        found = operations.check(at=self.LATE, vault=installation.vault()).findings
        assert [(each["trouble"], each["event_id"]) for each in found] == [
            ("EVENT_CHANGED", event.id),
            ("PROMISE_BROKEN", event.id),
        ]
        assert Entry.objects.get(event_id=event.id).opening is None

    def test_misses_an_event_that_was_deleted_with_its_promise(self) -> None:
        event = happen(7, kind=PUBLIC_KIND)
        give(event)
        Promise.objects.all().delete()
        Outbox.objects.filter(event_id=event.id).delete()
        unguard()
        run("DELETE FROM ledger_event WHERE id = %s", event.id)
        publish()
        assert broken(self.LATE) == [Finding(Trouble.PROMISE_BROKEN)]

    def test_takes_no_more_queries_for_many_kept_promises_than_for_one(self) -> None:
        counts = []
        for many in (1, 40):
            give(*(happen(number, kind=PUBLIC_KIND) for number in range(many)))
            sequence()
            publish(at=AT)
            with CaptureQueriesContext(connection) as captured:
                assert broken(self.LATE) == []
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestPublicKinds:
    def test_are_those_that_packages_declare(self) -> None:
        assert PUBLIC_KIND in registry.public_kinds()
        assert "publication.published" in registry.public_kinds()


def _fail(*_args: object, **_kwargs: object) -> None:
    raise ArithmeticError
