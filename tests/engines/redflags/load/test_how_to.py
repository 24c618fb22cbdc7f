"""docs/how-to/import-public-records.md, command by command: what it says is printed is what is printed."""

import json
import re
import shlex
from pathlib import Path

import pytest

from qingqu.site.cli import main
from tests.engines.redflags.load.test_real_records import HOW_TO
from tests.shared import shared_path

PAGE = HOW_TO / "import-public-records.md"
ROOT = HOW_TO.parents[1]
MART = "var/mart"
SHOWN = re.compile(r"```sh\nqingqu (audit import [^\n]+)\n```\n.*?```json\n(.*?)\n```", re.DOTALL)


def typed(words: str, mart: Path) -> list[str]:
    """A command as it is typed in the repository, on a mart of the test's own."""
    at_home = {"docs/": ROOT, "../shared/": ROOT}
    return [
        str(mart) if word == MART else str((at_home[start[0]] / word).resolve()) if start else word
        for word in shlex.split(words)
        for start in [[each for each in at_home if word.startswith(each)]]
    ]


class TestImportPublicRecords:
    def test_prints_what_the_page_shows(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        shared_path("data/real/exeter")
        mart = tmp_path / "mart"
        commands = SHOWN.findall(PAGE.read_text(encoding="utf-8"))

        for words, shown in commands:
            assert main(typed(words, mart)) == 0
            printed = json.loads(capsys.readouterr().out.replace(str(mart), MART))
            assert printed == json.loads(shown)

        assert len(commands) == 2

    def test_counts_what_can_run_as_the_page_does(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        shared_path("data/real/exeter")
        mart = tmp_path / "mart"
        for words, _shown in SHOWN.findall(PAGE.read_text(encoding="utf-8")):
            main(typed(words, mart))
        capsys.readouterr()

        assert main(["audit", "run", "--mart", str(mart), "--json"]) == 0

        manifest = json.loads(capsys.readouterr().out)
        raised = {name: count for name, count in manifest["counts"].items() if count}
        assert (len(manifest["counts"]), len(manifest["skipped"]), raised) == (9, 20, {"R003": 4})
        assert "nine indicators can run" in PAGE.read_text(encoding="utf-8")
