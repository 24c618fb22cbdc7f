"""Taking a petition in: its number, its handler, its first clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.engines import statutes
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.models import Post, Unit
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.petitions import queries, rules
from qingqu.pillars.petitions.models import Party, Petition
from qingqu.pillars.petitions.operations.rows import NotYours, record, said, start_clock
from qingqu.pillars.petitions.types import Channel, Kind, Standing


class BadPetition(Refused):
    """A petition came on a day that has been, and from somebody when it was passed on."""

    code = "PETITION_BAD"


class TooMany(Refused):
    """More people speak for a group than the rule allows."""

    code = "PETITION_TOO_MANY"


@dataclass(frozen=True)
class Sender:
    """Who brings a petition: name, telephone, address, and who speaks for a group that came in person.

    ``staff`` are the person ids of those among them who work here.
    """

    name: str = ""
    contact: str = ""
    address: str = ""
    representatives: Sequence[str] = ()
    staff: Iterable[int] = ()


@transaction.atomic
def register(
    *,
    title: str,
    body: str,
    kind: str,
    channel: str,
    unit: Unit,
    at: datetime,
    actor: Actor,
    sender: Sender | None = None,
    received_on: date | None = None,
    sent_by: str = "",
    about: Iterable[int] = (),
    same_as: Petition | None = None,
) -> Petition:
    """A new petition, handed to the nearest free seat, its first clock started on the day it was received.

    ``about`` are the ids of the members of staff it concerns, ``same_as`` an earlier petition of the same matter.
    Raises NotYours outside the actor's scope, Incomplete, BadPetition, TooMany.
    Law: XF-01, XF-02, XF-03, XF-10, XF-11, XF-12.
    """
    if not org_rules.may_in(actor, Right.HANDLE_PETITIONS, unit.path or ""):
        raise NotYours(_("您的岗位不能登记这个单位的信访事项。"))
    who = sender or Sender()
    row = Petition(
        title=said(title, "title", _("请填写标题。"))[:200],
        body=said(body, "body", _("请写明信访请求和事实。")),
        kind=Kind(kind),
        channel=Channel(channel),
        sent_by=sent_by.strip() if channel in rules.PASSED_ON else "",
        unit=unit,
        petitioner=who.name.strip(),
        contact=who.contact.strip(),
        address=who.address.strip(),
        representatives=[name.strip() for name in who.representatives if name.strip()],
        same_as=same_as,
        received_on=received_on or local_date(at),
        registered_at=at,
        registered_by_id=actor.person_id,
    )
    _check(row, local_date(at))
    people = {Standing.ABOUT: about, Standing.PETITIONER: who.staff}
    parties = [
        Party(petition=row, standing=standing, person_id=person)
        for standing, ids in people.items()
        for person in dict.fromkeys(ids)
    ]
    row.handler = _free_handler(row, [party.person_id for party in parties], local_date(at))
    row.save()
    row.number = f"XF{local_date(at).year}-{row.pk:06d}"
    row.save(update_fields=["number"])
    Party.objects.bulk_create(parties)
    _start_clocks(row, at, actor)
    record("petition.registered", row, at, actor, channel=row.channel, received_on=row.received_on.isoformat())
    return row


def _check(row: Petition, on: date) -> None:
    """Raise BadPetition or TooMany for what cannot be."""
    if row.received_on > on:
        raise BadPetition(_("收到日期不得晚于今天。"), fields={"received_on": _("不得晚于今天")})
    if row.channel in rules.PASSED_ON and not row.sent_by:
        raise BadPetition(_("请填写转送或交办的机关。"), fields={"sent_by": _("请填写转送或交办的机关")})
    most = int(statutes.rule(rules.REPRESENTATIVES, on=on).value or 0)
    if len(row.representatives) > most:
        message = _("多人走访的，请推选代表，代表不超过 %(most)s 人。") % {"most": most}
        raise TooMany(message, fields={"representatives": message})


def _free_handler(row: Petition, people: list[int], on: date) -> Post | None:
    """The nearest seat that may handle it, free of ties; for a complaint never one of the unit it is against.

    A complaint against the authority itself goes to the stationed discipline group. Law: XF-11, XF-12, XF-16.
    """
    seat = org.seat_with(Right.HANDLE_PETITIONS, row.unit, on=on)
    is_theirs = row.kind == Kind.COMPLAINT and seat is not None and str(row.unit_id) in _line(seat.post)
    if is_theirs:
        seat = org.seat_with(Right.MANAGE_LEADS, row.unit, on=on)
    if seat is None or not people:
        return seat.post if seat else None
    touch = org.may_touch(seat.person_id, unit=row.unit, about=people, on=on)
    above = seat.post if touch.allowed else touch.next_above
    if above is None or (is_theirs and not _keeps_leads(above)):
        return None
    return above


def _line(post: Post) -> list[str]:
    """The ids of a post's unit and of the units above it."""
    return (post.unit.path or "").split("/")


def _keeps_leads(post: Post) -> bool:
    """Whether a post belongs to the discipline group."""
    return any(post.role == role and Right.MANAGE_LEADS in held for role, held in org_rules.RIGHTS.items())


def _start_clocks(row: Petition, at: datetime, actor: Actor) -> None:
    """The clock to tell the petitioner, and for what was passed on the clock to object."""
    if row.is_reachable:
        title = _("信访件 %(number)s：决定是否受理并书面告知信访人")
        start_clock(row, title, rules.telling(row.channel), row.received_on, at, actor)
    if row.channel in rules.PASSED_ON:
        title = _("信访件 %(number)s：不属于本单位的，提出异议")
        start_clock(row, title, rules.OBJECTION, row.received_on, at, actor, queries.OBJECTION_KIND)
