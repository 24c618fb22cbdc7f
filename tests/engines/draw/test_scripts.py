"""The independent scripts print the engine's bytes; they are run as a parent would run them."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qingqu.engines import draw
from qingqu.engines.draw.bundles import SCRIPTS
from tests.engines.draw.rosters import PARTIES, bundle, content, inputs

RECUSALS = (draw.Recusal("高风险", "S001", "亲属"), draw.Recusal("高风险", "𠮷田小学", "上月刚查"))
AWKWARD = {
    # Letters beyond the basic plane sort differently by code unit than by letter; "10" before "9"; names of objects.
    "draw_id": '抽"签"\\2026/𠮷',
    "strata": {
        "𠮷": ["é", "z", "ǆ", "𝒜"],
        "Ａ": ["__proto__", "toString", "constructor"],
        "10": ["1", "01", "2"],
        "9": ["a b"],
        "__proto__": ["p"],
    },
    "quotas": {"𠮷": 2, "Ａ": 1, "10": 3, "9": 0, "__proto__": 1},
    "reserves": {"𠮷": 1, "Ａ": 2, "9": 1},
}
BUNDLES: dict[str, Callable[[], draw.Bundle]] = {
    "everybody reveals": bundle,
    "one party does not reveal": lambda: bundle(silent=("学校",)),
    "nobody reveals": lambda: bundle(silent=PARTIES, commitments={}),
    "recusals": lambda: bundle(silent=("家长代表",), recusals=RECUSALS),
    "awkward names": lambda: draw.draw(draw.freeze(content(**AWKWARD)), inputs()),
    "nothing but dice": lambda: draw.draw(
        draw.freeze(
            content(sources=[{"id": "骰子", "kind": "DICE", "at": "2026-09-03T02:00:00Z", "throws": 50}], deadlines={})
        ),
        draw.Inputs(public={"骰子": "12345" * 10}),
    ),
    "SM3": lambda: draw.draw(draw.freeze(content(algorithm="ticket-hmac-sm3/v1")), inputs()),
}


def commands() -> list[list[str]]:
    if shutil.which("node") is None:
        pytest.skip("node is not installed: the JavaScript replay is not run")
    return [[sys.executable, "-I", str(SCRIPTS / "replay.py")], ["node", str(SCRIPTS / "replay.mjs")]]


def ran(command: list[str], path: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*command, str(path)], capture_output=True, check=False)


class TestBothScripts:
    @pytest.mark.parametrize("name", BUNDLES)
    def test_print_the_bytes_of_the_engine(self, name: str, tmp_path: Path) -> None:
        if name == "SM3" and "sm3" not in hashlib.algorithms_available:
            pytest.skip("this computer's OpenSSL has no SM3")
        made = BUNDLES[name]()
        path = tmp_path / "bundle.json"
        path.write_bytes(draw.write_bundle(made))

        for command in commands():
            done = ran(command, path)
            assert done.stderr.decode() == ""
            assert done.stdout == draw.encode_result(made.result)
            assert done.returncode == 0

    def test_say_that_a_published_result_differs(self, tmp_path: Path) -> None:
        raw = draw.write_bundle(bundle()).replace(b'"missing": []', '"missing": ["学校"]'.encode())
        path = tmp_path / "bundle.json"
        path.write_bytes(raw)

        for command in commands():
            done = ran(command, path)
            assert b"RESULT_DIFFERS" in done.stderr
            assert done.stdout == draw.encode_result(bundle().result)
            assert done.returncode == 1

    def test_stop_at_a_reveal_that_is_not_what_was_committed_to(self, tmp_path: Path) -> None:
        raw = draw.write_bundle(bundle()).replace("学校祝抽签公平".encode(), "学校祝抽签公正".encode())
        path = tmp_path / "bundle.json"
        path.write_bytes(raw)

        for command in commands():
            done = ran(command, path)
            assert "学校" in done.stderr.decode()
            assert b": the reveal is not what was committed to" in done.stderr
            assert (done.stdout, done.returncode) == (b"", 1)

    def test_stop_where_a_withheld_reveal_has_no_later_source(self, tmp_path: Path) -> None:
        # Only a forged bundle looks like this: the engine freezes no such roster with early dice.
        raw = draw.write_bundle(bundle(silent=("学校",))).replace(b"2026-09-03T02", b"2026-09-02T02")
        path = tmp_path / "bundle.json"
        path.write_bytes(raw)

        for command in commands():
            done = ran(command, path)
            assert "学校" in done.stderr.decode()
            assert (done.stdout, done.returncode) == (b"", 1)


class TestEachScript:
    @pytest.mark.parametrize("name", ["replay.py", "replay.mjs"])
    def test_is_short_and_imports_nothing_of_ours(self, name: str) -> None:
        text = draw.script(name).decode()

        assert len(text.splitlines()) <= 40
        assert "import qingqu" not in text
        assert "from qingqu" not in text

    def test_runs_in_a_browser_without_node(self, tmp_path: Path) -> None:
        if shutil.which("node") is None:
            pytest.skip("node is not installed: the JavaScript replay is not run")
        made = bundle(silent=("学校",), recusals=RECUSALS)
        path = tmp_path / "bundle.json"
        path.write_bytes(draw.write_bundle(made))
        # What a page has: no process object, WebCrypto only.
        page = (
            f"import fs from 'node:fs'; const write = process.stdout.write.bind(process.stdout);"
            f"const bundle = JSON.parse(fs.readFileSync({str(path)!r}, 'utf8')); delete globalThis.process;"
            f"const {{ jcs, replay }} = await import({(SCRIPTS / 'replay.mjs').as_uri()!r});"
            f"write(jcs(await replay(bundle)) + '\\n');"
        )
        done = subprocess.run(["node", "--input-type=module", "-e", page], capture_output=True, check=False)

        assert done.stdout == draw.encode_result(made.result), done.stderr.decode()
