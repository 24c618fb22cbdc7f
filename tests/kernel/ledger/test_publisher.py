"""Heads are signed outside the database, witnessed, and published after everything they speak of."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from qingqu.engines.tlog import Checkpoint, DirectoryStorage, MemoryStorage, Note, Policy
from qingqu.engines.tlog.audit import audit
from qingqu.engines.tlog.notes import write_vkey
from qingqu.engines.tlog.witness.records import Records
from qingqu.engines.tlog.witness.server import make_server
from qingqu.kernel.ledger import installation, operations, queries
from qingqu.kernel.ledger.models import Head, Tile
from qingqu.kernel.ledger.signer import KEY, FileSigner, NoKey, SigningRefused
from tests.factories import AT
from tests.kernel.ledger.happening import happen_often, publish, sequence, size

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log")]

LATER = AT + timedelta(minutes=1)


def grow(count: int = 3) -> None:
    happen_often(count)
    sequence()


@contextmanager
def witness(folder: Path, *, knows: list[str]) -> Iterator[tuple[str, str]]:
    """A running witness: (its address, the line of a policy that names it)."""
    records = Records.create(folder, "parents.example")
    for vkey in knows:
        records.add_log(vkey)
    server = make_server(folder, "127.0.0.1:0", clock=lambda: int(AT.timestamp()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    host, port = server.server_address[:2]
    try:
        yield f"http://{host!s}:{port}", write_vkey(records.verifier)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def policy_with(url: str, vkey: str) -> Policy:
    log = installation.signer().vkeys[0]
    return Policy.parse(f"log {log}\nwitness parents {vkey} {url}\nquorum parents\n".encode())


class TestSigner:
    def test_makes_its_key_once_and_for_its_owner_alone(self, settings: object) -> None:
        first = installation.signer().vkeys
        assert installation.signer().vkeys == first
        key = settings.QINGQU_KEYS / KEY  # type: ignore[attr-defined]
        assert key.stat().st_mode & 0o077 == 0

    def test_says_where_it_expects_a_key(self, tmp_path: Path) -> None:
        with pytest.raises(NoKey, match=str(tmp_path)):
            FileSigner(tmp_path)

    def test_makes_no_second_key_for_a_log_that_was_published(self, settings: object) -> None:
        grow()
        publish()
        (settings.QINGQU_KEYS / KEY).unlink()  # type: ignore[attr-defined]
        with pytest.raises(NoKey):
            installation.signer()

    def test_refuses_a_shorter_log(self) -> None:
        grow()
        publish()
        with pytest.raises(SigningRefused):
            installation.signer().sign(size() - 1, b"\0" * 32, [], at=0)

    def test_never_signs_two_roots_of_one_size(self) -> None:
        grow()
        publish()
        with pytest.raises(SigningRefused):
            installation.signer().sign(size(), b"\1" * 32, [], at=0)

    def test_refuses_a_head_that_does_not_continue_the_last(self) -> None:
        grow()
        publish()
        with pytest.raises(SigningRefused):
            installation.signer().sign(size() + 1, b"\1" * 32, [b"\2" * 32], at=0)

    @pytest.mark.parametrize("profile", ["intl", "gm", "dual"])
    def test_signs_by_ed25519_in_every_profile(self, settings: object, profile: str) -> None:
        settings.QINGQU_CRYPTO_PROFILE = profile  # type: ignore[attr-defined]
        grow()
        made = publish()
        assert made is not None
        lines = Note.parse(made.text.encode()).signatures
        assert len(lines) == (1 if profile == "intl" else 2)
        ed25519 = installation.signer().vkeys[0]
        assert audit(installation.folder(), Policy.of_log(ed25519)).is_sound


class TestPublish:
    def test_gives_nothing_before_the_first_leaf(self) -> None:
        Head.objects.all().delete()
        assert publish() is None

    def test_gives_a_log_that_can_be_verified(self) -> None:
        grow(300)
        made = publish()
        assert made is not None
        assert made.size == size()
        assert audit(installation.folder(), installation.policy(installation.signer().vkeys)).is_sound

    def test_continues_what_was_published_before(self) -> None:
        grow(200)
        publish()
        first = Checkpoint.parse(Note.parse(queries.checkpoint().text.encode()).text)  # type: ignore[union-attr]
        grow(200)
        publish(at=LATER)
        report = audit(installation.folder(), installation.policy(installation.signer().vkeys), remembered=first)
        assert report.is_sound

    def test_publishes_an_unchanged_head_again_only_when_it_is_old(self) -> None:
        grow()
        publish()
        assert publish(at=LATER) is None
        assert publish(at=AT + timedelta(hours=2)) is not None

    def test_writes_the_head_after_everything_it_speaks_of(self) -> None:
        grow(260)
        signer = installation.signer()
        folder = _Cut(after=2)
        with pytest.raises(ArithmeticError):
            operations.publish(at=AT, signer=signer, policy=Policy.of_log(signer.vkeys[0]), folder=folder)
        assert folder.read("checkpoint") is None
        folder.left = 1000
        operations.publish(at=LATER, signer=signer, policy=Policy.of_log(signer.vkeys[0]), folder=folder)
        assert audit(folder, Policy.of_log(signer.vkeys[0])).is_sound

    def test_goes_on_with_a_head_that_was_signed_and_not_published(self) -> None:
        grow()
        publish()
        grow()
        signer = installation.signer()
        with pytest.raises(ArithmeticError):
            operations.publish(at=AT, signer=signer, policy=Policy.of_log(signer.vkeys[0]), folder=_Cut(after=0))
        assert signer.last().size == size()  # type: ignore[union-attr]
        made = publish(at=LATER)
        assert made is not None
        assert made.size == size()

    def test_writes_each_file_once(self) -> None:
        grow(300)
        publish()
        assert not Tile.objects.filter(is_published=False).exists()


class TestWitnesses:
    def test_cosign_what_is_published(self, tmp_path: Path) -> None:
        grow()
        with witness(tmp_path / "w", knows=installation.signer().vkeys) as (url, vkey):
            made = publish(policy=policy_with(url, vkey))
        assert made is not None
        assert (made.witnesses, made.is_witnessed) == (["parents"], True)

    @pytest.mark.parametrize("is_first", [True, False])
    def test_are_waited_for_and_then_missed_in_the_open(self, tmp_path: Path, is_first: bool) -> None:
        grow()
        if not is_first:
            publish()
            grow()
        with witness(tmp_path / "w", knows=[]) as (url, vkey):
            policy = policy_with(url, vkey)
            assert publish(policy=policy) is None
            assert publish(policy=policy, at=AT + timedelta(minutes=5)) is None
            made = publish(policy=policy, at=AT + timedelta(minutes=11))
        assert made is not None
        assert (made.witnesses, made.is_witnessed) == ([], False)

    def test_keep_evidence_of_a_history_rewritten_with_the_real_key(self, tmp_path: Path, settings: object) -> None:
        grow(5)
        vkeys = installation.signer().vkeys
        with witness(tmp_path / "w", knows=vkeys) as (url, vkey):
            policy = policy_with(url, vkey)
            assert publish(policy=policy) is not None
            _rewrite()
            (settings.QINGQU_KEYS / "log.signed").unlink()  # type: ignore[attr-defined]
            signer = installation.signer()
            done = operations.publish(at=LATER, signer=signer, policy=policy, folder=MemoryStorage())
        assert done.checkpoint is None
        assert "evidence" in done.refusals["parents"]
        assert len(Records(tmp_path / "w").evidence(signer.origin)) == 1


class TestRollback:
    def test_of_the_database_is_refused_by_the_signer(self) -> None:
        grow(5)
        kept = list(Head.objects.values())
        grow(5)
        publish()
        Head.objects.update(size=kept[0]["size"], root=kept[0]["root"], edge=kept[0]["edge"])
        with pytest.raises(SigningRefused):
            publish(at=LATER)

    def test_of_the_public_folder_is_found_by_whoever_remembers_a_head(self, tmp_path: Path) -> None:
        grow(5)
        publish()
        old = (installation.folder().read("checkpoint") or b"").decode()
        grow(5)
        publish(at=LATER)
        remembered = Checkpoint.parse(Note.parse(installation.folder().read("checkpoint") or b"").text)
        copy = DirectoryStorage(tmp_path / "copy")
        for path, content in queries.files():
            copy.write(path, content)
        copy.write("checkpoint", old.encode())
        policy = installation.policy(installation.signer().vkeys)
        assert audit(copy, policy).is_sound
        assert [finding.code for finding in audit(copy, policy, remembered=remembered).findings] == ["ROLLED_BACK"]


class _Cut(MemoryStorage):
    """A folder that stops taking files after some."""

    def __init__(self, *, after: int) -> None:
        super().__init__()
        self.left = after

    def write(self, path: str, content: bytes) -> None:
        if self.left == 0:
            raise ArithmeticError
        self.left -= 1
        super().write(path, content)


def _rewrite() -> None:
    """What somebody with the database and the key does: another history of the same length."""
    from qingqu.kernel.ledger.models import Entry, Outbox  # noqa: PLC0415 - only here

    events = list(Entry.objects.order_by("index").values_list("event_id", flat=True))
    Entry.objects.all().delete()
    Tile.objects.all().delete()
    Head.objects.all().delete()
    with connection.cursor() as cursor:
        for trigger in ("event_no_update", "event_append_only"):
            cursor.execute(
                f"DROP TRIGGER IF EXISTS {trigger}" + (" ON ledger_event" if connection.vendor == "postgresql" else "")
            )
        cursor.execute("UPDATE ledger_event SET subject_id = '999' WHERE id = %s", [events[0]])
    Outbox.objects.bulk_create(Outbox(event_id=event_id) for event_id in events)
    sequence()
