"""``qingqu demo``: the demo district, served on this machine."""

import argparse
import functools
import os
import subprocess
import sys

from qingqu.site.commands import server
from qingqu.site.commands.output import show, with_json
from qingqu.site.commands.server import Commands, setup_django


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    demo = with_json(
        commands.add_parser("demo", help="迁移、装载演示区并启动 / migrate, load and serve the demo district")
    )
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--load-only", action="store_true", help="只装载，不启动 / load and stop")
    demo.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Migrate, load the district once, say what to look at, then serve with a task worker beside it."""
    os.environ["QINGQU_DEMO"] = "1"
    setup_django()
    from django.core.management import call_command  # noqa: PLC0415 - settings are chosen by then

    from qingqu.site.demo import guide, load  # noqa: PLC0415 - models are ready only now

    call_command("migrate", verbosity=0)
    load.ensure(report=functools.partial(print, file=sys.stderr) if options.json else print)
    show(guide.as_json(port=options.port), as_json=options.json, lines=[guide.text(port=options.port)])
    if options.load_only:
        return 0
    worker = subprocess.Popen([sys.executable, "-m", "qingqu.site.cli", "worker"])
    try:
        return server.run(host="127.0.0.1", port=options.port, workers=1)
    finally:
        worker.terminate()
        worker.wait(timeout=10)
