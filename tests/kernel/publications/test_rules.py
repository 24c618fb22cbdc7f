"""Finding what may identify a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.kernel.publications import rules
from qingqu.kernel.publications.types import State, Trace


class TestScan:
    @pytest.mark.parametrize(
        ("text", "trace", "found"),
        [
            ("身份证号11010519491231002X。", Trace.RESIDENT_ID, "11010519491231002X"),
            (
                "身份证号\uff11\uff11\uff10\uff11\uff10\uff15\uff11\uff19\uff14\uff19\uff11\uff12\uff13\uff11\uff10\uff10\uff12\uff38",
                Trace.RESIDENT_ID,
                "\uff11\uff11\uff10\uff11\uff10\uff15\uff11\uff19\uff14\uff19\uff11\uff12\uff13\uff11\uff10\uff10\uff12\uff38",
            ),
            ("旧证110105491231002", Trace.RESIDENT_ID, "110105491231002"),
            ("电话13812345678", Trace.PHONE, "13812345678"),
            ("电话138 1234 5678", Trace.PHONE, "138 1234 5678"),
            ("座机023-67891234", Trace.PHONE, "023-67891234"),
            ("卡号6222 0212 3456 7890 123", Trace.BANK_CARD, "6222 0212 3456 7890 123"),
            ("住清源路18号", Trace.ADDRESS, "住清源路18号"),
            ("写信到a.b@example.cn", Trace.EMAIL, "a.b@example.cn"),
            ("王 小 明收受礼品", Trace.PARTY, "王 小 明"),
            ("同学李小花受罚", Trace.STUDENT, "李小花"),
            ("某小学三年级女生李某", Trace.STUDENT, "三年级女生李某"),
        ],
    )
    def test_finds(self, text: str, trace: Trace, found: str) -> None:
        hits = rules.scan(text, parties=["王小明"], students=["李小花"])

        assert [(hit.trace, hit.text) for hit in hits] == [(trace, found)]
        assert text[hits[0].start :].startswith(found)

    @pytest.mark.parametrize(
        "text",
        [
            "某校教师张某某收受礼品礼金，价值 1200 元。",
            "采购金额 12345678 元",
            "2026年9月24日",
            "合同号 20260924001",
            "清源路小学",
            "",
        ],
    )
    def test_leaves_alone(self, text: str) -> None:
        assert rules.scan(text, parties=["王小明"], students=["李小花"]) == ()

    def test_does_not_take_a_single_character_for_a_name(self) -> None:
        assert rules.scan("王某", parties=["王", " "]) == ()

    def test_names_an_overlap_once_by_its_graver_kind(self) -> None:
        hits = rules.scan("李小花", parties=["李小花"], students=["李小花"])

        assert [hit.trace for hit in hits] == [Trace.STUDENT]

    @given(st.text(alphabet="王小明0123456789Xx-@.路号 某学生三年级", max_size=60))
    def test_gives_stretches_of_the_text_in_order_without_overlaps(self, text: str) -> None:
        hits = rules.scan(text, parties=["王小明"])

        ends = [hit.start + len(hit.text) for hit in hits]
        assert all(text[hit.start : end] == hit.text for hit, end in zip(hits, ends, strict=True))
        assert all(end <= after.start for end, after in zip(ends, hits[1:], strict=False))

    @given(st.text(alphabet="甲乙丙 某", max_size=20), st.text(alphabet="甲乙丙 某", max_size=20))
    def test_never_misses_a_party_s_name(self, before: str, after: str) -> None:
        hits = rules.scan(f"{before}王小明{after}", parties=["王小明"])

        assert "王小明" in {hit.text for hit in hits}


class TestTransitions:
    def test_never_leave_published(self) -> None:
        table = {state: sorted(move.verb for move in moves) for state, moves in rules.TRANSITIONS.items()}

        assert table == {
            State.DRAFT: ["edit", "submit"],
            State.SUBMITTED: ["publish", "return"],
            State.PUBLISHED: [],
        }
