"""Reading petitions: what an actor may see is one SQL condition; who is complained of sees none of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.paging import as_id
from qingqu.kernel.files.subjects import Subject
from qingqu.kernel.ledger import queries as ledger
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.models import Unit
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.petitions import rules
from qingqu.pillars.petitions.models import KindChoice, Opinion, Party, Petition, StateChoice
from qingqu.pillars.petitions.types import Kind, Level, Standing, State

KIND = "petition"
"""The subject kind under which events, duties and files know a petition."""

OBJECTION_KIND = "petition_objection"
"""The subject kind of the second duty about what was passed on: to object, while the other one is to tell."""


def visible(actor: Actor) -> QuerySet[Petition]:
    """The petitions the actor may see: in scope, or handled on the actor's seat, and free of ties.

    A complaint is closed to the unit it is against and to the units below that; what was referred to the discipline
    body is open to that body alone. Law: XF-11, XF-12, XF-16, WB-28.
    """
    return _visible(actor, Petition.objects.all())


def _visible(actor: Actor, rows: QuerySet[Petition]) -> QuerySet[Petition]:
    """Those of ``rows`` the actor may see, with unit and handler."""
    keeps = ~Q(state=State.REFERRED)
    if org_rules.may(actor, Right.MANAGE_LEADS):
        keeps |= org.within(actor, Right.MANAGE_LEADS)
    reads = org.within(actor, Right.VIEW_PETITIONS) & keeps
    seat = Q(handler_id__in=[grant.post_id for grant in actor.grants]) & keeps
    found = org.either(rows, actor, Right.VIEW_PETITIONS, reads, seat)
    return _untied(actor, found).select_related("unit", "handler")


def _untied(actor: Actor, rows: QuerySet[Petition]) -> QuerySet[Petition]:
    """Those of ``rows`` in which nothing and nobody stands in the actor's way. Law: XF-11, XF-12."""
    people = org.obstructing(actor).people
    tied = Party.objects.filter(person_id__in=people).values("petition_id")
    return rows.exclude(pk__in=tied).exclude(kind=Kind.COMPLAINT, unit_id__in=rules.own_line(actor.grants))


def listed(actor: Actor, *, state: str = "", kind: str = "", unit_id: str = "", text: str = "") -> QuerySet[Petition]:
    """The visible petitions, latest received first, cut by state, kind, unit and a word of the title or number."""
    rows = Petition.objects.all()
    if state in set(State):
        rows = org.cut(rows, actor, Right.VIEW_PETITIONS, "state", state)
    if kind in set(Kind):
        rows = org.cut(rows, actor, Right.VIEW_PETITIONS, "kind", kind)
    if (unit := as_id(unit_id)) is not None:
        rows = rows.filter(unit_id=unit)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(number__iexact=text))
    return _visible(actor, rows).order_by("-received_on", "-id")


@dataclass(frozen=True)
class Referral:
    """All that is left to the authority of what it referred to the discipline body."""

    number: str
    received_on: date
    referred_on: date
    receipt: str


def referrals(actor: Actor, *, most: int = 50) -> list[Referral]:
    """The latest petitions of the actor's scope that were referred: number, dates and receipt, never what they say.

    Law: XF-16, and the rulebook's §1.
    """
    rows = Petition.objects.filter(org.within(actor, Right.VIEW_PETITIONS), state=State.REFERRED)
    found = _untied(actor, rows).order_by("-exit_on", "-id")
    named = found.values_list("number", "received_on", "exit_on", "receipt")[:most]
    return [
        Referral(number or "", received, exit_on, receipt) for number, received, exit_on, receipt in named if exit_on
    ]


def named(row_id: int) -> Petition:
    """The petition of that id, not read: operations read and lock it themselves."""
    return Petition(pk=row_id)


def numbered(actor: Actor, number: str) -> Petition | None:
    """The visible petition of that number; None when there is none."""
    return visible(actor).filter(number=number.strip()).first()


def states() -> list[tuple[str, str]]:
    """Every state with its label."""
    return [(str(code), str(label)) for code, label in StateChoice.choices]


def kinds() -> list[tuple[str, str]]:
    """Every kind with its label."""
    return [(str(code), str(label)) for code, label in KindChoice.choices]


def opinions(petition: Petition) -> list[Opinion]:
    """The petition's opinions and the requests for them, the first first, with who issued them."""
    return list(petition.opinions.select_related("issued_by").order_by("id"))


def issued(petition: Petition, level: str) -> Opinion | None:
    """The issued opinion of a level; None when there is none."""
    return petition.opinions.filter(level=level, issued_at__isnull=False).select_related("issued_by").first()


def about(petition: Petition) -> list[str]:
    """The names of the members of staff the petition is about."""
    rows = petition.parties.filter(standing=Standing.ABOUT).order_by("id")
    return list(rows.values_list("person__name", flat=True))


def alike(petition: Petition) -> QuerySet[Petition]:
    """Other petitions of the same person about the same unit that are in progress, or were re-checked. Law: XF-14."""
    same = Q(pk=petition.same_as_id)
    if petition.petitioner and petition.contact:
        same |= Q(
            petitioner=petition.petitioner, contact=petition.contact, unit_id=petition.unit_id, kind=petition.kind
        )
    final = Opinion.objects.filter(level=Level.RECHECK, issued_at__isnull=False).values("petition_id")
    rows = Petition.objects.filter(same).exclude(pk=petition.pk)
    return rows.filter(Q(state__in=rules.IN_PROGRESS) | Q(pk__in=final)).order_by("id")


def history(petition: Petition) -> QuerySet[Event]:
    """The petition's events, oldest first."""
    return ledger.history(KIND, petition.pk)


def units_for(actor: Actor) -> QuerySet[Unit]:
    """The units about which the actor may register a petition, in tree order."""
    return org.units_within(actor, Right.HANDLE_PETITIONS)


def may_take(actor: Actor, petition: Petition, verb: str) -> bool:
    """Whether the actor's posts carry the step: by a right in the unit, or by sitting on the handler's seat.

    The receipt of what was referred is given by the discipline body. Law: XF-16.
    """
    path = petition.unit.path or ""
    if verb == "receipt" and petition.state == State.REFERRED:
        return org_rules.may_in(actor, Right.MANAGE_LEADS, path)
    needed = rules.NEEDS[verb]
    seat = petition.handler_id in {grant.post_id for grant in actor.grants}
    return (seat and Right.HANDLE_PETITIONS in needed) or any(org_rules.may_in(actor, right, path) for right in needed)


def subject(actor: Actor | None, subject_id: str) -> Subject | None:
    """A petition as other packages may see it; its handlers add files until it ends."""
    if actor is None or (key := as_id(subject_id)) is None:
        return None
    row = visible(actor).filter(pk=key).first()
    if row is None:
        return None
    url = reverse("petitions:detail", args=[row.pk])
    people = (row.petitioner, *row.representatives, *row.parties.values_list("person__name", flat=True))
    named_once = tuple(dict.fromkeys(name for name in people if name))
    return Subject(
        KIND, subject_id, row.title, row.unit_id, row.unit.path or "", url, may_attach(actor, row), named_once
    )


def may_attach(actor: Actor, petition: Petition) -> bool:
    """Whether the actor adds files: those who handle it, while it is in progress."""
    return petition.state in rules.IN_PROGRESS and may_take(actor, petition, "conclude")


def channels(*, on: date) -> list[tuple[str, str]]:
    """What the district tells about how to petition, as (what, how); empty words where nothing is set. Law: XF-13."""
    unit = org.root()
    asked: list[tuple[str, Any]] = [
        ("petitions.web", _("网络渠道")),
        ("petitions.address", _("通信地址")),
        ("petitions.telephone", _("电话")),
        ("petitions.reception", _("接待时间、地点")),
        ("petitions.enquiry", _("怎样查询进展和结果")),
    ]
    return [(label, org.setting(key, unit=unit, on=on) or "") for key, label in asked]
