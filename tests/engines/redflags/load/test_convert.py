from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from qingqu.engines.redflags.load import load_table
from tests.engines.redflags.load.factories import csv_file, stored


def read(folder: Path, table: str, column: str, cells: list[str], fixed: dict[str, str], **rule: Any) -> list[Any]:
    """The values a column gets from cells, in order; None for a cell whose row is rejected."""
    keys = {"payment": "payment_id", "ledger_entry": "entry_id", "tender": "tender_id", "contract": "contract_id"}
    source = csv_file(folder / "a.csv", [[f"{n:03}", cell] for n, cell in enumerate(cells)], ["id", "cell"])
    mapping = {
        "table": table,
        "constants": {"unit_id": "S001", **fixed},
        "columns": {keys[table]: "id", column: {"column": "cell", **rule}},
    }
    load_table(source, mapping, mart=folder / "mart")
    if not (folder / "mart" / table).exists():
        return [None] * len(cells)
    found = dict(stored(folder / "mart", table, f"{keys[table]}, {column}"))
    return [found.get(f"{n:03}") for n in range(len(cells))]


PAID = {"paid_on": "2025-01-02"}
ENTRY = {"voucher": "V", "account_code": "5001", "debit_fen": "1", "credit_fen": "0"}
TENDER = {"has_awards": "否", "has_bids": "否", "ids_are_text": "是"}


class TestMoney:
    @pytest.mark.parametrize(
        ("cell", "units"),
        [
            ("12", 1200),
            ("12.3", 1230),
            ("-0.01", -1),
            ("1,234.50", 123450),
            ("¥1,234.50", 123450),
            ("-￥3", -300),
            ("12元", 1200),
            ("1e3", 100000),
            ("998.2", 99820),
            ("0.30000000000000004", 30),
            (" 7 ", 700),
            ("12.345", None),
            ("1,23", None),
            ("1.2.3", None),
            ("NaN", None),
            ("inf", None),
            ("(5.00)", None),
            ("1e30", None),
            ("90000000000000000.00", None),
        ],
    )
    def test_is_exact_or_refused(self, tmp_path: Path, cell: str, units: int | None) -> None:
        assert read(tmp_path, "payment", "amount_fen", [cell], PAID, scale=100) == [units]

    def test_takes_a_decimal_comma_when_told(self, tmp_path: Path) -> None:
        assert read(tmp_path, "payment", "amount_fen", ["1.234,5"], PAID, scale=100, decimal=",") == [123450]

    def test_rounds_only_when_told(self, tmp_path: Path) -> None:
        assert read(tmp_path, "payment", "amount_fen", ["12.345"], PAID, scale=100, round=True) == [1235]


class TestDates:
    @pytest.mark.parametrize(
        "cell",
        [
            "2025-03-04",
            "2025/3/4",
            "2025.03.04",
            "2025年3月4日",
            "20250304",
            "2025-03-04T09:00:00+08:00",
            "2025-03-04 00:00:00",
        ],
    )
    def test_are_read_in_every_unambiguous_form(self, tmp_path: Path, cell: str) -> None:
        assert read(tmp_path, "payment", "paid_on", [cell], {"amount_fen": "1"}) == [date(2025, 3, 4)]

    @pytest.mark.parametrize(
        "cell", ["04/03/2025", "25-3-4", "2025-02-30", "2025-13-01", "45720", "昨天", "3025-01-01"]
    )
    def test_are_never_guessed(self, tmp_path: Path, cell: str) -> None:
        assert read(tmp_path, "payment", "paid_on", [cell], {"amount_fen": "1"}) == [None]

    def test_follow_the_format_given_and_no_other(self, tmp_path: Path) -> None:
        found = read(
            tmp_path, "payment", "paid_on", ["04/03/2025", "2025-03-04"], {"amount_fen": "1"}, format="%d/%m/%Y"
        )

        assert found == [date(2025, 3, 4), None]

    def test_are_read_from_spreadsheet_day_numbers_when_told(self, tmp_path: Path) -> None:
        assert read(tmp_path, "payment", "paid_on", ["45720"], {"amount_fen": "1"}, format="excel") == [
            date(2025, 3, 4)
        ]


class TestMoments:
    def test_without_a_zone_are_taken_in_the_mapping_zone(self, tmp_path: Path) -> None:
        cells = [
            "2025-03-04 08:00:00",
            "2025/03/04 08:00",
            "2025-03-04T00:00:00Z",
            "2025-03-04T02:00:00+02:00",
            "2025-03-05",
            "x",
        ]

        found = read(tmp_path, "ledger_entry", "posted_at", cells, ENTRY)

        midnight = datetime(2025, 3, 4, tzinfo=UTC)
        assert [None if each is None else each.astimezone(UTC) for each in found] == [
            midnight,
            midnight,
            midnight,
            midnight,
            datetime(2025, 3, 4, 16, tzinfo=UTC),
            None,
        ]


class TestOtherKinds:
    def test_booleans_are_words_or_digits(self, tmp_path: Path) -> None:
        cells = ["是", "否", "TRUE", "n", "1", "0", "也许", ""]

        assert read(tmp_path, "tender", "is_framework", cells, TENDER) == [
            True,
            False,
            True,
            False,
            True,
            False,
            None,
            None,
        ]

    def test_shares_may_be_percentages(self, tmp_path: Path) -> None:
        fixed = {"supplier_id": "甲", "amount_fen": "1"}

        assert read(tmp_path, "contract", "advance_share", ["30%", "0.3", "x"], fixed) == [0.3, 0.3, None]

    def test_codes_are_translated_and_others_refused(self, tmp_path: Path) -> None:
        cells = ["公开招标", "面议", ""]

        found = read(tmp_path, "tender", "method", cells, TENDER, values={"公开招标": "open"})

        assert found == ["open", None, None]
        assert len(stored(tmp_path / "mart", "tender")) == 2

    def test_text_that_only_begins_like_a_formula_stays_text(self, tmp_path: Path) -> None:
        cells = ["-", "+86 10 （办）", "@食堂", "- 补贴（二）"]

        assert read(tmp_path, "tender", "title", cells, TENDER) == cells
