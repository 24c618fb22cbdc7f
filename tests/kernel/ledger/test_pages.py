"""The public log over HTTP: the files of the folder, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qingqu.engines.tlog import leaf_hash
from qingqu.engines.tlog.storage import paths_in
from qingqu.kernel.ledger import installation, tasks
from qingqu.site.cli import main
from tests.kernel.ledger.happening import happen, happen_often

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log")]

NOWHERE = (
    "/log/tile/0/000.p/300",
    "/log/tile/0/00",
    "/log/tile/0/999",
    "/log/tile/00/000",
    "/log/tile/entries/000.p/0",
    "/log/tile/0/../../checkpoint",
    "/log/tile/%2e%2e/%2e%2e/keys/log.key",
    "/log/tile//etc/passwd",
    "/log/tile/0",
    "/log/keys/log.key",
    "/log/.publishing",
    "/log/",
)


def grow(count: int = 3) -> None:
    happen_often(count)
    tasks.keep()


def asked(client: Client, path: str, verb: str = "get", **headers: str) -> Any:
    """The answer with its file read to the end, which closes it."""
    answer = getattr(client, verb)(path, headers=headers)
    answer.body = b"".join(answer) if answer.streaming else answer.content
    return answer


class TestFiles:
    def test_are_the_bytes_of_the_folder(self, client: Client, settings: Any) -> None:
        grow(300)
        paths = list(paths_in(Path(settings.QINGQU_LOG)))
        assert {"checkpoint", "policy", "tile/0/000", "tile/entries/000"} <= set(paths)
        for path in paths:
            assert asked(client, f"/log/{path}").body == (settings.QINGQU_LOG / path).read_bytes(), path

    def test_are_kept_for_ever_and_the_head_is_asked_for_again(self, client: Client) -> None:
        grow()
        tile, head = asked(client, "/log/tile/0/000.p/3"), asked(client, "/log/checkpoint")
        assert (tile["Content-Type"], head["Content-Type"]) == ("application/octet-stream", "text/plain; charset=utf-8")
        assert "immutable" in tile["Cache-Control"]
        assert head["Cache-Control"] == "no-cache"

    def test_set_no_cookie_and_may_be_read_from_other_sites(self, client: Client) -> None:
        grow()
        for path in ("/log/checkpoint", "/log/policy", "/log/tile/0/000.p/3"):
            answer = asked(client, path)
            assert not answer.cookies
            assert answer["Access-Control-Allow-Origin"] == "*"

    def test_are_not_sent_twice_to_whoever_has_them(self, client: Client) -> None:
        grow()
        etag = asked(client, "/log/checkpoint")["ETag"]
        again = asked(client, "/log/checkpoint", **{"If-None-Match": etag})
        assert (again.status_code, again.body) == (304, b"")
        happen(9)
        tasks.keep()
        assert asked(client, "/log/checkpoint", **{"If-None-Match": etag}).status_code == 200

    def test_answer_head_with_the_length_alone(self, client: Client) -> None:
        grow()
        answer = asked(client, "/log/checkpoint", "head")
        assert answer.status_code == 200
        assert int(answer["Content-Length"]) == len(installation.folder().read("checkpoint") or b"")
        assert client.post("/log/checkpoint").status_code == 405

    @pytest.mark.parametrize("address", NOWHERE)
    def test_that_are_none_look_like_any_absent_page(self, client: Client, address: str) -> None:
        grow()
        nothing = client.get("/there-is-no-such-page")
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, nothing.content)

    def test_are_absent_before_the_first_head(self, client: Client) -> None:
        for path in ("/log/checkpoint", "/log/policy"):
            assert client.get(path).status_code == 404


@pytest.mark.django_db(transaction=True)
class TestVerify:
    def test_reads_the_running_site_like_any_log(self, live_server: Any, capsys: pytest.CaptureFixture[str]) -> None:
        grow(600)
        vkey = installation.signer().vkeys[0]
        assert main(["ledger", "verify", f"{live_server.url}/log", "--vkey", vkey, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["sound"], found["size"]) == (True, 600)

    def test_names_the_file_that_was_changed(
        self, live_server: Any, settings: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        grow(300)
        place = settings.QINGQU_LOG / "tile/0/000"
        content = place.read_bytes()
        place.write_bytes(leaf_hash(b"another") + content[32:])
        vkey = installation.signer().vkeys[0]
        assert main(["ledger", "verify", f"{live_server.url}/log", "--vkey", vkey]) == 1
        assert "tile/0/000" in capsys.readouterr().err
