"""The demo district's audit mart: three years of honest records with anomalies planted among them."""

from datetime import date
from pathlib import Path

import pyarrow as pa

from qingqu.engines.redflags.mart import write_table
from qingqu.engines.redflags.schema import TABLES, arrow_schema
from qingqu.site.demo import truth
from qingqu.site.demo.plants import plant
from qingqu.site.demo.world.book import Book, digest
from qingqu.site.demo.world.days import days_between
from qingqu.site.demo.world.lookalikes import write_lookalikes
from qingqu.site.demo.world.meals import write_meals
from qingqu.site.demo.world.money import write_budgets, write_money
from qingqu.site.demo.world.parties import World, write_parties
from qingqu.site.demo.world.procurement import write_procurement
from qingqu.site.demo.world.pupils import write_pupils

START, END = date(2024, 1, 1), date(2026, 10, 31)
"""The records' first and last day."""

FILE = "demo"
"""The name of the one file in each table's folder."""


def honest_world(seed: int, *, start: date = START, end: date = END) -> World:
    """The district's records with nothing planted."""
    world = World(seed=seed, days=days_between(start, end), book=Book(arrow_schema))
    write_parties(world)
    write_budgets(world)
    write_procurement(world)
    write_money(world)
    write_meals(world)
    write_pupils(world)
    write_lookalikes(world)
    return world


def generate(
    seed: int, *, plants: bool = True, start: date = START, end: date = END
) -> tuple[dict[str, pa.Table], truth.Truth]:
    """The mart's tables that hold rows, and what was planted in them; same seed, same bytes."""
    world = honest_world(seed, start=start, end=end)
    planted = plant(world) if plants else []
    tables = {name: table for name, table in world.book.tables(TABLES).items() if len(table)}
    return tables, truth.make(seed=seed, digest=digest(tables), planted=planted)


def build_mart(path: Path, *, seed: int, plants: bool = True, start: date = START, end: date = END) -> truth.Truth:
    """Write the demo mart into a folder, ``truth.json`` beside its tables, and return the truth.

    Building again into the same folder replaces the demo's own files and nothing else.
    """
    tables, found = generate(seed, plants=plants, start=start, end=end)
    path.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_table(path, name, table, FILE)
    truth.write(path, found)
    return found
