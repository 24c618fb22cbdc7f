"""The engine against plain loops: the same results on random releases, with flags of every indicator among them."""

import random
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingqu.engines.redflags import SettingsError, cardinal_results, load_settings
from tests.engines.redflags.cardinal.plain import quantile, results_of
from tests.engines.redflags.marts import mart_of_releases

IDS = ("R024", "R028", "R036", "R048", "R058")
MINIMUM = 2
SETTINGS = {"currency": "CNY", **{name: {} for name in IDS}, "R048": {"minimum_contracting_processes": MINIMUM}}


def release(chance: random.Random, number: int) -> dict[str, Any]:
    """A random process: mostly two to four bids whose prices lie near 10%, now and then very near or equal."""
    bidders = chance.sample([f"S{each}" for each in range(12)], chance.randint(2, 4))
    base = chance.randint(900, 1100)
    gap = chance.choice([0.0, 0.001, *[chance.uniform(0.095, 0.105) for _ in range(14)], 0.9])
    details = []
    for place, who in enumerate(bidders):
        status = chance.choice(["valid"] * 12 + ["disqualified", "pending", "withdrawn"]) if place else "valid"
        names = [{"id": who}] if chance.random() < 0.95 else [{"id": who}, {"id": "S99"}]
        amount = base if place == 0 else round(base * (1 + gap + 0.001 * (place - 1)), 2)
        if place and status == "disqualified" and chance.random() < 0.5:
            amount = base - 10
        currency = chance.choice(["CNY"] * 15 + ["USD"])
        details.append({"status": status, "tenderers": names, "value": {"amount": amount, "currency": currency}})
    state = chance.choice(["active"] * 12 + ["cancelled", "pending"])
    lines = [
        {"classification": {"id": f"{chance.choice([10, 10, 10, 20, 30, 40])}1"}} for _ in range(chance.randint(1, 2))
    ]
    return {
        "ocid": f"o{number}", "tender": {}, "bids": {"details": details},
        "awards": [{"status": state, "suppliers": [{"id": bidders[0]}], "items": lines}],
    }  # fmt: skip


def both(seed: int, count: int) -> tuple[Any, Any]:
    chance = random.Random(seed)
    releases = [release(chance, number) for number in range(count)]
    with TemporaryDirectory() as folder, mart_of_releases(Path(folder) / "mart", releases) as mart:
        return cardinal_results(mart, load_settings(SETTINGS)), results_of(releases, minimum=MINIMUM)


def raised(results: Any) -> Counter[str]:
    return Counter(name for group in results.values() for each in group.values() for name in each)


class TestReference:
    def test_two_hundred_processes_agree_and_every_indicator_is_raised(self) -> None:
        found, expected = both(seed=7, count=200)

        counts = raised(expected)
        print("flags raised:", dict(sorted(counts.items())))  # noqa: T201 - an agreement over zero flags proves nothing
        assert found == expected
        assert set(counts) == set(IDS)

    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(seed=st.integers(0, 10**6), count=st.integers(1, 14))
    def test_small_inputs_agree_exactly(self, seed: int, count: int) -> None:
        found, expected = both(seed, count)

        assert found == expected

    def test_prices_without_a_currency_are_refused(self, tmp_path: Path) -> None:
        with mart_of_releases(tmp_path, []) as mart, pytest.raises(SettingsError, match="currency"):
            cardinal_results(mart, load_settings({"R024": {}}))


class TestQuantile:
    @pytest.mark.parametrize(("share", "expected"), [(0.25, 5 / 3), (0.5, 3.0), (0.75, 13 / 3)])
    def test_is_definition_eight_and_not_seven(self, share: float, expected: float) -> None:
        assert quantile([1.0, 2.0, 3.0, 4.0, 5.0], share) == pytest.approx(expected, rel=1e-12)
