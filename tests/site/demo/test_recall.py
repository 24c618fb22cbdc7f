"""The audit finds every textbook anomaly of the scored world; what it raises beside them is printed, not hidden."""

from functools import cache

import pytest

from qingqu.engines import redflags
from qingqu.site.demo import evaluate, mart, truth


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[truth.Truth, dict[str, evaluate.Score]]:
    """The truth of the scored world and the scores of a run of every indicator over it."""
    folder = tmp_path_factory.mktemp("scored")
    found = mart.build_mart(folder, seed=evaluate.SCORING_SEED)
    with redflags.open_mart(folder) as opened:
        flags = redflags.run(opened, params=evaluate.SETTINGS).flags()
        return found, evaluate.evaluate(flags, found)


@cache
def titles() -> dict[str, str]:
    """The Chinese titles of the indicators."""
    return {one.id: one.title.zh for one in redflags.indicators()}


def test_plants_a_textbook_case_for_every_indicator(
    measured: tuple[truth.Truth, dict[str, evaluate.Score]],
) -> None:
    clean = {entry.indicator for entry in measured[0].planted if entry.is_clean}

    assert set(titles()) == clean


@pytest.mark.parametrize("indicator", sorted(titles()))
def test_finds_every_textbook_case(indicator: str, measured: tuple[truth.Truth, dict[str, evaluate.Score]]) -> None:
    score = measured[1][indicator]

    assert score.planted_clean >= 2
    assert score.found_clean == score.planted_clean


def test_prints_precision(
    measured: tuple[truth.Truth, dict[str, evaluate.Score]], capsys: pytest.CaptureFixture[str]
) -> None:
    print(evaluate.table(measured[1], titles=titles()))  # noqa: T201 - the figures are for people to read

    assert "精确率" in capsys.readouterr().out


def test_says_more_than_everything_is_suspect(measured: tuple[truth.Truth, dict[str, evaluate.Score]]) -> None:
    raised = sum(score.raised for score in measured[1].values())
    true = sum(score.true for score in measured[1].values())

    assert true / raised > 0.2
