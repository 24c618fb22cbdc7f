"""Writing units, people, posts, appointments, accounts, relationships and local settings."""

from qingqu.kernel.org.operations.accounts import (
    BadAccount,
    change_password,
    disable_account,
    make_first_password,
    open_account,
    reset_credentials,
)
from qingqu.kernel.org.operations.exchange import BadPlan, apply_import, drop_draft, keep_draft
from qingqu.kernel.org.operations.posts import (
    BadAppointment,
    add_post,
    appoint,
    end_appointment,
    withdraw_appointment,
)
from qingqu.kernel.org.operations.relationships import (
    BadRelationship,
    Other,
    declare_relationship,
    end_relationship,
)
from qingqu.kernel.org.operations.settings import BadSetting, set_setting
from qingqu.kernel.org.operations.tries import return_try, take_try
from qingqu.kernel.org.operations.units import BadTree, CodeTaken, add_unit, close_unit, move_unit, rename_unit

__all__ = [
    "BadAccount",
    "BadAppointment",
    "BadPlan",
    "BadRelationship",
    "BadSetting",
    "BadTree",
    "CodeTaken",
    "Other",
    "add_post",
    "add_unit",
    "apply_import",
    "appoint",
    "change_password",
    "close_unit",
    "declare_relationship",
    "disable_account",
    "drop_draft",
    "end_appointment",
    "end_relationship",
    "keep_draft",
    "make_first_password",
    "move_unit",
    "open_account",
    "rename_unit",
    "reset_credentials",
    "return_try",
    "set_setting",
    "take_try",
    "withdraw_appointment",
]
