"""Chinese text reads as Chinese text: full-width punctuation in everything people read."""

import pytest

from qingqu.engines import redflags, statutes
from tools import typography


def half_width(said: list[str]) -> list[str]:
    """The texts that have half-width punctuation or straight quotation marks beside Chinese characters."""
    return [text for text in said if typography.widened(text) != text or '"' in text]


class TestPunctuation:
    def test_is_full_width_beside_chinese_text(self) -> None:
        wrong = [
            path.relative_to(typography.ROOT).as_posix()
            for path, read in typography.places()
            if path.exists()
            and not path.as_posix().endswith(typography.SKIPPED)
            and read(path.read_text(encoding="utf-8")) != path.read_text(encoding="utf-8")
        ]
        assert wrong == [], "run: python -m tools.typography fix"

    @pytest.mark.parametrize(
        ("narrow", "wide"),
        [
            ("\u5230\u671f\u65e5:{{ day }}", "\u5230\u671f\u65e5\uff1a{{ day }}"),
            ("\u622a\u81f3%(day)s,%(unit)s", "\u622a\u81f3%(day)s\uff0c%(unit)s"),
            ("1,234 / no such folder: {path}", "1,234 / no such folder: {path}"),
            ("\u65e5(\u5468\u672b)", "\u65e5\uff08\u5468\u672b\uff09"),
            ("\u65e5(\u5468\u672b):2", "\u65e5\uff08\u5468\u672b\uff09\uff1a2"),
        ],
    )
    def test_looks_through_placeholders_and_leaves_english_alone(self, narrow: str, wide: str) -> None:
        assert typography.widened(narrow) == wide

    def test_of_the_law_is_changed_only_in_our_own_statements(self) -> None:
        entry = '  "statement": "{0}",\n  "doc": "{0}",\n'
        narrow, wide = "\u65e5(\u5468\u672b)", "\u65e5\uff08\u5468\u672b\uff09"
        assert typography.rulebook(entry.format(narrow)) == f'  "statement": "{wide}",\n  "doc": "{narrow}",\n'


class TestWhatIsShown:
    def test_of_a_rule_reads_as_chinese(self) -> None:
        rules = statutes.rules()
        assert half_width([text for rule in rules for text in (rule.statement, rule.citation.zh)]) == []

    def test_of_an_indicator_reads_as_chinese(self) -> None:
        said = [
            words.zh
            for each in redflags.indicators()
            for words in (each.title, each.null, each.explanation, *each.innocent)
        ]
        assert len(said) > len(redflags.REGISTER)
        assert half_width(said) == []

    def test_is_told_apart_when_it_does_not(self) -> None:
        good = "\u5230\u671f\uff1a\u660e\u5929"
        wrong = [good.replace("\uff1a", ":"), f'"{good}"']
        assert half_width([good, *wrong]) == wrong
