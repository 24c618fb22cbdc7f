"""The flat audit mart as data: every table with its columns, key and references."""

import pyarrow as pa

from qingqu.engines.redflags.schema.money import MONEY
from qingqu.engines.redflags.schema.people import PEOPLE
from qingqu.engines.redflags.schema.procurement import PROCUREMENT
from qingqu.engines.redflags.schema.types import ARROW_TYPES, IBIS_TYPES, SQL_TYPES, Column, Reference, TableSpec

TABLES: dict[str, TableSpec] = {spec.name: spec for spec in PROCUREMENT + MONEY + PEOPLE}


def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of a mart table; raises KeyError for a name the mart does not have."""
    return pa.schema(
        [pa.field(column.name, ARROW_TYPES[column.type], nullable=column.nullable) for column in TABLES[table].columns]
    )


__all__ = ["ARROW_TYPES", "IBIS_TYPES", "SQL_TYPES", "TABLES", "Column", "Reference", "TableSpec", "arrow_schema"]
