"""The ``qingqu`` command."""

import argparse
import os
import select
import sys
from collections.abc import Sequence

from django.db import DatabaseError

from qingqu.kernel.core.errors import Refused
from qingqu.site import environment
from qingqu.site.commands import archive, ask, audit, demo, draw, law, ledger, server
from qingqu.site.commands.output import fail

NO_DATABASE = (
    "DATABASE: {error}\n请核对 QINGQU_HOME 和 QINGQU_DATABASE_URL，并先运行 qingqu manage migrate（演示用 qingqu demo）"
    "。 / check QINGQU_HOME and QINGQU_DATABASE_URL, then run qingqu manage migrate (or qingqu demo)."
)
INTERRUPTED = 130
"""What a shell expects of a command stopped by its user (128 + SIGINT)."""
UNHEARD = 141
"""What a shell expects of a command whose reader has left, as ``head`` does (128 + SIGPIPE)."""


def parser() -> argparse.ArgumentParser:
    """The command's arguments; each group of subcommands adds its own."""
    root = argparse.ArgumentParser(prog="qingqu", description="清渠 Qingqu: 教育系统全面从严治党工作平台")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in (demo, server, ask, law, audit, draw, ledger, archive):
        group.add(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; errors go to stderr with exit code 1 and say what to do.

    Ends quietly with UNHEARD when nobody reads what is printed any more.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingqu.site.settings")
    try:
        try:
            return _run(list(sys.argv[1:] if arguments is None else arguments))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        if _is_heard():
            raise
        # The interpreter flushes once more when it ends, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNHEARD


def _run(given: list[str]) -> int:
    """The exit code of one subcommand, every anticipated error said."""
    if given[:1] == ["manage"]:
        return server.manage(given[1:])
    options = parser().parse_args(given)
    try:
        return int(options.run(options) or 0)
    except Refused as refused:
        return fail(f"{refused.code}: {refused.message}")
    except environment.BadSetting as bad:
        return fail(f"SETTINGS: {bad}")
    except DatabaseError as error:
        return fail(NO_DATABASE.format(error=str(error).strip()))
    except KeyboardInterrupt:
        return INTERRUPTED


def _is_heard() -> bool:
    """Whether somebody still reads what is printed: a pipe that broke may be another one, to a mail server say."""
    asked = select.poll()
    asked.register(sys.stdout.fileno(), 0)
    return not asked.poll(0)


if __name__ == "__main__":
    sys.exit(main())
