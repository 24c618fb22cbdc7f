import json
from pathlib import Path
from typing import Any

import pytest

from qingqu.engines.redflags.load import BadSource, Head, check_mapping, read_mapping, write_mapping
from qingqu.engines.redflags.load.mapping import ColumnRule
from tests.engines.redflags.load.factories import HEADERS, MAPPING

TEXT = """
table: payment
constants: {unit_id: EXETER, currency: GBP}
columns:
  payment_id: transaction_id
  paid_on: {column: 日期, format: "%d/%m/%Y"}
  amount_fen: {column: amount, scale: 100, decimal: ",", round: true}
  method: {column: 方式, values: {公开招标: open, 单一来源: direct}}
header: 3
sheet: 明细
references: reject
"""


class TestCheckMapping:
    def test_takes_what_the_mart_and_the_file_have(self) -> None:
        head = Head(file="a.csv", kind="CSV", encoding=None, delimiter=None, headers=tuple(HEADERS), rows=())

        assert check_mapping(json.dumps(MAPPING), head).table == "payment"

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"table": "payments"}, "MAPPING_UNKNOWN_TABLE"),
            ({"columns": {**MAPPING["columns"], "colour": "金额"}}, "MAPPING_UNKNOWN_COLUMN"),
            ({"columns": {"payment_id": "付款编号"}}, "MAPPING_INCOMPLETE"),
            ({"columns": {**MAPPING["columns"], "method": "方式"}}, "MISSING_COLUMN"),
            ({"columns": [1]}, "MAPPING_UNREADABLE"),
        ],
    )
    def test_names_what_they_lack(self, changes: dict[str, Any], code: str) -> None:
        head = Head(file="a.csv", kind="CSV", encoding=None, delimiter=None, headers=tuple(HEADERS), rows=())

        with pytest.raises(BadSource) as refused:
            check_mapping(json.dumps({**MAPPING, **changes}), head)

        assert refused.value.code == code


class TestReadMapping:
    def test_reads_yaml_from_text_and_file(self, tmp_path: Path) -> None:
        path = tmp_path / "m.yaml"
        path.write_text(TEXT, encoding="utf-8")

        mapping = read_mapping(path)

        assert mapping == read_mapping(TEXT)
        assert mapping.table == "payment"
        assert mapping.constants == {"unit_id": "EXETER", "currency": "GBP"}
        assert mapping.columns["payment_id"] == ColumnRule(column="transaction_id")
        assert mapping.columns["paid_on"].format == ("%d/%m/%Y",)
        assert mapping.columns["amount_fen"] == ColumnRule(column="amount", scale=100, decimal=",", round=True)
        assert mapping.columns["method"].values == {"公开招标": "open", "单一来源": "direct"}
        assert (mapping.shape.header, mapping.shape.sheet, mapping.references) == (3, "明细", "reject")

    def test_writes_what_it_reads(self) -> None:
        mapping = read_mapping(TEXT)

        assert read_mapping(write_mapping(mapping)) == mapping

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "{unclosed",
            "columns: {a: b}",
            "{table: payment, colums: {}}",
            "{table: payment, columns: [a]}",
            "{table: payment, columns: {amount_fen: {scale: 100}}}",
            "{table: payment, columns: {amount_fen: {column: a, scale: 0}}}",
            "{table: payment, columns: {amount_fen: {column: a, scale: x}}}",
            "{table: payment, columns: {amount_fen: {column: a, colour: red}}}",
            "{table: payment, columns: {posted_at: {column: a, zone: Beijing}}}",
            "{table: payment, constants: {unit_id: [1]}}",
            "{table: payment, header: 0}",
            "{table: payment, references: maybe}",
        ],
    )
    def test_refuses_what_is_no_mapping(self, text: str) -> None:
        with pytest.raises(BadSource) as refused:
            read_mapping(text)

        assert refused.value.code == "MAPPING_UNREADABLE"

    def test_takes_plain_values(self) -> None:
        plain: dict[str, Any] = {"table": "payment", "constants": {"unit_id": 7}, "columns": {"payment_id": 2024}}

        mapping = read_mapping(plain)

        assert mapping.constants == {"unit_id": "7"}
        assert mapping.columns["payment_id"].column == "2024"
