"""How well the audit finds what was planted: recall on textbook cases, finds near the edge, precision of hints.

Thresholds are looked at in the world of ``TUNING_SEED``; figures are given for that of ``SCORING_SEED``, whose rows
nobody has tuned anything on.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from qingqu.engines import redflags
from qingqu.site.demo.mart import build_mart
from qingqu.site.demo.truth import Truth
from qingqu.site.demo.world.catalogue import OPEN_LIMIT_FEN

TUNING_SEED = 20240901
"""The world thresholds may be chosen in."""

SCORING_SEED = 20260901
"""The world figures are given for."""

SETTINGS: dict[str, object] = {
    "currency": "CNY",
    "open_tender_limit_fen": OPEN_LIMIT_FEN,
    "R003": {"procurement_methods": ["OPEN", "INVITED"]},
    "R024": {"threshold": 0.0003},
}
"""The demo district's own audit settings, in the shape of a settings file."""


class Raised(Protocol):
    """What is asked of a raised flag."""

    @property
    def indicator(self) -> str:
        """The indicator's id."""

    @property
    def subject_kind(self) -> str:
        """What kind of subject it is about."""

    @property
    def subject_id(self) -> str:
        """Which one."""

    @property
    def period(self) -> str:
        """The period it speaks of."""


@dataclass(frozen=True)
class Score:
    """The figures of one indicator; a share is None where nothing was planted or raised to divide by."""

    indicator: str
    planted_clean: int
    found_clean: int
    recall_clean: float | None
    planted_hard: int
    found_hard: int
    raised: int
    true: int
    precision: float | None


def evaluate(flags: Iterable[Raised], truth: Truth) -> dict[str, Score]:
    """The score of every indicator that raised something or had something planted, {id: score}.

    A flag is true when an anomaly of its indicator and subject was planted, in its period where the anomaly states
    one; several flags about one anomaly are all true. An anomaly is found when at least one flag says so.
    """
    raised: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    places = _places(truth)
    found: set[int] = set()
    for flag in flags:
        raised[flag.indicator] += 1
        subject = (flag.indicator, flag.subject_kind, flag.subject_id)
        named = [*places.get((*subject, flag.period), ()), *(places.get((*subject, ""), ()) if flag.period else ())]
        hits[flag.indicator] += bool(named)
        found.update(named)
    ids = sorted({*raised, *(entry.indicator for entry in truth.planted)})
    return {one: _score(one, truth, found, raised[one], hits[one]) for one in ids}


def measured(folder: Path, *, seed: int = SCORING_SEED) -> dict[str, Score]:
    """Build the world of a seed into a folder, run every indicator over it under ``SETTINGS``, and score the run."""
    truth = build_mart(folder, seed=seed)
    with redflags.open_mart(folder) as mart:
        return evaluate(redflags.run(mart, params=SETTINGS).flags(), truth)


def _places(truth: Truth) -> dict[tuple[str, str, str, str], list[int]]:
    """The places of the planted anomalies by indicator, subject and period."""
    places: dict[tuple[str, str, str, str], list[int]] = {}
    for place, entry in enumerate(truth.planted):
        key = (entry.indicator, entry.subject_kind, entry.subject_id, entry.period)
        places.setdefault(key, []).append(place)
    return places


def _score(indicator: str, truth: Truth, found: set[int], raised: int, true: int) -> Score:
    mine = [(place, entry.is_clean) for place, entry in enumerate(truth.planted) if entry.indicator == indicator]
    clean = [place for place, is_clean in mine if is_clean]
    hard = [place for place, is_clean in mine if not is_clean]
    found_clean = len(found.intersection(clean))
    return Score(
        indicator=indicator,
        planted_clean=len(clean),
        found_clean=found_clean,
        recall_clean=found_clean / len(clean) if clean else None,
        planted_hard=len(hard),
        found_hard=len(found.intersection(hard)),
        raised=raised,
        true=true,
        precision=true / raised if raised else None,
    )


def as_json(scores: Mapping[str, Score]) -> dict[str, dict[str, object]]:
    """The scores as plain values, {id: {field: value}}."""
    return {indicator: asdict(score) for indicator, score in scores.items()}


def heading(seed: int) -> str:
    """Which world the figures are of, and that it is not the one thresholds were chosen in; in both languages."""
    if seed == TUNING_SEED:
        return (
            f"种子 {seed}：阈值就在这个种子上选定，仅供调试 / seed {seed}: thresholds were chosen on it, no measure\n"
        )
    return (
        f"种子 {seed}；阈值在另一个种子 {TUNING_SEED} 上选定 / seed {seed}; thresholds were chosen on {TUNING_SEED}\n"
    )


_HEADS = {
    "zh": (
        "指标",
        "名称",
        "典型已植入",
        "典型已发现",
        "召回率",
        "边缘已植入",
        "边缘已发现",
        "提示数",
        "属实",
        "精确率",
    ),
    "en": ("id", "name", "clean", "found", "recall", "hard", "found", "raised", "true", "precision"),
}


def table(scores: Mapping[str, Score], *, titles: Mapping[str, str], language: str = "zh") -> str:
    """The scores as a table of text for a terminal, columns aligned at the width of Chinese characters."""
    rows = [_HEADS[language], *(_cells(score, titles.get(score.indicator, "")) for score in scores.values())]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEADS[language]))]
    lines = (
        "  ".join(
            _padded(cell, width, is_text=column < _TEXTS)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines) + "\n"


_TEXTS = 2
"""How many columns of the table hold words; the others are figures and stand to the right."""


def _cells(score: Score, title: str) -> tuple[str, ...]:
    return (
        score.indicator, title, str(score.planted_clean), str(score.found_clean), _share(score.recall_clean),
        str(score.planted_hard), str(score.found_hard), str(score.raised), str(score.true), _share(score.precision),
    )  # fmt: skip


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int, *, is_text: bool) -> str:
    blank = " " * (width - _width(text))
    return text + blank if is_text else blank + text
