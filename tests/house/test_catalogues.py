"""Both languages are complete, and the checker sees what is wrong."""

from pathlib import Path

import polib
import pytest

from qingqu.site import messages
from tests.house.tree import name_of, packages


@pytest.mark.parametrize("package", packages(), ids=name_of)
def test_the_english_catalogue_is_complete(package: Path) -> None:
    assert messages.problems(package) == []


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one module and one template, in a source tree of its own."""
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    monkeypatch.setattr(messages, "packages", lambda: [tmp_path / "shop"])
    folder = tmp_path / "shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "apps.py").write_text("")
    (folder / "pages.py").write_text('from x import gettext as _\nTITLE = _("已有%(count)s条")\n', encoding="utf-8")
    (folder / "templates" / "shop.html").write_text('{% trans "首页" %}', encoding="utf-8")
    return folder


def translate(package: Path, words: dict[str, str]) -> None:
    messages.sync(package)
    book = messages.catalogue(package)
    for entry in book:
        entry.msgstr = words.get(entry.msgid, entry.msgstr)
    book.save(str(package / messages.CATALOGUE))


WHOLE = {"已有%(count)s条": "%(count)s so far", "首页": "Home"}


class TestProblems:
    def test_are_none_when_everything_is_translated(self, package: Path) -> None:
        translate(package, WHOLE)
        assert messages.problems(package) == []

    def test_name_each_string_without_an_entry_and_where_it_stands(self, package: Path) -> None:
        found = messages.problems(package)
        assert len(found) == 2
        assert "pages.py:2" in found[0]

    def test_name_an_empty_translation(self, package: Path) -> None:
        translate(package, {**WHOLE, "首页": ""})
        assert len(messages.problems(package)) == 1

    def test_name_a_lost_placeholder(self, package: Path) -> None:
        translate(package, {**WHOLE, "已有%(count)s条": "some so far"})
        assert "count" in messages.problems(package)[0]

    def test_name_an_entry_that_nothing_uses(self, package: Path) -> None:
        translate(package, WHOLE)
        (package / "templates" / "shop.html").write_text("", encoding="utf-8")
        assert "nothing uses" in messages.problems(package)[0]

    def test_refuse_a_string_put_together_at_run_time(self, package: Path) -> None:
        (package / "pages.py").write_text('x = _(f"已有{1}条")\n', encoding="utf-8")
        assert "put together at run time" in messages.problems(package)[0]


class TestSync:
    def test_keeps_translations_and_drops_the_unused(self, package: Path) -> None:
        translate(package, WHOLE)
        (package / "templates" / "shop.html").write_text('{% trans "帮助" %}', encoding="utf-8")
        assert messages.sync(package) == (1, 1)
        kept = {entry.msgid: entry.msgstr for entry in messages.catalogue(package)}
        assert kept == {"已有%(count)s条": "%(count)s so far", "帮助": ""}


class TestCompileAll:
    def test_writes_what_gettext_reads_and_only_when_changed(self, package: Path) -> None:
        translate(package, WHOLE)
        assert messages.compile_all(package) == 1
        assert messages.compile_all(package) == 0
        compiled = polib.mofile(str((package / messages.CATALOGUE).with_suffix(".mo")))
        assert {entry.msgid: entry.msgstr for entry in compiled} == WHOLE
