"""Cardinal's own fixtures: the same dictionary, whatever the file's name asks for."""

import json
from pathlib import Path
from typing import Any

import pytest

from qingqu.engines.redflags import cardinal_results, load_settings
from tests.engines.redflags.marts import mart_of_releases
from tests.shared import SHARED, shared_path

FOLDER = "data/cardinal_fixtures"
NAMES = sorted(path.stem for path in (SHARED / FOLDER).glob("*.jsonl")) or ["R003"]
COMMON = {
    "no_price_comparison_procurement_methods": ["NPC"],
    "exclusions": {"procurement_method_details": ["EXC"]},
}
MAPS = {"procurement_method_details"}


def settings_of(name: str) -> dict[str, Any]:
    """The settings that a fixture's file name carries."""
    indicator, *parts = name.split("-")
    if parts and parts[0] in MAPS:
        pairs = zip(parts[1::2], parts[2::2], strict=True)
        return {**COMMON, indicator: {parts[0]: {key: int(value) for key, value in pairs}}}
    pairs = zip(parts[::2], parts[1::2], strict=True)
    section = {key: int(value) if value.isdigit() else value.split("+") for key, value in pairs}
    return {**COMMON, indicator: section}


class TestCardinalFixtures:
    @pytest.mark.parametrize("name", NAMES)
    def test_gives_the_same_dictionary(self, name: str, tmp_path: Path) -> None:
        folder = shared_path(FOLDER)
        releases = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]
        expected = json.loads((folder / f"{name}.expected").read_text())

        with mart_of_releases(tmp_path, releases) as mart:
            found = cardinal_results(mart, load_settings(settings_of(name)))

        assert found == expected

    def test_file_names_carry_their_parameters(self) -> None:
        assert settings_of("R018-procurement_methods-open+limited")["R018"] == {
            "procurement_methods": ["open", "limited"]
        }
        assert settings_of("R003-procurement_method_details-x-5-y-10")["R003"] == {
            "procurement_method_details": {"x": 5, "y": 10}
        }
        assert settings_of("R048-digits-3")["R048"] == {"digits": 3}
