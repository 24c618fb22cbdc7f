"""Deciding, serving, filing and releasing."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.cases import queries, rules, wording
from qingqu.pillars.cases.models import Decision, Respondent
from qingqu.pillars.cases.operations import rows
from qingqu.pillars.cases.operations.rows import Incomplete, NotHeard, NotNow, Twice, record, said, taken
from qingqu.pillars.cases.types import Body, Part, State, Treatment


@transaction.atomic
def decide(
    *,
    respondent: Respondent,
    sanction: str,
    restriction_months: int = 0,
    facts: str = "",
    evidence: str = "",
    basis: str = "",
    at: datetime,
    actor: Actor,
) -> Decision:
    """Decide, by the body the authority table names and somebody who neither investigated nor proposed.

    What is not given is taken from the notice. The person's own word must be on record, and the treatment no heavier
    than what they were told of before. Raises NotYours, NotNow, NotHeard, BadTreatment, TooHeavy, Twice, NeedsAnother.
    Law: ET-09, ET-10, ET-11, ET-12, ET-13, ET-24, ET-26.
    """
    row = taken(respondent, actor, "decide")
    meant = rows.treatment(row, sanction, restriction_months)
    line = rules.authority(sanction, school=row.case.school_kind, is_staffed=row.is_staffed)
    body = rows.acts_as(row.case, actor, line.decides)
    if not row.is_heard:  # type: ignore[attr-defined]
        raise NotHeard(_("没有本人陈述申辩的记录，不能作出决定。"))
    rows.no_heavier(meant, rows.ceiling(row))
    if row.is_sanctioned_elsewhere and sanction in rules.FORMAL:  # type: ignore[attr-defined]
        raise Twice(_("同一行为已有处分，不得重复给予处分，可以给予其他处理。"))
    rows.take_part(row.case_id, actor.person_id, Part.DECIDER, at)
    row.facts, row.evidence, row.basis = facts or row.facts, evidence or row.evidence, basis or row.basis
    organ = row.case.unit.name if body is Body.SCHOOL else org.district_name()
    decision = written(row, meant, ordinal=1, organ=organ, at=at, actor=actor, ceiling=rows.ceiling(row))
    row.state = State.DECIDED
    row.save(update_fields=["state"])
    duties.discharge(subject_kind=queries.PERSON_KIND, subject_id=row.pk, at=at, actor_id=actor.person_id)
    record("case.decided", row, at, actor.person_id, decision=decision.number, sanction=meant.sanction)
    return decision


def written(
    row: Respondent,
    meant: Treatment,
    *,
    ordinal: int,
    organ: str,
    at: datetime,
    actor: Actor,
    ceiling: Treatment,
    binds_from: date | None = None,
) -> Decision:
    """Write a decision with all its elements; a variation binds from the day the first one did. Raises Incomplete."""
    on = local_date(at)
    start = binds_from or on
    decision = Decision(
        respondent=row,
        ordinal=ordinal,
        number=f"SD{on.year}-{row.pk:06d}-{ordinal}",
        sanction=meant.sanction,
        restriction_months=meant.restriction_months,
        rank=rules.RANK[meant.sanction],
        ceiling_rank=rules.RANK[ceiling.sanction],
        ceiling_months=ceiling.restriction_months,
        facts=row.facts.strip(),
        evidence=row.evidence.strip(),
        basis=row.basis.strip(),
        remedies=wording.remedies(organ),
        organ=organ,
        decided_by_id=actor.person_id,
        decided_at=at,
        decided_on=on,
        sanction_until=rules.ends_on(start, rules.period_months(meant.sanction)),
        restricted_until=rules.ends_on(start, meant.restriction_months),
        binds_from=binds_from,
    )
    if missing := rules.missing_elements(vars(decision)):
        raise Incomplete(_("决定书缺少要素：%(missing)s") % {"missing": "、".join(missing)})
    decision.save()
    return decision


@transaction.atomic
def serve(*, respondent: Respondent, served_on: date, service: str, at: datetime, actor: Actor) -> Decision:
    """Note when and how the decision was handed to the person; locks hold and the term for a review runs from then.

    Raises NotYours, NotNow, Incomplete. Law: ET-20, ET-13.
    """
    row, decision = _of_desk(respondent, actor, "serve")
    on = _day(served_on, decision.decided_on, actor, "served_on")
    decision.served_on, decision.served_by_id = on, actor.person_id
    decision.service = said(service, _("请写明送达方式和签收情况。"), "service")
    decision.binds_from = decision.binds_from or on
    decision.save(update_fields=["served_on", "served_by", "service", "binds_from"])
    row.state = State.SERVED
    row.save(update_fields=["state"])
    if seat := org.posts_held(row.person_id, on=actor.on).first():
        duties.assign_many(
            orders=[duties.Order(_("可以申请复核的最后一日"), seat, row.pk, reverse("cases:own", args=[row.pk]))],
            subject_kind=queries.PERSON_KIND,
            start_on=on,
            rule_id=rules.REVIEW_TERM,
            at=at,
            actor_id=actor.person_id,
            is_private=True,
            is_by_hand=True,
        )
    record("case.served", row, at, actor.person_id, decision=decision.number, served_on=on.isoformat())
    return decision


@transaction.atomic
def file(*, respondent: Respondent, filing: str, at: datetime, actor: Actor) -> Decision:
    """Put the decision into the person's record and file it with whom the authority table names; it is in effect.

    The day of release becomes a duty of the desk. Raises NotYours, NotNow, Incomplete. Law: ET-10, ET-11, ET-17.
    """
    row, decision = _of_desk(respondent, actor, "file")
    decision.filed_on = local_date(at)
    decision.filing = said(filing, _("请写明入档和报备情况。"), "filing")
    decision.save(update_fields=["filed_on", "filing"])
    row.state = State.EFFECTIVE
    row.save(update_fields=["state"])
    ends = free_on(decision)
    if ends is not None and row.case.desk is not None and ends > local_date(at):
        duties.assign_many(
            orders=[
                duties.Order(
                    _("期满解除 %(number)s 并书面通知本人") % {"number": decision.number},
                    row.case.desk,
                    row.pk,
                    reverse("cases:person", args=[row.pk]),
                )
            ],
            subject_kind=queries.PERSON_KIND,
            start_on=local_date(at),
            due_on=ends,
            at=at,
            actor_id=actor.person_id,
            is_private=True,
        )
    record("case.filed", row, at, actor.person_id, decision=decision.number)
    return decision


def free_on(decision: Decision) -> date | None:
    """The first day on which neither sanction nor restriction runs; None when nothing runs."""
    return max((day for day in (decision.sanction_until, decision.restricted_until) if day), default=None)


@transaction.atomic
def release(*, respondent: Respondent, at: datetime, actor: Actor) -> Respondent:
    """Release the person at the end of the period and note that they were told in writing.

    Raises NotYours, NotNow before the end and where nothing runs. Law: ET-17.
    """
    row, decision = _of_desk(respondent, actor, "release")
    ends = free_on(decision)
    if ends is None or actor.on < ends:
        raise NotNow(_("处理期限尚未届满，不能解除。"))
    row.state, row.released_at, row.released_by_id = State.RELEASED, at, actor.person_id
    row.save(update_fields=["state", "released_at", "released_by"])
    duties.discharge(subject_kind=queries.PERSON_KIND, subject_id=row.pk, at=at, actor_id=actor.person_id)
    record("case.released", row, at, actor.person_id, decision=decision.number)
    return row


def _of_desk(respondent: Respondent, actor: Actor, verb: str) -> tuple[Respondent, Decision]:
    """The locked procedure and the decision that stands, for a step of the desk."""
    row = taken(respondent, actor, verb)
    rows.holds(row.case, actor, Right.HANDLE_CASES)
    return row, _standing(row)


def _standing(row: Respondent) -> Decision:
    """The decision that stands. Raises NotNow when there is none."""
    found = queries.standing(row)
    if found is None:
        raise NotNow(_("没有有效的决定。"))
    return found


def _day(given: date, earliest: date, actor: Actor, field: str) -> date:
    """The day, if it lies between ``earliest`` and today. Raises Incomplete."""
    if not earliest <= given <= actor.on:
        message = _("日期不得早于决定日期，也不得晚于今天。")
        raise Incomplete(message, fields={field: message})
    return given
