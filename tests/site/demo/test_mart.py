"""The demo mart fits the schema, keeps its keys, is honest where it should be, and repeats exactly."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from qingqu.engines.redflags.schema import TABLES, arrow_schema
from qingqu.site.demo import mart, truth
from qingqu.site.demo.world.book import digest

SEED = 11


@cache
def honest() -> dict[str, pa.Table]:
    """The tables of a world with nothing planted."""
    return mart.generate(SEED, plants=False)[0]


@cache
def planted() -> tuple[dict[str, pa.Table], truth.Truth]:
    """The tables of a world with everything planted, and its truth."""
    return mart.generate(SEED)


@cache
def opened(*, is_honest: bool) -> duckdb.DuckDBPyConnection:
    """A connection that knows the tables of the honest or of the planted world."""
    connection = duckdb.connect()
    for name, table in (honest() if is_honest else planted()[0]).items():
        connection.register(name, table)
    return connection


def asked(question: str, *, is_honest: bool = True) -> list[tuple[object, ...]]:
    """The rows of an SQL question over one of the two worlds."""
    return opened(is_honest=is_honest).execute(question).fetchall()


def references() -> Iterator[tuple[str, str, str, str]]:
    """Every foreign key of the schema: table, its columns, target, target's columns."""
    for spec in TABLES.values():
        for reference in spec.references:
            yield spec.name, ",".join(reference.columns), reference.table, ",".join(reference.target)


class TestShape:
    """Schema, keys and counts."""

    def test_has_exactly_the_columns_of_every_table(self) -> None:
        for name, table in planted()[0].items():
            assert table.schema.equals(arrow_schema(name)), name

    def test_fills_every_required_column(self) -> None:
        for name, table in planted()[0].items():
            empty = [field.name for field in table.schema if not field.nullable and table[field.name].null_count]
            assert not empty, name

    def test_repeats_no_key(self) -> None:
        for name, table in planted()[0].items():
            key = list(TABLES[name].key)
            assert len(table.group_by(key).aggregate([])) == len(table), name

    @pytest.mark.parametrize(("name", "columns", "target", "there"), list(references()))
    def test_points_only_at_rows_that_exist(self, name: str, columns: str, target: str, there: str) -> None:
        tables = planted()[0]
        if name not in tables:
            pytest.skip(f"the demo has no {name}")
        filled = " AND ".join(f"{column} IS NOT NULL" for column in columns.split(","))
        lost = asked(
            f"SELECT count(*) FROM (SELECT {columns} FROM {name} WHERE {filled}) one "  # noqa: S608 - names of the schema
            f"WHERE ({columns}) NOT IN (SELECT ({there}) FROM {target})",
            is_honest=False,
        )
        assert lost == [(0,)]

    def test_counts_a_district(self) -> None:
        tables = planted()[0]

        assert len(pc.unique(tables["meal_count"]["unit_id"])) == 100
        assert len(tables["person"]) == 8000
        assert 57_000 <= len(tables["payment"]) <= 63_000

    def test_writes_files_that_read_back_the_same(self, tmp_path: Path) -> None:
        found = mart.build_mart(tmp_path, seed=SEED)

        stored = pq.read_table(tmp_path / "payment" / "demo.parquet")
        assert stored.equals(planted()[0]["payment"])
        assert truth.read(tmp_path) == found == planted()[1]


class TestRepeats:
    """The same seed gives the same content."""

    def test_gives_the_same_content_for_the_same_seed(self) -> None:
        again, found = mart.generate(SEED)

        assert digest(again) == digest(planted()[0]) == found.digest

    def test_gives_another_world_for_another_seed(self) -> None:
        assert mart.generate(SEED + 1)[1].digest != planted()[1].digest


class TestHonestWorld:
    """What nobody planted breaks no rule."""

    def test_pays_no_contract_more_than_its_price_and_supplements(self) -> None:
        over = asked(
            """
            WITH more AS (SELECT contract_id, sum(delta_fen) AS delta FROM amendment GROUP BY 1),
                 paid AS (SELECT contract_id, sum(amount_fen) AS paid
                          FROM payment WHERE contract_id IS NOT NULL GROUP BY 1)
            SELECT contract_id FROM paid JOIN contract USING (contract_id) LEFT JOIN more USING (contract_id)
            WHERE paid > amount_fen + coalesce(delta, 0)
            """,
        )
        assert over == []

    def test_keeps_supplements_within_a_tenth(self) -> None:
        question = """
            SELECT count(*) FROM amendment JOIN contract USING (contract_id) WHERE delta_fen > 0.1 * contract.amount_fen
        """
        assert asked(question) == [(0,)]

    def test_pays_each_invoice_in_full_and_once_after_returned_money(self) -> None:
        question = """
            SELECT count(*) FROM (SELECT invoice_id, sum(amount_fen) AS paid FROM payment GROUP BY 1)
            JOIN invoice USING (invoice_id) WHERE paid <> amount_fen
        """
        assert asked(question) == [(0,)]

    def test_happens_inside_the_three_years(self) -> None:
        question = "SELECT min(paid_on) >= DATE '2024-01-01', max(paid_on) <= DATE '2026-10-31' FROM payment"
        assert asked(question) == [(True, True)]

    def test_signs_in_the_order_of_procedure(self) -> None:
        question = """
            SELECT count(*) FROM contract JOIN award USING (tender_id, award_id) JOIN tender USING (tender_id)
            WHERE NOT (tender.published_on < closes_at::DATE AND closes_at::DATE <= decided_on
                       AND decided_on <= notice_on AND notice_on <= signed_on)
        """
        assert asked(question) == [(0,)]

    def test_subsidises_only_pupils_on_the_roll_that_day(self) -> None:
        question = """
            SELECT count(*) FROM subsidy WHERE NOT EXISTS (
                SELECT 1 FROM student
                WHERE student.student_id = subsidy.student_id AND student.unit_id = subsidy.unit_id
                AND enrolled_on <= paid_on AND (left_on IS NULL OR left_on > paid_on))
        """
        assert asked(question) == [(0,)]
