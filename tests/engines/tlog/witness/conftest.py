"""A log, and a witness that answers on this machine."""

import threading

import pytest

from qingqu.engines.tlog.checkpoints import Checkpoint, sign_checkpoint
from qingqu.engines.tlog.log import Log
from qingqu.engines.tlog.notes import Ed25519Signer, write_vkey
from qingqu.engines.tlog.storage import MemoryStorage
from qingqu.engines.tlog.witness import Records
from qingqu.engines.tlog.witness.server import make_server

ORIGIN = "log.example/district"


class Witnessed:
    """A log of 600 entries with its key, and another history under the same key."""

    def __init__(self):
        self.signer = Ed25519Signer(ORIGIN, bytes(range(32)))
        self.vkey = write_vkey(self.signer.verifier)
        self.log = Log(MemoryStorage(), origin=ORIGIN)
        self.log.append([b"entry %d" % number for number in range(600)])
        self.rewritten = Log(MemoryStorage(), origin=ORIGIN)
        self.rewritten.append([b"another", *(b"entry %d" % number for number in range(1, 600))])

    def head(self, size, log=None):
        log = log or self.log
        return sign_checkpoint(Checkpoint(ORIGIN, size, log.root(size)), [self.signer])


@pytest.fixture(scope="session")
def witnessed():
    return Witnessed()


@pytest.fixture
def records(tmp_path, witnessed):
    found = Records.create(tmp_path / "witness", "witness.example/parents")
    found.add_log(witnessed.vkey)
    return found


@pytest.fixture
def address(records):
    seconds = iter(range(1000, 10_000))
    server = make_server(records.folder, "127.0.0.1:0", clock=lambda: next(seconds))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
