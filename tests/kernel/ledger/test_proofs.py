"""What a reader is given of an event, and what the server finds when it compares its own record with the log."""

import base64
import json

import pytest
from django.db import connection

from qingqu.engines.tlog import leaf_hash
from qingqu.engines.tlog.receipts import Outcome, Receipt
from qingqu.kernel.ledger import installation, proofs, rules, tasks
from qingqu.kernel.ledger.models import Entry, Event, Tile
from tests.kernel.ledger.happening import PUBLIC_KIND, ROWS, happen, happen_often, publish, sequence
from tests.kernel.ledger.test_checks import run, unguard

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log")]


@pytest.fixture
def event() -> Event:
    """A public event about a watched row, published among others."""
    happen_often(300)
    ROWS["7"] = {"state": "OPEN"}
    made = happen(7, kind=PUBLIC_KIND, number="GK-1")
    tasks.keep()
    return made


def proof_of(event: Event) -> proofs.Proof:
    found = proofs.of_event(event.id)
    assert found is not None
    return found


def is_as_committed(event: Event) -> bool:
    proof = proof_of(event)
    trail = proofs.trail(event.subject_kind, event.subject_id, [event.kind])
    return proofs.is_as_committed(proof, proofs.judged(proof, proofs.trust()), trail)


class TestProof:
    def test_is_none_until_a_head_was_published(self) -> None:
        made = happen(7)
        assert proofs.of_event(made.id) is None
        sequence()
        assert proofs.of_event(made.id) is None
        assert proofs.trail(made.subject_kind, made.subject_id, [made.kind]).places == {made.id: 0}
        publish()
        assert proof_of(made).index == 0

    def test_is_a_receipt_that_anybody_verifies(self, event: Event) -> None:
        proof = proof_of(event)
        verdict = proofs.judged(proof, proofs.trust())
        assert verdict is not None
        assert (verdict.outcome, verdict.index, verdict.size) == (Outcome.INCLUDED, 300, 301)
        assert proof.origin == installation.signer().origin
        assert proof.root.replace(" ", "") == (verdict.root or b"").hex()

    def test_says_nothing_of_an_event_that_does_not_exist(self, event: Event) -> None:
        assert proofs.of_event(event.id + 1) is None


class TestProofFile:
    def test_holds_all_that_is_needed_offline(self, event: Event) -> None:
        proof = proof_of(event)
        file = json.loads(json.dumps(proofs.proof_file(proof, b"text")))
        assert file["format"] == "qingqu-proof/v1"
        assert base64.b64decode(file["copy"]) == b"text"
        leaf = base64.b64decode(file["leaf"])
        receipt = Receipt.parse(file["receipt"].encode())
        assert receipt.index == proof.index
        assert leaf_hash(leaf) == leaf_hash(proof.leaf)
        opened = rules.opened(file["opening"])
        assert opened.commitment == json.loads(leaf)["c"]
        assert opened.fields["payload.number"] == "GK-1"
        assert file["log"] == installation.signer().vkeys
        assert file["policy"].startswith("log ")

    def test_without_a_copy_opens_nothing(self, event: Event) -> None:
        file = proofs.proof_file(proof_of(event), None)
        assert (file["copy"], file["opening"]) == (None, None)
        assert file["receipt"]

    def test_holds_nobody_who_is_not_told(self, event: Event) -> None:
        assert "李明" not in json.dumps(proofs.proof_file(proof_of(event), b""), ensure_ascii=False)


class TestComparison:
    def test_finds_nothing_where_nothing_was_changed(self, event: Event) -> None:
        assert is_as_committed(event)

    @pytest.mark.parametrize("change", ["payload = '{}'", "actor_id = '王刚'", "at = '2020-01-01 00:00:00+00:00'"])
    def test_finds_an_edited_event(self, event: Event, change: str) -> None:
        unguard()
        run(f"UPDATE ledger_event SET {change} WHERE id = %s", event.id)  # noqa: S608 - the test's own words
        assert not is_as_committed(event)

    def test_finds_an_edited_row(self, event: Event) -> None:
        ROWS["7"]["state"] = "CLOSED"
        assert not is_as_committed(event)

    def test_finds_an_edited_opening(self, event: Event) -> None:
        entry = Entry.objects.get(event_id=event.id)
        entry.opening["fields"]["payload.number"]["value"] = "GK-2"
        entry.save()
        assert not is_as_committed(event)

    def test_finds_an_edited_leaf(self, event: Event) -> None:
        tile = Tile.objects.get(path__startswith="tile/entries/001")
        tile.data = bytes(tile.data).replace(b"2026-09-24T01", b"2026-09-23T01")
        tile.save()
        assert not is_as_committed(event)

    def test_judges_only_what_is_open_where_the_salts_are_out_of_reach(self, event: Event) -> None:
        installation.vault().path.write_bytes(b"not for this account")
        assert is_as_committed(event)
        unguard()
        run("UPDATE ledger_event SET actor_id = '王刚' WHERE id = %s", event.id)
        assert is_as_committed(event)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_entry SET opening = %s", [json.dumps({"salted": "hmac-sha256"})])
        assert not is_as_committed(event)

    def test_makes_no_vault_where_there_is_none(self, event: Event) -> None:
        path = installation.vault().path
        path.unlink()
        assert is_as_committed(event)
        assert not path.exists()


class TestFingerprint:
    def test_is_in_groups_of_four_that_anybody_computes(self) -> None:
        found = proofs.fingerprint("log.example+00000000+AAAA")
        assert found == "838e e548 db6c 99ba 723e 0310 1c5f 38c3 bfd6 4927 0fc6 11cf 47af 5b37 20b8 ab6f"
