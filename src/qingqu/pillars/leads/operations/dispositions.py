"""The four dispositions: proposed, studied, approved or returned, and carried out until the next one."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.types import Actor
from qingqu.pillars.leads import queries, rules
from qingqu.pillars.leads.models import Disposition, Lead
from qingqu.pillars.leads.operations import clocks
from qingqu.pillars.leads.operations.rows import NotNow, NotYours, in_state, kept, record, said, taken
from qingqu.pillars.leads.types import Decision, Exit, Kind, State


class NeedsAnother(Refused):
    """A disposition is decided by another person than the one who proposed it."""

    code = "LEAD_NEEDS_ANOTHER"


class NeedsReview(Refused):
    """What is put aside has a day on which it is looked at again."""

    code = "LEAD_NEEDS_REVIEW"


class WrongWay(Refused):
    """The approved disposition has no such way out."""

    code = "LEAD_WRONG_WAY"


class NotStudied(Refused):
    """The proposal was not studied collectively, or not by people who may handle the matter."""

    code = "LEAD_NOT_STUDIED"


@transaction.atomic
def propose(
    *,
    lead: Lead,
    kind: str,
    reason: str,
    at: datetime,
    actor: Actor,
    way_out: str = "",
    review_on: date | None = None,
) -> Disposition:
    """Propose one of the four dispositions with its reason; the clock that asked for it stops.

    After an approved disposition the proposal says by which of its ways out it comes; when ``way_out`` is not given it
    is the first that leads to ``kind``. 暂存待查 has ``review_on``, a day to come.
    Raises NotYours, NotNow, NeedsReason, NeedsReview, WrongWay. Law: DL-01, DL-02, DL-05, DL-06, DL-10, WB-08.
    """
    lead = kept(lead, actor)
    in_state(lead, "propose")
    row = Disposition(
        lead=lead,
        kind=Kind(kind),
        reason=said(reason, _("请写明处置理由。")),
        proposed_by_id=actor.person_id,
        proposed_at=at,
        way_out=_way_out(lead, kind, way_out) or "",
        review_on=_review(kind, review_on, local_date(at)),
    )
    row.save()
    lead.state = State.PROPOSED
    lead.save(update_fields=["state"])
    duties.discharge(subject_kind=queries.KIND, subject_id=lead.pk, at=at, actor_id=actor.person_id)
    _note("lead.disposition_proposed", lead, row, at, actor)
    return row


@transaction.atomic
def study(*, lead: Lead, studied_on: date, attendees: Mapping[int, str], note: str, at: datetime, actor: Actor) -> None:
    """Record that the pending proposal was studied together: when, by whom ``{person id: name}``, with what result.

    Recorded again it replaces what was recorded; the ledger keeps both. Raises NotYours, NotNow, NeedsReason, and
    NotStudied with fewer than two people, with one who may not handle the matter, or for a day outside the proposal.
    Law: WB-08, WB-28, DL-40.
    """
    lead = kept(lead, actor)
    in_state(lead, "study")
    given = said(note, _("请写明研究意见。"), "note")
    _may_study(lead, attendees, at)
    row = lead.dispositions.select_for_update().get(decision=Decision.PENDING)
    if not local_date(row.proposed_at) <= studied_on <= local_date(at):
        message = _("研究日期须在提出处置意见之后，且不得晚于今天。")
        raise NotStudied(message, fields={"studied_on": message})
    row.studied_on, row.study_note = studied_on, given
    row.attendees, row.attended_by = sorted(attendees), "、".join(attendees[key] for key in sorted(attendees))
    row.save(update_fields=["studied_on", "study_note", "attendees", "attended_by"])
    _note("lead.studied", lead, row, at, actor)


@transaction.atomic
def approve(*, lead: Lead, opinion: str = "", at: datetime, actor: Actor) -> Disposition:
    """Approve the pending disposition; an approved 予以了结 closes the lead with its reason and approver.

    暂存待查 starts the clock of its review, 予以了结 that of telling a named reporter.
    Raises NotYours, NotNow, NeedsAnother, and NotStudied on the discipline track. Law: DL-01, WB-08, WB-16.
    """
    lead, row = _to_decide(lead, actor, "approve")
    if rules.needs_study(lead.track) and row.studied_on is None:
        raise NotStudied(_("处置意见还没有集体研究，请先登记研究情况再报批。"))
    _decide(row, Decision.APPROVED, opinion.strip(), at, actor)
    lead.state = rules.after_approval(row.kind)
    if lead.state == State.CLOSED:
        lead.closed_at, lead.closed_by_id, lead.close_reason = at, actor.person_id, row.reason
        if lead.has_named_reporter:
            clocks.feedback(lead, at, actor.person_id)
    lead.save(update_fields=["state", "closed_at", "closed_by", "close_reason"])
    if row.review_on is not None:
        clocks.review(lead, row.review_on, at, actor.person_id)
    _note("lead.closed" if lead.state == State.CLOSED else "lead.disposed", lead, row, at, actor)
    return row


@transaction.atomic
def return_(*, lead: Lead, opinion: str, at: datetime, actor: Actor) -> Disposition:
    """Send the pending disposition back with a reason; the lead stands where it stood before the proposal.

    The clock that the proposal stopped runs again, still counted from where it began.
    Raises NotYours, NotNow, NeedsAnother, NeedsReason. Law: DL-02.
    """
    lead, row = _to_decide(lead, actor, "return")
    _decide(row, Decision.RETURNED, said(opinion, _("请写明退回理由。"), "opinion"), at, actor)
    last = _last(lead)
    lead.state = rules.after_return(was_disposed=last is not None)
    lead.save(update_fields=["state"])
    clocks.resume(lead, last, at, actor.person_id)
    _note("lead.returned", lead, row, at, actor)
    return row


@transaction.atomic
def talk(*, lead: Lead, talked_on: date, at: datetime, actor: Actor) -> None:
    """Record the day of the talk, or on which the written answer came; the clock of what follows starts with it.

    Raises NotYours, and NotNow when no approved 谈话函询 waits for it. Law: DL-05.
    """
    lead = kept(lead, actor)
    in_state(lead, "talk")
    row = _last(lead)
    if row is None or row.kind != Kind.TALK or row.talked_on is not None:
        raise NotNow(_("没有等待登记的谈话函询。"))
    if not local_date(row.decided_at or at) <= talked_on <= local_date(at):
        message = _("日期须在批准之后，且不得晚于今天。")
        raise NotNow(message, fields={"talked_on": message})
    row.talked_on = talked_on
    row.save(update_fields=["talked_on"])
    clocks.after_talk(lead, talked_on, at, actor.person_id)
    _note("lead.talked", lead, row, at, actor)


def _way_out(lead: Lead, kind: str, given: str) -> Exit | None:
    """By which way out of the approved disposition the next one comes; raises WrongWay when there is none."""
    last = _last(lead) if lead.state == State.DISPOSED else None
    try:
        return rules.exit_for(last.kind if last else None, kind, given)
    except ValueError as error:
        message = _("这种处置方式不能接在已批准的处置之后，请按处置结果选择。")
        raise WrongWay(message, fields={"kind": message}) from error


def _review(kind: str, review_on: date | None, on: date) -> date | None:
    """The day of review of a 暂存待查, and of nothing else; raises NeedsReview without a day to come."""
    if kind != Kind.HOLD:
        return None
    if review_on is None or review_on <= on:
        message = _("暂存待查须写明清理日期，且晚于今天。")
        raise NeedsReview(message, fields={"review_on": message})
    return review_on


def _may_study(lead: Lead, attendees: Collection[int], at: datetime) -> None:
    """Raise NotStudied unless several people took part and none of them is in the way of the matter."""
    if len(attendees) < rules.STUDIED_BY:
        message = _("集体研究须有两人以上参加。")
        raise NotStudied(message, fields={"attendees": message})
    parties = queries.parties(lead)
    barred = org.obstructed_among(
        attendees,
        unit=lead.unit,
        about=parties.about,
        own_acts=parties.acted,
        suppliers=parties.suppliers,
        on=local_date(at),
    )
    if barred:
        message = _("参加研究的人员中有须回避的，请由其他人研究。")
        raise NotStudied(message, fields={"attendees": message})


def _last(lead: Lead) -> Disposition | None:
    """The disposition approved last."""
    return lead.dispositions.filter(decision=Decision.APPROVED).order_by("-id").first()


def _to_decide(lead: Lead, actor: Actor, verb: str) -> tuple[Lead, Disposition]:
    """The locked lead and its pending disposition, if the actor may decide it."""
    lead = taken(lead, actor)
    if not org_rules.may_in(actor, rules.approving_right(lead.track), lead.unit.path or ""):
        raise NotYours(_("您的岗位不能审批处置意见。"))
    in_state(lead, verb)
    row = lead.dispositions.select_for_update().get(decision=Decision.PENDING)
    if row.proposed_by_id == actor.person_id:
        raise NeedsAnother(_("处置意见由您提出，须由另一人审批。"))
    return lead, row


def _decide(row: Disposition, decision: Decision, opinion: str, at: datetime, actor: Actor) -> None:
    """Write the decision on a disposition."""
    row.decision, row.decided_by_id, row.decided_at, row.opinion = decision, actor.person_id, at, opinion
    row.save(update_fields=["decision", "decided_by", "decided_at", "opinion"])


def _note(event: str, lead: Lead, row: Disposition, at: datetime, actor: Actor) -> None:
    """One event of a disposition."""
    record(event, lead, at, actor.person_id, kind=row.kind, disposition=row.pk)
