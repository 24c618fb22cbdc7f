"""Pure decisions about draws."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.engines import draw as engine
from qingqu.kernel.draws import rules
from qingqu.kernel.draws.types import Kind, Line, SourceKind, State, Terms
from tests.factories import AT
from tests.kernel.draws.stage import TERMS

WORDS = st.text(alphabet="甲乙丙丁戊己庚辛", min_size=1, max_size=6)


class TestTransitions:
    def test_lead_from_the_preparation_to_the_result_or_to_its_end(self) -> None:
        reached, waiting = set(), [State.DRAFT]
        while waiting:
            state = waiting.pop()
            reached.add(state)
            waiting += [move.to for move in rules.TRANSITIONS[state] if move.to not in reached]
        assert reached == set(State)

    @pytest.mark.parametrize("state", [State.DRAWN, State.ABANDONED])
    def test_end_where_a_second_try_would_begin(self, state: State) -> None:
        assert rules.TRANSITIONS[state] == ()

    @pytest.mark.parametrize("state", [State.FROZEN, State.COMMITTING, State.REVEALING, State.DRAWN])
    def test_never_change_what_is_frozen(self, state: State) -> None:
        assert not rules.may_move(state, "change")


class TestAreInOrder:
    def test_wants_each_moment_after_the_one_before(self) -> None:
        assert rules.are_in_order(AT, TERMS)
        assert not rules.are_in_order(TERMS.commit_by, TERMS)
        hour = timedelta(hours=1)
        for moments in ((1, 1, 2), (2, 1, 3), (1, 3, 3), (1, 3, 2)):
            terms = Terms(*(AT + step * hour for step in moments), SourceKind.DICE, 20)
            assert not rules.are_in_order(AT, terms), moments


class TestLines:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("", []),
            ("\n \n", []),
            ("甲", [Line("甲")]),
            ("甲，高", [Line("甲", "高")]),
            ("甲\x2c高\x2c7", [Line("甲", "高", "7")]),
            ("甲\t高\t7\t多余", [Line("甲", "高", "7")]),
            ("名称，分层\n甲，高", [Line("甲", "高")]),
            ("姓名\n 甲 ", [Line("甲")]),
        ],
    )
    def test_reads_what_people_paste(self, text: str, found: list[Line]) -> None:
        assert rules.lines(text) == found

    @given(st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=8))
    def test_gives_back_every_cell(self, rows: list[tuple[str, str, str]]) -> None:
        text = "\n".join("，".join(row) for row in rows)
        assert [(line.label, line.stratum, line.number) for line in rules.lines(text)] == rows


class TestCounts:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("", ({}, {})),
            ("高，2", ({"高": 2}, {"高": 0})),
            ("高，2，1\n低，3", ({"高": 2, "低": 3}, {"高": 1, "低": 0})),
        ],
    )
    def test_reads_a_stratum_a_line(self, text: str, found: object) -> None:
        assert rules.counts(text, ["高", "低"]) == found

    def test_needs_no_name_for_the_only_stratum(self) -> None:
        assert rules.counts("2，1", ["全部"]) == ({"全部": 2}, {"全部": 1})

    @pytest.mark.parametrize(
        "text", ["2", "中，1", "高", "高，二", "高，-1", "高，1，2，3", "高，1\n高，2", "高，9999999", "高，²"]
    )
    def test_names_the_line_that_cannot_be_read(self, text: str) -> None:
        with pytest.raises(ValueError, match=text.splitlines()[-1]):
            rules.counts(text, ["高", "低"])


class TestNumbered:
    def test_lets_things_stand_by_name_and_people_by_a_running_number(self) -> None:
        given_lines = [Line("甲"), Line("乙", "高")]
        assert [line.number for line in rules.numbered(given_lines, is_personal=False)] == ["甲", "乙"]
        assert [line.number for line in rules.numbered(given_lines, is_personal=True)] == ["0001", "0002"]
        assert [line.stratum for line in rules.numbered(given_lines, is_personal=True)] == [rules.WHOLE, "高"]

    def test_keeps_a_number_that_was_brought_along(self) -> None:
        assert rules.numbered([Line("甲", "", "报名17")], is_personal=True)[0].number == "报名17"

    @given(st.lists(WORDS, min_size=1, max_size=40))
    def test_never_gives_a_persons_name_away(self, names: list[str]) -> None:
        numbers = [line.number for line in rules.numbered([Line(name) for name in names], is_personal=True)]
        assert len(set(numbers)) == len(names)
        assert all(number.isdigit() for number in numbers)


class TestIsPersonal:
    @pytest.mark.parametrize(
        ("kind", "has_public_names", "found"),
        [
            (Kind.SCHOOLS, False, False),
            (Kind.ROLLOUT, False, False),
            (Kind.INSPECTORS, True, True),
            (Kind.EXPERTS, True, True),
            (Kind.CHILDREN, True, True),
            (Kind.FREE, False, True),
            (Kind.FREE, True, False),
        ],
    )
    def test_leaves_the_choice_to_a_free_roster_alone(self, kind: Kind, has_public_names: bool, found: bool) -> None:
        assert rules.is_personal(kind, has_public_names=has_public_names) is found


class TestRoster:
    def roster(self, **changed: object) -> dict[str, object]:
        facts: dict[str, object] = {
            "number": "CQ2026-000001",
            "kind": "SCHOOLS",
            "entries": [("高", "乙"), ("高", "甲"), ("低", "丙")],
            "quotas": {"高": 1, "低": 1},
            "reserves": {"高": 1},
            "parties": ["区教育局"],
            "terms": TERMS,
        }
        return rules.roster(**(facts | changed))

    def test_is_what_the_engine_freezes(self) -> None:
        found = engine.freeze(self.roster())
        assert found.quotas == {"高": 1, "低": 1}
        assert found.deadlines == {"commit_by": "2026-09-24T03:00:00Z", "reveal_by": "2026-09-24T05:00:00Z"}

    def test_draws_everybody_without_quotas(self) -> None:
        assert engine.freeze(self.roster(quotas={}, reserves={})).quotas == {"高": 2, "低": 1}

    def test_has_no_deadlines_without_parties(self) -> None:
        terms = Terms(TERMS.commit_by, TERMS.reveal_by, TERMS.source_at, SourceKind.DRAND)
        assert engine.freeze(self.roster(parties=[], terms=terms)).deadlines == {}

    @pytest.mark.parametrize(
        ("terms", "own"),
        [
            (TERMS, {"kind": "DICE", "throws": 20}),
            (
                Terms(TERMS.commit_by, TERMS.reveal_by, TERMS.source_at, SourceKind.LOTTERY, None, "SSQ", "2026101"),
                {"kind": "LOTTERY", "game": "SSQ", "issue": "2026101"},
            ),
            (
                Terms(TERMS.commit_by, TERMS.reveal_by, TERMS.source_at, SourceKind.DRAND),
                {"kind": "DRAND", "round": engine.round_at("2026-09-24T06:00:00Z")},
            ),
        ],
    )
    def test_names_the_source_with_what_belongs_to_it(self, terms: Terms, own: dict[str, object]) -> None:
        common = {"id": rules.PUBLIC_SOURCE, "at": "2026-09-24T06:00:00Z"}
        assert rules.source(terms) == common | own


class TestRecusalDigest:
    def test_depends_on_every_part(self) -> None:
        parts = ["CQ2026-000001", "高", "甲", "00"]
        digests = {rules.recusal_digest(*parts)}
        for place in range(4):
            digests.add(rules.recusal_digest(*(part + ("x" if at == place else "") for at, part in enumerate(parts))))
        assert len(digests) == 5

    def test_is_opened_by_what_the_bundle_says(self) -> None:
        assert rules.recusal_words("ab" * 32).endswith("ab" * 32)
