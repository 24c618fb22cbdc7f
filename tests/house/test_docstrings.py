"""The form of docstrings, and the law they name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from qingqu.engines.statutes.rulebook import rules
from tests.house.tree import SOURCE, name_of

LAW = re.compile(r"^\s*Law: (?P<text>.+)$", re.MULTILINE)
RULE_ID = re.compile(r"\b([A-Z]{2,3}-\d{1,3})\b")
KNOWN = {rule.id for rule in rules()}
PREFIXES = {rule_id.partition("-")[0] for rule_id in KNOWN}


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


def documented(path: Path) -> Iterator[tuple[str, str]]:
    """Where and what, for every docstring of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text is not None:
                yield f"{name_of(path)}:{getattr(node, 'name', 'module')}", text


def everything() -> list[tuple[str, str]]:
    """Where and what, for every docstring of the product."""
    return [found for path in modules() for found in documented(path)]


class TestDocstring:
    def test_begins_with_one_whole_sentence(self) -> None:
        wrong = [where for where, text in everything() if not text.splitlines()[0].rstrip().endswith((".", ":", "?"))]
        assert wrong == []

    def test_does_not_begin_with_a_list_of_arguments(self) -> None:
        wrong = [
            where
            for where, text in everything()
            if re.search(r"^(Args|Returns|Raises|Parameters):", text, re.MULTILINE)
        ]
        assert wrong == []

    def test_names_only_law_that_the_rulebook_holds(self) -> None:
        named = {
            (where, rule_id)
            for where, text in everything()
            for law in LAW.finditer(text)
            for rule_id in RULE_ID.findall(law["text"])
        }
        assert sorted((where, rule_id) for where, rule_id in named if rule_id not in KNOWN) == []


def test_law_is_named_somewhere() -> None:
    assert any(LAW.search(text) for _where, text in everything())
