"""Keeping the register: one lead for one matter, interventions on record, named reporters told."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.types import Actor
from qingqu.pillars.leads import queries, rules
from qingqu.pillars.leads.models import Intervention, Lead, Party
from qingqu.pillars.leads.operations.rows import NotNow, in_state, keeping, kept, record, said, taken
from qingqu.pillars.leads.types import State


class CannotMerge(Refused):
    """Two leads do not become one: other tracks, a finished one, or a handler in the way of the other's people."""

    code = "LEAD_CANNOT_MERGE"


@transaction.atomic
def merge(*, lead: Lead, number: str, at: datetime, actor: Actor) -> Lead:
    """Make a lead the duplicate of the one with ``number``; gives the master.

    The duplicate is kept as it is with its number, points to its master, and its clock stops; the people and suppliers
    in it stand in the master too, so that nobody sees there what was closed to them here.
    Raises NotYours, NotNow, and CannotMerge. Law: DL-03.
    """
    lead, master = _both(lead, number, actor)
    _take_parties(lead, master, at)
    lead.master, lead.state = master, State.MERGED
    lead.save(update_fields=["master", "state"])
    ground = _("已并入 %(number)s") % {"number": master.number}
    duties.cancel(subject_kind=queries.KIND, subject_id=lead.pk, ground=ground, at=at, actor_id=actor.person_id)
    record("lead.merged", lead, at, actor.person_id, master=master.pk)
    return master


@transaction.atomic
def record_intervention(
    *, lead: Lead, who: str, asked_on: date, how: str, about: str, at: datetime, actor: Actor
) -> Intervention:
    """Enter that somebody asked after a lead or put in a word: who, when, how, what about. It stays for ever.

    Whoever may see the lead may enter it. Raises NotYours, NeedsReason, and NotNow for a day to come.
    """
    lead = taken(lead, actor)
    if asked_on > local_date(at):
        message = _("过问日期不得晚于今天。")
        raise NotNow(message, fields={"asked_on": message})
    row = Intervention.objects.create(
        lead=lead,
        who=said(who, _("请写明过问人。"), "who")[:100],
        asked_on=asked_on,
        how=said(how, _("请写明过问方式。"), "how")[:100],
        about=said(about, _("请写明过问内容。"), "about"),
        recorded_by_id=actor.person_id,
        recorded_at=at,
    )
    record("lead.intervention_recorded", lead, at, actor.person_id, intervention=row.pk)
    return row


@transaction.atomic
def feed_back(*, lead: Lead, feedback: str, at: datetime, actor: Actor) -> None:
    """Record how the named reporter of a closed lead was told of the result and what was answered.

    Raises NotYours, NeedsReason, and NotNow when nobody is to be told or it was done. Law: WB-16.
    """
    lead = kept(lead, actor)
    if lead.state != State.CLOSED or not lead.has_named_reporter or lead.fed_back_at is not None:
        raise NotNow(_("这条线索没有待反馈的实名反映人。"))
    lead.feedback = said(feedback, _("请写明反馈方式和反映人的意见。"), "feedback")
    lead.fed_back_at, lead.fed_back_by_id = at, actor.person_id
    lead.save(update_fields=["feedback", "fed_back_at", "fed_back_by"])
    duties.discharge(subject_kind=queries.FEEDBACK, subject_id=lead.pk, at=at, actor_id=actor.person_id)
    record("lead.fed_back", lead, at, actor.person_id)


def _both(lead: Lead, number: str, actor: Actor) -> tuple[Lead, Lead]:
    """The lead and the one that takes it in, both locked; raises with what stands against it."""
    wanted = Q(pk=lead.pk) | Q(number=number.strip().upper())
    rows = queries.visible(actor).select_for_update(of=("self",)).filter(wanted).order_by("id")
    found = {row.pk: row for row in rows}
    own = keeping(found.pop(lead.pk, None), actor)
    in_state(own, "merge")
    if not found:
        raise _cannot(_("找不到这个编号的线索。"))
    (master,) = found.values()
    if master.track != own.track:
        raise _cannot(_("轨道不同的线索不能并案。"))
    if master.state in rules.FINISHED:
        raise _cannot(_("主线索已了结或者已并入其他线索，不能再并入。"))
    return own, master


def _take_parties(lead: Lead, master: Lead, at: datetime) -> None:
    """Put the duplicate's people and suppliers into the master; raises CannotMerge when its handler is in the way."""
    rows = list(Party.objects.filter(lead__in=(lead.pk, master.pk)).order_by("id"))
    there = {(row.standing, row.person_id, row.supplier_id) for row in rows if row.lead_id == master.pk}
    brought = [row for row in rows if (row.standing, row.person_id, row.supplier_id) not in there]
    if not brought:
        return
    people = queries.parties_of(brought)
    in_way = org.obstructed_among(
        (),
        seats=(master.handler_id,) if master.handler_id else (),
        unit=master.unit,
        about=people.about,
        own_acts=people.acted,
        suppliers=people.suppliers,
        on=local_date(at),
    )
    if in_way:
        raise _cannot(_("主线索的承办人须回避并入的线索，请改以本件为主线索。"))
    Party.objects.bulk_create(
        Party(lead=master, standing=row.standing, person_id=row.person_id, supplier_id=row.supplier_id)
        for row in brought
    )


def _cannot(message: str) -> CannotMerge:
    """The refusal, beside the number that was typed."""
    return CannotMerge(message, fields={"number": message})
