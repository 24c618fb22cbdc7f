"""Writing accounts: opened, reset and disabled by administrators, never by the public."""

import secrets
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.models import Account, Person

FIRST_PASSWORD_LIFE = timedelta(days=7)
"""How long a one-time first password signs in: an own choice, short enough that a forgotten note is worthless."""

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for one another when read from paper."""


class BadAccount(Refused):
    """An account cannot be opened or changed that way."""

    code = "ORG_BAD_ACCOUNT"


def make_first_password() -> str:
    """A random password of four groups of four, about 93 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _place in range(4)) for _group in range(4))


@transaction.atomic
def open_account(
    *,
    person: Person,
    username: str,
    password: str,
    at: datetime,
    actor_id: object = "",
    is_first_password: bool = False,
) -> Account:
    """A sign-in for a person; a first password must be changed at once and expires.

    Raises BadAccount when the user name is taken, or the person has an account already.
    """
    until = at + FIRST_PASSWORD_LIFE if is_first_password else None
    try:
        with transaction.atomic():
            account = Account.objects.create_user(
                username.strip(), password, person=person, email=person.email, first_password_until=until
            )
    except IntegrityError as error:
        raise BadAccount(_("用户名已被使用，或者此人已有账号。"), fields={"username": _("请换一个用户名")}) from error
    _tell("account.opened", account, at=at, actor_id=actor_id)
    return account


@transaction.atomic
def reset_credentials(*, account: Account, at: datetime, actor_id: object = "") -> str:
    """A new one-time password, to be handed over in person; second factors and every session end.

    The text is returned once and kept nowhere.
    """
    password = make_first_password()
    account.set_password(password)
    account.is_active = True
    account.first_password_until = at + FIRST_PASSWORD_LIFE
    account.save(update_fields=["password", "is_active", "first_password_until"])
    Authenticator.objects.filter(user=account).delete()
    _tell("account.reset", account, at=at, actor_id=actor_id)
    return password


@transaction.atomic
def disable_account(*, account: Account, at: datetime, actor_id: object = "") -> Account:
    """The account shut: its sessions end at their next request and do not come back when it is opened again."""
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["password", "is_active"])
    _tell("account.disabled", account, at=at, actor_id=actor_id)
    return account


@transaction.atomic
def change_password(*, account: Account, password: str, at: datetime) -> Account:
    """The account with the password its owner chose; a first password is thereby used up."""
    account.set_password(password)
    account.first_password_until = None
    account.save(update_fields=["password", "first_password_until"])
    _tell("account.password_changed", account, at=at, actor_id=account.person_id or "")
    return account


def _tell(kind: str, account: Account, *, at: datetime, actor_id: object) -> None:
    """Record an event about an account; never a user name, never a password."""
    unit_id = account.person.unit_id if account.person else ""
    ledger.record(kind, at=at, actor_id=actor_id, subject_kind="account", subject_id=account.pk, unit_id=unit_id)
