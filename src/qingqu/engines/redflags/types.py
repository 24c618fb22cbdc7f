"""What a run gives: hints as rows, their evidence as references, and the manifest that lets a run be repeated."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from qingqu.engines.redflags.registry import Words

FINGERPRINT_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One hint to be checked, never a verdict.

    ``unit`` is empty for a hint above the units; ``period`` is a year, a month, a day, a term or empty; ``severity``
    is 1 (low) to 3 (high); ``evidence`` is ``{table: [{column: value}]}``, references to the rows it was computed from;
    ``explanation`` is ``{"zh": text, "en": text}``.
    """

    indicator: str
    subject_kind: str
    subject_id: str
    unit: str
    period: str
    severity: int
    score: float
    evidence: dict[str, list[dict[str, str]]]
    explanation: dict[str, str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """An indicator that did not run, and why."""

    indicator: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a run was computed from, so that it can be repeated and compared.

    ``input_hash`` covers the mart's files; ``sql_hash`` the compiled query; ``counts`` is ``{indicator: hints}``;
    ``unknown_days`` is ``{rule: starting days whose year the calendar does not cover}``.
    """

    input_hash: str
    sql_hash: str
    as_of: date | None
    settings: dict[str, Any]
    params: dict[str, dict[str, Any]]
    versions: dict[str, str]
    counts: dict[str, int]
    skipped: tuple[Skipped, ...]
    unknown_days: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """The manifest as JSON values."""
        return {
            "input_hash": self.input_hash,
            "sql_hash": self.sql_hash,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "settings": self.settings,
            "params": self.params,
            "versions": self.versions,
            "counts": self.counts,
            "skipped": [
                {"indicator": each.indicator, "zh": each.reason.zh, "en": each.reason.en} for each in self.skipped
            ],
            "unknown_days": self.unknown_days,
        }


def fingerprint(flag: FlagRow) -> str:
    """The same 64 hexadecimal digits for the same hint in every run: what it is about, not its value."""
    parts = (flag.indicator, flag.subject_kind, flag.subject_id, flag.unit, flag.period)
    return hashlib.sha256(FINGERPRINT_SEPARATOR.join(parts).encode()).hexdigest()
