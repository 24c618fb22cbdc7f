"""Writing posts and who holds them: one holder at a time, every change dated."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.models import Appointment, Person, Post, Unit
from qingqu.kernel.org.operations.units import CodeTaken

ONE_DAY = timedelta(days=1)


class BadAppointment(Refused):
    """A post cannot be given or taken that way."""

    code = "ORG_BAD_APPOINTMENT"


@transaction.atomic
def add_post(*, code: str, unit: Unit, title: str, role: str, at: datetime, actor_id: object = "") -> Post:
    """A new, empty post. Raises CodeTaken when the code is in use."""
    try:
        with transaction.atomic():
            post = Post.objects.create(code=code, unit=unit, title=title, role=role)
    except IntegrityError as error:
        raise CodeTaken(_("这个岗位代码已被使用，请换一个。"), fields={"code": _("已被使用")}) from error
    ledger.record("post.added", at=at, actor_id=actor_id, subject_kind="post", subject_id=post.pk, unit_id=unit.pk)
    return post


@transaction.atomic
def appoint(*, post: Post, person: Person, starts_on: date, at: datetime, actor_id: object = "") -> Appointment:
    """Seat a person in a post from a day on, today or later; the former holder's appointment ends the day before.

    Raises BadAppointment when the post is closed, the person has left, already holds it or is the one who acts, or
    when another appointment begins on that day or after it.
    """
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    _refuse_bad_seat(post, person, starts_on, actor_id)
    touching = list(
        Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on), post=post).order_by("starts_on")
    )
    if any(other.starts_on >= starts_on for other in touching):
        raise BadAppointment(
            _("该岗位在这一天或之后已有任职安排，请先撤回或改期。"), fields={"starts_on": _("与已有任职重叠")}
        )
    if any(other.person_id == person.pk for other in touching):
        raise BadAppointment(_("此人已在该岗位任职。"), fields={"person": _("已在岗")})
    Appointment.objects.filter(pk__in=[other.pk for other in touching]).update(ends_on=starts_on - ONE_DAY)
    appointment = Appointment.objects.create(post=post, person=person, starts_on=starts_on)
    former = touching[0].person_id if touching else ""
    payload = {"starts_on": starts_on.isoformat(), "appointment": appointment.pk, "person": person.pk, "former": former}
    _tell("post.appointed", post, payload, at=at, actor_id=actor_id)
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, ends_on: date, at: datetime, actor_id: object = "") -> Appointment:
    """The appointment ended on its last day (included); the seat is empty afterwards.

    Raises BadAppointment when it would end before it began or after the end already set.
    """
    if ends_on < appointment.starts_on:
        raise BadAppointment(_("离任日期不能早于任职日期。"), fields={"ends_on": _("早于任职日期")})
    if appointment.ends_on is not None and appointment.ends_on < ends_on:
        raise BadAppointment(_("这段任职已经结束，不能再延长。"), fields={"ends_on": _("晚于原离任日期")})
    appointment.ends_on = ends_on
    appointment.save(update_fields=["ends_on"])
    payload = {"ends_on": ends_on.isoformat(), "appointment": appointment.pk, "person": appointment.person_id}
    _tell("post.vacated", appointment.post, payload, at=at, actor_id=actor_id)
    return appointment


@transaction.atomic
def withdraw_appointment(*, appointment: Appointment, on: date, at: datetime, actor_id: object = "") -> None:
    """Withdraw an appointment that has not begun; the former holder's end stays as it is.

    Raises BadAppointment for one that has begun: end it instead.
    """
    if appointment.starts_on <= on:
        raise BadAppointment(_("任职已经开始，不能撤回，请办理离任。"))
    payload = {
        "starts_on": appointment.starts_on.isoformat(),
        "appointment": appointment.pk,
        "person": appointment.person_id,
    }
    post = appointment.post
    appointment.delete()
    _tell("post.withdrawn", post, payload, at=at, actor_id=actor_id)


def _refuse_bad_seat(post: Post, person: Person, starts_on: date, actor_id: object) -> None:
    """Raise BadAppointment for a closed post, for somebody who has left by then, and for oneself."""
    if str(actor_id) == str(person.pk):
        raise BadAppointment(_("不能给自己任职，请由另一位管理员办理。"), fields={"person": _("这是您本人")})
    if post.closed_on is not None and post.closed_on < starts_on:
        raise BadAppointment(_("该岗位已撤销。"), fields={"post": _("已撤销")})
    if person.left_on is not None and person.left_on < starts_on:
        raise BadAppointment(_("此人届时已离职。"), fields={"person": _("已离职")})


def _tell(kind: str, post: Post, payload: dict[str, object], *, at: datetime, actor_id: object) -> None:
    """Record an event about a post."""
    ledger.record(
        kind,
        at=at,
        actor_id=actor_id,
        subject_kind="post",
        subject_id=post.pk,
        unit_id=post.unit_id,
        payload=payload,
    )
