"""The clocks of a lead: each starts a private duty of the handler's seat; without a handler there is none."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.duties import operations as duties
from qingqu.pillars.leads import queries, rules
from qingqu.pillars.leads.models import Disposition, Lead
from qingqu.pillars.leads.types import Kind, Source


def proposing(lead: Lead, at: datetime, actor_id: object) -> None:
    """Until when the first disposition is proposed, counted from the day of receipt. Law: DL-02."""
    title = _("提出问题线索 %(number)s 的处置意见") % {"number": lead.number}
    _start(lead, title, queries.KIND, local_date(lead.received_at), at, actor_id, rule_id=rules.CLOCK)


def finishing(lead: Lead, at: datetime, actor_id: object) -> None:
    """Until when an assignment by a higher body is finished and reported, which its handler ticks off. Law: WB-10."""
    if lead.source_kind == Source.ASSIGNMENT:
        title = _("办结交办件 %(number)s 并报告交办机关") % {"number": lead.number}
        start, rule = local_date(lead.received_at), rules.ASSIGNMENT_CLOCK
        _start(lead, title, queries.ASSIGNMENT, start, at, actor_id, rule_id=rule, is_by_hand=True)


def after_talk(lead: Lead, talked_on: date, at: datetime, actor_id: object) -> None:
    """Until when a disposition follows the talk or the written answer. Law: DL-05."""
    title = _("提出问题线索 %(number)s 谈话函询后的处置意见") % {"number": lead.number}
    _start(lead, title, queries.KIND, talked_on, at, actor_id, rule_id=rules.TALK_CLOCK)


def review(lead: Lead, review_on: date, at: datetime, actor_id: object) -> None:
    """The day on which what was put aside is looked at again."""
    title = _("清理暂存待查的问题线索 %(number)s") % {"number": lead.number}
    start = local_date(at)
    _start(lead, title, queries.KIND, start, at, actor_id, due_on=max(review_on, start))


def feedback(lead: Lead, at: datetime, actor_id: object) -> None:
    """Until when the named reporter is told what came of it. Law: WB-16."""
    title = _("向实名反映人反馈问题线索 %(number)s 的处理结果") % {"number": lead.number}
    _start(lead, title, queries.FEEDBACK, local_date(at), at, actor_id, rule_id=rules.FEEDBACK_CLOCK)


def resume(lead: Lead, last: Disposition | None, at: datetime, actor_id: object) -> None:
    """Start again the clock that ran before a proposal that was returned; ``last`` is the approved disposition."""
    if last is None:
        proposing(lead, at, actor_id)
    elif last.kind == Kind.TALK and last.talked_on is not None:
        after_talk(lead, last.talked_on, at, actor_id)
    elif last.review_on is not None:
        review(lead, last.review_on, at, actor_id)


def _start(
    lead: Lead,
    title: str,
    subject_kind: str,
    start_on: date,
    at: datetime,
    actor_id: object,
    *,
    rule_id: str = "",
    due_on: date | None = None,
    is_by_hand: bool = False,
) -> None:
    """A private duty of the handler's seat, by a rule or until a day."""
    if lead.handler is None:
        return
    duties.assign_many(
        orders=[duties.Order(title, lead.handler, lead.pk, reverse("leads:detail", args=[lead.pk]))],
        subject_kind=subject_kind,
        start_on=start_on,
        rule_id=rule_id,
        due_on=due_on,
        at=at,
        actor_id=actor_id,
        is_private=True,
        is_by_hand=is_by_hand,
    )
