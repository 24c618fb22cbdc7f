"""A witness as an HTTP server: for a machine of a parents' committee, a school union, another district.

It speaks plain HTTP; put a server with a certificate in front of it when it is reached over a public network. It keeps
no record of who asked.
"""

import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from qingqu.engines.tlog.witness.protocol import ADD_CHECKPOINT, MAX_REQUEST
from qingqu.engines.tlog.witness.records import Records, Reply

Clock = Callable[[], int]

_HEAD_PATH = re.compile(r"/(?P<log>[0-9a-f]{64})/checkpoint")
_SILENCE_SECONDS = 10.0


class _Server(ThreadingHTTPServer):
    """The server with what its handlers need."""

    def __init__(self, address: tuple[str, int], records: Records, clock: Clock) -> None:
        """Listen on an address."""
        self.records = records
        self.clock = clock
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = _SILENCE_SECONDS

    def do_POST(self) -> None:
        """Answer a request to cosign."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > MAX_REQUEST:
            self.close_connection = True
            self._answer(Reply(413, b"the length of the request is missing or too large\n"))
            return
        body = self.rfile.read(int(length))
        if self.path.rpartition("/")[2] != ADD_CHECKPOINT:
            self._answer(Reply(404, b"there is nothing here\n"))
            return
        self._answer(self.server.records.add_checkpoint(body, at=self.server.clock()))

    def do_GET(self) -> None:
        """Give the last cosigned head of a log, by the hash of its origin."""
        found = _HEAD_PATH.fullmatch(self.path)
        head = self.server.records.head_of(found["log"]) if found else None
        self._answer(Reply(404, b"there is nothing here\n") if head is None else Reply(200, head.raw))

    def _answer(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(reply.body)

    def version_string(self) -> str:
        """Nothing about the software."""
        return "witness"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Keep no record of who asked."""


def make_server(folder: Path, listen: str, *, clock: Clock) -> ThreadingHTTPServer:
    """A server that is listening and not yet answering; ``listen`` is ``host:port``, port 0 for any.

    Raises WitnessError when the folder holds no witness.
    """
    host, _colon, port = listen.rpartition(":")
    return _Server((host.strip("[]"), int(port)), Records(folder), clock)


def serve(
    folder: Path, listen: str = "127.0.0.1:7380", *, clock: Clock, ready: Callable[[str], None] | None = None
) -> None:
    """Answer until interrupted; ``clock`` gives the POSIX second, ``ready`` is told the address.

    Raises WitnessError when the folder holds no witness.
    """
    with make_server(folder, listen, clock=clock) as server:
        if ready is not None:
            host, port = server.server_address[:2]
            ready(f"http://{host!s}:{port}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
