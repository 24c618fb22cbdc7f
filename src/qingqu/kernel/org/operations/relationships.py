"""Declaring and ending relationships: by the person concerned, never deleted."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.models import Person, Relationship


class BadRelationship(Refused):
    """A relationship cannot be declared or ended that way."""

    code = "ORG_BAD_RELATIONSHIP"


@dataclass(frozen=True)
class Other:
    """The other end: ``kind`` PERSON with a staff number, or SUPPLIER with the supplier's code."""

    kind: str
    code: str
    name: str = ""


@transaction.atomic
def declare_relationship(
    *, person: Person, other: Other, kind: str, on: date, at: datetime, starts_on: date | None = None
) -> Relationship:
    """A relationship declared by ``person`` on a day; the event holds who declared, not what.

    Raises BadRelationship for an unknown staff number, for oneself, and for what is declared already.
    """
    other_id, other_name = _end(person, other)
    try:
        with transaction.atomic():
            row = Relationship.objects.create(
                person=person,
                other_kind=other.kind,
                other_id=other_id,
                other_name=other_name,
                kind=kind,
                declared_on=on,
                starts_on=starts_on,
            )
    except IntegrityError as error:
        raise BadRelationship(_("这项关系您已经申报过。"), fields={"other": _("已申报")}) from error
    _tell("relationship.declared", row, at=at)
    return row


@transaction.atomic
def end_relationship(*, relationship: Relationship, ends_on: date, at: datetime) -> Relationship:
    """The relationship with its last day; it keeps counting for the days before.

    Raises BadRelationship when it has ended already, or would end before it began.
    """
    if relationship.ends_on is not None:
        raise BadRelationship(_("这项关系已经终止。"))
    if relationship.starts_on is not None and ends_on < relationship.starts_on:
        raise BadRelationship(_("终止日期不能早于起始日期。"), fields={"ends_on": _("早于起始日期")})
    relationship.ends_on = ends_on
    relationship.save(update_fields=["ends_on"])
    _tell("relationship.ended", relationship, at=at)
    return relationship


def _end(person: Person, other: Other) -> tuple[str, str]:
    """The id and the name under which the other end is kept."""
    if other.kind != Relationship.OtherKind.PERSON:
        return other.code.strip(), other.name.strip()
    found = Person.objects.filter(number=other.code.strip()).first()
    if found is None:
        raise BadRelationship(_("没有这个工号，请核对后再填。"), fields={"other": _("没有这个工号")})
    if found.pk == person.pk:
        raise BadRelationship(_("不能与本人建立关系。"), fields={"other": _("这是您本人的工号")})
    return str(found.pk), found.name


def _tell(kind: str, row: Relationship, *, at: datetime) -> None:
    """Record that a relationship was declared or ended; what it is stays out of the event."""
    ledger.record(
        kind,
        at=at,
        actor_id=row.person_id,
        subject_kind="relationship",
        subject_id=row.pk,
        unit_id=row.person.unit_id,
    )
