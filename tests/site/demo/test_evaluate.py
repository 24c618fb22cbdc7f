"""Scores count what was found, what was raised and what was true, and print in both languages."""

import json
from dataclasses import dataclass

import pytest

from qingqu.site.demo import evaluate, truth


@dataclass(frozen=True)
class Flag:
    """A raised flag."""

    indicator: str
    subject_id: str
    period: str = ""
    subject_kind: str = "TENDER"


def planted(indicator: str, subject: str, *, is_clean: bool = True, period: str = "") -> truth.Planted:
    """A planted anomaly about a tender."""
    return truth.Planted("class", indicator, "TENDER", subject, "QY001", period, is_clean, "说明", "note")


def scores(flags: list[Flag], *entries: truth.Planted) -> dict[str, evaluate.Score]:
    """The scores of flags against entries."""
    return evaluate.evaluate(flags, truth.make(seed=1, digest="", planted=entries))


class TestEvaluate:
    """Counting."""

    def test_counts_found_missed_and_false(self) -> None:
        flags = [Flag("R003", "T1"), Flag("R003", "T3"), Flag("R003", "T9"), Flag("R003", "T8")]

        score = scores(flags, planted("R003", "T1"), planted("R003", "T2"), planted("R003", "T3", is_clean=False))[
            "R003"
        ]

        assert (score.planted_clean, score.found_clean, score.recall_clean) == (2, 1, 0.5)
        assert (score.planted_hard, score.found_hard) == (1, 1)
        assert (score.raised, score.true, score.precision) == (4, 2, 0.5)

    def test_does_not_count_another_indicator_or_kind_of_subject(self) -> None:
        flags = [Flag("R018", "T1"), Flag("R003", "T1", subject_kind="SUPPLIER")]

        found = scores(flags, planted("R003", "T1"))

        assert found["R003"].found_clean == 0
        assert found["R003"].precision == 0.0
        assert found["R018"].true == 0

    @pytest.mark.parametrize(
        ("stated", "flagged", "expected"), [("", "2025", 1), ("2025", "2025", 1), ("2025", "2024", 0)]
    )
    def test_asks_for_the_period_only_where_the_anomaly_states_one(
        self, stated: str, flagged: str, expected: int
    ) -> None:
        found = scores([Flag("L06", "QY001", flagged)], planted("L06", "QY001", period=stated))

        assert found["L06"].found_clean == found["L06"].true == expected

    def test_finds_an_anomaly_once_however_many_flags_say_so(self) -> None:
        found = scores([Flag("R003", "T1", "2024"), Flag("R003", "T1", "2025")], planted("R003", "T1"))["R003"]

        assert (found.found_clean, found.true, found.precision) == (1, 2, 1.0)

    def test_divides_by_nothing_where_nothing_is(self) -> None:
        found = scores([Flag("R018", "T1")], planted("R003", "T1"))

        assert found["R003"].precision is None
        assert found["R018"].recall_clean is None


class TestOutput:
    """Printing."""

    def test_prints_aligned_columns_in_both_languages(self) -> None:
        found = scores([Flag("R003", "T1")], planted("R003", "T1"))

        chinese = evaluate.table(found, titles={"R003": "投标期限过短"})
        english = evaluate.table(found, titles={"R003": "Short submission period"}, language="en")

        assert "召回率" in chinese
        assert chinese.splitlines()[1].endswith("1.000")
        assert len({evaluate._width(line) for line in chinese.splitlines()}) == 1
        assert "precision" in english

    def test_gives_plain_values_for_json(self) -> None:
        found = evaluate.as_json(scores([], planted("R003", "T1")))

        assert json.loads(json.dumps(found))["R003"]["recall_clean"] == 0.0


def test_never_scores_on_the_world_it_tunes_on() -> None:
    assert evaluate.TUNING_SEED != evaluate.SCORING_SEED


class TestHeading:
    """Which world the figures are of."""

    def test_says_that_thresholds_come_from_another_world(self) -> None:
        said = evaluate.heading(evaluate.SCORING_SEED)
        assert str(evaluate.SCORING_SEED) in said
        assert str(evaluate.TUNING_SEED) in said

    def test_claims_no_measure_for_the_world_of_the_thresholds(self) -> None:
        assert "no measure" in evaluate.heading(evaluate.TUNING_SEED)
