"""Time stamps, asked of an authority of our own that answers as openssl does."""

import logging
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from qingqu.kernel.ledger import queries, stamps, tasks
from qingqu.kernel.ledger.models import Checkpoint
from qingqu.site import environment
from qingqu.site.cli import main
from tests.kernel.ledger.happening import happen, publish, sequence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log")]

# Without a line of certs the answer holds the authority's certificate alone: OpenSSL 3.0 writes several unsorted, which
# strict readers refuse.
CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""
EXTENSIONS = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n"


def openssl(*words: object, given: bytes | None = None) -> bytes:
    return subprocess.run(
        ["openssl", *map(str, words)], check=True, capture_output=True, input=given, timeout=60
    ).stdout


def make_authority(folder: Path, name: str) -> Path:
    """Root, key, certificate and configuration of an authority; gives the folder."""
    folder.mkdir()
    subject = ("-subj", f"/CN={name} root")
    new = ("-newkey", "rsa:2048", "-nodes")
    openssl("req", "-x509", *new, *subject, "-days", 30, "-keyout", folder / "root.key", "-out", folder / "root.pem")
    openssl("req", *new, "-subj", f"/CN={name} tsa", "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr")
    (folder / "extensions").write_text(EXTENSIONS)
    signed_by = ("-CA", folder / "root.pem", "-CAkey", folder / "root.key", "-CAcreateserial", "-days", 30)
    made = ("-in", folder / "tsa.csr", "-extfile", folder / "extensions", "-out", folder / "tsa.pem")
    openssl("x509", "-req", *signed_by, *made)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.conf").write_text(CONFIGURATION.format(folder=folder))
    return folder


class Answering(BaseHTTPRequestHandler):
    """Gives each query to ``openssl ts``, or answers what the server is told to."""

    def do_POST(self) -> None:
        """Answer one query."""
        query = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.said or self._reply(query)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(answer)

    def _reply(self, query: bytes) -> bytes:
        folder = self.server.folder  # type: ignore[attr-defined]
        asked = folder / "query.tsq"
        asked.write_bytes(query)
        return openssl("ts", "-reply", "-config", folder / "tsa.conf", "-queryfile", asked)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority's files."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to be the time stamping authority")
    return make_authority(tmp_path_factory.mktemp("authority") / "own", "own")


@pytest.fixture
def authority(folder: Path, settings: Any) -> Iterator[HTTPServer]:
    """The authority, answering, and named in the settings."""
    server = HTTPServer(("127.0.0.1", 0), Answering)
    server.folder, server.said = folder, b""  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.QINGQU_TSA_URL = f"http://127.0.0.1:{server.server_port}/"
    settings.QINGQU_TSA_CERTIFICATE = str(folder / "root.pem")
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def head() -> Checkpoint:
    """A published head, a moment ago."""
    happen()
    sequence()
    made = publish(at=datetime.now(UTC))
    assert made
    return made


def ours() -> stamps.Authority:
    found = stamps.authority()
    assert found
    return found


@pytest.mark.usefixtures("authority")
class TestAuthority:
    def test_stamps_what_openssl_verifies(self, folder: Path, tmp_path: Path, head: Checkpoint) -> None:
        content = head.text.encode()
        token = ours().stamp(content)
        assert abs(ours().stamped_at(token, content) - datetime.now(UTC)) < timedelta(minutes=5)
        (tmp_path / "head").write_bytes(content)
        (tmp_path / "head.tsr").write_bytes(token)
        given = ("-in", tmp_path / "head.tsr", "-data", tmp_path / "head", "-CAfile", folder / "root.pem")
        assert b"Verification: OK" in openssl("ts", "-verify", *given)

    def test_vouches_for_nothing_else(self) -> None:
        token = ours().stamp(b"one head")
        with pytest.raises(stamps.NotStamped):
            ours().stamped_at(token, b"another head")

    def test_is_not_believed_when_a_bit_of_its_answer_was_changed(self) -> None:
        token = ours().stamp(b"one head")
        believed = []
        for place in range(20, len(token), 53):
            changed = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
            try:
                ours().stamped_at(changed, b"one head")
                believed.append(place)
            except stamps.NotStamped:
                continue
        assert believed == []

    def test_of_another_name_is_not_believed(self, tmp_path: Path, settings: Any) -> None:
        other = make_authority(tmp_path / "other", "other")
        settings.QINGQU_TSA_CERTIFICATE = str(other / "root.pem")
        with pytest.raises(stamps.NotStamped):
            ours().stamp(b"one head")

    @pytest.mark.parametrize("said", [b"<html>", b"0\x03\x02\x01\x02"])
    def test_that_answers_something_else_is_not_believed(self, authority: Any, said: bytes) -> None:
        authority.said = said
        with pytest.raises(stamps.NotStamped):
            ours().stamp(b"one head")

    def test_may_not_repeat_an_earlier_answer(self, authority: Any) -> None:
        authority.said = ours().stamp(b"one head")
        with pytest.raises(stamps.NotStamped):
            ours().stamp(b"one head")


class TestTask:
    @pytest.mark.usefixtures("authority")
    def test_stamps_the_head_once_a_day(self, head: Checkpoint) -> None:
        assert tasks.stamp.call() is True
        (kept,) = queries.stamped()
        assert kept.pk == head.pk
        assert ours().stamped_at(bytes(kept.stamp), kept.text.encode())
        assert tasks.stamp.call() is False
        Checkpoint.objects.update(published_at=datetime.now(UTC) - timedelta(days=2))
        assert tasks.stamp.call() is True

    @pytest.mark.usefixtures("authority")
    def test_keeps_the_stamped_head_beside_newer_ones_of_its_size(self, head: Checkpoint) -> None:
        tasks.stamp.call()
        publish(at=datetime.now(UTC) + timedelta(hours=2))
        assert Checkpoint.objects.count() == 2
        assert [kept.pk for kept in queries.stamped()] == [head.pk]

    def test_does_nothing_where_no_authority_is_set(self, head: Checkpoint) -> None:
        assert tasks.stamp.call() is False

    @pytest.mark.usefixtures("authority")
    def test_says_why_there_is_none(
        self, head: Checkpoint, settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(logging.getLogger("qingqu"), "propagate", True)
        settings.QINGQU_TSA_URL = "http://127.0.0.1:9/"
        assert tasks.stamp.call() is False
        assert "没有应答" in caplog.text
        assert not queries.stamped().exists()


class TestExport:
    @pytest.mark.usefixtures("authority")
    def test_puts_stamps_beside_the_head(self, head: Checkpoint, tmp_path: Path) -> None:
        tasks.stamp.call()
        assert main(["ledger", "export", str(tmp_path / "copy"), "--json"]) == 0
        (token,) = (tmp_path / "copy/stamps").glob("*.tsr")
        assert ours().stamped_at(token.read_bytes(), token.with_suffix(".checkpoint").read_bytes())


class TestSettings:
    def test_name_the_certificate_with_the_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QINGQU_TSA_URL", "http://tsa.example")
        with pytest.raises(environment.BadSetting, match="QINGQU_TSA_CERTIFICATE"):
            environment.tsa()
        monkeypatch.setenv("QINGQU_TSA_CERTIFICATE", "tsa.pem")
        assert environment.tsa() == ("http://tsa.example", "tsa.pem")
