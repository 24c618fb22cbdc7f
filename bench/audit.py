"""One audit run over the demo district's three years, beside DuckDB's read of the same Parquet columns.

    python bench/audit.py [--seed 1] [--json]

Must stay under 5 s of CPU time.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring import ROOT, cost_of, least, python, show

TARGET_SECONDS = 5
BUILD = """
import sys
from pathlib import Path
from qingqu.site.demo.mart import build_mart
build_mart(Path(sys.argv[1]), seed=int(sys.argv[2]))
"""
RUN = "import sys; from qingqu.site.cli import main; sys.exit(main())"
READ = """
import sys, duckdb
from pathlib import Path
connection = duckdb.connect()
connection.execute("SET threads = 1")
for file in sorted(Path(sys.argv[1]).rglob("*.parquet")):
    connection.execute("SELECT sum(hash(COLUMNS(*))) FROM read_parquet(?)", [str(file)]).fetchall()
"""
START = "import duckdb"


def by_indicator(mart: Path) -> list[tuple[str, float, int]]:
    """Each indicator run alone in this process, as (id, CPU seconds, flags); the dearest first."""
    sys.path.insert(0, str(ROOT / "src"))
    from qingqu.engines import redflags  # noqa: PLC0415 - a child's peak of memory begins with its parent's

    found = []
    for indicator in redflags.indicators():
        with redflags.open_mart(mart, threads=1) as opened:
            start = time.process_time()
            run = redflags.run(opened, [indicator.id])
            flags = sum(1 for _flag in run.flags())
            found.append((indicator.id, time.process_time() - start, flags))
    return sorted(found, key=lambda each: -each[1])


def main() -> None:
    """Run every indicator at once, read the same columns, then each indicator alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        mart = Path(folder, "mart")
        cost_of(python(BUILD, str(mart), str(options.seed)))
        out = f"{folder}/flags.jsonl"
        ours = least(python(RUN, "audit", "run", "--mart", str(mart), "--out", out))
        flags = len(Path(out).read_text(encoding="utf-8").splitlines())
        read, start = least(python(READ, str(mart))), least(python(START))
        size = sum(file.stat().st_size for file in mart.rglob("*.parquet")) / 1024**2
        alone = by_indicator(mart)
    named = (
        (f"qingqu audit run, every indicator, {flags} flags", ours),
        ("DuckDB reads every column of the same files, one thread", read),
        ("of which starting Python and DuckDB", start),
    )
    rows: list[dict[str, Any]] = [
        {"what": name, "CPU s": cost.cpu, "wall s": cost.wall, "peak MiB": cost.peak_mib, "ratio": cost.cpu / read.cpu}
        for name, cost in named
    ]
    rows += [
        {
            "what": f"{name} alone, {count} flags",
            "CPU s": cpu,
            "wall s": None,
            "peak MiB": None,
            "ratio": cpu / read.cpu,
        }
        for name, cpu, count in alone
    ]
    kept = "kept" if ours.cpu < TARGET_SECONDS else "MISSED"
    notes = [
        f"{size:.1f} MiB of Parquet; target {TARGET_SECONDS} s: {kept}",
        "An indicator alone pays for opening the mart and preparing the clocks by itself.",
    ]
    show("bench/audit.py", rows, as_json=options.json, notes=notes)


if __name__ == "__main__":
    main()
