"""A question is understood by its words alone: the part it names, the whole, or nothing that is recorded."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.insight.rules import understand
from qingqu.insight.types import Asked, MeasureFacts, PillarFacts, Reach
from qingqu.insight.vocabulary import PILLARS, TOPICS

FOUNDING = json.loads(files("qingqu.deployments").joinpath("founding.json").read_text("utf-8"))["measures"]
CODES = [row["key"].removeprefix("F-") for row in FOUNDING]


def _pillars() -> tuple[PillarFacts, ...]:
    """The founding directive's pillars; a measure's id is its place in the document."""
    return tuple(
        PillarFacts(
            pillar, number, "", next(row["keyword"] for row in FOUNDING if row["pillar"] == pillar), "", "", "",
            tuple(
                MeasureFacts(place, row["key"], row["name"], row["text"])
                for place, row in enumerate(FOUNDING)
                if row["pillar"] == pillar
            ),
        )
        for number, pillar in enumerate(PILLARS, start=1)
    )  # fmt: skip


def _asked(question: str) -> Asked:
    return understand(question, _pillars())


def _measures(question: str) -> list[str]:
    return [CODES[place] for place in sorted(_asked(question).measures)]


class TestUnderstand:
    @pytest.mark.parametrize(
        "question",
        [
            "",
            "最新部署有哪些，如何推动教育生态优化与教师队伍廉洁建设？",
            "黔江政府在教育系统全面从严治党方面有哪些最新部署？这些部署将如何推动教育生态优化与教师队伍廉洁建设？",
            "哪些逾期了",
            "What are the latest deployments, and how do they drive a better education ecosystem and a clean "
            "teaching corps?",
        ],
    )
    def test_takes_a_question_about_deployments_at_large_as_about_the_whole(self, question: str) -> None:
        assert _asked(question).reach is Reach.WHOLE

    @pytest.mark.parametrize(
        ("question", "pillar"),
        [
            ("思想引领", "LEARNING"),
            ("制度机制有哪些措施", "SAFEGUARDS"),
            ("师德", "ETHICS"),
            ("师德师风有哪些部署？", "ETHICS"),
            ("Teacher ethics?", "ETHICS"),
            ("监督执纪情况", "SUPERVISION"),
            ("党建融合", "PARTY"),
            ("party building", "PARTY"),
        ],
    )
    def test_takes_the_name_of_a_pillar_for_all_of_it(self, question: str, pillar: str) -> None:
        asked = _asked(question)
        assert (asked.reach, asked.pillars, asked.measures) == (Reach.PART, {pillar}, frozenset())

    @pytest.mark.parametrize(
        ("question", "measures"),
        [
            ("师德承诺书签了多少？", ["3.1"]),
            ("有偿补课怎么治理", ["3.2"]),
            ("paid tutoring", ["3.2"]),
            ("线上学习平台", ["1.1"]),
            ("党史学习教育常态化", ["1.2"]),
            ("深入开展党纪学习教育", ["1.1"]),
            ("“党建+”育人", ["5.1"]),
            ("体罚和举报", ["3.2", "4.2"]),
            ("采购、招生和举报", ["2.1", "4.2"]),
            ("财务专项检查", ["4.1"]),
            ("责任链条", ["2.2"]),
        ],
    )
    def test_takes_a_more_exact_word_for_the_measures_that_hold_it(self, question: str, measures: list[str]) -> None:
        asked = _asked(question)
        assert (_measures(question), asked.pillars) == (measures, frozenset())

    @pytest.mark.parametrize(
        ("question", "finding"),
        [
            ("审计提示有多少条", "FLAGS"),
            ("how many leads are there", "LEADS"),
            ("整改", "RECTIFICATIONS"),
            ("最近有什么通报", "PUBLICATIONS"),
        ],
    )
    def test_takes_casework_for_its_own_figures(self, question: str, finding: str) -> None:
        assert _asked(question).findings == {finding}

    @pytest.mark.parametrize("question", ["今天天气怎么样？", "校长是谁", "hello", "weather in Beijing", "leadership"])
    def test_does_not_pretend_to_answer_what_is_not_recorded(self, question: str) -> None:
        asked = _asked(question)
        assert asked.reach is Reach.NONE
        assert asked.terms

    def test_searches_for_the_records_words(self) -> None:
        assert _asked("食堂伙食费有什么通报").terms == ("食堂伙食费", "通报")
        assert _asked("paid tutoring").terms == ("有偿补课",)
        assert _asked("ethics").terms == ("师德师风",)

    def test_repeats_the_words_as_they_were_said(self) -> None:
        assert _asked("Inspections, please").words == ("inspections",)

    def test_knows_the_keyword_of_a_directive_of_tomorrow(self) -> None:
        pillars = (PillarFacts("PARTY", 5, "", "清风课堂", "", "", "", ()), *_pillars()[:4])
        assert understand("清风课堂", pillars).pillars == {"PARTY"}

    def test_falls_back_to_the_pillar_when_no_measure_holds_the_word(self) -> None:
        pillars = tuple(PillarFacts(pillar, 1, "", pillar, "", "", "", ()) for pillar in PILLARS)
        assert understand("体罚", pillars).pillars == {"ETHICS"}

    @given(st.text(max_size=200))
    def test_stands_whatever_is_asked(self, question: str) -> None:
        asked = _asked(question)
        assert (asked.reach is Reach.PART) == bool(asked.pillars or asked.measures or asked.findings)
        assert asked == _asked(question)


class TestVocabulary:
    def test_says_each_word_once(self) -> None:
        words = [word for topic in TOPICS for word in topic.said] + [word for own in PILLARS.values() for word in own]
        assert len(words) == len(set(words))

    def test_places_every_topic_in_a_pillar(self) -> None:
        assert {topic.pillar for topic in TOPICS} <= set(PILLARS)
