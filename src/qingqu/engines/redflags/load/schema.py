"""The mart's schema as the importers read it: columns with kind and need, keys, references."""

from dataclasses import dataclass

from qingqu.engines.redflags.schema import TABLES, Reference


@dataclass(frozen=True, kw_only=True)
class Field:
    """One mart column: its name, its kind (text, int, float, bool, date, ts), its need and its Chinese title."""

    name: str
    kind: str
    is_required: bool
    title_zh: str


def table_names() -> list[str]:
    """The names of the mart's tables."""
    return list(TABLES)


def fields_of(table: str) -> list[Field]:
    """The columns of a table in order."""
    return [
        Field(name=column.name, kind=column.type, is_required=not column.nullable, title_zh=column.title_zh)
        for column in TABLES[table].columns
    ]


def key_of(table: str) -> tuple[str, ...]:
    """The columns of a table's primary key."""
    return TABLES[table].key


def references_of(table: str) -> tuple[Reference, ...]:
    """The references a table makes to others."""
    return TABLES[table].references
