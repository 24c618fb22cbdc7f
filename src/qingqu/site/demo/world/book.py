"""A book of mart rows being written: columns and single rows per table, turned into Arrow tables at the end."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Values = Any
"""A column: a NumPy array, a list, or one value that stands in every row."""

Span = tuple[date, date]
"""First and last day."""

CURRENCY = "CNY"


class Book:
    """Rows by table, in the order written.

    ``schema_of`` gives the Arrow schema of a table; columns nobody gave are null, the common ones are filled in.
    """

    def __init__(self, schema_of: Callable[[str], pa.Schema]) -> None:
        """An empty book."""
        self._schema_of = schema_of
        self._chunks: dict[str, list[pa.Table]] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._scaled: dict[str, list[tuple[str, str, Span, float]]] = {}

    def add(self, table: str, **columns: Values) -> None:
        """Write many rows at once; a single value is repeated, null is None, NaT or a masked element.

        Raises KeyError for a column that the schema does not have, so that a plant cannot miss its table silently.
        """
        schema = self._schema_of(table)
        _known(table, schema, columns)
        count = max(len(values) for values in columns.values() if not _is_single(values))
        arrays = [_array(columns.get(field.name), field.type, count) for field in schema]
        self._chunks.setdefault(table, []).append(pa.Table.from_arrays(arrays, schema=schema))

    def row(self, table: str, **values: object) -> None:
        """Write one row."""
        _known(table, self._schema_of(table), values)
        self._rows.setdefault(table, []).append(values)

    def scale(self, table: str, *, unit: str, column: str, span: Span, factor: float) -> None:
        """Multiply a column of one unit's rows on the days of a span: what was reported is not what was."""
        self._scaled.setdefault(table, []).append((unit, column, span, factor))

    def tables(self, names: Iterable[str]) -> dict[str, pa.Table]:
        """Every named table, also the empty ones, with source and row number filled in."""
        return {name: self._table(name) for name in names}

    def _table(self, name: str) -> pa.Table:
        schema = self._schema_of(name)
        chunks = list(self._chunks.get(name, []))
        if name in self._rows:
            chunks.append(pa.Table.from_pylist(self._rows[name], schema=schema))
        whole = pa.concat_tables(chunks) if chunks else schema.empty_table()
        common = {
            "source": np.full(len(whole), f"demo:{name}", dtype=object),
            "source_row": np.arange(1, len(whole) + 1),
            "currency": np.full(len(whole), CURRENCY, dtype=object),
        }
        for column, values in common.items():
            place = schema.get_field_index(column)
            if place >= 0:
                whole = whole.set_column(place, schema.field(place), pa.array(values, type=schema.field(place).type))
        for scaling in self._scaled.get(name, []):
            whole = _scaled(whole, *scaling)
        return whole.combine_chunks()


def ids(prefix: str, count: int, *, start: int = 1, width: int = 6) -> list[str]:
    """``count`` ids: the prefix and a running number."""
    return [f"{prefix}{number:0{width}d}" for number in range(start, start + count)]


def hashed(kind: str, values: Iterable[object]) -> list[str]:
    """Keyed hashes of phone numbers, accounts and addresses: equal stays equal, nothing can be read back."""
    key = f"qingqu-demo-{kind}".encode()
    return [hashlib.blake2b(str(value).encode(), key=key, digest_size=8).hexdigest() for value in values]


@cache
def account_of(supplier: str) -> str:
    """The hashed bank account of a company: what it is paid into and what its bonds are paid from."""
    return hashed("account", [supplier])[0]


def digest(tables: dict[str, pa.Table]) -> str:
    """A fingerprint of the content of tables: the same seed must give the same one."""
    whole = hashlib.sha256()
    for name in sorted(tables):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, tables[name].schema.remove_metadata()) as writer:
            writer.write_table(tables[name].replace_schema_metadata(None))
        whole.update(name.encode())
        whole.update(sink.getvalue())
    return whole.hexdigest()


def _scaled(table: pa.Table, unit: str, column: str, span: Span, factor: float) -> pa.Table:
    """The table with one unit's column multiplied on the days (column ``day``) of a span."""
    day = table["day"]
    inside = pc.and_(pc.greater_equal(day, pa.scalar(span[0])), pc.less_equal(day, pa.scalar(span[1])))
    chosen = pc.and_(inside, pc.equal(table["unit_id"], unit))
    field = table.schema.field(column)
    changed = pc.floor(pc.multiply(table[column].cast(pa.float64()), factor)).cast(field.type)
    return table.set_column(table.schema.get_field_index(column), field, pc.if_else(chosen, changed, table[column]))


def _known(table: str, schema: pa.Schema, columns: dict[str, Any]) -> None:
    unknown = sorted(set(columns) - set(schema.names))
    if unknown:
        message = f"{table}: {', '.join(unknown)}"
        raise KeyError(message)


def _is_single(values: Values) -> bool:
    return values is None or not isinstance(values, np.ndarray | list)


def _array(values: Values, kind: pa.DataType, count: int) -> pa.Array:
    if values is None:
        return pa.nulls(count, kind)
    if _is_single(values):
        single = values.item() if isinstance(values, np.generic) else values
        return pa.array([single], type=kind).take(pa.array(np.zeros(count, dtype=np.int64)))
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, mask=np.ma.getmaskarray(values)).cast(kind)
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return pa.array(values.astype("datetime64[us]" if pa.types.is_timestamp(kind) else "datetime64[D]")).cast(kind)
    return pa.array(values, type=kind)
