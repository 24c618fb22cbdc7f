"""Importers: public records and tables into the flat audit mart, whole or not at all.

What it is: ``load(source, format=…, mapping=…, mart=…)`` takes a file or a folder of OCDS records
(release packages, record packages, JSON Lines), of tables (CSV, XLSX, Parquet, through a saved column
mapping) or of rejected rows that were corrected, and writes Parquet files into ``<mart>/<table>/``.

Words it owns: batch (one import: the content of its files and its mapping), reject (a row kept with
its reason), mapping (which column of a file becomes which column of a table), note (something changed
on the way, counted).

Invariants: read = accepted + rejected; a batch is in the mart whole or not at all, wherever the
process is killed; the same content under the same mapping is imported once; a refused file
(``BadSource``, with a sentence in Chinese and in English) changes no byte of the mart.

Layout of a mart beside its tables: ``_batches/<batch>.json`` (manifest), ``_rejects/<batch>.jsonl``,
``_staging/`` (only while an import runs or after a crash; ``recover(mart)`` clears it up).

What it never does: print, reach a network, read a clock, evaluate a formula, guess a date's order.
"""

from pathlib import Path
from typing import Any

from qingqu.engines.redflags.load.batch import manifest_of, recover
from qingqu.engines.redflags.load.batch import writing as still
from qingqu.engines.redflags.load.errors import NOTES, BadSource, refusal
from qingqu.engines.redflags.load.jsonfile import parse
from qingqu.engines.redflags.load.mapping import Mapping, read_mapping, write_mapping
from qingqu.engines.redflags.load.ocds import flatten, load_ocds
from qingqu.engines.redflags.load.plan import check_mapping
from qingqu.engines.redflags.load.rejects import load_corrected, load_rejects
from qingqu.engines.redflags.load.sheets import read_head
from qingqu.engines.redflags.load.suggest import suggest_mapping
from qingqu.engines.redflags.load.table import load_table
from qingqu.engines.redflags.load.types import Head, ImportReport, Progress, Reject

__all__ = [
    "FORMATS",
    "NOTES",
    "BadSource",
    "Head",
    "ImportReport",
    "Mapping",
    "Progress",
    "Reject",
    "check_mapping",
    "flatten",
    "load",
    "load_corrected",
    "load_ocds",
    "load_rejects",
    "load_table",
    "manifest_of",
    "parse",
    "read_head",
    "read_mapping",
    "recover",
    "still",
    "suggest_mapping",
    "write_mapping",
]

FORMATS = ("ocds", "table", "rejects")


def load(
    source: Path,
    *,
    format: str,  # noqa: A002 - the name of the command's option
    mart: Path,
    mapping: Mapping | Path | str | dict[str, Any] | None = None,
    unit_id: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Imports a file or folder into a mart: what ``qingqu audit import`` does.

    ``format`` is one of ``FORMATS``; ``mapping`` is needed for tables only; ``unit_id`` is the unit
    OCDS records belong to (their buyer when None). Raises BadSource, having changed nothing.
    """
    if format == "ocds":
        return load_ocds(source, mart=mart, unit_id=unit_id, progress=progress)
    if format == "rejects":
        return load_rejects(source, mart=mart, progress=progress)
    if format == "table":
        if mapping is None:
            raise refusal("MAPPING_NEEDED")
        return load_table(source, mapping, mart=mart, progress=progress)
    raise refusal("UNKNOWN_FORMAT", format=format)
