"""Writing petitions: taking in, sending on, handling, and the three opinions."""

from qingqu.pillars.petitions.operations.handling import (
    AlreadyExtended,
    TooLate,
    begin,
    close,
    extend,
    hear,
    resume,
)
from qingqu.pillars.petitions.operations.intake import BadPetition, TooMany, register
from qingqu.pillars.petitions.operations.opinions import (
    NeedsAnother,
    NotInTime,
    ask,
    conclude,
    decide,
)
from qingqu.pillars.petitions.operations.rows import Incomplete, NotNow, NotYours
from qingqu.pillars.petitions.operations.taking import (
    AlreadyTaken,
    NotToThem,
    accept,
    object_,
    receipt,
    refer,
    refuse,
    transfer,
)

__all__ = [
    "AlreadyExtended",
    "AlreadyTaken",
    "BadPetition",
    "Incomplete",
    "NeedsAnother",
    "NotInTime",
    "NotNow",
    "NotToThem",
    "NotYours",
    "TooLate",
    "TooMany",
    "accept",
    "ask",
    "begin",
    "close",
    "conclude",
    "decide",
    "extend",
    "hear",
    "object_",
    "receipt",
    "refer",
    "refuse",
    "register",
    "resume",
    "transfer",
]
