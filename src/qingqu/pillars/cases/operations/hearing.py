"""Telling a respondent what was found and meant, hearing them and others, the school's proposal."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.kernel.duties import operations as duties
from qingqu.kernel.org.types import Actor
from qingqu.pillars.cases import queries, rules
from qingqu.pillars.cases.models import Respondent, Statement
from qingqu.pillars.cases.operations import rows
from qingqu.pillars.cases.operations.rows import NotHeard, NotYours, record, said, taken
from qingqu.pillars.cases.types import Body, Part, State, Voice


@transaction.atomic
def notify(
    *,
    respondent: Respondent,
    facts: str,
    evidence: str,
    basis: str,
    sanction: str,
    restriction_months: int = 0,
    at: datetime,
    actor: Actor,
) -> Respondent:
    """Tell the person what was found and what is meant, before they speak: nothing later may be heavier.

    After a supplementary investigation the new notice stays within the first. Raises NotYours for all but
    investigators, NotNow, Incomplete, BadTreatment, TooHeavy. Law: ET-13, ET-26.
    """
    row = taken(respondent, actor, "notify")
    rows.is_investigator(row)
    meant = rows.treatment(row, sanction, restriction_months)
    if row.ceiling_sanction:
        rows.no_heavier(meant, rows.ceiling(row))
    row.facts = said(facts, _("请写明查明的情况。"), "facts")
    row.evidence = said(evidence, _("请列明证据。"), "evidence")
    row.basis = said(basis, _("请写明依据。"), "basis")
    row.ceiling_sanction, row.ceiling_months = meant.sanction, meant.restriction_months
    row.notified_at, row.state = at, State.NOTIFIED
    row.save(update_fields=["facts", "evidence", "basis", "ceiling_sanction", "ceiling_months", "notified_at", "state"])
    record("case.notified", row, at, actor.person_id, sanction=meant.sanction, months=meant.restriction_months)
    return row


@transaction.atomic
def hear(*, respondent: Respondent, voice: str, text: str, verified: str = "", at: datetime, actor: Actor) -> Statement:
    """Put on record what the person, a colleague, a student or a parent said, and what was found about it.

    Raises NotYours for all but investigators, NotNow, Incomplete. Law: ET-13, ET-26.
    """
    row = taken(respondent, actor, "hear")
    rows.is_investigator(row)
    return _heard(row, Voice(voice), text, verified, at, actor)


@transaction.atomic
def speak(*, respondent: Respondent, text: str, waives: bool = False, at: datetime, actor: Actor) -> Statement:
    """Take the person's own statement, or their word that they make none. Raises NotYours, NotNow, Incomplete."""
    row = queries.own(actor).select_for_update(of=("self",)).filter(pk=respondent.pk).first()
    if row is None:
        raise NotYours(_("找不到这件案件。"))
    rows.in_state(row, "hear")
    return _heard(row, Voice.WAIVED if waives else Voice.OWN, text, "", at, actor)


def _heard(row: Respondent, voice: Voice, text: str, verified: str, at: datetime, actor: Actor) -> Statement:
    """Write one statement; the procedure stands at having heard once the person was."""
    statement = Statement.objects.create(
        respondent=row,
        voice=voice,
        text=said(text, _("请写明内容。"), "text"),
        verified=verified.strip(),
        recorded_by_id=actor.person_id,
        recorded_at=at,
    )
    if row.state == State.NOTIFIED and rules.is_heard([voice]):
        row.state = State.HEARD
        row.save(update_fields=["state"])
    record("case.heard", row, at, actor.person_id, voice=voice)
    return statement


@transaction.atomic
def supplement(*, respondent: Respondent, reason: str, at: datetime, actor: Actor) -> Respondent:
    """Go back to the investigation to check what was said; the ceiling stays. Raises NotYours, NotNow, Incomplete."""
    row = taken(respondent, actor, "supplement")
    rows.is_investigator(row)
    why = said(reason, _("请写明需要补充调查的事项。"), "reason")
    row.state = State.INVESTIGATING
    row.save(update_fields=["state"])
    record("case.supplemented", row, at, actor.person_id, reason=why)
    return row


@transaction.atomic
def propose(
    *, respondent: Respondent, sanction: str, restriction_months: int = 0, text: str, at: datetime, actor: Actor
) -> Respondent:
    """The school's proposal, after the person and somebody else was heard; for a school's head, of the authority.

    Raises NotYours, NotNow, NotHeard, BadTreatment, TooHeavy, NeedsAnother, Incomplete.
    Law: ET-09, ET-10, ET-11, ET-12, ET-13, ET-26.
    """
    row = taken(respondent, actor, "propose")
    rows.acts_as(row.case, actor, (Body.AUTHORITY,) if row.is_head else (Body.SCHOOL,))
    if not (row.is_heard and row.is_fully_heard):  # type: ignore[attr-defined]
        raise NotHeard(_("须先听取本人陈述申辩，并听取其他教师、学生或者家长代表的意见。"))
    meant = rows.treatment(row, sanction, restriction_months)
    rows.no_heavier(meant, rows.ceiling(row))
    rows.take_part(row.case_id, actor.person_id, Part.PROPOSER, at)
    row.proposed_sanction, row.proposed_months = meant.sanction, meant.restriction_months
    row.proposal = said(text, _("请写明建议和理由。"), "text")
    row.proposed_by_id, row.state = actor.person_id, State.PROPOSED
    row.save(update_fields=["proposed_sanction", "proposed_months", "proposal", "proposed_by", "state"])
    record("case.proposed", row, at, actor.person_id, sanction=meant.sanction, months=meant.restriction_months)
    return row


@transaction.atomic
def return_(*, respondent: Respondent, reason: str, at: datetime, actor: Actor) -> Respondent:
    """Send the proposal back with a reason. Raises NotYours, NotNow, NeedsAnother, Incomplete."""
    row = taken(respondent, actor, "return")
    rows.acts_as(row.case, actor, (Body.AUTHORITY,))
    why = said(reason, _("请写明退回理由。"), "reason")
    rows.take_part(row.case_id, actor.person_id, Part.DECIDER, at)
    row.state = State.HEARD
    row.save(update_fields=["state"])
    record("case.returned", row, at, actor.person_id, reason=why)
    return row


@transaction.atomic
def dismiss(*, respondent: Respondent, reason: str, at: datetime, actor: Actor) -> Respondent:
    """End the procedure without any treatment, with a reason, by somebody who may decide; the clock stops.

    Raises NotYours, NotNow, NeedsAnother, Incomplete. Law: ET-08, ET-28.
    """
    row = taken(respondent, actor, "dismiss")
    rows.acts_as(row.case, actor, (Body.AUTHORITY,))
    row.closing_reason = said(reason, _("请写明不予处理的理由。"), "reason")
    rows.take_part(row.case_id, actor.person_id, Part.DECIDER, at)
    row.closed_by_id, row.state = actor.person_id, State.NOT_HANDLED
    row.save(update_fields=["closing_reason", "closed_by", "state"])
    duties.discharge(subject_kind=queries.PERSON_KIND, subject_id=row.pk, at=at, actor_id=actor.person_id)
    record("case.dismissed", row, at, actor.person_id)
    return row
