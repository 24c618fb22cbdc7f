"""Writing leads: opening, the four dispositions with their study and approval, merging, interventions, feedback."""

from qingqu.pillars.leads.operations.aside import PoliceFirst, pass_up, raise_alarm
from qingqu.pillars.leads.operations.dispositions import (
    NeedsAnother,
    NeedsReview,
    NotStudied,
    WrongWay,
    approve,
    propose,
    return_,
    study,
    talk,
)
from qingqu.pillars.leads.operations.opening import AboveUs, AlreadyOpen, ReportAtOnce, note_outcome, open_lead
from qingqu.pillars.leads.operations.register import CannotMerge, feed_back, merge, record_intervention
from qingqu.pillars.leads.operations.rows import NeedsReason, NotNow, NotYours, may_propose

__all__ = [
    "AboveUs",
    "AlreadyOpen",
    "CannotMerge",
    "NeedsAnother",
    "NeedsReason",
    "NeedsReview",
    "NotNow",
    "NotStudied",
    "NotYours",
    "PoliceFirst",
    "ReportAtOnce",
    "WrongWay",
    "approve",
    "feed_back",
    "may_propose",
    "merge",
    "note_outcome",
    "open_lead",
    "pass_up",
    "propose",
    "raise_alarm",
    "record_intervention",
    "return_",
    "study",
    "talk",
]
