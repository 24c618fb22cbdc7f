"""The message catalogues: Simplified Chinese in the source, English complete beside it.

``python -m qingqu.site.messages check`` names what is missing, empty, fuzzy, unused or carries other placeholders;
``sync`` adds missing entries (empty, to be filled in) and drops unused ones; ``compile`` writes the ``.mo`` files.
Every package with an ``apps.py`` keeps its own catalogue for its own strings.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[1]
CATALOGUE = Path("locale", "en", "LC_MESSAGES", "django.po")
SIMPLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
_TEXT = r"u?('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
_IN_TEMPLATE = re.compile(rf"\b(_|gettext|ngettext|pgettext)\({_TEXT}(?:\s*,\s*{_TEXT})?")


@dataclass(frozen=True)
class Message:
    """One marked string and where it stands; ``plural`` and ``context`` are empty when it has none."""

    text: str
    plural: str
    context: str
    place: str

    @property
    def key(self) -> tuple[str, str]:
        """What a catalogue knows it by."""
        return (self.context, self.text)


class NotLiteral(ValueError):
    """A marked string is put together at run time, so that no catalogue can know it; the message says where."""


def packages(source: Path = SOURCE) -> list[Path]:
    """The folders that keep a catalogue: every Django package, in the order of their names."""
    return sorted(found.parent for found in source.rglob("apps.py"))


def messages(package: Path) -> list[Message]:
    """Every marked string of a package's own modules and templates. Raises NotLiteral."""
    found: list[Message] = []
    others = [other for other in packages() if other != package and package in other.parents]
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.html"), *package.rglob("*.txt")]):
        if not any(other in path.parents for other in others):
            found += _in_module(path) if path.suffix == ".py" else _in_template(path)
    return found


def _in_module(path: Path) -> Iterator[Message]:
    """The marked strings of a Python module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = _called(node) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in SIMPLE | PLURAL | CONTEXT:
            place = f"{path.relative_to(SOURCE)}:{node.lineno}"
            needed = 1 if name in SIMPLE else 2
            yield _message(name, [_literal(part, place) for part in node.args[:needed]], place)


def _called(call: ast.Call) -> str:
    """The bare name of the function called; empty when it has none."""
    target = call.func
    return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""


def _literal(node: ast.expr, place: str) -> str:
    """The text of a string literal. Raises NotLiteral for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise NotLiteral(f"{place}: mark a plain string with named placeholders, not one put together at run time")


def _in_template(path: Path) -> Iterator[Message]:
    """The marked strings of a template."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - the command must start without settings

    place = str(path.relative_to(SOURCE))
    for name, first, second in _IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"), origin=place)):
        yield _message(name, [ast.literal_eval(part) for part in (first, second) if part], place)


def _message(name: str, parts: list[str], place: str) -> Message:
    """A call's arguments as a message."""
    if name in CONTEXT:
        return Message(parts[1], "", parts[0], place)
    return Message(parts[0], parts[1] if name in PLURAL else "", "", place)


def catalogue(package: Path) -> polib.POFile:
    """The package's English catalogue; an empty one when there is no file yet."""
    path = package / CATALOGUE
    if path.exists():
        return polib.pofile(str(path), wrapwidth=120)
    empty = polib.POFile(wrapwidth=120)
    empty.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return empty


def problems(package: Path) -> list[str]:
    """What is wrong with a package's catalogue, one line each; empty when it is complete."""
    try:
        wanted = {message.key: message for message in messages(package) if message.text}
    except NotLiteral as refused:
        return [str(refused)]
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue(package) if not entry.obsolete}
    where = (package / CATALOGUE).relative_to(SOURCE)
    missing = [
        f"{where}: no entry for {item.text!r} ({item.place})" for key, item in wanted.items() if key not in known
    ]
    unused = [f"{where}: nothing uses {key[1]!r}" for key in known if key not in wanted]
    wrong = [
        f"{where}: {fault}" for key, entry in known.items() if key in wanted for fault in _faults(entry, wanted[key])
    ]
    return missing + unused + wrong


def _faults(entry: polib.POEntry, message: Message) -> list[str]:
    """What is wrong with one entry."""
    given = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
    needed = 2 if message.plural else 1
    faults = [] if len(given) >= needed and all(given) else [f"no translation of {message.text!r}"]
    if entry.fuzzy:
        faults.append(f"{message.text!r} is marked fuzzy")
    expected = set(_PLACEHOLDER.findall(message.text + message.plural))
    # A singular may leave the number out ("one record"); no form may use a name that is not given.
    used = [set(_PLACEHOLDER.findall(text)) for text in given if text]
    if any(names - expected for names in used) or (used and not message.plural and used[0] != expected):
        faults.append(f"{message.text!r} needs the placeholders {sorted(expected)}")
    return faults


def sync(package: Path) -> tuple[int, int]:
    """Add missing entries and drop unused ones; gives how many of each. Translations are kept."""
    wanted = {message.key: message for message in messages(package) if message.text}
    book = catalogue(package)
    unused = [entry for entry in book if (entry.msgctxt or "", entry.msgid) not in wanted]
    for entry in unused:
        book.remove(entry)
    known = {(entry.msgctxt or "", entry.msgid) for entry in book}
    missing = [message for key, message in wanted.items() if key not in known]
    book.extend(_entry(message) for message in missing)
    if missing or unused:
        path = package / CATALOGUE
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(str(path))
    return len(missing), len(unused)


def _entry(message: Message) -> polib.POEntry:
    """An entry waiting for its translation."""
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: "", 1: ""}
    if _PLACEHOLDER.search(message.text):
        entry.flags.append("python-format")
    return entry


def compile_all(source: Path = SOURCE) -> int:
    """Write the ``.mo`` file beside every catalogue that changed since; gives how many were written."""
    written = 0
    for path in sorted(source.rglob("locale/*/LC_MESSAGES/django.po")):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(compiled))
            written += 1
    return written


def main(arguments: list[str]) -> int:
    """Run ``check``, ``sync`` or ``compile``; ``check`` gives 1 when a catalogue is incomplete."""
    match arguments:
        case ["compile"]:
            print(f"{compile_all()} catalogues compiled")
            return 0
        case ["sync", *names]:
            for package in packages():
                if not names or package.name in names:
                    added, dropped = sync(package)
                    print(f"{package.relative_to(SOURCE)}: {added} added, {dropped} dropped")
            return 0
        case ["check", *names]:
            found = [line for package in packages() if not names or package.name in names for line in problems(package)]
            print("\n".join(found or ["catalogues are complete"]), file=sys.stderr if found else sys.stdout)
            return 1 if found else 0
    print("usage: python -m qingqu.site.messages check [package …] | sync [package …] | compile", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
