"""Where files are kept: whole or not at all, and nowhere else."""

import gzip
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qingqu.engines.tlog.storage import DirectoryStorage, HttpReader, MemoryStorage, StorageError, paths_in


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class Redirecting(BaseHTTPRequestHandler):
    target = "file:///etc/hostname"

    def do_GET(self):
        if self.path.endswith("broken"):
            self.send_error(500)
            return
        self.send_response(302)
        self.send_header("Location", self.target)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def serve():
    """Start a server on this machine with a handler; gives its address."""
    servers = []

    def start(handler):
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class TestMemoryStorage:
    def test_gives_what_was_kept(self):
        storage = MemoryStorage()
        storage.write("tile/0/000", b"x")
        assert (storage.read("tile/0/000"), storage.read("tile/0/001")) == (b"x", None)


class TestDirectoryStorage:
    def test_gives_what_was_kept_to_whoever_opens_the_folder(self, tmp_path):
        DirectoryStorage(tmp_path).write("tile/0/x001/000.p/3", b"x")
        assert DirectoryStorage(tmp_path).read("tile/0/x001/000.p/3") == b"x"
        assert list(paths_in(tmp_path)) == ["tile/0/x001/000.p/3"]

    def test_has_no_file_where_a_folder_is(self, tmp_path):
        storage = DirectoryStorage(tmp_path)
        storage.write("tile/0/000.p/3", b"x")
        assert storage.read("tile/0") is None
        assert storage.read("tile/0/000.p/3/4") is None

    def test_keeps_the_old_file_when_writing_fails(self, tmp_path, monkeypatch):
        storage = DirectoryStorage(tmp_path)
        storage.write("checkpoint", b"old")

        def full(_handle):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            storage.write("checkpoint", b"new")
        assert storage.read("checkpoint") == b"old"
        assert [place.name for place in tmp_path.iterdir()] == ["checkpoint"]

    @pytest.mark.parametrize("path", ["../secret", "/etc/hostname", "tile/../../secret", ""])
    def test_stays_in_its_folder(self, tmp_path, path):
        with pytest.raises(StorageError):
            DirectoryStorage(tmp_path).read(path)


class TestHttpReader:
    def test_gives_files_and_says_what_is_not_there(self, tmp_path, serve):
        (tmp_path / "checkpoint").write_bytes(b"head")
        reader = HttpReader(serve(partial(Quiet, directory=str(tmp_path))))
        assert (reader.read("checkpoint"), reader.read("tile/0/000")) == (b"head", None)

    def test_unpacks_what_is_sent_packed_and_no_more_than_the_limit(self, tmp_path, serve):
        class Packed(Quiet):
            def end_headers(self):
                self.send_header("Content-Encoding", "gzip")
                super().end_headers()

        (tmp_path / "checkpoint").write_bytes(gzip.compress(b"head"))
        (tmp_path / "bomb").write_bytes(gzip.compress(bytes(1000)))
        (tmp_path / "broken").write_bytes(gzip.compress(b"head")[:-9])
        (tmp_path / "plain").write_bytes(b"head")
        reader = HttpReader(serve(partial(Packed, directory=str(tmp_path))), most=100)
        assert reader.read("checkpoint") == b"head"
        with pytest.raises(StorageError, match="longer than 100 bytes"):
            reader.read("bomb")
        for name in ("broken", "plain"):
            with pytest.raises(StorageError, match="cannot be read"):
                reader.read(name)

    def test_refuses_a_file_that_is_too_long(self, tmp_path, serve):
        (tmp_path / "checkpoint").write_bytes(bytes(101))
        with pytest.raises(StorageError, match="longer than 100 bytes"):
            HttpReader(serve(partial(Quiet, directory=str(tmp_path))), most=100).read("checkpoint")

    @pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/checkpoint", "gopher://127.0.0.1/"])
    def test_follows_no_redirect_to_another_scheme(self, serve, target):
        handler = type("Elsewhere", (Redirecting,), {"target": target})
        with pytest.raises(StorageError, match=r"redirects to .* not followed"):
            HttpReader(serve(handler)).read("checkpoint")

    def test_follows_a_redirect_that_stays(self, tmp_path, serve):
        (tmp_path / "checkpoint").write_bytes(b"head")
        target = serve(partial(Quiet, directory=str(tmp_path))) + "/checkpoint"
        handler = type("Moved", (Redirecting,), {"target": target})
        assert HttpReader(serve(handler)).read("checkpoint") == b"head"

    def test_says_what_a_server_answered(self, serve):
        with pytest.raises(StorageError, match="answered 500"):
            HttpReader(serve(Redirecting)).read("broken")

    @pytest.mark.parametrize("prefix", ["file:///tmp", "log.example", "ftp://log.example"])
    def test_takes_only_addresses_of_the_web(self, prefix):
        with pytest.raises(StorageError, match="not an http or https address"):
            HttpReader(prefix)

    def test_says_when_nobody_answers(self):
        with pytest.raises(StorageError, match="cannot be read"):
            HttpReader("http://127.0.0.1:9").read("checkpoint")
