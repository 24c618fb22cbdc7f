from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.engines.redflags.load import BadSource, load_table, read_head
from tests.engines.redflags.load.factories import (
    HEADERS,
    MAPPING,
    csv_file,
    csv_text,
    parquet_file,
    payment,
    payments,
    rejects,
    stored,
    xlsx_file,
)


class TestLoadTable:
    def test_writes_typed_rows_with_their_source(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "付款.csv", payments(2))

        report = load_table(source, MAPPING, mart=tmp_path / "mart")

        assert (report.read, report.accepted, report.rejected) == (2, 2, 0)
        assert report.tables == {"payment": 2}
        columns = "payment_id, supplier_id, paid_on, amount_fen, account_code, unit_id, currency, source, source_row"
        assert stored(tmp_path / "mart", "payment", columns) == [
            ("P1", "清源食品有限公司", date(2025, 3, 4), 150, "伙食费", "S001", "CNY", f"付款.csv@{report.batch}", 2),
            ("P2", "清源食品有限公司", date(2025, 3, 4), 250, "伙食费", "S001", "CNY", f"付款.csv@{report.batch}", 3),
        ]

    def test_gives_the_same_rows_from_csv_excel_and_parquet(self, tmp_path: Path) -> None:
        rows = payments(5)
        sources = [
            csv_file(tmp_path / "a.csv", rows),
            xlsx_file(tmp_path / "a.xlsx", rows),
            parquet_file(tmp_path / "a.parquet", rows),
        ]

        found = []
        for source in sources:
            mart = tmp_path / f"mart-{source.suffix}"
            load_table(source, MAPPING, mart=mart)
            found.append(stored(mart, "payment", "payment_id, supplier_id, paid_on, amount_fen"))

        assert found[0] == found[1] == found[2]
        assert len(found[0]) == 5

    def test_reads_native_cells_of_excel_and_parquet(self, tmp_path: Path) -> None:
        row = ["P1", "甲", date(2025, 3, 4), 1234.5, 7]

        for source in (xlsx_file(tmp_path / "a.xlsx", [row]), parquet_file(tmp_path / "a.parquet", [row])):
            mart = tmp_path / f"mart{source.suffix}"
            load_table(source, MAPPING, mart=mart)
            assert stored(mart, "payment", "paid_on, amount_fen, account_code") == [(date(2025, 3, 4), 123450, "7")]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
    def test_reads_every_common_encoding(self, tmp_path: Path, encoding: str) -> None:
        source = csv_file(tmp_path / "a.csv", payments(3), encoding=encoding)

        load_table(source, MAPPING, mart=tmp_path / "mart")

        assert stored(tmp_path / "mart", "payment", "DISTINCT supplier_id") == [("清源食品有限公司",)]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_finds_the_delimiter(self, tmp_path: Path, delimiter: str) -> None:
        source = tmp_path / "a.csv"
        source.write_text(csv_text(payments(3), delimiter=delimiter), encoding="utf-8")

        assert load_table(source, MAPPING, mart=tmp_path / "mart").accepted == 3

    @pytest.mark.parametrize(
        ("header", "value", "code"),
        [
            ("付款编号", "", "REQUIRED"),
            ("付款日期", "", "REQUIRED"),
            ("付款日期", "31/12/2025", "UNKNOWN_DATE"),
            ("付款日期", "2025-02-30", "UNKNOWN_DATE"),
            ("金额", "", "REQUIRED"),
            ("金额", "一百元", "NOT_A_NUMBER"),
            ("金额", "12.345", "NOT_WHOLE"),
            ("金额", "1e30", "OUT_OF_RANGE"),
            ("金额", "=SUM(D2:D9)", "FORMULA"),
            ("科目", "=cmd|' /C calc'!A0", "FORMULA"),
        ],
    )
    def test_keeps_a_bad_row_with_its_line_column_and_value(
        self, tmp_path: Path, header: str, value: str, code: str
    ) -> None:
        bad = payment(2, **{header: value})
        source = csv_file(tmp_path / "a.csv", [payment(1), bad, payment(3)])

        report = load_table(source, MAPPING, mart=tmp_path / "mart")

        assert (report.read, report.accepted, report.rejected) == (3, 2, 1)
        assert report.reasons == {code: 1}
        [kept] = rejects(tmp_path / "mart", report.batch)
        assert (kept["line"], kept["reason_code"]) == (3, code)
        assert kept["row"] == dict(zip(HEADERS, bad, strict=True))
        assert header in kept["reason_zh"]
        assert value in kept["reason_zh"]
        assert kept["reason_zh"].startswith("第 3 行")
        assert kept["reason_en"].startswith("row 3")

    def test_names_every_error_of_a_row(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", [payment(1, 付款日期="昨天", 金额="多")])

        report = load_table(source, MAPPING, mart=tmp_path / "mart")

        [kept] = rejects(tmp_path / "mart", report.batch)
        assert "昨天" in kept["reason_zh"]
        assert "多" in kept["reason_zh"]

    def test_keeps_a_row_with_too_many_or_too_few_cells(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", [payment(1), [*payment(2), "多余"], payment(3)[:-1]])

        report = load_table(source, MAPPING, mart=tmp_path / "mart")

        assert (report.accepted, report.reasons) == (1, {"WRONG_WIDTH": 2})
        assert rejects(tmp_path / "mart", report.batch)[0]["row"]["_extra"] == ["多余"]

    def test_keeps_the_first_of_two_rows_with_one_key(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", [payment(1, 金额="1"), payment(2), payment(1, 金额="9")])

        report = load_table(source, MAPPING, mart=tmp_path / "mart")

        assert stored(tmp_path / "mart", "payment", "payment_id, amount_fen") == [("P1", 100), ("P2", 250)]
        [kept] = rejects(tmp_path / "mart", report.batch)
        assert (kept["reason_code"], kept["line"]) == ("DUPLICATE_KEY", 4)
        assert "a.csv:2" in kept["reason_zh"]

    def test_takes_the_second_row_of_a_key_when_the_first_is_bad(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", [payment(1, 金额="坏"), payment(1, 金额="9")])

        load_table(source, MAPPING, mart=tmp_path / "mart")

        assert stored(tmp_path / "mart", "payment", "amount_fen") == [(900,)]

    def test_refuses_a_key_the_mart_holds_already(self, tmp_path: Path) -> None:
        load_table(csv_file(tmp_path / "a.csv", payments(2)), MAPPING, mart=tmp_path / "mart")

        report = load_table(csv_file(tmp_path / "b.csv", payments(3)), MAPPING, mart=tmp_path / "mart")

        assert (report.accepted, report.reasons) == (1, {"KEY_IN_MART": 2})
        assert len(stored(tmp_path / "mart", "payment")) == 3

    def test_counts_references_that_lead_nowhere(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", payments(2))

        report = load_table(source, MAPPING, mart=tmp_path / "mart")

        assert report.notes == {"UNCHECKED_REFERENCE": 2}

    def test_refuses_references_that_lead_nowhere_when_asked(self, tmp_path: Path) -> None:
        suppliers = {
            "table": "supplier",
            "constants": {"unit_id": "S001"},
            "columns": {"supplier_id": "编号", "name": "名称"},
        }
        load_table(
            csv_file(tmp_path / "s.csv", [["甲", "甲公司"]], ["编号", "名称"]), suppliers, mart=tmp_path / "mart"
        )
        source = csv_file(tmp_path / "a.csv", [payment(1, 供应商="甲"), payment(2, 供应商="乙")])

        report = load_table(source, {**MAPPING, "references": "reject"}, mart=tmp_path / "mart")

        assert (report.accepted, report.reasons) == (1, {"UNKNOWN_REFERENCE": 1})
        assert "supplier" in rejects(tmp_path / "mart", report.batch)[0]["reason_zh"]

    def test_passes_over_blank_lines_and_a_title_above_the_header(self, tmp_path: Path) -> None:
        source = tmp_path / "a.csv"
        source.write_text("2025 年付款明细\n\n" + csv_text(payments(2)) + "\n\n", encoding="utf-8")

        report = load_table(source, {**MAPPING, "header": 3}, mart=tmp_path / "mart")

        assert (report.read, report.accepted) == (2, 2)
        assert stored(tmp_path / "mart", "payment", "source_row") == [(4,), (5,)]

    def test_keeps_line_breaks_and_delimiters_inside_quotes(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", [payment(1, 科目="一，\n二"), payment(2)])

        load_table(source, MAPPING, mart=tmp_path / "mart")

        assert stored(tmp_path / "mart", "payment", "account_code, source_row") == [("一，\n二", 2), ("伙食费", 4)]

    def test_imports_a_folder_as_one_batch(self, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        (folder / "二月").mkdir(parents=True)
        csv_file(folder / "一月.csv", payments(2))
        xlsx_file(folder / "二月" / "part.xlsx", [payment(3)])
        (folder / "说明.md").write_text("no table", encoding="utf-8")

        report = load_table(folder, MAPPING, mart=tmp_path / "mart")

        assert report.accepted == 3
        files = {source.split("@")[0] for (source,) in stored(tmp_path / "mart", "payment", "source")}
        assert files == {"一月.csv", "二月/part.xlsx"}

    def test_says_how_far_it_is(self, tmp_path: Path) -> None:
        seen: list[tuple[int, str]] = []
        source = csv_file(tmp_path / "a.csv", payments(3))

        load_table(source, MAPPING, mart=tmp_path / "mart", progress=lambda done, stage: seen.append((done, stage)))

        assert seen == [(3, "READ"), (3, "CHECK"), (3, "WRITE")]

    @settings(max_examples=25, deadline=None)
    @given(
        cells=st.lists(
            st.sampled_from(
                ["1", "1.5", "x", "", "=1", "1,000", "-3", "1e3", "12.345", " 7 ", "٣", "99999999999999999999"]
            ),
            max_size=12,
        )
    )
    def test_accounts_for_every_row(self, tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
        folder = tmp_path_factory.mktemp("rows")
        rows = [payment(number % 5, 金额=cell) for number, cell in enumerate(cells)]
        source = csv_file(folder / "a.csv", rows)

        report = load_table(source, MAPPING, mart=folder / "mart")

        assert report.read == len(cells) == report.accepted + report.rejected
        assert sum(report.reasons.values()) == report.rejected


class TestReadHead:
    def test_shows_headers_and_first_rows(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", [payment(1, 科目=""), *payments(40)], encoding="gbk")

        head = read_head(source, rows=2)

        assert (head.kind, head.encoding, head.delimiter) == ("CSV", "gb18030", ",")
        assert head.headers == tuple(HEADERS)
        assert head.rows[0] == ("P1", "清源食品有限公司", "2025-03-04", "1.50", None)
        assert len(head.rows) == 2


class TestMappingAgainstTheMart:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"table": "payments"}, "MAPPING_UNKNOWN_TABLE"),
            ({"columns": {**MAPPING["columns"], "colour": "金额"}}, "MAPPING_UNKNOWN_COLUMN"),
            ({"columns": {"payment_id": "付款编号"}}, "MAPPING_INCOMPLETE"),
            ({"constants": {"unit_id": "S001", "invoice_id": "=1"}}, "MAPPING_BAD_CONSTANT"),
            ({"columns": {**MAPPING["columns"], "supplier_id": "供货商"}}, "MISSING_COLUMN"),
        ],
    )
    def test_refuses_what_does_not_fit_and_says_what(self, tmp_path: Path, change: dict, code: str) -> None:
        source = csv_file(tmp_path / "a.csv", payments(1))

        with pytest.raises(BadSource) as refused:
            load_table(source, {**MAPPING, **change}, mart=tmp_path / "mart")

        assert refused.value.code == code
        assert not (tmp_path / "mart").exists()
