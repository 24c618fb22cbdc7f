"""The generated half of the documentation: what the code declares, one page a kind.

``python -m qingqu.site.reference write`` renews docs/reference and docs/map.md; ``check`` names the pages that no
longer say what the code does.
"""

import argparse
import ast
import importlib
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1]
DOCS = SOURCE.parents[1] / "docs"
GENERATED = "<!-- Generated from the code by `make reference`; do not edit. -->"

STREET = (
    "site",
    "portal",
    "workbench",
    "insight",
    "pillars",
    "deployments",
    "kernel.publications",
    "kernel.notices",
    "kernel.draws",
    "kernel.files",
    "kernel.duties",
    "kernel.org",
    "kernel.ledger",
    "kernel.core",
    "engines",
)
"""The one-way street from the top down: a package imports only from lines below its own."""

VARIABLES = {
    "QINGQU_ALLOWED_HOSTS": ("127.0.0.1, localhost, ::1", "the names the site answers to, separated by commas"),
    "QINGQU_DATABASE_URL": (
        "SQLite in QINGQU_HOME",
        "the database: `sqlite:///path` or `postgres://user:password@host:port/name`",
    ),
    "QINGQU_DEBUG": ("off", "show errors in the browser; never on an installation that people use"),
    "QINGQU_DEMO": ("off", "say on every page that the data are a demonstration; `qingqu demo` turns it on"),
    "QINGQU_HOME": ("./var", "the folder for everything the installation writes"),
    "QINGQU_HTTPS": ("off", "the site stands behind HTTPS: secure cookies, redirects, strict transport security"),
    "QINGQU_ADDRESS": ("empty", "the site's public address, put before the links in mails"),
    "QINGQU_FILE_MAX_BYTES": ("20971520", "the largest file that may be attached, in bytes"),
    "QINGQU_KEYS": (
        "QINGQU_HOME/keys",
        "the folder of the log's signing keys and openers, the worker's account alone reads it; in no backup",
    ),
    "QINGQU_LOG": ("QINGQU_HOME/log", "the folder of the public log: static files that any web server may serve"),
    "QINGQU_LOG_ORIGIN": (
        "the host of QINGQU_ADDRESS, with /log",
        "the name of the public log; written into the keys once, then never changed",
    ),
    "QINGQU_LOG_POLICY": (
        "empty: no witnesses",
        "the file that names the log's witnesses and how many are needed (C2SP tlog-policy)",
    ),
    "QINGQU_PROMISE_HOURS": (
        "24",
        "the merge delay: within how many hours after a promise its entry is in the published log",
    ),
    "QINGQU_CRYPTO_PROFILE": ("intl", "`intl`, `gm` or `dual`: whether heads are also signed by SM2"),
    "QINGQU_TSA_URL": (
        "empty: no time stamps",
        "the address of a time stamping authority (RFC 3161) that stamps the log's head once a day",
    ),
    "QINGQU_TSA_CERTIFICATE": ("empty", "the PEM file of that authority's certificates, its root among them"),
    "QINGQU_FONTS": ("QINGQU_HOME/fonts", "a folder with fonts for official documents"),
    "QINGQU_MAIL_FROM": ("empty", "the sender's address of mails"),
    "QINGQU_RECTIFICATION_CALENDAR_DAYS": ("60", "the usual term of a rectification, in calendar days"),
    "QINGQU_SMTP_URL": ("empty: no mail is sent", "the mail server: `smtp://user:password@host:port` or `smtps://…`"),
    "QINGQU_SECRET_KEY": ("made once, kept in QINGQU_HOME", "the key that signs sessions and links"),
}
"""``{variable: (default, meaning)}`` of everything an installation may set."""


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def sources() -> list[tuple[str, ast.Module]]:
    """Every module of the product with its parsed text, in the order of names."""
    paths = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    return [(dotted(path), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def dotted(path: Path) -> str:
    """A module's name without the leading ``qingqu.``."""
    return path.relative_to(SOURCE).with_suffix("").as_posix().replace("/", ".")


def package_folders() -> list[Path]:
    """The folders of the house's packages, in the order of the street."""
    found = []
    for line in STREET:
        folder = SOURCE / line.replace(".", "/")
        inner = line in {"pillars", "engines"}
        parts = sorted(path.parent for path in folder.glob("*/__init__.py")) if inner else [folder]
        found += [part for part in parts if (part / "__init__.py").exists()]
    return found


def street_map() -> str:
    """docs/map.md: one line a package."""
    rows = []
    for folder in package_folders():
        says = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
        name = folder.relative_to(SOURCE).as_posix()
        rows.append((f"[`{name}`](../src/qingqu/{name})", says.partition("\n")[0]))
    lead = "Where everything is. A package imports only from lines below its own; every package keeps the same rooms:"
    rooms = "`types`, `rules` < `models` < `queries` < `operations` < `forms` < `pages`, `api`, `tasks` < `urls`."
    return f"# Map\n\n{lead}\n{rooms}\n\n{table(['package', 'what it is'], rows)}"


def events() -> str:
    """Every event kind."""
    from qingqu.kernel.ledger.operations import kinds  # noqa: PLC0415 - apps are ready by then

    rows = [(f"`{kind}`", meaning) for kind, meaning in kinds().items()]
    lead = "What the ledger records: one event for every operation, written in the operation's own transaction."
    return f"# Events\n\n{lead}\n\n{table(['kind', 'what happened'], rows)}"


def error_codes() -> dict[str, str]:
    """``{code: first line of its class}`` of every anticipated failure."""
    classes = (node for _name, tree in sources() for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    found = {_code(node): (ast.get_docstring(node) or "").partition("\n")[0] for node in classes if node.bases}
    return {code: says for code, says in sorted(found.items()) if code}


def _code(node: ast.ClassDef) -> str:
    """The ``code`` that a class of errors declares; empty when it declares none."""
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name) and line.targets[0].id == "code":
            return str(line.value.value) if isinstance(line.value, ast.Constant) else ""
    return ""


def errors() -> str:
    """Every error code."""
    rows = [(f"`{code}`", meaning) for code, meaning in error_codes().items()]
    lead = (
        "Codes are stable. Pages show the message in the form; the JSON interface answers with code, message, fields."
    )
    return f"# Errors\n\n{lead}\n\n{table(['code', 'when'], rows)}"


def variables_read() -> set[str]:
    """The QINGQU_* variables that the code reads."""
    texts = (
        path.read_text(encoding="utf-8") for path in (SOURCE / "site").rglob("*.py") if path.name != "reference.py"
    )
    quoted = re.compile(r"\"(QINGQU_[A-Z_]+)\"")
    return {name for text in texts for name in quoted.findall(text)}


def variables() -> str:
    """Every variable of an installation."""
    rows = [(f"`{name}`", meaning, default) for name, (default, meaning) in sorted(VARIABLES.items())]
    return (
        f"# Settings\n\nEnvironment variables, read once at start.\n\n{table(['variable', 'meaning', 'default'], rows)}"
    )


def indicators() -> str:
    """Every audit indicator."""
    from qingqu.engines import redflags  # noqa: PLC0415 - heavy libraries, only this page needs them

    parts = ["# Indicators", "An indicator gives hints （待核查提示）， never verdicts."]
    for item in redflags.indicators():
        needs = "; ".join(f"{name}({', '.join(columns)})" for name, columns in item.needs.items())
        rows: list[tuple[str, object]] = [
            ("family", item.family),
            ("law", ", ".join(item.legal_basis) or "a statistical screen: no provision of law"),
            ("needs", needs),
            ("in an honest world", f"{item.null.zh} / {item.null.en}"),
            ("innocent explanations", "; ".join(f"{words.zh} / {words.en}" for words in item.innocent) or "none known"),
            ("source", item.source_paper or "—"),
        ]
        parts.append(f"## {item.id} {item.title.zh} / {item.title.en}\n\n{table(['', ''], rows)}")
    return "\n\n".join(parts)


def laws_used() -> dict[str, set[str]]:
    """``{rule id: modules}`` of every rule that a module's text names in a ``Law:`` line or a string."""
    from qingqu.engines.statutes.rulebook import rules  # noqa: PLC0415 - only this page needs it

    known = {rule.id for rule in rules()}
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(SOURCE.rglob("*.py")):
        for rule_id in set(re.findall(r"\b[A-Z]{2}-\d{1,3}\b", path.read_text(encoding="utf-8"))) & known:
            found[rule_id].add(dotted(path))
    return dict(sorted(found.items()))


def law() -> str:
    """Every rule of law that the code obeys, and where."""
    from qingqu.engines.statutes.rulebook import rule  # noqa: PLC0415 - only this page needs it

    rows = [
        (rule_id, rule(rule_id).statement, rule(rule_id).citation.zh, ", ".join(f"`{name}`" for name in sorted(places)))
        for rule_id, places in laws_used().items()
    ]
    lead = "Rules named in the code. The numbers themselves are in the rulebook, with the days on which they stand."
    return f"# Law\n\n{lead}\n\n{table(['rule', 'says', 'source', 'used in'], rows)}"


def states() -> str:
    """Every state machine, drawn from its table of transitions."""
    parts = ["# States", "Drawn from the `TRANSITIONS` tables that the operations themselves consult."]
    for path in sorted(SOURCE.rglob("rules.py")):
        transitions = getattr(importlib.import_module(f"qingqu.{dotted(path)}"), "TRANSITIONS", {})
        lines = [line for state, moves in transitions.items() for line in _arrows(str(state), moves)]
        if lines:
            drawing = "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])
            parts.append(f"## {path.parent.relative_to(SOURCE).as_posix()}\n\n{drawing}")
    return "\n\n".join(parts)


def _arrows(state: str, moves: Iterable[Any]) -> list[str]:
    """One state's arrows; a move is a target state, or has ``to`` and a verb."""
    found = []
    for move in moves:
        verb = getattr(move, "verb", "") or getattr(move, "act", "")
        found.append(f"    {state} --> {getattr(move, 'to', move)}" + (f": {verb}" if verb else ""))
    return found


def roles() -> str:
    """Every role with its rights."""
    from qingqu.kernel.org.rules import RIGHTS  # noqa: PLC0415 - apps are ready by then
    from qingqu.kernel.org.types import Right, Role  # noqa: PLC0415

    heads = ["right", *(role.value for role in Role)]
    rows = [[f"`{right}`", *("●" if right in RIGHTS[role] else "" for role in Role)] for right in Right]
    lead = "A right holds in the post's unit and everything below it, while the post is held."
    return f"# Roles and rights\n\n{lead}\n\n{table(heads, rows)}"


def routes() -> str:
    """Every route with who may open it."""
    from django.urls import get_resolver  # noqa: PLC0415 - settings are chosen by then

    rows = sorted(_routes(get_resolver().url_patterns, "/", ""))
    lead = "PUBLIC: anyone. SIGNED_IN: any account. Otherwise the right needed somewhere; what lies outside it is 404."
    return f"# Routes\n\n{lead}\n\n{table(['route', 'name', 'who'], rows)}"


def _routes(patterns: Iterable[Any], prefix: str, space: str) -> Iterator[tuple[str, str, str]]:
    """The routes below ``prefix``."""
    from qingqu.kernel.core.policies import policy_of  # noqa: PLC0415 - settings are chosen by then

    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = ":".join(part for part in (space, pattern.namespace or "") if part)
            yield from _routes(pattern.url_patterns, path, inner)
        else:
            name = ":".join(part for part in (space, pattern.name or "") if part)
            yield f"`{path}`", f"`{name}`", str(policy_of(pattern.callback, name) or "never served")


def commands() -> str:
    """Every subcommand of ``qingqu``."""
    from qingqu.site.cli import parser  # noqa: PLC0415 - it imports the subcommands

    rows = list(_commands(parser()))
    return f"# Commands\n\n{table(['command', 'does', 'takes'], rows)}"


def _commands(parser: argparse.ArgumentParser, says: str = "") -> Iterator[tuple[str, str, str]]:
    """The parser's own line, then those of its subcommands."""
    branches = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001 - argparse offers no other way
    if not branches:
        takes = [", ".join(action.option_strings) or action.dest for action in parser._actions if action.dest != "help"]  # noqa: SLF001
        yield f"`{parser.prog}`", says, " ".join(f"`{name}`" for name in takes)
    for branch in branches:
        helps = {choice.dest: choice.help or "" for choice in branch._choices_actions}  # noqa: SLF001
        for name, inner in branch.choices.items():
            yield from _commands(inner, helps.get(name, ""))


PAGES: dict[str, Callable[[], str]] = {
    "map.md": street_map,
    "reference/commands.md": commands,
    "reference/errors.md": errors,
    "reference/events.md": events,
    "reference/indicators.md": indicators,
    "reference/law.md": law,
    "reference/roles.md": roles,
    "reference/routes.md": routes,
    "reference/settings.md": variables,
    "reference/states.md": states,
}
"""``{file under docs: what gives its text}``."""


def page(name: str) -> str:
    """The text of one generated page."""
    return f"{GENERATED}\n{PAGES[name]()}\n"


def stale(docs: Path = DOCS) -> list[str]:
    """The pages that are missing or no longer say what the code does."""
    return [name for name in PAGES if not (docs / name).exists() or (docs / name).read_text("utf-8") != page(name)]


def write(docs: Path = DOCS) -> list[str]:
    """Renew the stale pages; gives their names."""
    renewed = stale(docs)
    for name in renewed:
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(page(name), encoding="utf-8")
    return renewed


def main(arguments: Sequence[str]) -> int:
    """Run ``write`` or ``check``; ``check`` gives 1 when a page is stale."""
    import django  # noqa: PLC0415 - settings are chosen by then

    if list(arguments) not in (["write"], ["check"]):
        print("usage: python -m qingqu.site.reference write | check", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingqu.site.settings")
    os.environ["LANGUAGE"] = "zh-hans"
    django.setup()
    found = write() if arguments[0] == "write" else stale()
    print("\n".join(found))
    return int(bool(found) and arguments[0] == "check")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
