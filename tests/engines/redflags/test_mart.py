"""The mart on disk: what is written is what is read, and what does not fit is refused with a reason."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qingqu.engines.redflags.mart import TABLES, MartError, arrow_schema, open_mart, table_from_rows, write_table

BUDGET = {
    "budget_id": "B1",
    "year": 2026,
    "account_code": "30201",
    "approved_fen": 100,
    "unit_id": "U1",
    "source": "test",
    "source_row": 1,
}


class TestTables:
    @pytest.mark.parametrize("name", sorted(TABLES))
    def test_keys_and_references_name_columns_that_exist(self, name: str) -> None:
        spec = TABLES[name]

        assert set(spec.key) <= set(spec.column_names)
        for reference in spec.references:
            assert set(reference.columns) <= set(spec.column_names)
            assert set(reference.target) <= set(TABLES[reference.table].column_names)
            assert len(reference.columns) == len(reference.target)

    @pytest.mark.parametrize("name", sorted(TABLES))
    def test_every_table_says_its_unit_and_source_once(self, name: str) -> None:
        names = TABLES[name].column_names

        assert len(names) == len(set(names))
        assert {"unit_id", "source", "source_row"} <= set(names)
        assert ("currency" in names) == any(each.endswith("_fen") for each in names)

    def test_key_columns_are_never_empty(self) -> None:
        assert not [(spec.name, key) for spec in TABLES.values() for key in spec.key if spec.column(key).nullable]


class TestWriteTable:
    def test_reads_back_what_was_written_with_missing_optional_columns_empty(self, tmp_path: Path) -> None:
        write_table(tmp_path, "budget_line", table_from_rows("budget_line", [BUDGET]), "batch-1")

        with open_mart(tmp_path) as mart:
            rows = mart.rows("budget_line", budget_id="B1")

        assert rows == [{**BUDGET, "project_id": None, "adjusted_fen": None, "currency": None}]

    def test_writing_the_same_name_again_replaces_the_file(self, tmp_path: Path) -> None:
        for amount in (1, 2):
            table = table_from_rows("budget_line", [{**BUDGET, "approved_fen": amount}])
            path = write_table(tmp_path, "budget_line", table, "batch-1")

        with open_mart(tmp_path) as mart:
            assert [row["approved_fen"] for row in mart.rows("budget_line")] == [2]
        assert [each.name for each in path.parent.iterdir()] == ["batch-1.parquet"]

    def test_refuses_an_empty_required_value(self) -> None:
        with pytest.raises(MartError, match=r"budget_line\.year"):
            table_from_rows("budget_line", [{**BUDGET, "year": None}])

    def test_refuses_a_column_the_table_lacks(self, tmp_path: Path) -> None:
        with pytest.raises(MartError, match="colour"):
            write_table(tmp_path, "budget_line", pa.table({"colour": ["red"]}), "batch-1")

    def test_refuses_a_type_that_would_lose_a_value(self, tmp_path: Path) -> None:
        columns = {name: [value] for name, value in BUDGET.items()} | {"approved_fen": [1.5]}

        with pytest.raises(MartError, match="approved_fen"):
            write_table(tmp_path, "budget_line", pa.table(columns), "batch-1")

    @pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "空"])
    def test_refuses_a_file_name_that_could_leave_the_folder(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(MartError):
            write_table(tmp_path, "budget_line", table_from_rows("budget_line", [BUDGET]), name)


class TestOpenMart:
    def test_an_empty_folder_opens_with_every_table_empty_and_typed(self, tmp_path: Path) -> None:
        with open_mart(tmp_path) as mart:
            assert mart.tables_present == frozenset()
            for name in TABLES:
                table = mart.table(name)
                assert table.columns == TABLES[name].column_names
                assert str(table.source_row.type()) == "int64"
            assert mart.query(mart.table("payment")).schema == pa.schema(
                [pa.field(each.name, each.type) for each in arrow_schema("payment")]
            )

    def test_an_older_file_without_a_column_reads_as_empty_and_is_not_counted_as_found(self, tmp_path: Path) -> None:
        table = table_from_rows("budget_line", [BUDGET]).drop_columns(["adjusted_fen"])
        (tmp_path / "budget_line").mkdir()
        pq.write_table(table, tmp_path / "budget_line" / "old.parquet")

        with open_mart(tmp_path) as mart:
            assert mart.rows("budget_line")[0]["adjusted_fen"] is None
            assert "adjusted_fen" not in mart.columns_found["budget_line"]
            assert "approved_fen" in mart.columns_found["budget_line"]

    def test_a_folder_name_with_a_quote_is_no_trouble(self, tmp_path: Path) -> None:
        folder = tmp_path / "it's"
        write_table(folder, "budget_line", table_from_rows("budget_line", [BUDGET]), "batch-1")

        with open_mart(folder) as mart:
            assert len(mart.rows("budget_line")) == 1

    def test_says_when_there_is_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(MartError, match="no such mart folder"):
            open_mart(tmp_path / "absent")

    def test_says_which_file_is_broken(self, tmp_path: Path) -> None:
        (tmp_path / "bid").mkdir()
        (tmp_path / "bid" / "broken.parquet").write_bytes(b"PAR1 no")

        with pytest.raises(MartError, match=r"broken\.parquet"):
            open_mart(tmp_path)

    def test_rows_are_asked_for_by_known_columns_only(self, tmp_path: Path) -> None:
        with open_mart(tmp_path) as mart, pytest.raises(MartError):
            mart.rows("bid", **{'x" OR 1=1': 1})

    def test_dates_and_moments_keep_their_types(self) -> None:
        assert arrow_schema("tender").field("opens_at").type == pa.timestamp("us", tz="UTC")
        assert arrow_schema("award").field("notice_on").type == pa.date32()
