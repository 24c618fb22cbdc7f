"""The three opinions: on the petition, on review and on re-check, and the requests for the last two."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.engines import statutes
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.types import Actor
from qingqu.pillars.petitions import rules
from qingqu.pillars.petitions.models import Opinion, Petition
from qingqu.pillars.petitions.operations.handling import end
from qingqu.pillars.petitions.operations.rows import Incomplete, moved, record, said, start_clock, stop_clocks, taken
from qingqu.pillars.petitions.types import Level, Outcome, Reply


class NeedsAnother(Refused):
    """A review is decided by somebody who gave none of the earlier opinions."""

    code = "PETITION_NEEDS_ANOTHER"


class NotInTime(Refused):
    """The petitioner asked after the last day."""

    code = "PETITION_NOT_IN_TIME"


ASK = {Level.REVIEW: "ask_review", Level.RECHECK: "ask_recheck"}
ASKED = {Level.REVIEW: "petition.review_asked", Level.RECHECK: "petition.recheck_asked"}
DECIDE = {Level.REVIEW: "review", Level.RECHECK: "recheck"}
DECIDED = {Level.REVIEW: "petition.reviewed", Level.RECHECK: "petition.rechecked"}
"""The steps of the two levels, and the events they record."""


@transaction.atomic
def conclude(*, petition: Petition, reply: Reply, at: datetime, actor: Actor) -> Opinion:
    """Give the opinion on a petition; its clock stops and the petitioner's time to ask for a review is reckoned.

    Raises NotYours, NotNow, Incomplete. Law: XF-04, XF-06, XF-15.
    """
    row, to = taken(petition, actor, "conclude")
    opinion = Opinion(petition=row, level=Level.FIRST)
    _issue(opinion, reply, at, actor)
    moved(row, to)
    stop_clocks(row, at, actor)
    record("petition.concluded", row, at, actor, outcome=opinion.outcome)
    return opinion


@transaction.atomic
def ask(*, petition: Petition, level: Level, ground: str, asked_on: date, at: datetime, actor: Actor) -> Opinion:
    """Enter the petitioner's request for a review or a re-check; the clock of the decision starts on that day.

    Raises NotYours, NotNow, Incomplete, NotInTime after the last day. Law: XF-06, XF-07, XF-08, XF-09.
    """
    row, to = taken(petition, actor, ASK[level])
    last = row.opinions.filter(issued_at__isnull=False).latest("id")
    if not (last.served_on and last.served_on <= asked_on <= local_date(at)):
        message = _("请求日期不得早于意见书送达之日，也不得晚于今天。")
        raise Incomplete(message, fields={"asked_on": message})
    if last.remedy_until and asked_on > last.remedy_until:
        message = _("请求期限已过（%(day)s）。请告知信访人不再受理，并终结这件信访。")
        raise NotInTime(message % {"day": last.remedy_until.isoformat()})
    asked = Opinion.objects.create(
        petition=row, level=level, asked_on=asked_on, asked_ground=said(ground, "ground", _("请写明请求和理由。"))
    )
    moved(row, to)
    title = _("信访件 %(number)s：作出复查意见") if level == Level.REVIEW else _("信访件 %(number)s：作出复核意见")
    start_clock(row, title, rules.DECIDED_BY[level], asked_on, at, actor)
    record(ASKED[level], row, at, actor, asked_on=asked_on.isoformat())
    return asked


@transaction.atomic
def decide(*, petition: Petition, level: Level, reply: Reply, at: datetime, actor: Actor) -> Opinion:
    """Give the opinion on a review or a re-check; after the re-check the petition is at its end.

    Raises NotYours, NotNow, Incomplete, NeedsAnother. Law: XF-07, XF-09, XF-14, DP-5.
    """
    row, to = taken(petition, actor, DECIDE[level])
    opinions = {opinion.level: opinion for opinion in row.opinions.all()}
    if any(opinion.issued_by_id == actor.person_id for opinion in opinions.values()):
        raise NeedsAnother(_("您出具过这件信访的意见，复查、复核须由另一人作出。"))
    opinion = opinions[level]
    _issue(opinion, reply, at, actor)
    if level == Level.RECHECK:
        end(row, to, _("已作出复核意见"), at, actor)
    else:
        moved(row, to)
    stop_clocks(row, at, actor)
    record(DECIDED[level], row, at, actor, outcome=opinion.outcome)
    return opinion


def _issue(opinion: Opinion, reply: Reply, at: datetime, actor: Actor) -> None:
    """Write the opinion with every element, and the petitioner's remedy with its last day. Raises Incomplete."""
    if reply.served_on < local_date(at):
        message = _("送达日期不得早于今天。")
        raise Incomplete(message, fields={"served_on": message})
    opinion.outcome = Outcome(reply.outcome)
    opinion.request = said(reply.request, "request", _("请写明信访请求。"))
    opinion.facts = said(reply.facts, "facts", _("请写明认定的事实和理由。"))
    opinion.opinion = said(reply.opinion, "opinion", _("请写明处理意见。"))
    opinion.basis = said(reply.basis, "basis", _("请写明所依据的法规政策。"))
    opinion.organ = said(reply.organ, "organ", _("请填写出具意见的机关。"))[:100]
    opinion.issued_at, opinion.issued_by_id, opinion.served_on = at, actor.person_id, reply.served_on
    remedy = rules.REMEDY[Level(opinion.level)]
    if remedy is not None:
        due = statutes.due_on(
            rules.ASKED_BY[remedy], reply.served_on, calendar=org.working_calendar(), unknown_year="weekends"
        )
        opinion.remedy_until, opinion.remedy_why = due.due_on, [dict(step) for step in due.steps]
    opinion.save()
