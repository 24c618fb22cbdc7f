"""A witness over HTTP on this machine: many at once, killed at every flush, and never fooled."""

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest

from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.notes import Note, SignatureLine
from qingqu.engines.tlog.witness import Records, Refusal, Request, WitnessError, WitnessRefused, ask, serve
from tests.engines.tlog.witness.conftest import ORIGIN
from tests.house.tree import ROOT


def cosign(address, records, witnessed, size, *, known=0, log=None):
    log = log or witnessed.log
    return ask(
        address,
        witnessed.head(size, log),
        prove=log.consistency_proof,
        known=known,
        witnesses=[records.verifier],
    )


def status_of(address, path, body=None, headers=None):
    connection = HTTPConnection(address.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET" if body is None else "POST", path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class TestServer:
    def test_cosigns_for_a_client_that_does_not_know_its_size(self, address, records, witnessed):
        assert cosign(address, records, witnessed, 300).tries == 1
        asked = cosign(address, records, witnessed, 600)
        assert asked.tries == 2
        note = witnessed.head(600).merged(asked.lines)
        assert [signed.verifier.name for signed in note.verify([records.verifier])] == ["witness.example/parents"]

    def test_tells_a_log_that_was_rolled_back(self, address, records, witnessed):
        cosign(address, records, witnessed, 600)
        with pytest.raises(WitnessRefused, match="the log was rolled back") as refused:
            cosign(address, records, witnessed, 300)
        assert (refused.value.refusal, refused.value.size) == (Refusal.WITNESS_IS_AHEAD, 600)

    def test_tells_a_log_that_was_rewritten(self, address, records, witnessed):
        cosign(address, records, witnessed, 300)
        with pytest.raises(WitnessRefused, match="keeps the evidence") as refused:
            cosign(address, records, witnessed, 600, log=witnessed.rewritten)
        assert refused.value.refusal is Refusal.INCONSISTENT
        assert len(records.evidence(ORIGIN)) == 1

    def test_shows_its_last_head_by_the_hash_of_the_origin(self, address, records, witnessed):
        cosign(address, records, witnessed, 300)
        name = hashlib.sha256(ORIGIN.encode()).hexdigest()
        assert status_of(address, f"/{name}/checkpoint") == (200, records.head(ORIGIN).raw)

    def test_has_nothing_anywhere_else(self, address):
        assert status_of(address, f"/{'0' * 64}/checkpoint")[0] == 404
        assert status_of(address, "/../witness.key")[0] == 404
        assert status_of(address, "/sign-anything", b"")[0] == 404

    def test_reads_no_endless_request(self, address):
        assert status_of(address, "/add-checkpoint", b"x", {"Content-Length": "99999999"})[0] == 413
        assert status_of(address, "/add-checkpoint", b"x", {"Content-Length": "-1"})[0] == 413

    def test_cosigns_one_history_when_asked_by_many_at_once(self, address, records, witnessed):
        def one(size):
            log = witnessed.rewritten if size % 3 == 0 else witnessed.log
            try:
                return size, log, cosign(address, records, witnessed, size, log=log)
            except WitnessRefused:
                return None

        with ThreadPoolExecutor(8) as pool:
            cosigned = [found for found in pool.map(one, range(20, 600, 13)) if found]
        histories = {id(log) for _size, log, _asked in cosigned}
        assert len(histories) == 1
        head = Checkpoint.parse(records.head(ORIGIN).text)
        assert head.size == max(size for size, _log, _asked in cosigned)

    def test_does_not_start_without_its_folder(self, tmp_path):
        with pytest.raises(WitnessError, match="holds no witness"):
            serve(tmp_path, "127.0.0.1:0", clock=lambda: 0)


class Life:
    """One life of a witness in a process of its own."""

    def __init__(self, records, deadly):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.engines.tlog.witness.dying", str(records.folder), str(deadly)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        )
        self.address = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class TestKilledWitness:
    def cosign_on(self, address, records, witnessed, given):
        for size in range(100, 600, 100):
            cosign(address, records, witnessed, size, known=size - 100)
            given.append(size)

    @pytest.mark.parametrize("deadly", [1, 2, 3, 4])
    def test_gives_no_cosignature_that_it_forgets(self, records, witnessed, deadly):
        given = []
        with Life(records, deadly) as life, pytest.raises(WitnessRefused) as refused:
            self.cosign_on(life.address, records, witnessed, given)
        assert refused.value.refusal is Refusal.UNREACHABLE
        remembered = Records(records.folder).head(ORIGIN)
        size = 0 if remembered is None else Checkpoint.parse(remembered.text).size
        assert size >= max(given, default=0)

        with Life(records, 0) as life:
            asked = cosign(life.address, records, witnessed, 600)
            assert asked.lines
            with pytest.raises(WitnessRefused):
                cosign(life.address, records, witnessed, 600, log=witnessed.rewritten)
        assert Checkpoint.parse(records.head(ORIGIN).text).size == 600


class TestRequestsOfTheSpecification:
    def test_are_answered_with_signature_lines_only(self, address, records, witnessed):
        body = Request(0, (), witnessed.head(300)).raw
        status, answer = status_of(address, "/add-checkpoint", body)
        assert status == 200
        lines = [SignatureLine.parse(line) for line in answer.decode().splitlines()]
        assert Note(witnessed.head(300).text, tuple(lines)).verify([records.verifier])
