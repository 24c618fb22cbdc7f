"""Events become leaves: all of them, once, in order, in one transaction a batch."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingqu.engines.tlog.audit import audit
from qingqu.engines.tlog.tiles import bundle_path, decode_bundle
from qingqu.kernel.ledger import installation, queries
from qingqu.kernel.ledger.models import Entry, Event, Outbox, Tile
from tests.factories import AT
from tests.kernel.ledger.happening import KIND, PUBLIC_KIND, ROWS, happen, happen_often, publish, sequence, size

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log")]


def leaves() -> list[dict[str, object]]:
    return [json.loads(queries.leaf(index, size())) for index in range(size())]


class TestSequence:
    def test_commits_every_waiting_event_once(self) -> None:
        happen_often(5)
        waiting = queries.waiting()
        assert sequence() == waiting
        assert sequence() == 0
        assert Outbox.objects.count() == 0
        assert list(Entry.objects.order_by("index").values_list("event_id", flat=True)) == list(
            Event.objects.order_by("id").values_list("id", flat=True)
        )

    @pytest.mark.parametrize("batch", [1, 7, 300])
    def test_gives_the_same_kind_of_log_in_batches_of_any_size(self, batch: int) -> None:
        happen_often(301)
        total = queries.waiting()
        assert sequence(batch=batch) == size() == total
        publish()
        signer = installation.signer()
        assert audit(installation.folder(), installation.policy(signer.vkeys)).is_sound

    def test_tells_the_public_neither_kind_nor_hour_of_what_is_not_public(self) -> None:
        happen(name="王某")
        sequence()
        leaf = leaves()[-1]
        assert leaf["type"] == "record"
        assert leaf["ts"] == AT.date().isoformat()
        assert Entry.objects.latest("index").opening is None

    def test_opens_the_public_fields_of_a_public_kind_and_hides_the_others(self) -> None:
        happen(kind=PUBLIC_KIND, number="GK-1", source="lead:5")
        sequence()
        leaf, opening = leaves()[-1], Entry.objects.latest("index").opening
        assert leaf["type"] == PUBLIC_KIND
        assert {"payload.number", "kind", "at"} == set(opening["fields"])
        assert "payload.source" in opening["hidden"]
        assert "lead:5" not in json.dumps(opening)

    def test_numbers_the_events_of_each_subject(self) -> None:
        for subject in (1, 2, 1, 1):
            happen(subject)
        happen_often(2, first=1)
        found = Event.objects.filter(kind=KIND).order_by("id").values_list("subject_id", "seq")
        assert list(found) == [("1", 1), ("2", 1), ("1", 2), ("1", 3), ("1", 4), ("2", 2)]

    def test_leaves_everything_waiting_when_it_fails_half_way(self, monkeypatch: pytest.MonkeyPatch) -> None:
        happen_often(3)
        sequence()
        before = size()
        happen_often(3)
        monkeypatch.setattr(Tile.objects, "bulk_create", _fail)
        with pytest.raises(ArithmeticError):
            sequence()
        monkeypatch.undo()
        assert size() == before
        assert queries.waiting() == 3

    def test_takes_as_many_queries_for_a_thousand_as_for_ten(self) -> None:
        happen_often(10)
        with CaptureQueriesContext(connection) as few:
            sequence()
        happen_often(700)
        with CaptureQueriesContext(connection) as many:
            sequence()
        assert len(many) <= len(few) + 8  # SQLite splits long inserts

    def test_commits_to_the_row_as_it_is(self) -> None:
        ROWS["7"] = {"state": "OPEN"}
        happen(7)
        sequence()
        first = Entry.objects.latest("index").row_digest
        ROWS["7"] = {"state": "CLOSED"}
        happen(7)
        sequence()
        assert first
        assert Entry.objects.latest("index").row_digest not in {"", first}


class TestTiles:
    def test_hold_the_entries_in_order(self) -> None:
        happen_often(3)
        sequence()
        bundle = Tile.objects.get(path=bundle_path(0, size()))
        assert len(decode_bundle(bytes(bundle.data))) == size()


def _fail(*_args: object, **_kwargs: object) -> None:
    raise ArithmeticError
