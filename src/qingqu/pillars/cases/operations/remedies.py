"""Reviews and appeals: asking, answering, varying and revoking."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.cases import queries, rules
from qingqu.pillars.cases.models import Decision, Remedy, Respondent
from qingqu.pillars.cases.operations import rows
from qingqu.pillars.cases.operations.decisions import written
from qingqu.pillars.cases.operations.rows import Incomplete, NotNow, NotYours, record, said
from qingqu.pillars.cases.types import Outcome, RemedyKind, RemedyState, Sanction, Treatment


@transaction.atomic
def ask(*, respondent: Respondent, kind: str, grounds: str, at: datetime, actor: Actor) -> Remedy:
    """The person asks for a review (复核), or after its answer appeals (申诉), within the term.

    An appeal starts the clock of its answer for the desk. Raises NotYours, NotNow when it is too late or too early,
    Incomplete. Law: ET-14, ET-20, ET-21, ET-30.
    """
    row = queries.own(actor).select_for_update(of=("self",)).filter(pk=respondent.pk).first()
    if row is None:
        raise NotYours(_("找不到这件案件。"))
    decision = queries.standing(row)
    last = queries.last_day(row, kind)
    if decision is None or row.state not in rules.STANDING or last is None:
        raise NotNow(_("现在不能提出这一申请：须先送达决定；申诉须先有复核结果，且每种只能提出一次。"))
    if actor.on > last:
        raise NotNow(_("申请期限已于 %(day)s 届满。") % {"day": last.isoformat()})
    remedy = Remedy.objects.create(
        decision=decision,
        respondent=row,
        kind=kind,
        grounds=said(grounds, _("请写明理由。"), "grounds"),
        filed_on=local_date(at),
        filed_by_id=actor.person_id,
    )
    if kind == RemedyKind.APPEAL:
        _start_clock(row, at, actor)
    record("case.remedy_asked", row, at, actor.person_id, remedy=kind)
    return remedy


def _start_clock(row: Respondent, at: datetime, actor: Actor) -> None:
    """The clock of the appeal's answer, for the desk. Law: ET-30."""
    desk = row.case.desk
    if desk is None:
        return
    url = reverse("cases:person", args=[row.pk])
    order = duties.Order(_("办理案件 %(number)s 的申诉") % {"number": row.case.number}, desk, row.pk, url)
    duties.assign_many(
        orders=[order],
        subject_kind=APPEAL_KIND,
        start_on=local_date(at),
        rule_id=rules.APPEAL_CLOCK,
        at=at,
        actor_id=actor.person_id,
        is_private=True,
    )


APPEAL_KIND = "case_appeal"
"""The subject kind of the duty to answer an appeal; its subject is the procedure."""


@transaction.atomic
def answer(
    *,
    respondent: Respondent,
    outcome: str,
    reason: str,
    organ: str,
    sanction: str = "",
    restriction_months: int = 0,
    at: datetime,
    actor: Actor,
) -> Remedy:
    """Answer the open review or appeal: upheld, varied to something milder, or revoked.

    By somebody of the authority who had no other part in the case. A variation is a new decision to be served, which
    binds from the day the first one did; a revocation lifts every lock. Raises NotYours, NotNow, NeedsAnother,
    Incomplete, TooHeavy, BadTreatment. Law: ET-14, ET-26, ET-27.
    """
    row = queries.to_act(actor).select_for_update(of=("self",)).filter(pk=respondent.pk).first()
    if row is None:
        raise NotYours(_("找不到这件案件，或者您不能办理。"))
    rows.holds(row.case, actor, Right.DECIDE_CASES)
    remedy = queries.open_remedy(row)
    if remedy is None:
        raise NotNow(_("没有待答复的复核或者申诉。"))
    rows.take_part(row.case_id, actor.person_id, rules.part_for(remedy.kind), at)
    remedy.state, remedy.outcome = RemedyState.DECIDED, Outcome(outcome)
    remedy.reason = said(reason, _("请写明答复理由。"), "reason")
    remedy.organ = said(organ, _("请写明答复机关。"), "organ")
    remedy.answered_by_id, remedy.answered_on = actor.person_id, local_date(at)
    remedy.save(update_fields=["state", "outcome", "reason", "organ", "answered_by", "answered_on"])
    if remedy.kind == RemedyKind.APPEAL:
        duties.discharge(subject_kind=APPEAL_KIND, subject_id=row.pk, at=at, actor_id=actor.person_id)
    if verb := rules.verb_for(outcome):
        _follow(row, remedy, verb, sanction, restriction_months, at, actor)
    record("case.remedy_answered", row, at, actor.person_id, remedy=remedy.kind, outcome=outcome)
    return remedy


def _follow(row: Respondent, remedy: Remedy, verb: str, sanction: str, months: int, at: datetime, actor: Actor) -> None:
    """Set the decision aside and, for a variation, write the milder one."""
    rows.in_state(row, verb)
    old = remedy.decision
    old.set_aside_at, old.set_aside_as = at, remedy.outcome
    old.save(update_fields=["set_aside_at", "set_aside_as"])
    duties.cancel(
        subject_kind=queries.PERSON_KIND,
        subject_id=row.pk,
        ground=_("原决定已变更或者撤销。"),
        at=at,
        actor_id=actor.person_id,
    )
    if verb == "vary":
        _vary(row, old, remedy, sanction, months, at, actor)
    row.state = rules.after(row.state, verb)
    row.save(update_fields=["state"])


def _vary(
    row: Respondent, old: Decision, remedy: Remedy, sanction: str, months: int, at: datetime, actor: Actor
) -> None:
    """Write the milder decision. Raises Incomplete, TooHeavy, BadTreatment."""
    before = Treatment(Sanction(old.sanction), old.restriction_months)
    if sanction not in set(Sanction):
        message = _("请选择变更后的处理种类。")
        raise Incomplete(message, fields={"sanction": message})
    meant = rows.treatment(row, sanction, months)
    rows.no_heavier(meant, before)
    if meant == before:
        raise Incomplete(_("变更后的处理须轻于原处理；不变的，请选择维持。"))
    row.facts, row.evidence, row.basis = old.facts, old.evidence, old.basis
    written(
        row,
        meant,
        ordinal=old.ordinal + 1,
        organ=remedy.organ,
        at=at,
        actor=actor,
        ceiling=before,
        binds_from=old.binds_from,
    )
