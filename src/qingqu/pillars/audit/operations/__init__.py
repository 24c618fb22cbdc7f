"""Writing imports, runs and triage."""

from qingqu.pillars.audit.operations.imports import (
    BadImport,
    NameTaken,
    ask_import,
    perform_import,
    refuse_import,
    save_mapping,
)
from qingqu.pillars.audit.operations.rejects import StillWrong, correct_reject
from qingqu.pillars.audit.operations.runs import BadParameters, ask_run, perform_run, set_parameters
from qingqu.pillars.audit.operations.triage import NotTriaged, triage

__all__ = [
    "BadImport",
    "BadParameters",
    "NameTaken",
    "NotTriaged",
    "StillWrong",
    "ask_import",
    "ask_run",
    "correct_reject",
    "perform_import",
    "perform_run",
    "refuse_import",
    "save_mapping",
    "set_parameters",
    "triage",
]
