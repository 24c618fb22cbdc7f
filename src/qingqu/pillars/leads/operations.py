"""Writing leads: opening, proposing a disposition, approving or returning it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.models import Post, Unit
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.leads import queries, rules
from qingqu.pillars.leads.models import Disposition, Lead, Outcome, Party
from qingqu.pillars.leads.types import Decision, Kind, Standing, State, Track


class AlreadyOpen(Refused):
    """The source already has an open lead."""

    code = "LEAD_ALREADY_OPEN"


class ReportAtOnce(Refused):
    """Harm to minors is never queued as a lead."""

    code = "LEAD_REPORT_AT_ONCE"


class NotYours(Refused):
    """The actor may not take this step, or the lead is out of reach."""

    code = "LEAD_NOT_YOURS"


class NotNow(Refused):
    """The lead's state does not allow this step."""

    code = "LEAD_NOT_NOW"


class NeedsReason(Refused):
    """Every disposition and every return has a reason."""

    code = "LEAD_NEEDS_REASON"


class NeedsAnother(Refused):
    """A disposition is decided by another person than the one who proposed it."""

    code = "LEAD_NEEDS_ANOTHER"


@transaction.atomic
def open_lead(
    *,
    title: str,
    body: str,
    unit: Unit,
    source_kind: str,
    source_id: object,
    at: datetime,
    actor_id: object,
    about: Iterable[int] = (),
    suppliers: Iterable[object] = (),
    own_acts: Iterable[int] = (),
    evidence: Mapping[str, Any] | None = None,
    track: str = Track.EDUCATION,
) -> Lead:
    """A new lead, handed to the nearest free seat of the discipline desk, its clock started.

    ``about`` and ``own_acts`` are person ids (whom it concerns; whose earlier act it examines), ``suppliers`` the ids
    under which suppliers are declared; ``evidence`` is frozen with its hash. When everybody in line is obstructed the
    lead is kept without a handler. Raises AlreadyOpen when the source has an open lead, ReportAtOnce for track T4.
    Law: DL-02, DL-03, WB-28, DL-22, MR-01.
    """
    if track == Track.MINORS:
        message = _("涉及侵害未成年人的，请立即向公安机关报告（110），不在本系统排队办理。")
        raise ReportAtOnce(message, fields={"track": _("请立即报警")})
    frozen = dict(evidence or {})
    lead = Lead(
        title=title.strip()[:200],
        body=body.strip(),
        unit=unit,
        track=track,
        source_kind=source_kind,
        source_id=str(source_id or ""),
        evidence=frozen,
        evidence_sha256=rules.evidence_hash(frozen),
        received_at=at,
    )
    parties = _parties(lead, about, suppliers, own_acts)
    lead.handler = _free_handler(lead, parties)
    _insert(lead)
    Party.objects.bulk_create(parties)
    _start_clock(lead, at, actor_id)
    _record(
        "lead.opened",
        lead,
        at,
        actor_id,
        source_kind=source_kind,
        source_id=lead.source_id,
        track=str(track),
        evidence_sha256=lead.evidence_sha256,
    )
    return lead


@transaction.atomic
def propose(*, lead: Lead, kind: str, reason: str, at: datetime, actor: Actor) -> Disposition:
    """Propose one of the four dispositions with its reason; the proposing clock stops.

    Raises NotYours, NotNow, NeedsReason. Law: DL-01, DL-02, WB-08.
    """
    lead = _taken(lead, actor)
    if not may_propose(lead, actor):
        raise NotYours(_("您的岗位不能提出处置意见。"))
    _in_state(lead, "propose")
    given = _reason(reason, _("请写明处置理由。"))
    row = Disposition.objects.create(
        lead=lead, kind=Kind(kind), reason=given, proposed_by_id=actor.person_id, proposed_at=at
    )
    lead.state = State.PROPOSED
    lead.save(update_fields=["state"])
    duties.discharge(subject_kind=queries.KIND, subject_id=lead.pk, at=at, actor_id=actor.person_id)
    _record("lead.disposition_proposed", lead, at, actor.person_id, kind=row.kind, disposition=row.pk)
    return row


@transaction.atomic
def approve(*, lead: Lead, opinion: str = "", at: datetime, actor: Actor) -> Disposition:
    """Approve the pending disposition; an approved 予以了结 closes the lead with its reason and approver.

    Raises NotYours, NotNow, NeedsAnother. Law: DL-01, WB-08.
    """
    lead, row = _to_decide(lead, actor, "approve")
    _decide(row, Decision.APPROVED, opinion.strip(), at, actor)
    lead.state = rules.after_approval(row.kind)
    if lead.state == State.CLOSED:
        lead.closed_at, lead.closed_by_id, lead.close_reason = at, actor.person_id, row.reason
    lead.save(update_fields=["state", "closed_at", "closed_by", "close_reason"])
    kind = "lead.closed" if lead.state == State.CLOSED else "lead.disposed"
    _record(kind, lead, at, actor.person_id, kind=row.kind, disposition=row.pk)
    return row


@transaction.atomic
def return_(*, lead: Lead, opinion: str, at: datetime, actor: Actor) -> Disposition:
    """Send the pending disposition back with a reason; the lead stands where it stood before the proposal.

    A lead that was never disposed of gets its clock back, still counted from the day it was received.
    Raises NotYours, NotNow, NeedsAnother, NeedsReason. Law: DL-02.
    """
    lead, row = _to_decide(lead, actor, "return")
    _decide(row, Decision.RETURNED, _reason(opinion, _("请写明退回理由。"), "opinion"), at, actor)
    was_disposed = lead.dispositions.filter(decision=Decision.APPROVED).exists()
    lead.state = rules.after_return(was_disposed=was_disposed)
    lead.save(update_fields=["state"])
    if not was_disposed:
        _start_clock(lead, at, actor.person_id)
    _record("lead.returned", lead, at, actor.person_id, kind=row.kind, disposition=row.pk)
    return row


def note_outcome(event: Event) -> None:
    """Keep what came of a lead elsewhere: called for events whose payload names a lead as their source.

    The first event of a matter carries {source_kind, source_id, title, url}; later ones only move it on.
    """
    facts = event.payload
    if facts.get("source_kind") == queries.KIND and str(facts.get("source_id", "")).isdigit():
        Outcome.objects.update_or_create(
            subject_kind=event.subject_kind,
            subject_id=event.subject_id,
            defaults={
                "lead_id": int(facts["source_id"]),
                "title": str(facts.get("title", ""))[:200],
                "url": facts.get("url", ""),
                "last_event": event.kind,
                "last_at": event.at,
            },
        )


def _taken(lead: Lead, actor: Actor) -> Lead:
    """The lead read again and locked, if the actor may see it."""
    found = queries.visible(actor).select_for_update(of=("self",)).filter(pk=lead.pk).first()
    if found is None:
        raise NotYours(_("找不到这条问题线索，或者您不能办理。"))
    return found


def may_propose(lead: Lead, actor: Actor) -> bool:
    """Whether the actor's posts may propose: they keep leads in that unit, or one is the handler's seat."""
    keeps = org_rules.may_in(actor, Right.MANAGE_LEADS, lead.unit.path or "")
    return keeps or lead.handler_id in {grant.post_id for grant in actor.grants}


def _in_state(lead: Lead, verb: str) -> None:
    """Raise NotNow unless the lead's state allows the step."""
    if not rules.may_move(lead.state, verb):
        raise NotNow(_("这条线索目前为“%(state)s”，不能进行这一步。") % {"state": lead.get_state_display()})


def _to_decide(lead: Lead, actor: Actor, verb: str) -> tuple[Lead, Disposition]:
    """The locked lead and its pending disposition, if the actor may decide it."""
    lead = _taken(lead, actor)
    if not org_rules.may_in(actor, rules.approving_right(lead.track), lead.unit.path or ""):
        raise NotYours(_("您的岗位不能审批处置意见。"))
    _in_state(lead, verb)
    row = lead.dispositions.select_for_update().get(decision=Decision.PENDING)
    if row.proposed_by_id == actor.person_id:
        raise NeedsAnother(_("处置意见由您提出，须由另一人审批。"))
    return lead, row


def _decide(row: Disposition, decision: Decision, opinion: str, at: datetime, actor: Actor) -> None:
    """Write the decision on a disposition."""
    row.decision, row.decided_by_id, row.decided_at, row.opinion = decision, actor.person_id, at, opinion
    row.save(update_fields=["decision", "decided_by", "decided_at", "opinion"])


def _reason(text: str, message: str, field: str = "reason") -> str:
    """The stripped text; raises NeedsReason when nothing is left."""
    if not text.strip():
        raise NeedsReason(message, fields={field: message})
    return text.strip()


def _parties(lead: Lead, about: Iterable[int], suppliers: Iterable[object], own_acts: Iterable[int]) -> list[Party]:
    """The parties' rows, each once."""
    people = [Party(lead=lead, standing=Standing.ABOUT, person_id=int(one)) for one in dict.fromkeys(about)]
    actors = [Party(lead=lead, standing=Standing.ACTED, person_id=int(one)) for one in dict.fromkeys(own_acts)]
    firms = dict.fromkeys(str(one) for one in suppliers if str(one))
    return people + actors + [Party(lead=lead, standing=Standing.SUPPLIER, supplier_id=one) for one in firms]


def _free_handler(lead: Lead, parties: list[Party]) -> Post | None:
    """The nearest seat of the discipline desk, or the next above when its holder is obstructed."""
    on = local_date(lead.received_at)
    seat = org.seat_with(Right.MANAGE_LEADS, lead.unit, on=on)
    if seat is None:
        return None
    touch = org.may_touch(
        seat.person_id,
        unit=lead.unit,
        about=[row.person_id for row in parties if row.standing == Standing.ABOUT and row.person_id],
        own_acts=[row.person_id for row in parties if row.standing == Standing.ACTED and row.person_id],
        suppliers=[row.supplier_id for row in parties if row.supplier_id],
        on=on,
    )
    return seat.post if touch.allowed else touch.next_above


def _insert(lead: Lead) -> None:
    """Insert the lead and give it its number, which carries the year it was received in."""
    try:
        with transaction.atomic():
            lead.save()
    except IntegrityError as error:
        open_already = Lead.objects.exclude(state=State.CLOSED).filter(
            source_kind=lead.source_kind, source_id=lead.source_id
        )
        if not open_already.exists():
            raise
        raise AlreadyOpen(_("这一来源已有未了结的问题线索，不能重复建立。")) from error
    lead.number = f"XS{local_date(lead.received_at).year}-{lead.pk:06d}"
    lead.save(update_fields=["number"])


def _start_clock(lead: Lead, at: datetime, actor_id: object) -> None:
    """Start the clock of DL-02 for the handler's seat, counted from the day the lead was received."""
    if lead.handler is None:
        return
    title = _("提出问题线索 %(number)s 的处置意见") % {"number": lead.number}
    duties.assign_many(
        orders=[duties.Order(title, lead.handler, lead.pk, reverse("leads:detail", args=[lead.pk]))],
        subject_kind=queries.KIND,
        start_on=local_date(lead.received_at),
        rule_id=rules.CLOCK,
        at=at,
        actor_id=actor_id,
        is_private=True,
    )


def _record(event: str, lead: Lead, at: datetime, actor_id: object, **facts: Any) -> None:
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
