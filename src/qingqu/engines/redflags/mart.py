"""The audit mart on disk: one folder of Parquet files per table, opened as typed DuckDB views.

``<mart>/<table>/*.parquet``. A table without files opens as an empty table of the right types, so that an
indicator is an expression over tables that always exist.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from qingqu.engines.redflags.expressions import fused_exactly
from qingqu.engines.redflags.schema import IBIS_TYPES, SQL_TYPES, TABLES, Column, Reference, TableSpec, arrow_schema

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


class MartError(ValueError):
    """Rows or files that do not fit the mart; the message says which table and column, in both languages."""


@dataclass
class Mart:
    """An opened mart: one in-memory DuckDB connection with a view per table.

    ``columns_found`` is ``{table: columns that the files really hold}``; a table without files is not in it.
    Use it as a context manager, or call ``close()``.
    """

    path: Path
    connection: Any
    columns_found: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def tables_present(self) -> frozenset[str]:
        """The names of the tables that have at least one file."""
        return frozenset(self.columns_found)

    def table(self, name: str) -> ir.Table:
        """The Ibis table of that name, typed even when the mart has no files for it.

        It is not bound to a connection: expressions over it compile for any engine, and ``query`` runs them here.
        """
        if name not in TABLES:
            raise MartError(f"数据集市没有表 {name} / the mart has no table {name}")
        return ibis.table(_ibis_schema(name), name=name)

    def tables(self) -> dict[str, ir.Table]:
        """Every table of the schema as an Ibis table: ``{name: table}``."""
        return {name: self.table(name) for name in TABLES}

    def query(self, expression: ir.Table) -> pa.Table:
        """The rows of an Ibis expression over this mart's tables, as an Arrow table."""
        cursor = self.connection.con.cursor()
        try:
            return cursor.sql(ibis.to_sql(expression, dialect="duckdb")).to_arrow_table()
        finally:
            cursor.close()

    def rows(self, table: str, /, limit: int | None = None, **key: object) -> list[dict[str, Any]]:
        """The rows of a table whose columns equal the given values, in key order.

        ``rows("bid", tender_id="T1")``; with no column given, all rows up to ``limit``. Raises MartError for an
        unknown table or column.
        """
        spec = TABLES.get(table)
        if spec is None or not set(key) <= set(spec.column_names):
            raise MartError(f"表或列不存在：{table} {sorted(key)} / unknown table or column: {table} {sorted(key)}")
        where = " AND ".join(f'"{name}" IS NOT DISTINCT FROM ${name}' for name in key) or "TRUE"
        order = ", ".join(f'"{name}"' for name in spec.key)
        tail = "" if limit is None else f" LIMIT {int(limit)}"
        sql = f'SELECT * FROM "{table}" WHERE {where} ORDER BY {order}{tail}'  # noqa: S608 - names come from TABLES
        return self.select(sql, key)

    def select(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[dict[str, Any]]:
        """The rows of an SQL query over this mart, as dictionaries; ``values`` are its parameters."""
        cursor = self.connection.con.cursor()
        try:
            found: list[dict[str, Any]] = cursor.sql(sql, params=values).to_arrow_table().to_pylist()
            return found
        finally:
            cursor.close()

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of an SQL query over this mart, as tuples."""
        cursor = self.connection.con.cursor()
        try:
            return list(cursor.execute(sql).fetchall())
        finally:
            cursor.close()

    def close(self) -> None:
        """Close the connection; the files stay."""
        self.connection.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@cache
def _ibis_schema(table: str) -> ibis.Schema:
    return ibis.schema({each.name: IBIS_TYPES[each.type] for each in TABLES[table].columns})


def open_mart(path: str | os.PathLike[str], *, threads: int | None = None) -> Mart:
    """The mart in a folder, opened for reading; the folder may be empty but must exist.

    Raises MartError when the folder is missing, when a table folder is not of this mart, or when a file of a
    table cannot be read.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise MartError(f"找不到数据集市目录：{folder} / no such mart folder: {folder}")
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET TimeZone = 'UTC'")
    if threads is not None:
        connection.raw_sql(f"SET threads = {int(threads)}")
    connection.con.create_function("qingqu_fused", fused_exactly, ["DOUBLE", "DOUBLE", "DOUBLE"], "DOUBLE")
    mart = Mart(folder, connection)
    for spec in TABLES.values():
        _open_table(mart, spec)
    return mart


def _open_table(mart: Mart, spec: TableSpec) -> None:
    files = sorted((mart.path / spec.name).glob("*.parquet"))
    if not files:
        columns = ", ".join(f'NULL::{SQL_TYPES[each.type]} AS "{each.name}"' for each in spec.columns)
        mart.connection.raw_sql(f'CREATE VIEW "{spec.name}" AS SELECT {columns} WHERE FALSE')
        return
    found: set[str] = set()
    for file in files:
        try:
            found.update(pq.read_schema(file).names)
        except pa.ArrowInvalid as error:
            raise MartError(f"无法读取 {file.name}：{error} / cannot read {file.name}: {error}") from error
    columns = ", ".join(_typed(each, each.name in found) for each in spec.columns)
    names = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    mart.connection.raw_sql(
        f'CREATE VIEW "{spec.name}" AS SELECT {columns} FROM read_parquet([{names}], union_by_name=true)'  # noqa: S608 - names come from TABLES
    )
    mart.columns_found[spec.name] = frozenset(found & set(spec.column_names))


def _typed(column: Column, present: bool) -> str:  # noqa: FBT001 - private, read at one place
    source = f'"{column.name}"' if present else "NULL"
    return f'{source}::{SQL_TYPES[column.type]} AS "{column.name}"'


def write_table(mart_path: str | os.PathLike[str], table: str, rows: pa.Table, name: str) -> Path:
    """One Parquet file of a mart table, written whole or not at all; returns its path.

    ``name`` is the file's stem (a batch); writing the same name again replaces the file. Columns may come in any
    order; an optional column that is missing is written empty. Raises MartError for an unknown table or column, a
    missing or empty required value, a type that does not convert without loss, or a name with other characters
    than letters, digits, ``.``, ``_`` and ``-``.
    """
    if table not in TABLES:
        raise MartError(f"数据集市没有表 {table} / the mart has no table {table}")
    if not FILE_NAME.fullmatch(name):
        raise MartError(f"文件名不可用：{name} / not a usable file name: {name}")
    fitted = fit(table, rows)
    folder = Path(mart_path) / table
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.parquet"
    waiting = folder / f".{name}.{os.getpid()}.tmp"
    pq.write_table(fitted, waiting, compression="zstd")
    waiting.replace(target)
    return target


def fit(table: str, rows: pa.Table) -> pa.Table:
    """The same rows in the table's own columns and types; raises MartError where they do not fit."""
    schema = arrow_schema(table)
    unknown = sorted(set(rows.column_names) - set(schema.names))
    if unknown:
        raise MartError(f"表 {table} 没有列 {unknown} / table {table} has no columns {unknown}")
    columns = [_fit_column(table, field_, rows) for field_ in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _fit_column(table: str, field_: pa.Field, rows: pa.Table) -> pa.ChunkedArray | pa.Array:
    label = f"{table}.{field_.name}"
    if field_.name not in rows.column_names:
        if not field_.nullable:
            raise MartError(f"缺少必填列 {label} / required column {label} is missing")
        return pa.nulls(rows.num_rows, field_.type)
    values = rows.column(field_.name)
    if values.null_count and not field_.nullable:
        raise MartError(f"必填列 {label} 有 {values.null_count} 个空值 / required column {label} has empty values")
    try:
        return values.cast(field_.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise MartError(f"列 {label} 类型不符：{error} / column {label} has another type: {error}") from error


def table_from_rows(table: str, rows: list[Mapping[str, Any]]) -> pa.Table:
    """An Arrow table from dictionaries; keys that are absent are empty, keys the table lacks are refused."""
    schema = arrow_schema(table)
    unknown = sorted({name for row in rows for name in row} - set(schema.names))
    if unknown:
        raise MartError(f"表 {table} 没有列 {unknown} / table {table} has no columns {unknown}")
    arrays = [pa.array([row.get(each.name) for row in rows], each.type) for each in schema]
    loose = pa.schema([pa.field(each.name, each.type) for each in schema])
    return fit(table, pa.Table.from_arrays(arrays, schema=loose))


__all__ = [
    "TABLES", "Column", "Mart", "MartError", "Reference", "TableSpec",
    "arrow_schema", "fit", "open_mart", "table_from_rows", "write_table",
]  # fmt: skip
