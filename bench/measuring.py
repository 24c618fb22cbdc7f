"""What the benches share: the machine in one line, the cost of a child process, a table that a person reads."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KIB = 1024


@dataclass(frozen=True)
class Cost:
    """What a process cost: CPU (user and system) and wall time in seconds, its peak of memory in MiB."""

    cpu: float
    wall: float
    peak_mib: float


def machine() -> str:
    """The machine and the Python in one line."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {load:.1f}"


def cost_of(command: Sequence[str], **environment: str) -> Cost:
    """Run a command to its end and give what it cost. Raises CalledProcessError with its words when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    said = process.stderr.read() if process.stderr else b""
    _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, [*command], stderr=said.decode(errors="replace"))
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / KIB)


def least(command: Sequence[str], *, times: int = 3, **environment: str) -> Cost:
    """The cheapest, in CPU, of a few runs of a command."""
    return min((cost_of(command, **environment) for _ in range(times)), key=lambda cost: cost.cpu)


def python(code: str, *arguments: str) -> list[str]:
    """The command that runs a piece of Python."""
    return [sys.executable, "-c", code, *arguments]


def cpu_ms(work: Callable[[], Any], *, times: int = 5) -> float:
    """The median CPU time of a few runs in this process, in milliseconds, after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken) * 1000


def show(command: str, rows: Sequence[Mapping[str, Any]], *, as_json: bool, notes: Sequence[str] = ()) -> None:
    """Print machine, command and figures: as one JSON object, or as a table with its notes below."""
    if as_json:
        print(json.dumps({"machine": machine(), "command": command, "rows": list(rows), "notes": list(notes)}))
        return
    print(f"{command}\n{machine()}\n")
    heads = list(rows[0])
    cells = [heads, *([_cell(row[head]) for head in heads] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(heads))]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print("".join(f"\n{note}" for note in notes))


def _cell(value: object) -> str:
    return "–" if value is None else f"{value:,.2f}" if isinstance(value, float) else str(value)
