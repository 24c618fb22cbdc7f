"""How every subcommand prints."""

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any


def with_json(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Give a subcommand its ``--json`` switch."""
    command.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    return command


def show(data: Any, *, as_json: bool, lines: Iterable[str]) -> int:
    """Print ``data`` as JSON or the readable ``lines``; gives exit code 0."""
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=2, default=str))
    else:
        print("\n".join(lines))
    return 0


def fail(message: str) -> int:
    """Print an error to stderr; gives exit code 1."""
    print(message, file=sys.stderr)
    return 1
