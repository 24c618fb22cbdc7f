"""Assigning, discharging, completing and cancelling duties."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import rules
from qingqu.kernel.duties.models import OPEN, Duty, Pause
from qingqu.kernel.duties.operations.rows import Reckoned, by_rule, locked, record
from qingqu.kernel.org.types import Role

if TYPE_CHECKING:
    from qingqu.kernel.org.models import Post


class BadDates(Refused):
    """A duty needs a rule or a due date, and is never due before it starts."""

    code = "DUTY_BAD_DATES"


class AlreadyAssigned(Refused):
    """The post already has an open duty about the same subject."""

    code = "DUTY_ALREADY_ASSIGNED"


class NotByHand(Refused):
    """The duty is completed by the act it asks for, not by ticking it off."""

    code = "DUTY_NOT_BY_HAND"


@dataclass(frozen=True)
class Order:
    """One duty of a bulk assignment: whose, about what."""

    title: str
    post: "Post"
    subject_id: object
    url: str = ""


@transaction.atomic
def assign(
    *,
    title: str,
    post: "Post",
    subject_kind: str,
    subject_id: object,
    start_on: date,
    at: datetime,
    actor_id: object = "",
    rule_id: str = "",
    due_on: date | None = None,
    url: str = "",
    is_private: bool | None = None,
    is_by_hand: bool = False,
) -> Duty:
    """A new open duty of a post; due by ``rule_id`` counted from ``start_on``, else on ``due_on``.

    ``is_private`` hides it from everybody but the post (None: private for discipline posts);
    ``is_by_hand`` lets the holder tick it off. Raises BadDates and AlreadyAssigned.
    """
    if Duty.objects.filter(OPEN, subject_kind=subject_kind, subject_id=str(subject_id), post=post).exists():
        raise AlreadyAssigned(
            _("该岗位对同一事项已有未办结的责任，请先办结或取消。"), fields={"post": _("已有未办结的责任")}
        )
    order = Order(title, post, subject_id, url)
    return assign_many(
        orders=[order],
        subject_kind=subject_kind,
        start_on=start_on,
        at=at,
        actor_id=actor_id,
        rule_id=rule_id,
        due_on=due_on,
        is_private=is_private,
        is_by_hand=is_by_hand,
    )[0]


@transaction.atomic
def assign_many(
    *,
    orders: Sequence[Order],
    subject_kind: str,
    start_on: date,
    at: datetime,
    actor_id: object = "",
    rule_id: str = "",
    due_on: date | None = None,
    is_private: bool | None = None,
    is_by_hand: bool = False,
) -> list[Duty]:
    """Duties of many posts with the same dates, in three queries however many they are.

    Raises BadDates; IntegrityError when one of them is already open.
    """
    reckoned = _reckon(rule_id, start_on, due_on)
    duties = Duty.objects.bulk_create(
        Duty(
            title=order.title,
            post=order.post,
            unit_id=order.post.unit_id,
            subject_kind=subject_kind,
            subject_id=str(order.subject_id),
            url=order.url,
            rule_id=rule_id,
            start_on=start_on,
            due_on=reckoned.due_on,
            why=reckoned.why,
            is_provisional=reckoned.is_provisional,
            is_private=order.post.role == Role.DISCIPLINE if is_private is None else is_private,
            is_by_hand=is_by_hand,
        )
        for order in orders
    )
    record("duty.assigned", duties, at, actor_id)
    return duties


def _reckon(rule_id: str, start_on: date, due_on: date | None) -> Reckoned:
    """The due date and the steps that lead to it."""
    if rule_id:
        return by_rule(rule_id, start_on)
    if due_on is None or due_on < start_on:
        raise BadDates(_("请填写到期日，且不得早于起算日。"), fields={"due_on": _("缺少到期日或早于起算日")})
    return Reckoned(due_on, rules.why_by_hand(start_on, due_on), is_provisional=False)


@transaction.atomic
def discharge(
    *, subject_kind: str, subject_id: object, at: datetime, actor_id: object = "", post: "Post | None" = None
) -> int:
    """Complete the open duties about a subject (of one post when given); says how many there were."""
    rows = Duty.objects.filter(OPEN, subject_kind=subject_kind, subject_id=str(subject_id))
    if post is not None:
        rows = rows.filter(post=post)
    return _complete(list(rows.select_for_update()), at, actor_id)


@transaction.atomic
def discharge_many(*, subject_kind: str, subject_ids: Sequence[object], at: datetime, actor_id: object = "") -> int:
    """Complete the open duties about many subjects; says how many there were."""
    keys = [str(key) for key in subject_ids]
    rows = Duty.objects.filter(OPEN, subject_kind=subject_kind, subject_id__in=keys)
    return _complete(list(rows.select_for_update()), at, actor_id)


@transaction.atomic
def complete(*, duty: Duty, at: datetime, actor_id: object) -> None:
    """Tick off a duty that may be completed by hand.

    Raises NotByHand for one that is completed by its act and NotOpen for a closed one.
    """
    duty = locked(duty)
    if not duty.is_by_hand:
        raise NotByHand(_("该事项须通过办理相应业务完成，不能直接勾选。"))
    _complete([duty], at, actor_id)


def _complete(duties: list[Duty], at: datetime, actor_id: object) -> int:
    """Close the duties as done, ending any pause, and record one event each."""
    done_on = local_date(at)
    Pause.objects.bulk_create(
        Pause(
            duty=duty, paused_on=duty.paused_on, resumed_on=max(done_on, duty.paused_on), ground=duty.pause_ground or ""
        )
        for duty in duties
        if duty.paused_on is not None
    )
    Duty.objects.filter(pk__in=[duty.pk for duty in duties]).update(
        completed_at=at, completed_on=done_on, completed_by=str(actor_id or ""), paused_on=None, pause_ground=None
    )
    record("duty.completed", duties, at, actor_id)
    return len(duties)


@transaction.atomic
def cancel(*, subject_kind: str, subject_id: object, ground: str, at: datetime, actor_id: object = "") -> int:
    """Cancel the open duties about a subject because it fell away; says how many there were.

    Raises BadDates without a ground.
    """
    return cancel_many(subject_kind=subject_kind, subject_ids=[subject_id], ground=ground, at=at, actor_id=actor_id)


@transaction.atomic
def cancel_many(
    *, subject_kind: str, subject_ids: Sequence[object], ground: str, at: datetime, actor_id: object = ""
) -> int:
    """Cancel the open duties about many subjects; says how many there were. Raises BadDates without a ground."""
    if not ground.strip():
        raise BadDates(_("取消须写明理由。"), fields={"ground": _("缺少理由")})
    keys = [str(key) for key in subject_ids]
    rows = Duty.objects.filter(OPEN, subject_kind=subject_kind, subject_id__in=keys).select_for_update()
    if duties := list(rows):
        Duty.objects.filter(pk__in=[duty.pk for duty in duties]).update(
            cancelled_at=at, cancel_ground=ground, paused_on=None, pause_ground=None
        )
        record("duty.cancelled", duties, at, actor_id, ground=ground)
    return len(duties)
