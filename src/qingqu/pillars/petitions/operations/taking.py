"""Deciding on a registered petition: taken, refused, sent on, referred to the discipline body, objected to."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.org.models import Unit
from qingqu.kernel.org.types import Actor
from qingqu.pillars.petitions import queries, rules
from qingqu.pillars.petitions.models import Petition
from qingqu.pillars.petitions.operations.handling import TooLate
from qingqu.pillars.petitions.operations.rows import (
    Incomplete,
    NotNow,
    moved,
    record,
    said,
    start_clock,
    stop_clocks,
    taken,
)
from qingqu.pillars.petitions.types import Kind, State


class AlreadyTaken(Refused):
    """The same matter is in progress or was re-checked: it is not taken again."""

    code = "PETITION_ALREADY_TAKEN"


class NotToThem(Refused):
    """A complaint is never handed to whom it is against."""

    code = "PETITION_NOT_TO_THEM"


@transaction.atomic
def accept(*, petition: Petition, told: str, differs: str = "", at: datetime, actor: Actor) -> Petition:
    """Take the petition; a claim's term starts. ``told`` says how the petitioner was told.

    ``differs`` says what is new when the same person already has a petition about the same unit.
    Raises NotYours, NotNow, Incomplete, AlreadyTaken. Law: XF-01, XF-02, XF-04, XF-14.
    """
    row, to = taken(petition, actor, "accept")
    _refuse_repeats(row, differs)
    row.told = _telling(row, told)
    moved(row, to, "told")
    stop_clocks(row, at, actor)
    if rules.has_term(row.kind):
        title = _("信访件 %(number)s：办结并出具处理意见")
        start_clock(row, title, rules.HANDLING, local_date(at), at, actor)
    record("petition.accepted", row, at, actor, is_said_to_differ=bool(differs.strip()))
    return row


@transaction.atomic
def refuse(*, petition: Petition, ground: str, told: str, at: datetime, actor: Actor) -> Petition:
    """Refuse to take the petition, with its ground. Raises NotYours, NotNow, Incomplete. Law: XF-01, XF-14."""
    row, to = taken(petition, actor, "refuse")
    row.told = _telling(row, told)
    _leave(row, to, ground, at, actor)
    record("petition.refused", row, at, actor)
    return row


@transaction.atomic
def transfer(
    *,
    petition: Petition,
    ground: str,
    told: str,
    to_unit: Unit | None = None,
    to_organ: str = "",
    at: datetime,
    actor: Actor,
) -> Petition:
    """Send the petition to whom it belongs: a unit of the district, or another authority by name.

    Raises NotYours, NotNow, Incomplete, NotToThem. Law: XF-01, XF-11.
    """
    row, to = taken(petition, actor, "transfer")
    if to_unit is None and not to_organ.strip():
        message = _("请选择本区单位，或填写其他机关的名称。")
        raise Incomplete(message, fields={"to_organ": message})
    _refuse_the_accused(row, to_unit, to_organ)
    row.to_unit, row.to_organ, row.told = to_unit, to_organ.strip(), _telling(row, told)
    _leave(row, to, ground, at, actor, "to_unit", "to_organ")
    record("petition.transferred", row, at, actor)
    return row


@transaction.atomic
def refer(*, petition: Petition, ground: str, at: datetime, actor: Actor) -> Petition:
    """Hand the petition to the stationed discipline group: from now on that group alone reads it.

    Raises NotYours, NotNow, Incomplete. Law: XF-16.
    """
    row, to = taken(petition, actor, "refer")
    _leave(row, to, ground, at, actor)
    record("petition.referred", row, at, actor)
    return row


@transaction.atomic
def object_(*, petition: Petition, ground: str, at: datetime, actor: Actor) -> Petition:
    """Send back, with the reason, what another authority passed on and does not belong here.

    Raises NotYours, NotNow for what came directly, TooLate after the term, Incomplete. Law: XF-03.
    """
    row, to = taken(petition, actor, "object")
    if row.channel not in rules.PASSED_ON:
        raise NotNow(_("只有转送、交办来的信访件可以提出异议；直接收到的请作出受理、不予受理或转送的决定。"))
    clock = duties.open_by_subject(queries.OBJECTION_KIND, [row.pk]).get(str(row.pk))
    if clock is not None and local_date(at) > clock.due_on:
        raise TooLate(
            _("提出异议的期限已过（%(day)s）。请受理，或报请转送机关另行处理。") % {"day": clock.due_on.isoformat()}
        )
    _leave(row, to, ground, at, actor)
    record("petition.objected", row, at, actor)
    return row


@transaction.atomic
def receipt(*, petition: Petition, receipt: str, received_on: date, at: datetime, actor: Actor) -> Petition:
    """Note the receipt of what was sent on or referred; once.

    Raises NotYours, NotNow, Incomplete.
    """
    row, to = taken(petition, actor, "receipt")
    if row.receipt:
        raise NotNow(_("回执已经登记。"))
    if not (row.exit_on and row.exit_on <= received_on <= local_date(at)):
        message = _("签收日期不得早于送出之日，也不得晚于今天。")
        raise Incomplete(message, fields={"received_on": message})
    row.receipt, row.receipt_on = said(receipt, "receipt", _("请填写回执文号或签收人。"))[:100], received_on
    moved(row, to, "receipt", "receipt_on")
    record("petition.receipt_noted", row, at, actor, received_on=received_on.isoformat())
    return row


def _leave(row: Petition, to: State, ground: str, at: datetime, actor: Actor, *fields: str) -> None:
    """Save why the petition is not handled here; its clocks are over."""
    row.exit_ground, row.exit_on = said(ground, "ground", _("请写明理由。")), local_date(at)
    moved(row, to, "exit_ground", "exit_on", "told", *fields)
    stop_clocks(row, at, actor)


def _telling(row: Petition, told: str) -> str:
    """How the petitioner was told; needed whenever the petitioner can be reached. Raises Incomplete."""
    if not row.is_reachable:
        return told.strip()
    return said(told, "told", _("请写明怎样书面告知了信访人。"))


def _refuse_repeats(row: Petition, differs: str) -> None:
    """Raise AlreadyTaken for a matter that is in progress or was re-checked, unless it is said to be another one."""
    if row.same_as_id is None and (differs.strip() or not (row.petitioner and row.contact)):
        return
    earlier = queries.alike(row).first()
    if earlier is None or (differs.strip() and earlier.pk != row.same_as_id):
        return
    facts = {"number": earlier.number}
    if earlier.state == State.CLOSED:
        message = _("同一事项已经复核终结（%(number)s）。请选择“不予受理”，告知信访人不再受理。")
    else:
        message = _("同一事项正在办理（%(number)s）。请选择“不予受理”，把来件材料并入原件，并告知信访人。")
    if row.same_as_id is None:
        message += _("不是同一事项的，请写明不同之处。")
    raise AlreadyTaken(message % facts)


def _refuse_the_accused(row: Petition, to_unit: Unit | None, to_organ: str) -> None:
    """Raise NotToThem when a complaint would go to the unit or the people it is against. Law: XF-11."""
    if row.kind != Kind.COMPLAINT:
        return
    is_theirs = rules.is_handed_to_the_accused(
        unit_path=row.unit.path or "",
        to_path=(to_unit.path or "") if to_unit else "",
        to_organ=to_organ,
        names=(row.unit.name, *queries.about(row)),
    )
    if is_theirs:
        message = _("检举控告不得转给被检举控告的人员或者单位。请转送其上级单位，或移送纪检监察机关。")
        raise NotToThem(message)
