"""The sequencer on a real database: how many waiting events become leaves in a second, with openers, tiles and head.

    python bench/ledger.py [--events 40000] [--sqlite] [--json]

Starts a PostgreSQL server of its own (``tools.postgres``), writes events through ``ledger.record_many``, sequences them
in batches of a thousand and publishes the head. The ratio compares with the node-hash rate of the same process.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGET = 20_000
"""Leaves a second on PostgreSQL, the acceptance figure of the ledger."""
KIND = "bench.happened"
AT_ONCE = 5_000
NODE = b"\1" * 65


def main() -> int:
    """Run on a fresh database and print the figures."""
    options = _options()
    if not options.inside:
        return _inside(options)
    found = _measure(options.events)
    print(
        json.dumps(found, indent=1)
        if options.json
        else "\n".join(f"{name:28} {value}" for name, value in found.items())
    )
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead of PostgreSQL")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _inside(options: argparse.Namespace) -> int:
    """Run this program again with a home and a database of its own."""
    with tempfile.TemporaryDirectory(prefix="qingqu-bench-") as home:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "qingqu.site.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "QINGQU_HOME": home,
        }
        command = [sys.executable, __file__, "--inside", "--events", str(options.events)]
        command += ["--json"] if options.json else []
        server = [] if options.sqlite else [sys.executable, "-m", "tools.postgres"]
        return subprocess.run([*server, *command], check=False, cwd=ROOT, env=environment).returncode


def _measure(events: int) -> dict[str, Any]:
    import django  # noqa: PLC0415 - the settings are in the environment by then

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from qingqu.kernel.ledger import installation, operations, queries, registry  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    registry.declare({KIND: "试验"})
    recording = _timed(lambda: _record(events))
    waiting = queries.waiting()
    sequencing = _timed(lambda: operations.sequence(at=_now(), vault=installation.vault()))
    signer = installation.signer()
    policy = installation.policy(signer.vkeys)
    publishing = _timed(
        lambda: operations.publish(at=_now(), signer=signer, policy=policy, folder=installation.folder())
    )
    rate = _node_rate()
    return {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, {connection.vendor}",
        "leaves": waiting,
        "recorded per second (wall)": round(events / recording[0]),
        "leaves per second (wall)": round(waiting / sequencing[0]),
        "leaves per second (CPU)": round(waiting / sequencing[1]),
        "target (wall)": TARGET,
        "leaves / half the node rate": round(waiting / sequencing[1] / (rate / 2), 3),
        "published in seconds (wall)": round(publishing[0], 2),
    }


def _record(events: int) -> None:
    from django.db import transaction  # noqa: PLC0415 - the settings are in the environment by then

    from qingqu.kernel.ledger import operations  # noqa: PLC0415

    for start in range(0, events, AT_ONCE):
        facts = [
            operations.Fact(start + number, 7, {"state": "OPEN", "title": "试验", "n": number})
            for number in range(min(AT_ONCE, events - start))
        ]
        with transaction.atomic():
            operations.record_many(KIND, at=_now(), subject_kind="bench", facts=facts, actor_id=3)


def _now() -> Any:
    from qingqu.kernel.core.clock import now  # noqa: PLC0415 - the settings are in the environment by then

    return now()


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall and of CPU time."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _node_rate(count: int = 200_000) -> float:
    started = time.process_time()
    for _ in range(count):
        sha256(NODE).digest()
    return count / (time.process_time() - started)


if __name__ == "__main__":
    sys.exit(main())
