"""``qingqu ledger verify --promise``: what a holder is told, in words, in JSON and by the exit code."""

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest

from qingqu.engines.tlog import Checkpoint, DirectoryStorage, Log, Promise, leaf_hash, sign_promise
from qingqu.engines.tlog.cosignatures import CosignatureSigner
from qingqu.engines.tlog.notes import Ed25519Signer, sign, write_vkey
from qingqu.engines.tlog.promises import PromiseSigner
from qingqu.kernel.core.clock import now
from qingqu.kernel.ledger import installation, operations, tasks
from qingqu.kernel.ledger.models import Outbox
from qingqu.kernel.ledger.models import Promise as Given
from qingqu.site.cli import main
from tests.kernel.ledger.happening import PUBLIC_KIND, happen, log

__all__ = ["log"]

ORIGIN = "log.example/district"
LOG = Ed25519Signer(ORIGIN, bytes(32))
PARENTS = CosignatureSigner("parents.example", bytes(range(32)))
DAY = 24 * 3600


class Copy:
    """A copy of a log on the disk with its policy and a promise."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.policy, self.promise = folder / "log", folder / "policy", folder / "entry.promise"
        self.policy.write_text(
            f"log {write_vkey(LOG.verifier)}\nwitness parents {write_vkey(PARENTS.verifier)}\nquorum parents\n"
        )
        storage = DirectoryStorage(self.folder)
        entries = Log(storage, origin=ORIGIN)
        entries.append([b"entry %d" % number for number in range(300)])
        head = Checkpoint(ORIGIN, entries.size, entries.root())
        storage.write("checkpoint", sign(head.text, [LOG, PARENTS], at=int(time.time())).raw)

    def verify(self, *more: str, promise: bool = True) -> int:
        asked = ["--promise", str(self.promise)] if promise else []
        return main(["ledger", "verify", str(self.folder), "--policy", str(self.policy), *asked, *more])

    def promised(self, entry: bytes, *, ago: int) -> None:
        """Keep a promise that was made some seconds ago and is due a day later."""
        made = int(time.time()) - ago
        promise = Promise(ORIGIN, leaf_hash(entry), made, made + DAY)
        self.promise.write_bytes(sign_promise(promise, PromiseSigner(ORIGIN, LOG.secret)).raw)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A sound and witnessed log of three hundred entries."""
    return Copy(tmp_path)


class TestHolder:
    def test_is_told_that_the_promise_was_kept(self, copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
        copy.promised(b"entry 299", ago=2 * DAY)
        assert copy.verify() == 0
        assert "KEPT #299" in capsys.readouterr().out

    def test_is_told_to_wait(self, copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
        copy.promised(b"another", ago=60)
        assert copy.verify() == 0
        assert "NOT_DUE" in capsys.readouterr().out

    def test_is_told_that_it_was_broken(self, copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
        copy.promised(b"another", ago=2 * DAY)
        assert copy.verify() == 1
        said = capsys.readouterr().err
        assert "BROKEN" in said
        assert "运营方违约" in said
        assert "broke its word" in said

    def test_is_told_so_by_json_too(self, copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
        copy.promised(b"another", ago=2 * DAY)
        assert copy.verify("--json") == 1
        found = json.loads(capsys.readouterr().out)
        assert found["sound"] is False
        assert found["findings"] == []
        assert found["promise"]["standing"] == "BROKEN"
        assert found["promise"]["leaf"] == leaf_hash(b"another").hex()
        assert found["promise"]["due_at"] - found["promise"]["promised_at"] == DAY

    def test_is_told_that_a_head_is_no_promise(self, copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
        copy.promise.write_bytes((copy.folder / "checkpoint").read_bytes())
        assert copy.verify() == 1
        assert "MALFORMED" in capsys.readouterr().err

    def test_is_told_that_the_promise_was_changed(self, copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
        copy.promised(b"another", ago=2 * DAY)
        raw = copy.promise.read_text()
        copy.promise.write_text(raw.replace("\ndue 20", "\ndue 21"))
        assert copy.verify() == 1
        assert "SIGNATURE_WRONG" in capsys.readouterr().err

    def test_is_told_nothing_where_no_promise_is_shown(self, copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
        assert copy.verify("--json", promise=False) == 0
        assert json.loads(capsys.readouterr().out)["promise"] is None

    def test_is_told_which_file_cannot_be_read(self, copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
        assert copy.verify() == 1
        assert str(copy.promise) in capsys.readouterr().err

    def test_is_told_that_a_promise_stands_where_a_head_should(
        self, copy: Copy, capsys: pytest.CaptureFixture[str]
    ) -> None:
        copy.promised(b"entry 1", ago=60)
        (copy.folder / "checkpoint").write_bytes(copy.promise.read_bytes())
        assert copy.verify(promise=False) == 1
        assert "HEAD_MALFORMED" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("log")
class TestInstallation:
    def test_keeps_what_it_promised(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        happen(kind=PUBLIC_KIND)
        tasks.keep()
        path = tmp_path / "own.promise"
        path.write_text(Given.objects.get().text)
        assert main(["ledger", "verify", "--promise", str(path)]) == 0
        assert "KEPT #0" in capsys.readouterr().out

    def test_says_itself_what_it_did_not_keep(self, capsys: pytest.CaptureFixture[str]) -> None:
        tasks.keep()
        happen(kind=PUBLIC_KIND, at=now())
        terms = installation.terms(installation.signer())
        operations.promise_waiting(at=now() - timedelta(days=2), terms=terms)
        Outbox.objects.all().delete()
        Given.objects.all().delete()
        happen(2)
        tasks.keep()
        assert main(["ledger", "verify"]) == 1
        assert "PROMISE_BROKEN" in capsys.readouterr().err
