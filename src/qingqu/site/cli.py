"""The ``qingqu`` command."""

import argparse
import os
import sys
from collections.abc import Sequence

from qingqu.kernel.core.errors import Refused
from qingqu.site.commands import ask, audit, demo, law, server


def parser() -> argparse.ArgumentParser:
    """The command's arguments; each group of subcommands adds its own."""
    root = argparse.ArgumentParser(prog="qingqu", description="清渠 Qingqu: 教育系统全面从严治党工作平台")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in (demo, server, ask, law, audit):
        group.add(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; errors go to stderr with exit code 1 and say what to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingqu.site.settings")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["manage"]:
        return server.manage(given[1:])
    options = parser().parse_args(given)
    try:
        return int(options.run(options) or 0)
    except Refused as refused:
        print(f"{refused.code}: {refused.message}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
