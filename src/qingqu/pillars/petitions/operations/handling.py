"""Handling a petition: who undertakes it, its one extension, hearings, and its end."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.duties import queries as clocks
from qingqu.kernel.org.types import Actor
from qingqu.pillars.petitions import queries, rules
from qingqu.pillars.petitions.models import Petition
from qingqu.pillars.petitions.operations.rows import NotNow, NotYours, moved, record, said, start_clock, taken
from qingqu.pillars.petitions.types import State

if TYPE_CHECKING:
    from qingqu.kernel.duties.models import Duty


class AlreadyExtended(Refused):
    """A petition's term is extended once."""

    code = "PETITION_ALREADY_EXTENDED"


class TooLate(Refused):
    """The term within which the step could be taken is over."""

    code = "PETITION_TOO_LATE"


@transaction.atomic
def begin(*, petition: Petition, undertaker: str, at: datetime, actor: Actor) -> Petition:
    """Say which section undertakes it. Raises NotYours, NotNow, Incomplete."""
    row, to = taken(petition, actor, "begin")
    row.undertaker = said(undertaker, "undertaker", _("请填写承办科室。"))[:100]
    moved(row, to, "undertaker")
    record("petition.begun", row, at, actor)
    return row


@transaction.atomic
def extend(*, petition: Petition, ground: str, told: str, at: datetime, actor: Actor) -> Petition:
    """Extend the term of a claim once, on the head's approval and with the reason told to the petitioner.

    Raises NotYours for anybody but a head, and for the handler; NotNow without a running term; AlreadyExtended; TooLate
    once the term is over; Incomplete without ground or telling. Law: XF-05.
    """
    row, to = taken(petition, actor, "extend")
    if row.handler_id in {grant.post_id for grant in actor.grants}:
        raise NotYours(_("承办人不能批准自己的延期，请由其他负责人批准。"))
    if row.extended_on is not None:
        raise AlreadyExtended(_("办理期限只能延长一次，这件信访已经延长过。请在期限内办结。"))
    row.extension_ground = said(ground, "ground", _("请写明延期理由。"))
    row.extension_told = said(told, "told", _("请写明怎样把延期理由告知了信访人。"))
    clock, on = _clock(row), local_date(at)
    if on > clock.due_on:
        raise TooLate(_("办理期限已过（%(day)s），不能再延长。请尽快办结。") % {"day": clock.due_on.isoformat()})
    row.extended_by_id, row.extended_on = actor.person_id, on
    moved(row, to, "extended_by", "extended_on", "extension_ground", "extension_told")
    _replace(row, clock, at, actor)
    record("petition.extended", row, at, actor)
    return row


@transaction.atomic
def hear(*, petition: Petition, ground: str, at: datetime, actor: Actor) -> Petition:
    """A hearing begins: its days do not count. Raises NotYours, NotNow, Incomplete. Law: XF-09."""
    row, to = taken(petition, actor, "hear")
    duties.pause(
        duty=_clock(row), ground=said(ground, "ground", _("请写明听证事由。"))[:200], at=at, actor_id=actor.person_id
    )
    moved(row, to)
    record("petition.hearing_opened", row, at, actor)
    return row


@transaction.atomic
def resume(*, petition: Petition, at: datetime, actor: Actor) -> Petition:
    """The hearing is over: the clock runs on. Raises NotYours, NotNow. Law: XF-09."""
    row, to = taken(petition, actor, "resume")
    duties.resume(duty=_clock(row), at=at, actor_id=actor.person_id)
    moved(row, to)
    record("petition.hearing_closed", row, at, actor)
    return row


@transaction.atomic
def close(*, petition: Petition, ground: str, is_content: bool, at: datetime, actor: Actor) -> Petition:
    """End an answered petition when the time to ask for more is over, or the petitioner accepts it in writing.

    Raises NotYours, NotNow while the petitioner may still ask, Incomplete. Law: XF-06, XF-08.
    """
    row, to = taken(petition, actor, "close")
    until = _remedy_until(row)
    if not is_content and until is not None and local_date(at) <= until:
        message = _("信访人在 %(day)s 之前还可以请求复查或者复核。信访人书面认可的，请勾选后再终结。")
        raise NotNow(message % {"day": until.isoformat()})
    end(row, to, said(ground, "ground", _("请写明终结理由。")), at, actor)
    record("petition.closed", row, at, actor, is_content=is_content)
    return row


def end(row: Petition, to: State, ground: str, at: datetime, actor: Actor) -> None:
    """Save the end of a petition with its day, person and ground."""
    row.closed_on, row.closed_by_id, row.close_ground = local_date(at), actor.person_id, ground
    moved(row, to, "closed_on", "closed_by", "close_ground")


def _clock(row: Petition) -> "Duty":
    """The petition's running duty. Raises NotNow when it has none."""
    found = clocks.open_by_subject(queries.KIND, [row.pk]).get(str(row.pk))
    if found is None:
        raise NotNow(_("这件信访没有正在计算的期限。"))
    return found


def _replace(row: Petition, clock: "Duty", at: datetime, actor: Actor) -> None:
    """Let the extension's own duty follow the one it extends, counted by its rule from the day that was due.

    So the date shown is the law's, and follows a change of the calendar like every other. Law: XF-05.
    """
    ground = _("经批准延长办理期限")
    duties.cancel(subject_kind=queries.KIND, subject_id=row.pk, ground=ground, at=at, actor_id=actor.person_id)
    title = _("信访件 %(number)s：在延长的期限内办结并出具处理意见")
    start_clock(row, title, rules.EXTENSION, clock.due_on, at, actor)


def _remedy_until(row: Petition) -> date | None:
    """The last day on which the petitioner may ask for the next opinion."""
    last = row.opinions.filter(issued_at__isnull=False).order_by("-id").first()
    return last.remedy_until if last else None
