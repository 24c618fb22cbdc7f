"""Chinese text reads as Chinese text: full-width punctuation in everything people read."""

import pytest

from tools import typography


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
        ],
    )
    def test_looks_through_placeholders_and_leaves_english_alone(self, narrow: str, wide: str) -> None:
        assert typography.widened(narrow) == wide
