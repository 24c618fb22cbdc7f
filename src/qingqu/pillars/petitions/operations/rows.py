"""What every write on petitions shares: the row locked, the step checked, the clock, the event."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.types import Actor
from qingqu.pillars.petitions import queries, rules
from qingqu.pillars.petitions.models import Petition
from qingqu.pillars.petitions.types import Kind, State


class NotYours(Refused):
    """The actor may not take this step, or the petition is out of reach."""

    code = "PETITION_NOT_YOURS"


class NotNow(Refused):
    """The petition's state does not allow this step."""

    code = "PETITION_NOT_NOW"


class Incomplete(Refused):
    """A step lacks what it must say."""

    code = "PETITION_INCOMPLETE"


def taken(petition: Petition, actor: Actor, verb: str) -> tuple[Petition, State]:
    """The petition read again and locked, with the state the step leads to. Raises NotYours, NotNow."""
    found = queries.visible(actor).select_for_update(of=("self",)).filter(pk=petition.pk).first()
    if found is None:
        raise NotYours(_("找不到这件信访，或者您不能办理。"))
    if not queries.may_take(actor, found, verb):
        raise NotYours(_("您的岗位不能办理这一步。"))
    to = rules.next_state(found.state, verb)
    if to is None:
        raise NotNow(_("这件信访目前为“%(state)s”，不能进行这一步。") % {"state": found.get_state_display()})
    return found, to


def said(text: str, field: str, message: str) -> str:
    """The stripped text; raises Incomplete when nothing is left."""
    if not text.strip():
        raise Incomplete(message, fields={field: message})
    return text.strip()


def moved(petition: Petition, state: State, *fields: str) -> None:
    """Save the new state with the fields that change with it; nothing when nothing does."""
    if petition.state == state and not fields:
        return
    petition.state = state
    petition.save(update_fields=["state", *fields])


def start_clock(
    petition: Petition, title: str, rule_id: str, start_on: date, at: datetime, actor: Actor, kind: str = queries.KIND
) -> None:
    """Give the handler's seat a duty by a rule; none when nobody in line is free to handle it.

    The duty of a complaint is hidden from everybody else: even that there is one is not told. Law: XF-11.
    """
    if petition.handler is None:
        return
    url = reverse("petitions:detail", args=[petition.pk])
    duties.assign_many(
        orders=[duties.Order(title % {"number": petition.number}, petition.handler, petition.pk, url)],
        subject_kind=kind,
        start_on=start_on,
        rule_id=rule_id,
        at=at,
        actor_id=actor.person_id,
        is_private=petition.kind == Kind.COMPLAINT,
    )


def stop_clocks(petition: Petition, at: datetime, actor: Actor) -> None:
    """Complete the open duties about the petition; the one to object falls away with the decision to take it."""
    duties.discharge(subject_kind=queries.KIND, subject_id=petition.pk, at=at, actor_id=actor.person_id)
    if petition.channel in rules.PASSED_ON:
        duties.discharge(subject_kind=queries.OBJECTION_KIND, subject_id=petition.pk, at=at, actor_id=actor.person_id)


def record(event: str, petition: Petition, at: datetime, actor: Actor, **facts: Any) -> None:
    """One event of a petition; what it says and who brings it is never in the event."""
    ledger.record(
        event,
        at=at,
        actor_id=actor.person_id,
        subject_kind=queries.KIND,
        subject_id=petition.pk,
        unit_id=petition.unit_id,
        payload=facts,
    )
