"""Chinese punctuation: full width beside Chinese text, in what people read.

``python -m tools.typography check`` lists the places, ``fix`` writes them. Looks at string literals of Python files
(not docstrings, comments or raw strings), templates, catalogues, Chinese documents and the statements of the rulebook;
placeholders count as text.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
HAN = "\u3400-\u9fff"
WIDE = {
    ",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f", "!": "\uff01", "(": "\uff08", ")": "\uff09",
}  # fmt: skip
BESIDE = f"{HAN}\u3001\u3002\u201c\u201d\u2018\u2019\u300a\u300b\uff08\uff09\uff0c\uff1b\uff1a"
HOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{[^{}\s]*\}|</?[a-z][^<>]*>|&#?\w+;")
MASK = "\ue000"
"""Stands for a placeholder: it shows something, so what stands beyond it decides."""

PAIR = re.compile(r"\(([^()\n]*)\)")
SKIPPED = (
    "load/suggest.py",
    "load/values.py",
    "load/release.py",
    "tools/typography.py",
    "test_typography.py",
    "test_catalogues.py",
)
"""Files whose strings are patterns to be found in other people's tables, not words of ours."""


def widened(text: str) -> str:
    """``text`` with the punctuation beside Chinese characters made full width; placeholders and markup stay."""
    masked = HOLDER.sub(lambda match: MASK * len(match[0]), text)
    inside = {place for place, letter in enumerate(masked) if letter == MASK}
    letters = list(text)
    for match in PAIR.finditer(masked):
        start, end = match.span()
        touching = _neighbour(text, start, -1, inside) + _neighbour(text, end - 1, 1, inside)
        if re.search(f"[{HAN}]", match[1]) or re.search(f"[{BESIDE}]", touching):
            letters[start], letters[end - 1] = WIDE["("], WIDE[")"]
    paired = "".join(letters)
    for place, letter in enumerate(text):
        if letter in ",;:?!" and place not in inside:
            near = _neighbour(paired, place, -1, inside) + _neighbour(paired, place, 1, inside)
            if re.search(f"[{BESIDE}]", near):
                letters[place] = WIDE[letter]
    return re.sub(f"([{''.join(WIDE.values())}]) (?=[{HAN}])", r"\1", "".join(letters))


def _neighbour(text: str, place: int, step: int, inside: set[int]) -> str:
    """The nearest character on one side that is not part of a placeholder; empty at an end or a line break."""
    place += step
    while 0 <= place < len(text) and place in inside:
        place += step
    return text[place] if 0 <= place < len(text) and text[place] != "\n" else ""


def python(source: str) -> str:
    """A Python file with its plain string literals widened."""
    doc_lines = {
        node.body[0].lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    parts: list[str] = []
    done = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.STRING or not re.search(f"[{HAN}]", token.string):
            continue
        prefix = re.match(r"\w*", token.string)
        is_plain = "r" not in (prefix[0] if prefix else "").lower() and not token.string.lstrip("fF").startswith('"""')
        if not is_plain or token.start[0] in doc_lines:
            continue
        begin, end = starts[token.start[0] - 1] + token.start[1], starts[token.end[0] - 1] + token.end[1]
        parts += [source[done:begin], widened(source[begin:end])]
        done = end
    return "".join([*parts, source[done:]])


def template(source: str) -> str:
    """A template widened line by line, translatable literals inside tags included."""
    tagged = re.sub(
        r"\{% (?:trans|translate) (['\"])(.*?)\1", lambda match: match[0].replace(match[2], widened(match[2])), source
    )
    return "".join(widened(line) for line in tagged.splitlines(keepends=True))


def catalogue(source: str) -> str:
    """A catalogue with its msgids widened as wholes, however they are wrapped; translations stay."""
    entries = polib.pofile(source, wrapwidth=120)
    before = [(entry.msgid, entry.msgid_plural) for entry in entries]
    for entry in entries:
        entry.msgid, entry.msgid_plural = widened(entry.msgid), widened(entry.msgid_plural)
    after = [(entry.msgid, entry.msgid_plural) for entry in entries]
    return source if after == before else f"{entries}\n"


def document(source: str) -> str:
    """A Markdown document widened outside code."""
    parts = re.split(r"(```.*?```|`[^`\n]*`|\]\([^)\n]*\))", source, flags=re.DOTALL)
    return "".join(
        part if place % 2 else "".join(widened(line) for line in part.splitlines(keepends=True))
        for place, part in enumerate(parts)
    )


def rulebook(source: str) -> str:
    """The rulebook with its statements widened: they are summaries of ours; what is cited stays as it is cited."""
    return re.sub(r'(?m)^( *"statement": ")(.*)(",)$', lambda match: match[1] + widened(match[2]) + match[3], source)


def places() -> Iterator[tuple[Path, Callable[[str], str]]]:
    """Every file that is looked at, with its reader."""
    for path in [*ROOT.glob("src/**/*.py"), *ROOT.glob("tests/**/*.py")]:
        yield path, python
    for path in ROOT.glob("src/**/*.html"):
        yield path, template
    for path in ROOT.glob("src/**/*.po"):
        yield path, catalogue
    yield ROOT / "README.zh-CN.md", document
    yield ROOT / "src/qingqu/deployments/founding.json", widened
    yield ROOT / "src/qingqu/engines/statutes/rules.json", rulebook


def main(arguments: list[str]) -> int:
    """Check or fix; the exit code is the number of files that are not right, at most 1."""
    wrong = 0
    for path, read in places():
        if path.as_posix().endswith(SKIPPED) or not path.exists():
            continue
        source = path.read_text(encoding="utf-8")
        made = read(source)
        if made != source:
            wrong = 1
            print(path.relative_to(ROOT).as_posix())
            if arguments == ["fix"]:
                path.write_text(made, encoding="utf-8")
    return 0 if arguments == ["fix"] else wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
