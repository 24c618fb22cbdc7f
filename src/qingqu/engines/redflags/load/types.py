"""What an import gives back: the report, a rejected row, the head of a file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


class Progress(Protocol):
    """Called now and then with the rows read so far and the stage (READ, CHECK, WRITE)."""

    def __call__(self, done: int, stage: str) -> None:
        """Takes the number of rows read so far and the name of the stage."""


@dataclass(frozen=True, kw_only=True)
class Reject:
    """One row that was not taken, with its place, why, and the row as it stood.

    ``line`` counts as a person sees it: the line of a text file, the row of a worksheet, the
    position of a release in its package, all from 1. ``row`` is ``{header: text}`` for a table and the
    release itself for OCDS; correct it and import it again.
    """

    line: int
    table: str
    reason_code: str
    reason_zh: str
    reason_en: str
    row: Any
    file: str = ""

    def as_dict(self, batch: str) -> dict[str, Any]:
        """The reject as one JSON object, with the batch whose mapping it came under."""
        return {"batch": batch, **vars(self)}


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What one import did; ``read`` is always ``accepted + rejected``.

    ``tables`` counts the rows written per mart table, ``reasons`` the rejected rows per first reason
    code, ``notes`` what was changed or left out on the way (codes of ``errors.NOTES``).
    ``already_imported`` is true when the same content came before under the same mapping: then
    nothing was written and the figures are those of the first time.
    """

    read: int
    accepted: int
    rejected: int
    batch: str
    tables: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    rejects_path: Path | None = None
    already_imported: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError when a row would be unaccounted for."""
        if self.read != self.accepted + self.rejected:
            message = f"{self.read} rows read, {self.accepted} accepted, {self.rejected} rejected"
            raise ValueError(message)


@dataclass(frozen=True, kw_only=True)
class Head:
    """The headers and first rows of a table, for a preview; cells are text or None."""

    file: str
    kind: str
    encoding: str | None
    delimiter: str | None
    headers: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
