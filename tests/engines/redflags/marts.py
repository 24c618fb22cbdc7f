"""Small marts for tests: rows by table, the common columns filled in."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from qingqu.engines.redflags.load.ocds import flatten
from qingqu.engines.redflags.mart import TABLES, Mart, open_mart, table_from_rows, write_table

DEFAULTS: dict[str, dict[str, Any]] = {
    "tender": {"has_awards": True, "has_bids": True, "ids_are_text": True},
    "bid": {"position": 1, "tenderers_count": 1},
    "bid_tenderer": {"id_is_text": True},
    "award": {"suppliers_count": 1, "status": "active"},
    "award_supplier": {"id_is_text": True},
    "supplier": {"name": "公司"},
    "student": {"enrolled_on": date(2020, 9, 1)},
}


def make_mart(folder: Path, **tables: Iterable[Mapping[str, Any]]) -> Mart:
    """A mart in a folder from rows by table; unit ``U1`` and source unless the row says otherwise."""
    for table, rows in tables.items():
        names = TABLES[table].column_names
        filled = []
        for number, row in enumerate(rows, 1):
            common = {"unit_id": "U1", "source": "test", "source_row": number}
            if "currency" in names:
                common["currency"] = "CNY"
            filled.append(common | DEFAULTS.get(table, {}) | dict(row))
        if filled:
            write_table(folder, table, table_from_rows(table, filled), "batch")
    folder.mkdir(exist_ok=True)
    return open_mart(folder)


def mart_of_releases(folder: Path, releases: Iterable[dict[str, Any]]) -> Mart:
    """A mart in a folder from OCDS releases, one line each."""
    tables: dict[str, list[dict[str, Any]]] = {}
    known: set[str] = set()
    for line, release in enumerate(releases, 1):
        for table, rows in flatten(release, line=line, unit_id="U1", source="test").items():
            tables.setdefault(table, []).extend(
                row for row in rows if table != "supplier" or row["supplier_id"] not in known
            )
            if table == "supplier":
                known.update(row["supplier_id"] for row in rows)
    for table, rows in tables.items():
        if rows:
            write_table(folder, table, table_from_rows(table, rows), "batch")
    folder.mkdir(exist_ok=True)
    return open_mart(folder)
