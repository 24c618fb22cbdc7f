from pathlib import Path

import pytest

from qingqu.engines.redflags.load import load_table, read_head, read_mapping, suggest_mapping
from tests.engines.redflags.load.factories import HEADERS, csv_file, payments


class TestSuggestMapping:
    @pytest.mark.parametrize(
        ("headers", "table", "some"),
        [
            (
                ["付款编号", "供应商", "付款日期", "金额", "科目"],
                "payment",
                {"payment_id": "付款编号", "paid_on": "付款日期"},
            ),
            (
                ["合同编号", "供应商", "合同金额", "签订日期"],
                "contract",
                {"contract_id": "合同编号", "signed_on": "签订日期"},
            ),
            (
                ["供应商编号", "名称", "统一社会信用代码"],
                "supplier",
                {"supplier_id": "供应商编号", "uscc": "统一社会信用代码"},
            ),
            (["学校", "日期", "就餐人数", "食材支出"], "meal_count", {"unit_id": "学校", "meals": "就餐人数"}),
            (["学号", "班级", "入学日期"], "student", {"student_id": "学号", "enrolled_on": "入学日期"}),
            (
                ["transaction_id", "payment_date", "amount", "supplier_id_canonical"],
                "payment",
                {"supplier_id": "supplier_id_canonical"},
            ),
        ],
    )
    def test_knows_a_table_by_its_headers(self, headers: list[str], table: str, some: dict[str, str]) -> None:
        draft = suggest_mapping(headers, [])

        assert draft["table"] == table
        assert {name: draft["columns"][name] for name in some} == some

    def test_scales_money_unless_it_is_in_fen(self) -> None:
        assert suggest_mapping(["金额"], [], table="payment")["columns"] == {
            "amount_fen": {"column": "金额", "scale": 100}
        }
        assert suggest_mapping(["金额（分）"], [], table="payment")["columns"] == {"amount_fen": "金额（分）"}

    @pytest.mark.parametrize(
        ("cells", "format_"),
        [(["04/03/2025", "25/03/2025"], "%d/%m/%Y"), (["03/25/2025", "03/04/2025"], "%m/%d/%Y")],
    )
    def test_gives_the_order_of_slashed_dates(self, cells: list[str], format_: str) -> None:
        draft = suggest_mapping(["付款日期"], [[cell] for cell in cells], table="payment")

        assert draft["columns"]["paid_on"] == {"column": "付款日期", "format": format_}

    def test_lists_what_a_person_must_fill_in(self) -> None:
        draft = suggest_mapping(HEADERS, [], table="payment")

        assert draft["missing"] == ["unit_id"]

    def test_imports_once_the_missing_columns_are_given(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", payments(3))
        head = read_head(source)

        draft = suggest_mapping(head.headers, head.rows)
        missing = draft.pop("missing")
        draft["constants"] = dict.fromkeys(missing, "S001")

        assert load_table(source, read_mapping(draft), mart=tmp_path / "mart").accepted == 3
