"""The live answer says what the facts say, and nothing else."""

import re
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from qingqu.insight.composition import compose as composed
from qingqu.insight.renderings import as_dict, as_document, as_text
from qingqu.insight.rules import understand
from qingqu.insight.types import Answer, DirectiveFacts, Facts, MeasureFacts, Mention, Mentions, PillarFacts, WorkFacts

QUESTION = "最新部署有哪些，如何推动教育生态优化与教师队伍廉洁建设？"
AT = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PILLARS = ("LEARNING", "SAFEGUARDS", "ETHICS", "SUPERVISION", "PARTY")


def compose(question: str, facts: Facts, mentions: Mentions | None = None) -> Answer:
    """The answer to a question as it is asked."""
    return composed(understand(question, facts.pillars), facts, mentions=mentions)


def _measure(**facts: object) -> MeasureFacts:
    return replace(MeasureFacts(7, "4.1", "建立常态化监督检查机制", "开展专项检查。"), **facts)


def _facts(*measures: MeasureFacts, work: WorkFacts | None = None) -> Facts:
    pillars = tuple(
        PillarFacts(pillar, number, f"第{number}方面", f"关键词{number}", "措施", "目标", "成效", measures)
        for number, pillar in enumerate(PILLARS, start=1)
    )
    directive = DirectiveFacts(1, "工作要点", "清教发〔2026〕1号", "区委教育工委", date(2026, 3, 2))
    return Facts(AT, "清源区", "清源区教育局", (directive,), pillars, work or WorkFacts())


class TestCompose:
    def test_keeps_the_founding_shape(self) -> None:
        answer = compose(QUESTION, _facts(_measure()))
        assert [section.number for section in answer.sections] == [1, 2, 3, 4, 5]
        assert len(answer.table) == 5
        assert answer.introduction
        assert answer.conclusion

    def test_says_that_nothing_proves_a_measure_without_evidence(self) -> None:
        answer = compose(QUESTION, _facts(_measure(units=3)))
        assert "尚无佐证。" in [sentence.text for sentence in answer.sections[0].measures[0].sentences]

    def test_dates_the_last_evidence(self) -> None:
        text = as_text(compose(QUESTION, _facts(_measure(units=3, evidence=2, evidence_on=date(2026, 11, 20)))))
        assert "已有佐证2条，最近一条在2026年11月20日。" in text
        assert "尚无佐证" not in text

    def test_names_the_latest_notice(self) -> None:
        work = WorkFacts(publications=1, publication_title="关于一起问题的通报", publication_on=date(2026, 11, 24))
        before = as_text(compose(QUESTION, _facts(_measure())))
        after = as_text(compose(QUESTION, _facts(_measure(), work=work)))
        assert "尚无公开通报。" in before
        assert "最近一期为《关于一起问题的通报》（2026年11月24日）" in after

    def test_never_claims_an_effect(self) -> None:
        answer = compose(QUESTION, _facts(_measure(evidence=5, evidence_on=date(2026, 1, 1))))
        assert {row.verdict for row in answer.table} == {"尚未评估"}

    def test_answers_only_the_pillar_that_is_asked(self) -> None:
        answer = compose("师德师风有哪些部署？", _facts(_measure()))
        assert [section.number for section in answer.sections] == [3]
        assert answer.title.endswith("：师德师风")
        assert answer.introduction[0].text == "您问的是“师德师风”，有关措施1项。"

    def test_concludes_only_on_the_measures_it_is_about(self) -> None:
        answer = compose("师德师风", _facts(_measure(measure_id=5), _measure(measure_id=6)))
        assert answer.conclusion[0].text == "以上2项措施中，0项已有佐证，2项尚无佐证。"
        assert answer.conclusion[0].rows == "of=measures&measure=5,6"

    def test_keeps_the_place_of_a_measure_that_stands_alone(self) -> None:
        facts = _facts(_measure(measure_id=5, name="开展评议活动"), _measure(measure_id=6, name="严查有偿补课"))
        answer = compose("有偿补课怎么治理", facts)
        assert [measure.number for section in answer.sections for measure in section.measures] == [2] * 5
        assert "\n  2. 严查有偿补课\n" in as_text(answer)

    def test_shows_of_the_casework_only_what_is_asked(self) -> None:
        answer = compose("整改做了多少", _facts(_measure(name="开展", means="")))
        assert [section.number for section in answer.sections] == [4]
        assert [sentence.text for sentence in answer.sections[0].findings] == ["尚无整改事项。"]
        assert answer.introduction[0].text.startswith("您问的是“整改”，没有直接与此有关的措施")

    def test_says_that_no_record_answers_and_what_may_be_asked(self) -> None:
        answer = compose("今天天气怎么样？", _facts(_measure()))
        assert (answer.sections, answer.table, answer.conclusion) == ((), (), ())
        assert answer.title == "没有可以回答这个问题的记录"
        assert "没有能回答“今天天气怎么样？”的内容" in as_text(answer)
        assert answer.suggestions == tuple(f"关键词{number}" for number in range(1, 6))
        assert all(block.text for block in as_document(answer).blocks)  # type: ignore[union-attr]

    def test_leads_with_the_texts_that_mention_what_is_asked(self) -> None:
        notice = Mention("关于食堂的通报", "/publications/1/", date(2026, 11, 7))
        answer = compose("食堂", _facts(_measure()), Mentions(1, (notice,)))
        assert answer.introduction[0].text == "公开的部署和公开件中，提到“食堂”的有1件。"
        assert "2026-11-07 关于食堂的通报" in as_text(answer)
        assert as_dict(answer)["mentions"][0]["url"] == "/publications/1/"

    def test_concludes_nothing_where_there_is_no_measure(self) -> None:
        answer = compose(QUESTION, _facts())
        assert [sentence.text for sentence in answer.conclusion] == ["没有相应的措施，不作结论。"]

    def test_says_so_when_no_directive_is_recorded(self) -> None:
        answer = compose(QUESTION, replace(_facts(_measure()), directives=()))
        assert "尚未录入任何部署" in answer.introduction[0].text

    def test_is_complete_in_english(self) -> None:
        asked = ("What are the latest deployments?", "teacher ethics", "leads", "weather")
        with override("en"):
            facts = _facts(replace(_measure(), name="Checks", means=""))
            text = "\n".join(as_text(compose(question, facts)) for question in asked)
        generated = re.sub(r"清源区|工作要点|区委教育工委|第\d方面|关键词\d|措施|目标|成效|线索|师德师风", "", text)
        assert not re.search(r"[一-鿿]", generated)

    @given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 500))
    def test_every_sentence_with_a_figure_opens_rows(self, units: int, done: int, evidence: int) -> None:
        facts = _facts(_measure(units=units, done=done, evidence=evidence, evidence_on=date(2026, 5, 1)))
        shown = as_dict(compose(QUESTION, facts))
        sentences = [*shown["introduction"], *shown["conclusion"]]
        for section in shown["sections"]:
            sentences += [section["closing"], *section["findings"]]
            for measure in section["measures"]:
                sentences += measure["sentences"]
        assert all(sentence["rows"] for sentence in sentences if re.search(r"\d", sentence["text"]))
