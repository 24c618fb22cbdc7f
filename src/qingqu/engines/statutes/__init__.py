"""Rules as data: due dates with their reasons, thresholds, citations and code checks."""

from qingqu.engines.statutes.calendar import NATIONAL, Calendar, is_workday
from qingqu.engines.statutes.checks import check_resident_id, check_school_code, check_uscc
from qingqu.engines.statutes.deadlines import add_months, due_on
from qingqu.engines.statutes.errors import BadTerm, NoDuration, NotInForce, StatuteError, UnknownRule, UnknownYear
from qingqu.engines.statutes.explain import explain, reasons, show
from qingqu.engines.statutes.rulebook import rule, rules
from qingqu.engines.statutes.types import Citation, Day, Due, Extension, Pause, Rule

__all__ = [
    "NATIONAL",
    "BadTerm",
    "Calendar",
    "Citation",
    "Day",
    "Due",
    "Extension",
    "NoDuration",
    "NotInForce",
    "Pause",
    "Rule",
    "StatuteError",
    "UnknownRule",
    "UnknownYear",
    "add_months",
    "check_resident_id",
    "check_school_code",
    "check_uscc",
    "due_on",
    "explain",
    "is_workday",
    "reasons",
    "rule",
    "rules",
    "show",
]
