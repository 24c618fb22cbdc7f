"""Pure decisions about flags."""

from qingqu.pillars.audit.types import FlagState

TRANSITIONS: dict[FlagState, tuple[FlagState, ...]] = {
    FlagState.OPEN: (FlagState.EXPLAINED, FlagState.DISMISSED, FlagState.LEAD),
    FlagState.EXPLAINED: (FlagState.OPEN,),
    FlagState.DISMISSED: (FlagState.OPEN,),
    FlagState.LEAD: (),
}
"""A flag that became a lead stays one; the other outcomes can be taken back with a reason."""


def may_become(present: FlagState, wanted: FlagState) -> bool:
    """Whether a flag may move from ``present`` to ``wanted``."""
    return wanted in TRANSITIONS[present]


def precision(*, lead: int, explained: int, dismissed: int) -> float | None:
    """The share of triaged flags that became leads, 0..1; None before the first triage."""
    triaged = lead + explained + dismissed
    return lead / triaged if triaged else None
