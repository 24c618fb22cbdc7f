import json
import os
import subprocess
import sys
from pathlib import Path

from tests.engines.redflags.load.factories import HEADERS, MAPPING, csv_text, json_lines, payment, release, xlsx_file

ROWS = 100_000
LIMIT_MB = 600
RUN = """
import json, re, sys, time
from pathlib import Path
from qingqu.engines.redflags.load import load
source, format, mapping, mart = sys.argv[1:]
started = time.process_time()
report = load(Path(source), format=format, mapping=json.loads(mapping), mart=Path(mart))
seconds = time.process_time() - started
status = Path("/proc/self/status")  # the peak of this process alone: getrusage counts the parent before exec too
megabytes = int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) / 1024
print(json.dumps([report.read, report.accepted, report.rejected, seconds, megabytes]))
"""


def measured(source: Path, kind: str, mart: Path) -> list[float]:
    """Rows read, accepted and rejected, seconds of computing and peak megabytes of an import in its own process."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(source), kind, json.dumps(MAPPING), str(mart)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
        text=True,
    )
    figures: list[float] = json.loads(done.stdout)
    print(f"{source.name}: {figures[0]} read in {figures[3]:.1f} s of computing, {figures[4]:.0f} MB")  # noqa: T201
    return figures


class TestHundredThousandRows:
    def test_of_csv_stay_within_memory(self, tmp_path: Path) -> None:
        source = tmp_path / "a.csv"
        rows = [payment(number, 金额="坏" if number % 10 == 0 else f"{number}.25") for number in range(1, ROWS + 1)]
        source.write_text(csv_text(rows), encoding="gb18030")

        read, accepted, rejected, _, megabytes = measured(source, "table", tmp_path / "mart")

        assert (read, accepted, rejected) == (ROWS, ROWS * 9 // 10, ROWS // 10)
        assert megabytes < LIMIT_MB

    def test_of_excel_stay_within_memory(self, tmp_path: Path) -> None:
        source = xlsx_file(tmp_path / "a.xlsx", [payment(number) for number in range(1, ROWS + 1)], HEADERS)

        read, accepted, _, _, megabytes = measured(source, "table", tmp_path / "mart")

        assert (read, accepted) == (ROWS, ROWS)
        assert megabytes < LIMIT_MB

    def test_of_releases_stay_within_memory(self, tmp_path: Path) -> None:
        bids = {
            "details": [
                {"id": n, "tenderers": [{"id": f"T{n}"}], "value": {"amount": n, "currency": "CNY"}} for n in range(4)
            ]
        }
        award = {"id": "a", "status": "active", "suppliers": [{"id": "T1"}], "value": {"amount": 1, "currency": "CNY"}}
        source = json_lines(tmp_path / "a.jsonl", [release(f"o{n}", bids=bids, awards=[award]) for n in range(20_000)])

        read, accepted, _, _, megabytes = measured(source, "ocds", tmp_path / "mart")

        assert (read, accepted) == (20_000, 20_000)
        assert megabytes < LIMIT_MB
