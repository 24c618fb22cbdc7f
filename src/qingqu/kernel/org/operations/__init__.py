"""Writing units, people, posts, appointments, accounts, relationships and local settings."""

from qingqu.kernel.org.operations.accounts import (
    BadAccount,
    change_password,
    disable_account,
    make_first_password,
    open_account,
    reset_credentials,
)
from qingqu.kernel.org.operations.posts import (
    BadAppointment,
    add_post,
    appoint,
    end_appointment,
    withdraw_appointment,
)
from qingqu.kernel.org.operations.tries import return_try, take_try
from qingqu.kernel.org.operations.units import BadTree, CodeTaken, add_unit, close_unit, move_unit, rename_unit

__all__ = [
    "BadAccount",
    "BadAppointment",
    "BadTree",
    "CodeTaken",
    "add_post",
    "add_unit",
    "appoint",
    "change_password",
    "close_unit",
    "disable_account",
    "end_appointment",
    "make_first_password",
    "move_unit",
    "open_account",
    "rename_unit",
    "reset_credentials",
    "return_try",
    "take_try",
    "withdraw_appointment",
]
