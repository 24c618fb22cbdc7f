"""Writing duties: assigning and discharging, moving dates, reminding and handing over."""

from qingqu.kernel.duties.operations.assignments import (
    AlreadyAssigned,
    BadDates,
    NotByHand,
    Order,
    assign,
    assign_many,
    cancel,
    cancel_many,
    complete,
    discharge,
    discharge_many,
)
from qingqu.kernel.duties.operations.deadlines import (
    BadExtension,
    BadPause,
    extend,
    follow_calendar,
    pause,
    recount,
    resume,
)
from qingqu.kernel.duties.operations.reminders import Sent, hand_over, tick
from qingqu.kernel.duties.operations.rows import NotCountable, NotOpen

__all__ = [
    "AlreadyAssigned",
    "BadDates",
    "BadExtension",
    "BadPause",
    "NotByHand",
    "NotCountable",
    "NotOpen",
    "Order",
    "Sent",
    "assign",
    "assign_many",
    "cancel",
    "cancel_many",
    "complete",
    "discharge",
    "discharge_many",
    "extend",
    "follow_calendar",
    "hand_over",
    "pause",
    "recount",
    "resume",
    "tick",
]
