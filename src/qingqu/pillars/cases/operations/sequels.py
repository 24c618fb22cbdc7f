"""What follows: clearing a name, correcting what was published, the discipline track's part, false accusations."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.types import Actor, Right
from qingqu.kernel.publications import operations as publications
from qingqu.kernel.publications.models import Publication
from qingqu.pillars.cases import queries, rules, wording
from qingqu.pillars.cases.models import Case, Clarification, Referral, Respondent, Transfer
from qingqu.pillars.cases.operations import rows
from qingqu.pillars.cases.operations.rows import Incomplete, NeedsAnother, NotNow, NotYours, record, said, taken
from qingqu.pillars.cases.types import Mode, Part, State, TransferOutcome


@transaction.atomic
def draft_clarification(*, respondent: Respondent, mode: str, at: datetime, actor: Actor) -> Clarification:
    """Draft the words that clear a name; they are made from the person and the school alone.

    Raises NotYours, NotNow. Law: WB-27, ET-28.
    """
    row = taken(respondent, actor, "clarify")
    rows.holds(row.case, actor, Right.HANDLE_CASES)
    if Clarification.objects.filter(respondent=row).exists():
        raise NotNow(_("澄清已经起草，待批准。"))
    found = Clarification.objects.create(
        respondent=row,
        mode=Mode(mode),
        text=wording.clarification(row),
        drafted_by_id=actor.person_id,
        drafted_at=at,
    )
    record("case.clarification_drafted", row, at, actor.person_id, mode=mode)
    return found


@transaction.atomic
def clarify(*, respondent: Respondent, at: datetime, actor: Actor) -> Clarification:
    """Approve the clarification; the name is cleared. Raises NotYours, NotNow, NeedsAnother. Law: WB-27."""
    row = taken(respondent, actor, "clarify")
    rows.holds(row.case, actor, Right.DECIDE_CASES)
    found = Clarification.objects.select_for_update().filter(respondent=row).first()
    if found is None:
        raise NotNow(_("澄清还没有起草。"))
    if found.drafted_by_id == actor.person_id:
        raise NeedsAnother(_("澄清由您起草，须由另一人批准。"))
    found.approved_by_id, found.approved_at = actor.person_id, at
    found.save(update_fields=["approved_by", "approved_at"])
    row.state = State.CLARIFIED
    row.save(update_fields=["state"])
    record("case.clarified", row, at, actor.person_id, mode=found.mode)
    return found


@transaction.atomic
def draft_correction(*, respondent: Respondent, title: str, body: str, reason: str, at: datetime, actor: Actor) -> int:
    """Draft the correction of everything still published about a decision set aside, at the same addresses.

    Says how many there were; another person publishes them. Raises NotYours, NotNow when nothing waits. Law: ET-27.
    """
    row = queries.to_act(actor).select_for_update(of=("self",)).filter(pk=respondent.pk).first()
    if row is None:
        raise NotYours(_("找不到这件案件，或者您不能办理。"))
    rows.holds(row.case, actor, Right.HANDLE_CASES)
    waiting = queries.uncorrected(row)
    if not waiting:
        raise NotNow(_("没有需要更正的公开件。"))
    for key in waiting:
        publications.correct(publication=Publication(pk=key), title=title, body=body, reason=reason, at=at, actor=actor)
    record("case.correction_drafted", row, at, actor.person_id, publications=waiting)
    return len(waiting)


def guard_publication(event: Event) -> None:
    """Let a publication about a decision stand only when the decision does, and its publisher has no other part.

    Called in the transaction that publishes, for every publication: raises NotNow and NeedsAnother, which undo it.

    """
    facts = event.payload
    if facts.get("source_kind") != queries.PERSON_KIND or not str(facts.get("source_id", "")).isdigit():
        return
    row = Respondent.objects.filter(pk=int(facts["source_id"])).first()
    corrects = event.kind == "publication.corrected"
    if row is None or (row.state not in rules.STANDING and not corrects):
        raise NotNow(_("决定未生效或者已撤销的，不得公开。"))
    rows.take_part(row.case_id, int(event.actor_id), Part.PUBLISHER, event.at)


@transaction.atomic
def transfer(
    *, respondent: Respondent, number: str, transferred_on: date, handler: str, at: datetime, actor: Actor
) -> Transfer:
    """Note that a Party member's part went to the discipline track; its content is not kept here.

    Raises NotYours outside the discipline group, NotNow for who is no Party member or was transferred, Incomplete.
    Law: ET-07.
    """
    row = _of_discipline(respondent, actor)
    if not row.person.is_party_member or queries.transfer(row) is not None:
        raise NotNow(_("此人不是中共党员，或者已经移送。"))
    found = Transfer.objects.create(
        respondent=row,
        number=said(number, _("请填写移送编号。"), "number"),
        transferred_on=transferred_on,
        handler=said(handler, _("请填写承办部门。"), "handler"),
    )
    record("case.transferred", row, at, actor.person_id)
    return found


@transaction.atomic
def note_transfer(*, respondent: Respondent, outcome: str, answered_on: date, at: datetime, actor: Actor) -> Transfer:
    """Note what the discipline track answered. Raises NotYours, NotNow, Incomplete. Law: ET-24."""
    row = _of_discipline(respondent, actor)
    found = Transfer.objects.select_for_update().filter(respondent=row).first()
    if found is None or found.outcome != TransferOutcome.PENDING:
        raise NotNow(_("没有待反馈的移送。"))
    if outcome == TransferOutcome.PENDING:
        message = _("请选择办理结果。")
        raise Incomplete(message, fields={"outcome": message})
    found.outcome, found.answered_on = TransferOutcome(outcome), answered_on
    found.save(update_fields=["outcome", "answered_on"])
    record("case.transfer_answered", row, at, actor.person_id)
    return found


def _of_discipline(respondent: Respondent, actor: Actor) -> Respondent:
    """The locked procedure, for the stationed discipline group only. Raises NotYours."""
    row = queries.to_act(actor).select_for_update(of=("self",)).filter(pk=respondent.pk).first()
    if row is None or not queries.reads_discipline(actor):
        raise NotYours(_("找不到这件案件，或者您不能办理。"))
    return row


@transaction.atomic
def refer_accusation(*, case: Case, organ: str, ground: str, at: datetime, actor: Actor) -> Referral:
    """Report a suspected false accusation to the authority that may recognise one; here it stays suspected.

    Only once everybody in the case is cleared. Raises NotYours, NotNow, Incomplete. Law: WB-24, WB-26.
    """
    found = queries.visible(actor).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if found is None or not org_rules.may_in(actor, Right.HANDLE_CASES, found.unit.path or ""):
        raise NotYours(_("找不到这件案件，或者您不能办理。"))
    if found.respondents.exclude(state__in=rules.CLEARED).exists() or Referral.objects.filter(case=found).exists():
        raise NotNow(_("只有查明不属实的案件可以报请认定，且只报请一次。"))
    row = Referral.objects.create(
        case=found,
        organ=said(organ, _("请写明报请的机关。"), "organ"),
        ground=said(ground, _("请写明疑似诬告的理由。"), "ground"),
        referred_by_id=actor.person_id,
        referred_on=actor.on,
    )
    ledger.record(
        "case.accusation_referred",
        at=at,
        actor_id=actor.person_id,
        subject_kind=queries.KIND,
        subject_id=found.pk,
        unit_id=found.unit_id,
    )
    return row
