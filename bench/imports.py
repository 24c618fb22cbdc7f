"""Importing a table of 100,000 rows, beside DuckDB's own read of the same file.

    python bench/imports.py [--rows 100000] [--json]

Must stay under 10 s of CPU time and under 600 MiB.
"""

import argparse
import csv
import json
import random
import tempfile
from datetime import date, timedelta
from pathlib import Path

from measuring import least, python, show

TARGET_SECONDS, TARGET_MIB = 10, 600
IMPORT = "import sys; from qingqu.site.cli import main; sys.exit(main())"
READ = """
import sys, duckdb
connection = duckdb.connect()
connection.execute("SET threads = 1")
connection.execute("SELECT sum(hash(COLUMNS(*))) FROM read_csv(?, all_varchar = true)", [sys.argv[1]]).fetchall()
"""
START = "import duckdb"
MAPPING = {
    "table": "payment",
    "constants": {"unit_id": "U1", "currency": "CNY"},
    "columns": {
        "payment_id": "number",
        "supplier_id": "supplier",
        "paid_on": "day",
        "amount_fen": {"column": "yuan", "scale": 100},
        "account_code": "account",
    },
}


def write_payments(path: Path, rows: int) -> None:
    """A file of payments; one row in a thousand has a day that is none."""
    chance = random.Random(20260924)
    first = date(2024, 1, 1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("number", "supplier", "day", "yuan", "account"))
        for number in range(rows):
            day = first + timedelta(days=chance.randrange(1000))
            said = "2024-13-40" if number % 1000 == 0 else day.isoformat()
            amount = f"{chance.randrange(100, 9_000_000) / 100:.2f}"
            writer.writerow((f"P{number:06d}", f"S{chance.randrange(2000):04d}", said, amount, "30201"))


def main() -> None:
    """Import the file into an empty mart, and read it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, mapping = Path(folder, "payments.csv"), Path(folder, "mapping.yaml")
        write_payments(source, options.rows)
        mapping.write_text(json.dumps(MAPPING))
        costs = []
        for turn in range(3):
            arguments = ("--format", "table", "--mapping", str(mapping), "--mart", f"{folder}/mart{turn}")
            costs.append(least(python(IMPORT, "audit", "import", str(source), *arguments), times=1))
        ours, read, start = (
            min(costs, key=lambda each: each.cpu),
            least(python(READ, str(source))),
            least(python(START)),
        )
        size = source.stat().st_size / 1024**2
    rows = [
        {"what": name, "CPU s": cost.cpu, "wall s": cost.wall, "peak MiB": cost.peak_mib, "ratio": cost.cpu / read.cpu}
        for name, cost in (
            (f"qingqu audit import, {options.rows:,} rows", ours),
            ("DuckDB reads every cell of the same file, one thread", read),
            ("of which starting Python and DuckDB", start),
        )
    ]
    kept = ours.cpu < TARGET_SECONDS and ours.peak_mib < TARGET_MIB
    notes = [f"file {size:.1f} MiB; target {TARGET_SECONDS} s and {TARGET_MIB} MiB: {'kept' if kept else 'MISSED'}"]
    show("bench/imports.py", rows, as_json=options.json, notes=notes)


if __name__ == "__main__":
    main()
