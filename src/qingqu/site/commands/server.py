"""``qingqu serve``, ``qingqu worker`` and ``qingqu manage``."""

import argparse
import os
from collections.abc import Sequence
from typing import Any

from qingqu.site.commands.output import show, with_json

Commands = Any
"""What ``ArgumentParser.add_subparsers`` returns; its class is private to argparse."""


def add(commands: Commands) -> None:
    """Declare the subcommands."""
    serve = with_json(commands.add_parser("serve", help="启动网站 / run the web server"))
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=1)
    serve.set_defaults(run=_serve)
    worker = with_json(commands.add_parser("worker", help="启动后台任务 / run the task worker"))
    worker.set_defaults(run=work)
    commands.add_parser("manage", help="Django 管理命令 / Django management commands")


def _serve(options: argparse.Namespace) -> int:
    """Say where the site will answer, then serve it."""
    said = {"address": f"http://{options.host}:{options.port}", "workers": options.workers}
    show(said, as_json=options.json, lines=[said["address"]])
    return run(host=options.host, port=options.port, workers=options.workers)


def run(*, host: str, port: int, workers: int) -> int:
    """Serve the site until interrupted."""
    from granian import Granian  # noqa: PLC0415 - only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415

    Granian(
        "qingqu.site.wsgi:application",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        blocking_threads=4,
    ).serve()
    return 0


def work(options: argparse.Namespace) -> int:
    """Run tasks until interrupted: first those a stopped worker left, then as they come and as the clock says."""
    setup_django()
    from qingqu.site import schedule  # noqa: PLC0415 - models are ready only now

    said = {"queue": "default", "seconds_between_ticks": schedule.SECONDS_BETWEEN_TICKS}
    show(said, as_json=options.json, lines=["后台任务已启动 / the worker runs"])
    stopped = schedule.start()
    try:
        return manage(["db_worker"])
    finally:
        stopped.set()


def manage(arguments: Sequence[str]) -> int:
    """Run a Django management command."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings are chosen by then

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingqu.site.settings")
    execute_from_command_line(["qingqu", *arguments])
    return 0


def setup_django() -> None:
    """Make the models usable in this process."""
    import django  # noqa: PLC0415 - settings are chosen by then

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingqu.site.settings")
    django.setup()
