"""Writing cases: opening, hearing, deciding, remedies and what follows."""

from qingqu.pillars.cases.operations.decisions import decide, file, release, serve
from qingqu.pillars.cases.operations.hearing import (
    dismiss,
    hear,
    notify,
    propose,
    return_,
    speak,
    supplement,
)
from qingqu.pillars.cases.operations.opening import appoint, open_case
from qingqu.pillars.cases.operations.remedies import answer, ask
from qingqu.pillars.cases.operations.rows import (
    BadTreatment,
    Conflicted,
    Incomplete,
    NeedsAnother,
    NotHeard,
    NotNow,
    NotYours,
    TooHeavy,
    Twice,
)
from qingqu.pillars.cases.operations.sequels import (
    clarify,
    draft_clarification,
    draft_correction,
    guard_publication,
    note_transfer,
    refer_accusation,
    transfer,
)

__all__ = [
    "BadTreatment",
    "Conflicted",
    "Incomplete",
    "NeedsAnother",
    "NotHeard",
    "NotNow",
    "NotYours",
    "TooHeavy",
    "Twice",
    "answer",
    "appoint",
    "ask",
    "clarify",
    "decide",
    "dismiss",
    "draft_clarification",
    "draft_correction",
    "file",
    "guard_publication",
    "hear",
    "note_transfer",
    "notify",
    "open_case",
    "propose",
    "refer_accusation",
    "release",
    "return_",
    "serve",
    "speak",
    "supplement",
    "transfer",
]
