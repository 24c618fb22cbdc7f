"""What a table of the audit mart is: its columns, key and references, as data."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "ts": pa.timestamp("us", tz="UTC"),
}

SQL_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "ts": "TIMESTAMP WITH TIME ZONE",
}

IBIS_TYPES: dict[str, str] = {
    "text": "string",
    "int": "int64",
    "float": "float64",
    "bool": "boolean",
    "date": "date",
    "ts": "timestamp('UTC', 6)",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a mart table: name, type, whether it may be empty, and what people call it.

    ``type`` is one of ``text``, ``int``, ``float``, ``bool``, ``date``, ``ts`` (a moment, UTC).
    """

    name: str
    type: str
    nullable: bool
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: the columns here, the table they point at, and the columns there."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One flat table of the mart: columns in order, key, references and titles."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    title_zh: str
    title_en: str

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


def column(name: str, kind: str, title_zh: str, title_en: str) -> Column:
    """A column from its short form: a question mark after the type means that it may be empty."""
    return Column(name, kind.removesuffix("?"), kind.endswith("?"), title_zh, title_en)


def refers(columns: str, table: str, target: str | None = None) -> Reference:
    """A reference from its short form: column names separated by blanks, same names there unless given."""
    return Reference(tuple(columns.split()), table, tuple((target or columns).split()))


UNIT = column("unit_id", "text", "单位", "Unit")
CURRENCY = column("currency", "text?", "币种", "Currency")
SOURCE = (
    column("source", "text", "来源（文件与批次）", "Source (file and batch)"),
    column("source_row", "int", "来源行号", "Row in the source"),
)


def table(
    name: str,
    title_zh: str,
    title_en: str,
    *,
    key: str,
    columns: tuple[Column, ...],
    references: tuple[Reference, ...] = (),
) -> TableSpec:
    """A table from its own columns; the common ones (unit, currency of money, source) are added here."""
    names = {each.name for each in columns}
    has_money = any(each.name.endswith("_fen") for each in columns)
    common = (() if "unit_id" in names else (UNIT,)) + ((CURRENCY,) if has_money else ()) + SOURCE
    return TableSpec(name, columns + common, tuple(key.split()), references, title_zh, title_en)
