"""Audit hints over a flat mart of records: declarations, one run, evidence by key. Hints, never verdicts."""

from qingqu.engines.redflags.mart import (
    TABLES,
    Column,
    Mart,
    MartError,
    Reference,
    TableSpec,
    arrow_schema,
    open_mart,
    table_from_rows,
    write_table,
)

__all__ = [
    "TABLES", "Column", "Mart", "MartError", "Reference", "TableSpec",
    "arrow_schema", "open_mart", "table_from_rows", "write_table",
]  # fmt: skip
