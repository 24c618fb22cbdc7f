"""What every step on a lead does: read it locked, look at its state, ask for a reason, record the event."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.leads import queries, rules
from qingqu.pillars.leads.models import Lead


class NotYours(Refused):
    """The actor may not take this step, or the lead is out of reach."""

    code = "LEAD_NOT_YOURS"


class NotNow(Refused):
    """The lead's state does not allow this step."""

    code = "LEAD_NOT_NOW"


class NeedsReason(Refused):
    """Every disposition and every return has a reason."""

    code = "LEAD_NEEDS_REASON"


def taken(lead: Lead, actor: Actor) -> Lead:
    """The lead read again and locked, if the actor may see it."""
    return _there(queries.visible(actor).select_for_update(of=("self",)).filter(pk=lead.pk).first())


def _there(found: Lead | None) -> Lead:
    """The lead that was looked for; raises NotYours when there is none for the actor."""
    if found is None:
        raise NotYours(_("找不到这条问题线索，或者您不能办理。"))
    return found


def may_propose(lead: Lead, actor: Actor) -> bool:
    """Whether the actor's posts may propose: they keep leads in that unit, or one is the handler's seat."""
    keeps = org_rules.may_in(actor, Right.MANAGE_LEADS, lead.unit.path or "")
    return keeps or lead.handler_id in {grant.post_id for grant in actor.grants}


def kept(lead: Lead, actor: Actor) -> Lead:
    """The locked lead, if the actor keeps leads there or sits on its seat. Raises NotYours."""
    return keeping(taken(lead, actor), actor)


def keeping(found: Lead | None, actor: Actor) -> Lead:
    """The lead that was read, if there is one and the actor keeps it. Raises NotYours."""
    lead = _there(found)
    if not may_propose(lead, actor):
        raise NotYours(_("您的岗位不能办理这条线索。"))
    return lead


def in_state(lead: Lead, verb: str) -> None:
    """Raise NotNow unless the lead's state allows the step."""
    if not rules.may_move(lead.state, verb):
        raise NotNow(_("这条线索目前为“%(state)s”，不能进行这一步。") % {"state": lead.get_state_display()})


def said(text: str, message: str, field: str = "reason") -> str:
    """The stripped text; raises NeedsReason when nothing is left."""
    if not text.strip():
        raise NeedsReason(message, fields={field: message})
    return text.strip()


def record(event: str, lead: Lead, at: datetime, actor_id: object, **facts: Any) -> None:
    """One event of a lead."""
    ledger.record(
        event,
        at=at,
        actor_id=actor_id,
        subject_kind=queries.KIND,
        subject_id=lead.pk,
        unit_id=lead.unit_id,
        payload=facts,
    )
