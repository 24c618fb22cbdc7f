"""Writing notices: telling, delivering once, marking read, choosing channels."""

import secrets
from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPException

import apprise
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.notices import queries, rules
from qingqu.kernel.notices.models import Channels, Dispatch, Feed, Notice
from qingqu.kernel.notices.types import Channel, State
from qingqu.kernel.org.models import Person
from qingqu.kernel.org.types import Actor


class BadRobot(Refused):
    """A robot's address is not one of WeCom, DingTalk or Feishu."""

    code = "NOTICES_BAD_ROBOT"


class NotDelivered(Exception):
    """The other side did not take the message."""


@transaction.atomic
def send(*, person: Person, title: str, body: str, url: str, at: datetime, key: str = "") -> Notice:
    """Tell a person something in the application, and ask the task queue to send it through the chosen channels.

    With ``key`` the same thing is told once: the notice already there is given back.
    """
    if key and (there := Notice.objects.filter(person=person, key=key).first()):
        return there
    notice = Notice.objects.create(person=person, title=title[:200], body=body, url=url, key=key, at=at)
    for dispatch in Dispatch.objects.bulk_create(
        Dispatch(notice=notice, channel=one) for one in queries.wanted(person)
    ):
        _enqueue(dispatch.pk)
    return notice


def deliver(*, dispatch_id: int, at: datetime) -> bool:
    """Send one dispatch unless another worker has it or it was sent; says whether it was sent now.

    The claim is committed before the sending starts, so a message is never sent twice; a worker killed in between
    leaves it SENDING, and nothing is sent again. A failure is kept with its reason for ``retry``.
    """
    claimed = Dispatch.objects.filter(pk=dispatch_id, state=State.WAITING).update(
        state=State.SENDING, tries=F("tries") + 1, error=""
    )
    if not claimed:
        return False
    dispatch = Dispatch.objects.select_related("notice__person").get(pk=dispatch_id)
    try:
        _transmit(dispatch)
    except (OSError, SMTPException, NotDelivered) as error:
        reason = f"{type(error).__name__}: {error}"[:300]
        Dispatch.objects.filter(pk=dispatch_id).update(state=State.FAILED, error=reason)
        return False
    Dispatch.objects.filter(pk=dispatch_id).update(state=State.SENT, sent_at=at)
    return True


@transaction.atomic
def retry() -> int:
    """Ask the queue to try the failed dispatches again; says how many."""
    failed = list(queries.to_retry().select_for_update().values_list("pk", flat=True))
    Dispatch.objects.filter(pk__in=failed).update(state=State.WAITING)
    for dispatch_id in failed:
        _enqueue(dispatch_id)
    return len(failed)


def mark_read(*, actor: Actor, at: datetime, notice_id: int | None = None) -> int:
    """Mark one of the actor's notices read, or all; says how many were unread."""
    rows = queries.mine(actor).filter(read_at__isnull=True)
    return (rows.filter(pk=notice_id) if notice_id else rows).update(read_at=at)


@transaction.atomic
def choose_channels(*, actor: Actor, by_email: bool, robot: str, at: datetime) -> Channels:
    """Keep the actor's channels. Raises BadRobot."""
    if robot and (not rules.is_robot(robot) or apprise.Apprise.instantiate(robot) is None):
        message = _("请填写企业微信（wecombot://）、钉钉（dingtalk://）或飞书（feishu://）机器人地址。")
        raise BadRobot(message, fields={"robot": message})
    chosen, _created = Channels.objects.update_or_create(
        person_id=actor.person_id, defaults={"by_email": by_email, "robot": robot}
    )
    ledger.record(
        "notices.channels_chosen",
        at=at,
        actor_id=actor.person_id,
        subject_kind="person",
        subject_id=actor.person_id,
        payload={"by_email": by_email, "has_robot": bool(robot)},
    )
    return chosen


@transaction.atomic
def open_feed(*, actor: Actor, at: datetime) -> str:
    """A new secret for the actor's calendar address, told once; an address there was before ends."""
    secret = secrets.token_urlsafe(24)
    Feed.objects.update_or_create(
        person_id=actor.person_id, defaults={"secret_hash": rules.secret_hash(secret), "opened_at": at}
    )
    _record_feed("notices.feed_opened", actor, at)
    return secret


@transaction.atomic
def close_feed(*, actor: Actor, at: datetime) -> None:
    """End the actor's calendar address; nothing happens without one."""
    gone, _by_model = Feed.objects.filter(person_id=actor.person_id).delete()
    if gone:
        _record_feed("notices.feed_closed", actor, at)


def _record_feed(kind: str, actor: Actor, at: datetime) -> None:
    """Record that a calendar address was opened or closed, never the address."""
    ledger.record(kind, at=at, actor_id=actor.person_id, subject_kind="person", subject_id=actor.person_id)


def tell_of_duty(event: Event) -> None:
    """Tell the person whom a reminder or an escalation is for; called for duty.reminded and duty.escalated."""
    facts = event.payload
    person = Person.objects.get(pk=facts["person_id"])
    told = duties.notice_for(facts["duty"], facts["step"])
    send(person=person, title=told.title, body=told.body, url=told.url, at=event.at, key=f"event:{event.pk}")


def tell_of_change(event: Event) -> None:
    """Tell a duty's holder that its date moved, or its clock stands or runs again; nothing of the holder's own acts."""
    holder, told = duties.changed(int(event.subject_id), event.payload, on=local_date(event.at))
    if holder is not None and str(holder.pk) != event.actor_id:
        send(person=holder, title=told.title, body=told.body, url=told.url, at=event.at, key=f"event:{event.pk}")


def tell_of_handover(event: Event) -> None:
    """Tell the new holder of a post which open duties come with it; nothing when there are none."""
    told = duties.handed_over(int(event.subject_id), on=local_date(event.at))
    if told is not None:
        person = Person.objects.get(pk=event.payload["person"])
        send(person=person, title=told.title, body=told.body, url=told.url, at=event.at, key=f"event:{event.pk}")


def use_queue(enqueue: Callable[[int], object]) -> None:
    """Tell how a dispatch is handed to the task queue; called from apps.py."""
    _queue.append(enqueue)


_queue: list[Callable[[int], object]] = []


def _enqueue(dispatch_id: int) -> None:
    """Ask the task queue to deliver; the request stands or falls with the caller's transaction."""
    _queue[-1](dispatch_id)


def _transmit(dispatch: Dispatch) -> None:
    """Hand the message to the channel; raises what the channel raises, or NotDelivered."""
    notice = dispatch.notice
    text = f"{notice.body}\n\n{getattr(settings, 'QINGQU_ADDRESS', '')}{notice.url}".strip()
    if dispatch.channel == Channel.EMAIL:
        EmailMessage(notice.title, text, to=[notice.person.email]).send()
        return
    robot = apprise.Apprise()
    robot.add(queries.channels_of(notice.person_id).robot)
    if not robot.notify(title=notice.title, body=text):
        message = "the robot did not take the message"
        raise NotDelivered(message)
