"""Audit hints over a flat mart of records: declarations, one run, evidence by key. Hints, never verdicts."""

from qingqu.engines.redflags import cardinal, district
from qingqu.engines.redflags.cardinal.results import cardinal_results
from qingqu.engines.redflags.chain import SUBJECTS, Event, chain
from qingqu.engines.redflags.evidence import evidence, evidence_counts
from qingqu.engines.redflags.mart import (
    TABLES,
    Column,
    Mart,
    MartError,
    Reference,
    TableSpec,
    arrow_schema,
    open_mart,
    table_from_rows,
    write_table,
)
from qingqu.engines.redflags.readiness import Ready, readiness
from qingqu.engines.redflags.reference import indicators_reference
from qingqu.engines.redflags.registry import REGISTER, Indicator
from qingqu.engines.redflags.runner import Run, UnknownIndicator, flags, run
from qingqu.engines.redflags.settings import Settings, SettingsError, load_settings
from qingqu.engines.redflags.types import FlagRow, Manifest, Skipped, fingerprint


def indicators() -> tuple[Indicator, ...]:
    """Every declared indicator, in order of id."""
    return tuple(REGISTER[name] for name in sorted(REGISTER))


__all__ = [
    "REGISTER",
    "SUBJECTS",
    "TABLES",
    "Column",
    "Event",
    "FlagRow",
    "Indicator",
    "Manifest",
    "Mart",
    "MartError",
    "Ready",
    "Reference",
    "Run",
    "Settings",
    "SettingsError",
    "Skipped",
    "TableSpec",
    "UnknownIndicator",
    "arrow_schema",
    "cardinal",
    "cardinal_results",
    "chain",
    "district",
    "evidence",
    "evidence_counts",
    "fingerprint",
    "flags",
    "indicators",
    "indicators_reference",
    "load_settings",
    "open_mart",
    "readiness",
    "run",
    "table_from_rows",
    "write_table",
]
