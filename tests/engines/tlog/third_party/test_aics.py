"""The log in the eyes of aics-tlog, and its heads cosigned by aics-witness."""

import json
import socket
import subprocess
import time

import pytest

from qingqu.engines.tlog.checkpoints import Checkpoint, sign_checkpoint
from qingqu.engines.tlog.log import Log
from qingqu.engines.tlog.notes import write_vkey
from qingqu.engines.tlog.policies import Policy
from qingqu.engines.tlog.storage import MemoryStorage
from qingqu.engines.tlog.suites import read_vkey
from qingqu.engines.tlog.witness import Refusal, WitnessRefused, ask
from tests.engines.tlog.third_party.conftest import ORIGIN, SIZE, run


@pytest.fixture
def verify(aics, district):
    """Run ``aics-tlog``; gives whether it accepted and what it printed."""

    def call(what, *arguments, folder=None):
        keys = ["--log-key", district.vkey, "--tiles", str(folder or district.folder)]
        done = subprocess.run(
            [str(aics / "bin" / "aics-tlog"), what, *keys, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done.returncode == 0, done.stdout + done.stderr

    return call


class TestAicsTlog:
    def test_accepts_our_head_with_a_fresh_quorum(self, verify, district):
        witness = ["--witness-key", write_vkey(district.witness.verifier), "--quorum", 1, "--max-age", 3600]
        accepted, printed = verify("verify-checkpoint", "--origin", ORIGIN, *witness)
        assert accepted, printed
        assert json.loads(printed)["size"] == SIZE

    def test_refuses_a_quorum_that_is_not_there(self, verify):
        other = "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN"
        accepted, _printed = verify("verify-checkpoint", "--witness-key", other, "--quorum", 1)
        assert not accepted

    @pytest.mark.parametrize("index", [0, 255, 256, 65_535, 65_536, SIZE - 1])
    def test_finds_our_entries_in_the_tree(self, verify, district, tmp_path, index):
        (tmp_path / "leaf").write_bytes(district.log.entry(index))
        accepted, printed = verify("verify-inclusion", "--leaf", tmp_path / "leaf", "--index", index)
        assert accepted, printed
        accepted, _printed = verify("verify-inclusion", "--leaf", tmp_path / "leaf", "--index", index ^ 1)
        assert not accepted

    @pytest.mark.parametrize("size", [1, 256, 65_537, SIZE])
    def test_finds_the_way_from_an_older_head(self, verify, district, tmp_path, size):
        (tmp_path / "older").write_bytes(district.head(size).raw)
        accepted, printed = verify("verify-consistency", "--old-checkpoint", tmp_path / "older")
        assert accepted, printed

    def test_refuses_an_edited_entry(self, verify, district, tampered, tmp_path):
        index = 100 * 256 + 255
        entry = district.log.entry(index)
        (tmp_path / "leaf").write_bytes(entry[:-3] + bytes([entry[-3] ^ 1]) + entry[-2:])
        accepted, _printed = verify("verify-inclusion", "--leaf", tmp_path / "leaf", "--index", index, folder=tampered)
        assert not accepted


@pytest.fixture
def witness(aics, district, tmp_path):
    """A running ``aics-witness`` that knows the log; gives its address and key."""
    program, config = str(aics / "bin" / "aics-witness"), str(tmp_path / "witness.json")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    listen = f"127.0.0.1:{port}"
    run(program, "init", "--config", config, "--name", "witness.example/aics", "--listen", listen)
    run(program, "add-log", "--config", config, "--origin", ORIGIN, "--vkey", district.vkey)
    status = run(program, "status", "--config", config).stdout
    vkey = next(word.strip('",') for word in status.split() if "witness.example/aics+" in word)
    server = subprocess.Popen(
        [program, "serve", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _time in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://{listen}", read_vkey(vkey)
    server.kill()
    server.wait()


class TestAicsWitness:
    def test_cosigns_our_heads_and_refuses_a_rewritten_history(self, witness, district):
        address, verifier = witness

        def put(size, log=district.log):
            note = sign_checkpoint(Checkpoint(ORIGIN, size, log.root(size)), [district.signer])
            asked = ask(address, note, prove=log.consistency_proof, known=0, witnesses=[verifier])
            return note.merged(asked.lines), asked.tries

        assert put(70_000)[1] == 1
        note, tries = put(SIZE)
        assert tries == 2
        policy = Policy.parse(f"log {district.vkey}\nwitness a {write_vkey(verifier)}\nquorum a\n".encode())
        assert policy.judge(note).has_quorum
        with pytest.raises(WitnessRefused) as refused:
            put(70_000)
        assert (refused.value.refusal, refused.value.size) == (Refusal.WITNESS_IS_AHEAD, SIZE)

        rewritten = Log(MemoryStorage(), origin=ORIGIN)
        rewritten.append([b"another"] * (SIZE + 10))
        with pytest.raises(WitnessRefused) as refused:
            put(SIZE + 10, rewritten)
        assert refused.value.refusal is Refusal.INCONSISTENT
