"""Finding by phrase: adjacency, counts, who may find, snippets."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from qingqu.kernel.core import search, tokens
from qingqu.kernel.core.models import SearchRow
from qingqu.kernel.org.types import Role
from tests.factories import actor, make_unit, seat

DAY = date(2026, 9, 24)


def put(subject_id, title, text="", *, is_public=True, dated_on=DAY, kind="directive", **changes):
    """A findable subject."""
    search.put(
        search.Findable(
            kind=kind,
            subject_id=subject_id,
            title=title,
            text=text,
            url=f"/x/{subject_id}/",
            is_public=is_public,
            dated_on=dated_on,
            **changes,
        )
    )


def found(query, **changes):
    """The ids of what was found, in order."""
    return [hit.subject_id for hit in search.find(query, **changes).rows]


@pytest.mark.django_db
class TestFind:
    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("师德", True),
            ("德师", True),
            ("师德师风", True),
            ("德风", False),
            ("风师", False),
            ("师德 监督", True),
            ("师德 审计", False),
            ("监督执纪，严肃", True),
            ("执纪严肃", False),
            ("2026年", True),
            ("026", False),
            ("FI-22", True),
            ("fi-22", True),
            ("ＦＩ－２２", True),
            ("FI22", False),
            ("问责 2026", True),
        ],
    )
    def test_matches_only_tokens_that_stand_side_by_side(self, query, is_found):
        put(1, "师德师风建设", "加强监督执纪，严肃问责。2026年按 FI-22 执行。")

        assert found(query) == (["1"] if is_found else [])

    def test_never_matches_across_title_and_text(self):
        put(1, "师德", "师风")

        assert found("德师") == []

    def test_matches_across_a_line_wrapped_inside_a_word(self):
        put(1, "通知", "深入开展党纪学\n习教育")

        assert found("党纪学习") == ["1"]

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "   ",
            "“”",
            '"',
            "*",
            "' OR 1=1 --",
            '师" OR "x',
            "NEAR（师 德）",
            "title：师",
            "^师",
            "师*",
            "%",
            "_",
            "\\",
            "\x00",
        ],
    )
    def test_treats_every_query_as_words(self, query):
        put(1, "廉政教育", "严肃问责")

        assert search.find(query).total == 0

    def test_finds_rare_characters_outside_the_basic_plane(self):
        put(1, "关于𬭚某的通知")
        put(2, "关于𬭛某的通知")

        assert found("𬭚某") == ["1"]

    def test_counts_exactly_and_pages_the_newest_first(self):
        for number in range(45):
            put(number, f"第{number}号通知", dated_on=DAY - timedelta(days=number))

        first, third = search.find("通知"), search.find("通知", number="3")

        assert (first.total, len(first.rows), first.has_next) == (45, 20, True)
        assert [hit.subject_id for hit in third.rows] == ["40", "41", "42", "43", "44"]
        assert (third.has_next, third.has_previous) == (False, True)

    @pytest.mark.parametrize("number", ["0", "-3", "x", None, "9" * 40])
    def test_takes_any_page_number(self, number):
        put(1, "通知")

        assert search.find("通知", number=number).total == 1

    def test_costs_two_queries(self):
        for number in range(200):
            put(number, "通知")

        with CaptureQueriesContext(connection) as spent:
            search.find("通知")

        assert len(spent) == 2

    def test_keeps_to_the_asked_kinds(self):
        put(1, "通知")
        put(1, "通知", kind="publication")

        assert [hit.kind for hit in search.find("通知", kinds=("publication",)).rows] == ["publication"]

    def test_replaces_and_drops(self):
        put(1, "旧题")
        put(1, "新题")
        assert (found("旧题"), found("新题")) == ([], ["1"])

        search.drop(kind="directive", subject_id=1)

        assert found("新题") == []

    def test_cuts_a_query_at_its_limit(self):
        put(1, "师" * 300)

        assert found("师" * 5000) == ["1"]


@pytest.mark.django_db
class TestWhoMayFind:
    def test_shows_the_public_public_rows_only(self):
        root = make_unit()
        put(1, "公开通知")
        put(2, "内部通知", is_public=False, unit_path=root.path)
        put(3, "职工通知", is_public=False, right=search.SIGNED_IN)

        assert found("通知") == ["1"]
        assert search.find("通知").total == 1

    def test_shows_a_school_its_own_rows_and_not_the_neighbours(self):
        root = make_unit()
        here = make_unit("一小", parent=root, kind="PRIMARY")
        there = make_unit("二小", parent=root, kind="PRIMARY")
        put(1, "一小通知", is_public=False, unit_path=here.path)
        put(2, "二小通知", is_public=False, unit_path=there.path)
        put(3, "职工通知", is_public=False, right=search.SIGNED_IN)
        put(4, "线索通知", is_public=False, unit_path=here.path, right="VIEW_LEADS")
        principal, leader = seat(Role.PRINCIPAL, here), seat(Role.LEADER, root)

        assert found("通知", actor=actor(principal)) == ["3", "1"]
        assert found("通知", actor=actor(leader)) == ["4", "3", "2", "1"]
        assert search.find("通知", actor=actor(principal)).total == 2

    def test_shows_a_teacher_nothing_that_needs_a_right(self):
        root = make_unit()
        put(1, "内部通知", is_public=False, unit_path=root.path)

        assert found("通知", actor=actor(seat(Role.TEACHER, root))) == []


@pytest.mark.django_db
class TestSnippet:
    def test_marks_the_match_and_escapes_the_rest(self):
        put(1, "<b>通知</b>", "<script>alert（1）</script>关于师德的通知")

        hit = search.find("通知").rows[0]

        assert hit.title == "&lt;b&gt;<mark>通知</mark>&lt;/b&gt;"
        assert "<script>" not in hit.snippet
        assert "<mark>通知</mark>" in hit.snippet

    def test_shows_the_neighbourhood_of_the_first_match(self):
        put(1, "题", "甲" * 500 + "师德" + "乙" * 500)

        snippet = search.find("师德").rows[0].snippet

        assert snippet.startswith("…甲")
        assert "<mark>师德</mark>乙" in snippet
        assert snippet.endswith("…")
        assert len(snippet) < 200


ALPHABET = "师德风纪党a1 ，。"


class TestAgainstPlainText(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(
        texts=st.lists(st.text(ALPHABET, max_size=14), min_size=1, max_size=8),
        query=st.text("师德风纪党", min_size=1, max_size=4),
    )
    def test_finds_exactly_the_texts_that_contain_the_characters_side_by_side(self, texts, query):
        SearchRow.objects.all().delete()
        for number, text in enumerate(texts):
            put(number, "无", text)

        expected = {str(number) for number, text in enumerate(texts) if query in unwrapped(text)}

        results = search.find(query)
        assert {hit.subject_id for hit in results.rows} == expected
        assert results.total == len(expected)


def unwrapped(text):
    """The text without the white space between Chinese characters."""
    kept = ""
    for at, letter in enumerate(text):
        rest = text[at:].lstrip()
        between = letter == " " and kept[-1:] in set("师德风纪党") and rest[:1] in set("师德风纪党")
        kept += "" if between else letter
    return kept


class TestTokens:
    @given(st.text(max_size=80))
    def test_points_back_into_the_text(self, text):
        for token in tokens.read(text):
            assert 0 <= token.start <= token.end <= len(text)

    @given(st.text(max_size=80), st.text(max_size=10))
    def test_loses_no_letter_in_a_snippet(self, text, query):
        parts = tokens.mark(text, tokens.phrases(query))

        assert "".join(part.text for part in parts) == text

    @given(st.text(max_size=80))
    def test_holds_no_quote_or_operator(self, text):
        words = tokens.spaced(text).split()

        assert all(word == tokens.BREAK or word.isalnum() for word in words)
