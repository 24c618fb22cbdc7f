"""Asking a witness: every answer of the specification, and answers that are lies."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from qingqu.engines.tlog.cosignatures import CosignatureSigner
from qingqu.engines.tlog.notes import SignatureLine, key_id, signature_line
from qingqu.engines.tlog.witness import Refusal, WitnessRefused, ask

WITNESS = CosignatureSigner("witness.example/w", bytes(32))
STRANGER = CosignatureSigner("stranger.example/w", bytes(range(32)))


@pytest.fixture
def answering():
    """Start a server that gives these answers in turn, the last for ever; gives address and bodies received."""
    servers = []

    def start(*answers):
        queue, received = list(answers), []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                received.append(self.rfile.read(int(self.headers["Content-Length"])))
                status, body, kind = queue.pop(0) if len(queue) > 1 else queue[0]
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/", received

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def text(status, body=b""):
    return status, body, "text/plain"


def size(number):
    return 409, number, "text/x.tlog.size"


class TestAsk:
    def put(self, address, witnessed, known=0):
        return ask(
            address,
            witnessed.head(600),
            prove=witnessed.log.consistency_proof,
            known=known,
            witnesses=[WITNESS.verifier],
        )

    def test_goes_on_from_the_size_that_the_witness_names(self, answering, witnessed):
        line = signature_line(WITNESS, witnessed.head(600).text, at=5)
        address, received = answering(size(b"300\n"), text(200, f"{line}\n".encode()))
        assert self.put(address, witnessed).lines == (line,)
        assert [body.split(b"\n")[0] for body in received] == [b"old 0", b"old 300"]

    def test_passes_over_lines_of_strangers(self, answering, witnessed):
        lines = [signature_line(signer, witnessed.head(600).text, at=5) for signer in (STRANGER, WITNESS)]
        address, _received = answering(text(200, "".join(f"{line}\n" for line in lines).encode()))
        assert self.put(address, witnessed).lines == (lines[1],)

    @pytest.mark.parametrize(
        ("status", "refusal"),
        [
            (400, Refusal.MALFORMED),
            (403, Refusal.LOG_KEY_UNKNOWN),
            (404, Refusal.LOG_UNKNOWN),
            (422, Refusal.INCONSISTENT),
            (500, Refusal.ANSWER_UNREADABLE),
            (302, Refusal.ANSWER_UNREADABLE),
        ],
    )
    def test_says_why_there_is_no_cosignature(self, answering, witnessed, status, refusal):
        address, _received = answering(text(status))
        with pytest.raises(WitnessRefused) as refused:
            self.put(address, witnessed)
        assert refused.value.refusal is refusal
        assert refused.value.fields == {"refusal": refusal.value}

    @pytest.mark.parametrize(
        ("answers", "refusal"),
        [
            ([size(b"601\n")], Refusal.WITNESS_IS_AHEAD),
            ([size(b"-1\n")], Refusal.ANSWER_UNREADABLE),
            ([size(b"")], Refusal.ANSWER_UNREADABLE),
            ([text(409, b"300\n")], Refusal.ANSWER_UNREADABLE),
            ([size(b"300\n")], Refusal.RESTLESS),
            ([text(200)], Refusal.COSIGNATURE_WRONG),
            ([text(200, b"thanks\n")], Refusal.COSIGNATURE_WRONG),
        ],
    )
    def test_believes_no_lie(self, answering, witnessed, answers, refusal):
        address, _received = answering(*answers)
        with pytest.raises(WitnessRefused) as refused:
            self.put(address, witnessed)
        assert refused.value.refusal is refusal

    def test_refuses_cosignatures_that_do_not_hold(self, answering, witnessed):
        wrong = SignatureLine("witness.example/w", key_id(WITNESS.verifier), bytes(72))
        other = signature_line(WITNESS, witnessed.head(300).text, at=5)
        stranger = signature_line(STRANGER, witnessed.head(600).text, at=5)
        for line in (wrong, other, stranger):
            address, _received = answering(text(200, f"{line}\n".encode()))
            with pytest.raises(WitnessRefused) as refused:
                self.put(address, witnessed)
            assert refused.value.refusal is Refusal.COSIGNATURE_WRONG

    @pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "file:///tmp"])
    def test_says_when_nobody_can_be_asked(self, witnessed, address):
        with pytest.raises(WitnessRefused) as refused:
            self.put(address, witnessed)
        assert refused.value.refusal is Refusal.UNREACHABLE
