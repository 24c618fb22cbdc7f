"""``qingqu statutes``: due dates with their reasons, rules with their sources."""

import argparse

from qingqu.engines import statutes
from qingqu.site.commands.output import day, fail, show, with_json
from qingqu.site.commands.server import Commands


def add(commands: Commands) -> None:
    """Declare the subcommands."""
    group = commands.add_parser("statutes", help="期限与依据 / due dates and rules").add_subparsers(
        dest="subcommand", required=True, metavar="SUBCOMMAND"
    )
    due = with_json(group.add_parser("due", help="到期日及理由 / a due date and why"))
    due.add_argument("rule")
    due.add_argument("--start", required=True, type=day, metavar="YYYY-MM-DD")
    due.add_argument(
        "--on", type=day, metavar="YYYY-MM-DD", help="按该日有效的规则，默认起算日 / the rule as of that day"
    )
    due.set_defaults(run=_due)
    rule = with_json(group.add_parser("show", help="规则及出处 / a rule and its source"))
    rule.add_argument("rule")
    rule.add_argument("--on", type=day, metavar="YYYY-MM-DD", help="该日有效的版本，默认最新 / the version of that day")
    rule.set_defaults(run=_show)


def _due(options: argparse.Namespace) -> int:
    try:
        explained = statutes.explain(options.rule, options.start, on=options.on)
    except statutes.StatuteError as error:
        return fail(str(error))
    facts = {name: value for name, value in explained.items() if name != "why"}
    return show(explained, as_json=options.json, lines=[*_lines(facts), "", *statutes.reasons(explained["why"])])


def _show(options: argparse.Namespace) -> int:
    try:
        shown = statutes.show(options.rule, on=options.on)
    except statutes.StatuteError as error:
        return fail(str(error))
    return show(shown, as_json=options.json, lines=_lines(shown))


def _lines(data: dict[str, object]) -> list[str]:
    return [f"{name}: {value}" for name, value in data.items() if value not in (None, "", [], {})]
