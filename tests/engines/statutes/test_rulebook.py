"""The rulebook: versions, sources and what may be cited."""

import json
from datetime import date

import pytest

from qingqu.engines.statutes import NotInForce, UnknownRule, explain, rule, rules, show
from tests.shared import shared_path


class TestRule:
    def test_stands_as_it_stood_on_the_day(self) -> None:
        assert rule("DT-07", on=date(2025, 12, 31)).article == "21(3)"
        assert rule("DT-07", on=date(2026, 1, 1)).article == "23(3)"

    def test_is_refused_before_its_text_took_effect(self) -> None:
        assert rule("FI-01", on=date(2025, 6, 1)).value == 30
        with pytest.raises(NotInForce):
            rule("FI-01", on=date(2025, 5, 31))

    def test_unknown_ids_are_refused(self) -> None:
        with pytest.raises(UnknownRule):
            rule("XX-99")

    def test_loses_nothing_of_the_reference(self) -> None:
        reference = json.loads(shared_path("rulebook/rules.json").read_text(encoding="utf-8"))["rules"]
        own = {each.id: each for each in rules()}
        assert len(own) == len(reference)
        for entry in reference:
            for name, value in entry.items():
                assert getattr(own[entry["id"]], name) == value


class TestCitation:
    def test_shows_the_article_of_verified_rules_only(self) -> None:
        for each in rules():
            assert each.citation.shows_article == (each.status in {"V1", "V2"})
            if each.status in {"V2w", "U"}:
                assert (each.citation.zh, each.citation.en) == ("按规定", "as prescribed")

    def test_names_document_year_and_article(self) -> None:
        assert rule("PR-17").citation.zh == "《政府采购法》（2014年）第46条"


class TestExplain:
    def test_gives_the_date_and_the_reasons(self) -> None:
        explained = explain("WB-15", date(2026, 9, 24))
        assert explained["due_on"] == "2026-10-22"
        assert explained["why"][0] == {"step": "START", "on": "2026-09-24"}

    def test_never_shows_an_unverified_article(self) -> None:
        assert "article" not in show("WB-04")
        assert show("PR-17")["article"] == "46"
