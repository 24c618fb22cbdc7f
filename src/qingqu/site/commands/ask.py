"""``qingqu ask``: the live answer in the terminal."""

import argparse

from qingqu.site.commands.output import show, with_json
from qingqu.site.commands.server import Commands, setup_django


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    ask = with_json(commands.add_parser("ask", help="实时答案 / the live answer"))
    ask.add_argument("question", nargs="?", default="")
    ask.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compose the answer from the records of this moment and print it."""
    setup_django()
    from qingqu.insight import queries, renderings  # noqa: PLC0415 - models are ready only now
    from qingqu.kernel.core.clock import now  # noqa: PLC0415

    answer = queries.answer(options.question, at=now())
    return show(renderings.as_dict(answer), as_json=options.json, lines=[renderings.as_text(answer)])
