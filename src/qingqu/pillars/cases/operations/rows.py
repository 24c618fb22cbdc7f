"""What every step of a case shares: the row read and locked, the part taken, the event recorded."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.cases import queries, rules
from qingqu.pillars.cases.models import Case, Hand, Respondent
from qingqu.pillars.cases.types import Body, Part, Sanction, Treatment


class NotYours(Refused):
    """The actor may not take this step, or the case is out of reach."""

    code = "CASE_NOT_YOURS"


class NotNow(Refused):
    """The state of the procedure does not allow this step."""

    code = "CASE_NOT_NOW"


class Incomplete(Refused):
    """A step lacks what it must say."""

    code = "CASE_INCOMPLETE"


class NeedsAnother(Refused):
    """Investigating, deciding, reviewing, hearing the appeal and publishing are done by different people."""

    code = "CASE_NEEDS_ANOTHER"


class Conflicted(Refused):
    """The person is related to somebody the case is about."""

    code = "CASE_CONFLICTED"


class NotHeard(Refused):
    """Nothing is proposed or decided before the person was heard."""

    code = "CASE_NOT_HEARD"


class TooHeavy(Refused):
    """The treatment is heavier than what the person was told of before speaking, or than what is being reviewed."""

    code = "CASE_TOO_HEAVY"


class Twice(Refused):
    """The act is already dealt with: one act, one sanction."""

    code = "CASE_TWICE"


class BadTreatment(Refused):
    """The treatment does not exist for this person, or its term is too short."""

    code = "CASE_BAD_TREATMENT"


def taken(row: Respondent, actor: Actor, verb: str) -> Respondent:
    """The procedure read again and locked, if the actor may see it and its state allows the step.

    Raises NotYours, NotNow.
    """
    found = queries.to_act(actor).select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise NotYours(_("找不到这件案件，或者您不能办理。"))
    in_state(found, verb)
    return found


def in_state(row: Respondent, verb: str) -> None:
    """Raise NotNow unless ``verb`` is a step out of the row's state."""
    if not rules.may_move(row.state, verb):
        raise NotNow(_("该程序目前为“%(state)s”，不能进行这一步。") % {"state": row.get_state_display()})


def holds(case: Case, actor: Actor, right: Right) -> None:
    """Raise NotYours unless a post of the actor carries the right over the case's school."""
    if not org_rules.may_in(actor, right, case.unit.path or ""):
        raise NotYours(_("您的岗位不能进行这一步。"))


def acts_as(case: Case, actor: Actor, bodies: tuple[Body, ...]) -> Body:
    """The body for which the actor acts: the school, or the authority above it. Raises NotYours."""
    if Body.AUTHORITY in bodies and org_rules.may_in(actor, Right.DECIDE_CASES, case.unit.path or ""):
        return Body.AUTHORITY
    if Body.SCHOOL in bodies and sits_in_school(case, actor):
        return Body.SCHOOL
    raise NotYours(_("按处理权限，这一步不由您的岗位办理。"))


def sits_in_school(case: Case, actor: Actor) -> bool:
    """Whether the actor heads the case's school."""
    return org_rules.may_in(actor, Right.PROPOSE_SANCTIONS, case.unit.path or "")


def take_part(case_id: int, person_id: int, part: Part, at: datetime) -> Hand:
    """Note that the person takes this part in the case. Raises NeedsAnother for a second part. Law: DL-17."""
    held = Hand.objects.filter(case_id=case_id, person_id=person_id).first()
    if not rules.may_take(part, held.part if held else None):
        raise NeedsAnother(_("您已在本案中承担其他职责，调查、决定、复核、申诉办理和发布须由不同的人负责。"))
    return held or Hand.objects.create(case_id=case_id, person_id=person_id, part=part, taken_at=at)


def is_investigator(row: Respondent) -> None:
    """Raise NotYours unless the actor for whom ``row`` was taken investigates this case."""
    if not row.investigates:  # type: ignore[attr-defined]
        raise NotYours(_("这一步由本案调查人办理。"))


def treatment(row: Respondent, sanction: str, months: int) -> Treatment:
    """The treatment, if it exists for the person. Raises BadTreatment. Law: ET-06, ET-18."""
    meant = Treatment(Sanction(sanction), months)
    if not rules.fits_person(meant, is_manager=row.is_manager):
        raise BadTreatment(
            _("该处理种类不适用于此人，或者取消资格的期限少于 %(months)s 个月。")
            % {"months": rules.least_restriction()}
        )
    return meant


def no_heavier(meant: Treatment, ceiling: Treatment) -> None:
    """Raise TooHeavy unless ``meant`` stays within ``ceiling``. Law: ET-26."""
    if not rules.is_within(meant, ceiling):
        raise TooHeavy(_("不得因陈述、申辩、复核或者申诉加重处理。"))


def ceiling(row: Respondent) -> Treatment:
    """What the person was told of before speaking."""
    return Treatment(Sanction(row.ceiling_sanction), row.ceiling_months)


def said(text: str, message: str, field: str) -> str:
    """The stripped text. Raises Incomplete when nothing is left."""
    if not text.strip():
        raise Incomplete(message, fields={field: message})
    return text.strip()


def record(event: str, row: Respondent, at: datetime, actor_id: object, **facts: Any) -> None:
    """One event of a procedure."""
    ledger.record(
        event,
        at=at,
        actor_id=actor_id,
        subject_kind=queries.PERSON_KIND,
        subject_id=row.pk,
        unit_id=row.case.unit_id,
        payload={"case": row.case_id} | facts,
    )
