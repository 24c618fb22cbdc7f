"""The statistical screens: silent on an honest district, loud on one school that is not, base rates shown."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from qingqu.engines.redflags import FlagRow, run
from tests.engines.redflags.marts import make_mart

SCREENS = ["L03", "L04", "L06", "R050"]
SCHOOLS = 20
COUNT = 320


def honest(seed: int) -> list[dict[str, Any]]:
    """Twenty schools with lognormal amounts over a year, eight suppliers each of the same market."""
    chance = random.Random(seed)
    return [
        {
            "payment_id": f"{school}-{number}", "unit_id": f"U{school}", "supplier_id": f"S{chance.randint(1, 8)}",
            "paid_on": date(2025, 1, 1) + timedelta(days=chance.randint(0, 364)), "account_code": "30201",
            "amount_fen": int(chance.lognormvariate(12.5, 1.2)) + 1,
        }
        for school in range(SCHOOLS)
        for number in range(COUNT)
    ]  # fmt: skip


def found(folder: Path, rows: list[dict[str, Any]]) -> list[FlagRow]:
    with make_mart(folder, payment=rows) as mart:
        done = run(mart, SCREENS, {"as_of": "2025-12-31", "L03": {"fewest": 150}})
        assert set(done.manifest.counts) == set(SCREENS)
        return list(done.flags())


class TestScreens:
    def test_raise_at_most_one_in_a_hundred_in_honest_districts(self, tmp_path: Path) -> None:
        hints = [each for seed in (1, 2, 3) for each in found(tmp_path / str(seed), honest(seed))]

        assert len(hints) <= len(SCREENS) * SCHOOLS * 3 / 100

    def test_raise_the_one_school_that_differs(self, tmp_path: Path) -> None:
        rows = honest(4)
        for place, row in enumerate(row for row in rows if row["unit_id"] == "U3"):
            if place % 3 == 0:
                row["amount_fen"] = 480_000 + place
            elif place % 3 == 1:
                row["amount_fen"] = 100_000 * (1 + place % 9)
            row["supplier_id"] = "S1" if place % 9 else "S2"
            row["paid_on"] = date(2025, 12, 20) if place % 2 else row["paid_on"]

        hints = found(tmp_path, rows)

        raised = {(each.indicator, each.subject_id) for each in hints}
        assert {(name, "U3") for name in SCREENS} <= raised
        assert len(raised) <= len(SCREENS) + 1
        screen = next(each for each in hints if each.indicator == "L04")
        assert "基准" in screen.explanation["zh"]
        assert "p≤" in screen.explanation["en"]

    def test_say_nothing_of_a_unit_that_has_no_others_to_be_compared_with(self, tmp_path: Path) -> None:
        alone = [row for row in honest(5) if row["unit_id"] == "U3"]
        for place, row in enumerate(alone):
            row["amount_fen"] = 100_000 * (1 + place % 3) + place * (place % 2)
        stranger = {**alone[0], "payment_id": "X", "unit_id": "U4", "amount_fen": 777_777}

        assert found(tmp_path / "alone", alone) == []
        assert found(tmp_path / "almost", [*alone, stranger]) == []
