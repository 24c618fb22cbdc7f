"""Writing rectifications: ordering, planning, reporting, verifying, reopening."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.files import subjects
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.models import Post, Unit
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.rectification import queries, rules
from qingqu.pillars.rectification.models import Rectification, Report
from qingqu.pillars.rectification.types import State, Verdict

DEFAULT_CALENDAR_DAYS = 60
"""The district's usual time for a rectification when nobody set QINGQU_RECTIFICATION_CALENDAR_DAYS.

No law fixes it (教育督导条例 says 限期整改 only), so it is a district setting and is shown as one.
"""


class NotYours(Refused):
    """The actor may not take this step, or the rectification is out of reach."""

    code = "RECTIFICATION_NOT_YOURS"


class NotNow(Refused):
    """The rectification's state does not allow this step."""

    code = "RECTIFICATION_NOT_NOW"


class Incomplete(Refused):
    """A step lacks what it must say."""

    code = "RECTIFICATION_INCOMPLETE"


class NeedsAnother(Refused):
    """The re-check is made by another person than the one who planned or did it, and free of ties to them."""

    code = "RECTIFICATION_NEEDS_ANOTHER"


@transaction.atomic
def order(
    *,
    title: str,
    cause: str,
    unit: Unit,
    owner_post: Post,
    at: datetime,
    actor: Actor,
    source_kind: str = "",
    source_id: object = "",
    due_on: date | None = None,
) -> Rectification:
    """Order a unit to put something right; its owner's seat gets a duty until ``due_on``.

    Without ``due_on`` the district's usual time counts. Raises NotYours outside the actor's scope or when the owner's
    seat is in another unit, Incomplete without cause or with a past date.
    """
    if not org_rules.may_in(actor, Right.ORDER_RECTIFICATIONS, unit.path or ""):
        raise NotYours(_("您的岗位不能向这个单位下达整改。"))
    if owner_post.unit_id != unit.pk or owner_post.closed_on is not None:
        raise NotYours(_("责任岗位须是该单位在设的岗位。"), fields={"owner": _("请选择该单位的岗位")})
    on = local_date(at)
    due = due_on or on + timedelta(days=_usual_days())
    if due < on:
        raise Incomplete(_("整改期限不得早于今天。"), fields={"due_on": _("不得早于今天")})
    row = Rectification.objects.create(
        title=_said(title, "title", _("请填写整改事项。"))[:200],
        cause=_said(cause, "cause", _("请写明存在的问题。")),
        unit=unit,
        owner=owner_post,
        source_kind=source_kind,
        source_id=str(source_id or ""),
        ordered_by_id=actor.person_id,
        ordered_at=at,
        due_on=due,
    )
    row.number = f"ZG{on.year}-{row.pk:06d}"
    row.save(update_fields=["number"])
    _start_clock(row, on, at, actor)
    _record("rectification.ordered", row, at, actor, due_on=due.isoformat())
    return row


@transaction.atomic
def plan(*, rectification: Rectification, text: str, at: datetime, actor: Actor) -> Rectification:
    """The owner says how it will be put right; may be rewritten until it is reported.

    Raises NotYours, NotNow, Incomplete.
    """
    row = _own(rectification, actor, "plan")
    row.plan = _said(text, "text", _("请填写整改方案。"))
    row.planned_by_id, row.planned_at, row.state = actor.person_id, at, State.PLANNED
    row.save(update_fields=["plan", "planned_by", "planned_at", "state"])
    _record("rectification.planned", row, at, actor)
    return row


@transaction.atomic
def report(*, rectification: Rectification, text: str, at: datetime, actor: Actor) -> Report:
    """The owner says what was done; the owner's duty is discharged and the re-check is asked for.

    Raises NotYours, NotNow, Incomplete.
    """
    row = _own(rectification, actor, "report")
    said = Report.objects.create(
        rectification=row,
        text=_said(text, "text", _("请填写整改情况。")),
        reported_by_id=actor.person_id,
        reported_at=at,
    )
    _to(row, State.DONE)
    duties.discharge(subject_kind=queries.KIND, subject_id=row.pk, at=at, actor_id=actor.person_id)
    _record("rectification.reported", row, at, actor, report=said.pk)
    return said


@transaction.atomic
def verify(*, rectification: Rectification, finding: str, at: datetime, actor: Actor) -> Rectification:
    """Another person finds the reported work done; the rectification is closed.

    Raises NotYours, NotNow, Incomplete, NeedsAnother.
    """
    row = _to_check(rectification, actor, "verify")
    _check(row, Verdict.PASSED, finding, at, actor)
    row.verified_at, row.verified_by_id = at, actor.person_id
    _to(row, State.VERIFIED, "verified_at", "verified_by")
    _record("rectification.closed", row, at, actor)
    return row


@transaction.atomic
def reopen(
    *, rectification: Rectification, reason: str, at: datetime, actor: Actor, due_on: date | None = None
) -> Rectification:
    """The work does not hold: the owner must put it right again until ``due_on``; reports and re-checks are kept.

    Opens a reported rectification again as its re-check, and a verified one when something turns up later.
    Raises NotYours, NotNow, Incomplete, NeedsAnother.
    """
    row = _to_check(rectification, actor, "reopen")
    said = _said(reason, "reason", _("请写明重新整改的理由。"))
    if row.state == State.DONE:
        _check(row, Verdict.FAILED, said, at, actor)
    on = local_date(at)
    row.due_on = due_on or on + timedelta(days=_usual_days())
    if row.due_on < on:
        raise Incomplete(_("整改期限不得早于今天。"), fields={"due_on": _("不得早于今天")})
    row.verified_at = row.verified_by = None
    _to(row, State.REOPENED, "due_on", "verified_at", "verified_by")
    _start_clock(row, on, at, actor)
    _record("rectification.reopened", row, at, actor, reason=said, due_on=row.due_on.isoformat())
    return row


def _usual_days() -> int:
    """The district's usual calendar days for a rectification."""
    return int(getattr(settings, "QINGQU_RECTIFICATION_CALENDAR_DAYS", DEFAULT_CALENDAR_DAYS))


def _said(text: str, field: str, message: str) -> str:
    """The stripped text; raises Incomplete when nothing is left."""
    if not text.strip():
        raise Incomplete(message, fields={field: message})
    return text.strip()


def _taken(row: Rectification, actor: Actor, verb: str) -> Rectification:
    """The rectification read again and locked, if the actor may see it and its state allows the step."""
    found = queries.visible(actor).select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise NotYours(_("找不到这项整改，或者您不能办理。"))
    if not rules.may_move(found.state, verb):
        raise NotNow(_("这项整改目前为“%(state)s”，不能进行这一步。") % {"state": found.get_state_display()})
    return found


def _own(row: Rectification, actor: Actor, verb: str) -> Rectification:
    """The locked rectification, if the actor sits on the owner's seat."""
    found = _taken(row, actor, verb)
    if not queries.is_owner(actor, found):
        raise NotYours(_("只有责任岗位的任职人可以填报。"))
    return found


def _to_check(row: Rectification, actor: Actor, verb: str) -> Rectification:
    """The locked rectification, if the actor re-checks there and has no part in it nor in what it came of.

    Whom the source is about is refused in the same words as the doers: the words tell nobody that there is a lead.
    Law: WB-28, DL-22 (recusal), and the rulebook's 复核人≠整改人.
    """
    found = _taken(row, actor, verb)
    if not org_rules.may_in(actor, Right.RECHECK_RECTIFICATIONS, found.unit.path or ""):
        raise NotYours(_("您的岗位不能复核整改。"))
    if queries.is_owner(actor, found):
        raise NeedsAnother(_("您是责任岗位的任职人，须由另一人复核。"))
    doers = _doers(found)
    about = doers | subjects.about(found.source_kind, found.source_id)
    if not org.may_touch(actor.person_id, unit=found.unit, about=about, own_acts=doers, on=actor.on).allowed:
        raise NeedsAnother(_("复核人不得是整改人，也不得与整改人有利害关系，请交由另一人复核。"))
    return found


def _doers(row: Rectification) -> set[int]:
    """Everybody who planned or reported this rectification."""
    reported = set(row.reports.values_list("reported_by_id", flat=True))
    return reported | ({row.planned_by_id} if row.planned_by_id else set())


def _check(row: Rectification, verdict: Verdict, finding: str, at: datetime, actor: Actor) -> None:
    """Write the re-check onto the pending report."""
    said = row.reports.select_for_update().get(verdict=Verdict.PENDING)
    said.verdict, said.checked_by_id, said.checked_at = verdict, actor.person_id, at
    said.finding = _said(finding, "finding", _("请写明复核意见。"))
    said.save(update_fields=["verdict", "checked_by", "checked_at", "finding"])


def _to(row: Rectification, state: State, *fields: str) -> None:
    """Save the new state with the fields that change with it."""
    row.state = state
    row.save(update_fields=["state", *fields])


def _start_clock(row: Rectification, on: date, at: datetime, actor: Actor) -> None:
    """Give the owner's seat the duty to put it right until the due date."""
    duties.assign(
        title=_("整改：%(title)s") % {"title": row.title[:150]},
        post=row.owner,
        subject_kind=queries.KIND,
        subject_id=row.pk,
        start_on=on,
        due_on=row.due_on,
        url=reverse("rectification:detail", args=[row.pk]),
        at=at,
        actor_id=actor.person_id,
    )


def _record(event: str, row: Rectification, at: datetime, actor: Actor, **facts: Any) -> None:
    """One event of a rectification, saying where it came from so that the source can follow it."""
    source = {
        "source_kind": row.source_kind,
        "source_id": row.source_id,
        "title": row.title,
        "url": reverse("rectification:detail", args=[row.pk]),
    }
    ledger.record(
        event,
        at=at,
        actor_id=actor.person_id,
        subject_kind=queries.KIND,
        subject_id=row.pk,
        unit_id=row.unit_id,
        payload=source | facts,
    )
