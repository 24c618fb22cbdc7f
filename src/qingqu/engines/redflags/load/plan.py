"""A mapping checked against the mart's schema: what each column of the table is made from, ready to be run."""

from dataclasses import dataclass

import duckdb

from qingqu.engines.redflags.load.convert import EXCEL_DAYS, SQL_TYPES, literal, reading, trimmed
from qingqu.engines.redflags.load.errors import refusal
from qingqu.engines.redflags.load.mapping import ColumnRule, Mapping, read_mapping
from qingqu.engines.redflags.load.schema import Field, fields_of, key_of, references_of, table_names
from qingqu.engines.redflags.load.types import Head
from qingqu.engines.redflags.schema import Reference

GENERATED = ("source", "source_row")


@dataclass(frozen=True, kw_only=True)
class Target:
    """One mart column and the rule it is filled by, or the constant it always holds."""

    field: Field
    rule: ColumnRule | None
    constant: str | None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything an import into one table needs to know."""

    mapping: Mapping
    targets: tuple[Target, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]

    @property
    def table(self) -> str:
        """The mart table."""
        return self.mapping.table

    def source_columns(self) -> list[str]:
        """The columns of the file that the mapping uses, each once."""
        return list(dict.fromkeys(target.rule.column for target in self.targets if target.rule))


def plan(mapping: Mapping) -> Plan:
    """The plan of a mapping.

    Raises BadSource MAPPING_UNKNOWN_TABLE, MAPPING_UNKNOWN_COLUMN, MAPPING_INCOMPLETE,
    MAPPING_BAD_CONSTANT or MAPPING_UNREADABLE (a date format that is none).
    """
    if mapping.table not in table_names():
        raise refusal("MAPPING_UNKNOWN_TABLE", table=mapping.table, tables=", ".join(table_names()))
    wanted = {field.name: field for field in fields_of(mapping.table) if field.name not in GENERATED}
    given = {**mapping.constants, **mapping.columns}
    unknown = sorted(set(given) - set(wanted))
    if unknown:
        raise refusal("MAPPING_UNKNOWN_COLUMN", table=mapping.table, columns=", ".join(unknown))
    missing = [name for name, field in wanted.items() if field.is_required and name not in given]
    if missing:
        raise refusal("MAPPING_INCOMPLETE", table=mapping.table, columns=", ".join(missing))
    targets = tuple(
        Target(field=field, rule=mapping.columns.get(name), constant=mapping.constants.get(name))
        for name, field in wanted.items()
    )
    _try(targets)
    return Plan(
        mapping=mapping,
        targets=targets,
        key=key_of(mapping.table),
        references=tuple(each for each in references_of(mapping.table) if set(each.columns) <= set(given)),
    )


def check_mapping(source: str, head: Head | None = None) -> Mapping:
    """The mapping in YAML text, known to fit the mart and, where its head is given, a file.

    Raises BadSource as ``read_mapping`` and ``plan`` do, and MISSING_COLUMN.
    """
    found = plan(read_mapping(source))
    missing = [column for column in found.source_columns() if head is not None and column not in head.headers]
    if head is not None and missing:
        raise refusal("MISSING_COLUMN", file=head.file, columns="、".join(missing), headers="、".join(head.headers))
    return found.mapping


def _try(targets: tuple[Target, ...]) -> None:
    """Runs every constant and every date format once, so that a bad mapping fails before a file is read."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for target in targets:
            if target.rule is not None:
                _try_formats(connection, target.rule)
            elif target.constant is not None:
                _try_constant(connection, target)


def _try_formats(connection: duckdb.DuckDBPyConnection, rule: ColumnRule) -> None:
    """Raises MAPPING_UNREADABLE when a date format of the rule is none."""
    for item in rule.format:
        if item == EXCEL_DAYS:
            continue
        try:
            connection.execute(f"SELECT try_strptime('2000', {literal(item)})").fetchone()
        except duckdb.Error as error:
            raise refusal("MAPPING_UNREADABLE", detail=f"format “{item}”") from error


def _try_constant(connection: duckdb.DuckDBPyConnection, target: Target) -> None:
    """Raises MAPPING_BAD_CONSTANT when a constant does not fit its column."""
    read = reading(target.field.kind, ColumnRule(column=""), required=True, s="s", v="v")
    errors = " OR ".join(f"({test})" for test in read.errors.values())
    cell = trimmed(literal(target.constant or ""))
    tried = f"SELECT {errors} FROM (SELECT s, {read.value} AS v FROM (SELECT {cell} AS s))"  # noqa: S608 - literals are quoted
    row = connection.execute(tried).fetchone()
    if row is None or row[0] is not False:
        raise refusal("MAPPING_BAD_CONSTANT", column=target.field.name, value=target.constant)


def value_sql(target: Target, s: str) -> str:
    """The SQL of a target's value over its trimmed cell, cast to the mart's type."""
    kind = SQL_TYPES[target.field.kind]
    if target.rule is not None:
        value = reading(target.field.kind, target.rule, required=False, s=s, v="v").value
    elif target.constant is not None:
        cell = trimmed(literal(target.constant))
        value = reading(target.field.kind, ColumnRule(column=""), required=False, s=cell, v="v").value
    else:
        value = "NULL"
    return f"CAST({value} AS {kind})"
