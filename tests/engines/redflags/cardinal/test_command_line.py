"""``qingqu audit run --profile cardinal``: Cardinal's own fixtures through the command people type."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qingqu.site.cli import main
from tests.engines.redflags.cardinal.test_fixtures import FOLDER, NAMES, settings_of
from tests.shared import shared_path

ROOT = Path(__file__).parents[4]
OWN_PROCESS = ("R003-procurement_method_details-x-5-y-10", "R025")


def command(name: str, folder: Path) -> list[str]:
    """What is typed for a fixture; its settings are written beside."""
    settings = folder / "settings.json"
    settings.write_text(json.dumps(settings_of(name)), encoding="utf-8")
    source = shared_path(FOLDER) / f"{name}.jsonl"
    run = ["audit", "run", "--input", str(source), "--format", "ocds", "--profile", "cardinal"]
    return [*run, "--settings", str(settings)]


def expected(name: str) -> object:
    """What Cardinal says of a fixture."""
    return json.loads((shared_path(FOLDER) / f"{name}.expected").read_text(encoding="utf-8"))


class TestCardinalProfile:
    @pytest.mark.parametrize("name", NAMES)
    def test_prints_what_cardinal_prints(self, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        status = main(command(name, tmp_path))

        assert status == 0
        assert json.loads(capsys.readouterr().out) == expected(name)

    @pytest.mark.parametrize("name", OWN_PROCESS)
    def test_prints_it_from_a_process_of_its_own_as_well(self, name: str, tmp_path: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "qingqu.site.cli", *command(name, tmp_path)],
            env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "QINGQU_HOME": str(tmp_path)},
            capture_output=True,
            check=True,
            text=True,
        )

        assert json.loads(done.stdout) == expected(name) != {}

    def test_tells_beside_the_result_what_it_could_not_read(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        source = tmp_path / "a.jsonl"
        source.write_text('{"ocid": "a"}\n{"ocid": "a"}\n', encoding="utf-8")

        status = main(["audit", "run", "--input", str(source), "--profile", "cardinal"])

        said = capsys.readouterr()
        assert (status, json.loads(said.out)) == (0, {})
        assert "DUPLICATE_OCID: 1" in said.err
