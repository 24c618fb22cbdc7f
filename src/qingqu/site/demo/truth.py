"""What was planted: one entry per anomaly, written beside the mart and read back to measure the audit."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE_NAME = "truth.json"
"""Where the truth lies inside a mart folder; the mart's tables are folders, so it disturbs none."""


@dataclass(frozen=True, order=True)
class Planted:
    """One planted anomaly.

    ``anomaly`` is its class, ``indicator`` the id of the indicator that should raise it, subject, unit and period
    those of the flag expected ("" for a period that the indicator does not state). ``is_clean`` marks a textbook
    case; the others lie near the edge, where missing them can be forgiven.
    """

    anomaly: str
    indicator: str
    subject_kind: str
    subject_id: str
    unit_id: str
    period: str
    is_clean: bool
    note_zh: str
    note_en: str


@dataclass(frozen=True)
class Truth:
    """Everything planted into one mart; ``digest`` is the fingerprint of the mart's content."""

    seed: int
    digest: str
    planted: tuple[Planted, ...]

    def of(self, indicator: str) -> tuple[Planted, ...]:
        """What was planted for one indicator."""
        return tuple(entry for entry in self.planted if entry.indicator == indicator)


def make(*, seed: int, digest: str, planted: Iterable[Planted]) -> Truth:
    """A truth with its entries in a fixed order; the same anomaly named twice stands once."""
    return Truth(seed=seed, digest=digest, planted=tuple(sorted(set(planted))))


def write(path: Path, truth: Truth) -> Path:
    """Write the truth into a mart folder; returns the file."""
    target = path / FILE_NAME
    rows = [asdict(entry) for entry in truth.planted]
    text = json.dumps({"seed": truth.seed, "digest": truth.digest, "planted": rows}, ensure_ascii=False, indent=1)
    target.write_text(text + "\n", encoding="utf-8")
    return target


def read(path: Path) -> Truth:
    """The truth of a mart folder.

    Raises FileNotFoundError when nothing was planted there.
    """
    stored = json.loads((path / FILE_NAME).read_text(encoding="utf-8"))
    return make(seed=stored["seed"], digest=stored["digest"], planted=(Planted(**entry) for entry in stored["planted"]))
