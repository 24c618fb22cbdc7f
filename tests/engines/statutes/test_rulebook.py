"""The rulebook: versions, sources and what may be cited."""

import json
from datetime import date

import pytest

from qingqu.engines.statutes import (
    Extension,
    NotInForce,
    Pause,
    UnknownRule,
    due_on,
    explain,
    reasons,
    rule,
    rules,
    show,
)
from tests.shared import shared_path
from tools import derive_rules


class TestRule:
    def test_stands_as_it_stood_on_the_day(self) -> None:
        assert rule("DT-07", on=date(2025, 12, 31)).article == "21(3)"
        assert rule("DT-07", on=date(2026, 1, 1)).article == "23(3)"

    def test_is_refused_before_its_text_took_effect(self) -> None:
        assert rule("PR-18", on=date(2015, 3, 1)).value == 2
        with pytest.raises(NotInForce):
            rule("PR-18", on=date(2015, 2, 28))

    def test_has_one_version_at_most_on_any_day(self) -> None:
        for each in rules():
            for day in (date(2019, 1, 1), date(2025, 5, 31), date(2025, 6, 1), date(2026, 1, 1)):
                try:
                    assert rule(each.id, on=day).stands(day)
                except NotInForce:
                    continue

    def test_unknown_ids_are_refused(self) -> None:
        with pytest.raises(UnknownRule):
            rule("XX-99")

    def test_loses_nothing_of_the_reference(self) -> None:
        reference = json.loads(shared_path("rulebook/rules.json").read_text(encoding="utf-8"))["rules"]
        own = {each.id: each for each in rules()}
        assert len(own) == len(reference)
        for entry in reference:
            for name, value in entry.items():
                wanted = derive_rules.stated(value) if name == "statement" else value
                assert getattr(own[entry["id"]], name) == wanted


class TestCitation:
    def test_shows_the_article_of_verified_rules_only(self) -> None:
        for each in rules():
            assert each.citation.shows_article == (each.status in {"V1", "V2"})
            if each.status in {"V2w", "U"}:
                assert (each.citation.zh, each.citation.en) == ("按规定", "as prescribed")

    def test_names_document_year_and_article(self) -> None:
        assert rule("PR-17").citation.zh == "《政府采购法》（2014年）第46条"
        assert rule("PR-17").citation.en == "《政府采购法》 (2014), art. 46"

    def test_names_the_document_only_where_the_article_is_not_certain(self) -> None:
        for rule_id in ("DL-05", "DL-32", "DL-34", "PR-40"):
            assert "第" not in rule(rule_id).citation.zh.replace("财政部令第87号", "")
            assert "art." not in rule(rule_id).citation.en

    def test_names_both_documents_of_a_rule_that_stands_in_two(self) -> None:
        assert rule("ET-35").citation.zh == "《未成年人保护法》第27条、《义务教育法》第29条"

    def test_never_shows_the_shorthand_or_the_doubts_of_the_reference(self) -> None:
        for each in rules():
            for shown in (each.citation.zh, each.citation.en):
                assert not any(word in shown for word in ("同上", "UNVERIFIED", "JW", "(U)", "XT", "—"))


class TestExplain:
    def test_gives_the_date_and_the_reasons(self) -> None:
        explained = explain("WB-15", date(2026, 9, 24))
        assert explained["due_on"] == "2026-10-22"
        assert explained["why"][0] == {"step": "START", "on": "2026-09-24"}

    def test_never_shows_an_unverified_article(self) -> None:
        for each in rules():
            shown = show(each.id)
            assert ("article" in shown) == each.article_is_checked
            if each.status not in {"V1", "V2"}:
                assert not {"doc", "article"} & set(shown)
        assert show("PR-17")["article"] == "46"
        assert "article" not in show("DL-05")


class TestReasons:
    def test_say_every_step_in_its_order_in_either_language(self) -> None:
        due = due_on(
            "XF-04",
            date(2026, 12, 2),
            pauses=[Pause(date(2026, 12, 7), date(2026, 12, 8), "等待鉴定")],
            extensions=[Extension("XF-05", "分管负责人", date(2027, 1, 4), "案情复杂")],
            unknown_year="weekends",
        )
        chinese, english = reasons(due.steps), reasons(due.steps, in_english=True)
        assert len(chinese) == len(english) == len(due.steps)
        assert chinese[0] == "自2026-12-02起算，当日不计。"
        assert chinese[1] == "期限：60日（《信访工作条例》（2022年）第34条）。"
        assert any("等待鉴定" in line for line in english)
        assert "分管负责人" in "".join(chinese)
        assert "2027年放假安排尚未公布" in "".join(chinese)

    def test_name_the_days_passed_over(self) -> None:
        lines = reasons(due_on("WB-15", date(2026, 9, 24)).steps, in_english=True)
        assert "2026-10-01 (National Day)" in "".join(lines)
        assert "国庆节" not in "".join(lines)
