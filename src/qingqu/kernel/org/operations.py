"""Writing units, people, posts and appointments."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.models import Account, Appointment, Person, Post, Unit


class BadTree(Refused):
    """A unit may not be placed there."""

    code = "ORG_BAD_TREE"


@transaction.atomic
def add_unit(  # noqa: PLR0913 - a unit has four facts, an act has two
    *, code: str, name: str, kind: str, parent: Unit | None, at: datetime, actor_id: object = ""
) -> Unit:
    """A new unit under ``parent`` (a root when None).

    Raises BadTree when the parent is closed.
    """
    if parent is not None and parent.closed_on is not None:
        raise BadTree(_("上级单位已撤销,请另选上级单位。"), fields={"parent": _("已撤销")})
    unit = Unit.objects.create(code=code, name=name, kind=kind, parent=parent)
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    ledger.record("unit.added", at=at, actor_id=actor_id, subject_kind="unit", subject_id=unit.pk, unit_id=unit.pk)
    return unit


@transaction.atomic
def appoint(*, post: Post, person: Person, starts_on: date, at: datetime, actor_id: object = "") -> Appointment:
    """Seat a person in a post from a day on; the former holder's appointment ends the day before."""
    Appointment.objects.filter(post=post, ends_on__isnull=True).update(ends_on=starts_on - date.resolution)
    appointment = Appointment.objects.create(post=post, person=person, starts_on=starts_on)
    ledger.record(
        "post.appointed",
        at=at,
        actor_id=actor_id,
        subject_kind="post",
        subject_id=post.pk,
        unit_id=post.unit_id,
        payload={"starts_on": starts_on.isoformat(), "appointment": appointment.pk},
    )
    return appointment


@transaction.atomic
def open_account(*, person: Person, username: str, password: str, at: datetime, actor_id: object = "") -> Account:
    """A sign-in for a person."""
    account = Account.objects.create_user(username, password, person=person, email=person.email)
    ledger.record(
        "account.opened", at=at, actor_id=actor_id, subject_kind="account", subject_id=account.pk, unit_id=person.unit_id
    )
    return account
