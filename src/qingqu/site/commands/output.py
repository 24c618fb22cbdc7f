"""How every subcommand prints."""

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import date
from typing import Any


def with_json(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Give a subcommand its ``--json`` switch."""
    command.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    return command


def show(data: Any, *, as_json: bool, lines: Iterable[str]) -> int:
    """Print ``data`` as JSON or the readable ``lines``; gives exit code 0."""
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=2, default=str), flush=True)
    else:
        print("\n".join(lines), flush=True)
    return 0


def fail(message: str) -> int:
    """Print an error to stderr; gives exit code 1."""
    print(message, file=sys.stderr)
    return 1


def day(text: str) -> date:
    """A day as it is typed, ``2026-09-24``. Raises ArgumentTypeError, which argparse shows, for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"“{text}”不是日期，请写成 2026-09-24 / {text!r} is no date; write it like 2026-09-24"
        raise argparse.ArgumentTypeError(message) from error
