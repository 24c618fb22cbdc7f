"""Moving the date of a duty: extension on approval, pause and resumption on a ground."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from qingqu.engines import statutes
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import rules
from qingqu.kernel.duties.models import OPEN, Duty, Extension, Pause
from qingqu.kernel.duties.operations.rows import by_rule, locked, record
from qingqu.kernel.org.queries import holders
from qingqu.kernel.org.rules import CALENDAR

if TYPE_CHECKING:
    from qingqu.kernel.ledger.models import Event
    from qingqu.kernel.org.models import Person


class BadExtension(Refused):
    """An extension needs a ground, a later date and another approver, and comes while the duty is not yet late."""

    code = "DUTY_BAD_EXTENSION"


class BadPause(Refused):
    """A clock is paused once, with a ground, and resumed later."""

    code = "DUTY_BAD_PAUSE"


@transaction.atomic
def extend(*, duty: Duty, new_due_on: date, ground: str, approver: "Person", at: datetime) -> Extension:
    """Move a due date later on somebody's approval; the old date and the ground are kept.

    Raises NotOpen, and BadExtension when the date is not later, the ground is missing, the approver is the holder, or
    the duty is already late; a paused one is resumed first.
    """
    duty = locked(duty)
    if duty.paused_on is not None:
        raise BadExtension(_("该事项正在暂停计时，请先恢复计时再延期。"))
    holder = holders([duty.post_id], on=local_date(at)).get(duty.post_id)
    if holder is not None and holder.pk == approver.pk:
        raise BadExtension(_("责任人不能批准自己的延期，请由上级批准。"))
    if new_due_on <= duty.due_on:
        raise BadExtension(_("新的到期日须晚于原到期日。"), fields={"new_due_on": _("须晚于原到期日")})
    if not ground.strip():
        raise BadExtension(_("延期须写明理由。"), fields={"ground": _("缺少理由")})
    if local_date(at) > duty.due_on:
        raise BadExtension(_("延期须在原到期日之前批准，该事项已逾期。"))
    extension = Extension.objects.create(
        duty=duty, old_due_on=duty.due_on, new_due_on=new_due_on, ground=ground, approver=approver, at=at
    )
    duty.why = [*duty.why, rules.why_extended(duty.due_on, new_due_on, ground, approver.name)]
    duty.due_on = new_due_on
    duty.save(update_fields=["due_on", "why"])
    record("duty.extended", [duty], at, approver.pk, ground=ground, old_due_on=extension.old_due_on.isoformat())
    return extension


@transaction.atomic
def pause(*, duty: Duty, ground: str, at: datetime, actor_id: object) -> None:
    """Stop a duty's clock on a legal ground.

    Raises NotOpen, and BadPause when the clock already stands, the ground is missing or the duty is already late.
    """
    duty = locked(duty)
    if local_date(at) > duty.due_on:
        raise BadPause(_("该事项已逾期，不能再暂停计时。"))
    if duty.paused_on is not None or not ground.strip():
        raise BadPause(_("计时已暂停，或未写明暂停依据。"), fields={"ground": _("请写明暂停依据")})
    duty.paused_on, duty.pause_ground = local_date(at), ground
    duty.save(update_fields=["paused_on", "pause_ground"])
    record("duty.paused", [duty], at, actor_id, ground=ground)


@transaction.atomic
def resume(*, duty: Duty, at: datetime, actor_id: object) -> None:
    """Let a paused clock run again; the days it stood still do not count.

    A date of a rule is counted again without them; another date moves by as many days.

    Raises NotOpen, and BadPause when the clock runs.
    """
    duty = locked(duty, was_extended=_any(Extension), was_paused=_any(Pause))
    if duty.paused_on is None:
        raise BadPause(_("该事项没有暂停计时。"))
    resumed_on = max(local_date(at), duty.paused_on)
    pause_row = Pause.objects.create(
        duty=duty, paused_on=duty.paused_on, resumed_on=resumed_on, ground=duty.pause_ground or ""
    )
    old_due_on = duty.due_on
    _move_past_pause(duty, pause_row)
    duty.paused_on = duty.pause_ground = None
    duty.save(update_fields=["due_on", "why", "is_provisional", "paused_on", "pause_ground"])
    record("duty.resumed", [duty], at, actor_id, old_due_on=old_due_on.isoformat())


def _move_past_pause(duty: Duty, ended: Pause) -> None:
    """Give the duty the due date and the steps that follow from the pause just ended."""
    past = vars(duty)
    if duty.rule_id and not past["was_extended"]:
        recounted = by_rule(duty.rule_id, duty.start_on, _uncounted(_pauses(duty) if past["was_paused"] else [ended]))
        duty.due_on, duty.why, duty.is_provisional = recounted.due_on, recounted.why, recounted.is_provisional
        return
    duty.due_on = rules.moved(duty.due_on, paused_on=ended.paused_on, resumed_on=ended.resumed_on)
    duty.why = [*duty.why, rules.why_paused(ended.paused_on, ended.resumed_on, ended.ground, duty.due_on)]


def _any(model: type[Extension | Pause]) -> Exists:
    """Whether a duty has a row of ``model``, asked together with the duty."""
    return Exists(model._default_manager.filter(duty=OuterRef("pk")))  # noqa: SLF001 - Django's way to a manager


def _pauses(duty: Duty) -> "QuerySet[Pause]":
    """The finished pauses of a duty, the first first."""
    return duty.pauses.order_by("paused_on", "id")


def _uncounted(pauses: Iterable[Pause]) -> list[statutes.Pause]:
    """Finished pauses as days that do not count: from the first day to the day before the clock ran again."""
    return [
        statutes.Pause(row.paused_on, row.resumed_on - date.resolution, row.ground)
        for row in pauses
        if row.resumed_on > row.paused_on
    ]


@transaction.atomic
def recount(*, at: datetime) -> int:
    """Count the provisional dates of open duties again; says how many moved.

    For the day when a year's calendar is published. Extended duties keep the date that was approved.
    """
    return _recount(Duty.objects.filter(is_provisional=True), at)


def follow_calendar(event: "Event") -> None:
    """Count again whatever the district's new working calendar may move; subscribed to setting.set.

    Dates that a rule gave, whose span holds the day that was set, or which wait for a year's calendar. Paused duties
    are counted again when they are resumed.
    """
    if event.subject_id not in CALENDAR:
        return
    day = date.fromisoformat(event.payload["valid_from"])
    spans = Q(start_on__lt=day, due_on__gte=day) | Q(is_provisional=True)
    _recount(Duty.objects.filter(spans).exclude(rule_id=""), event.at, event.actor_id)


def _recount(found: "QuerySet[Duty]", at: datetime, actor_id: object = "") -> int:
    """Count the dates of the open, running, never extended ones again; one event for each that moved."""
    rows = found.filter(OPEN, paused_on__isnull=True, extensions__isnull=True)
    moved = 0
    for duty in rows.select_for_update(of=("self",)).order_by("pk"):
        again = by_rule(duty.rule_id, duty.start_on, _uncounted(_pauses(duty)))
        old_due_on = duty.due_on
        if again.due_on == old_due_on and again.is_provisional == duty.is_provisional:
            continue
        if again.due_on != old_due_on:
            again.why.append(rules.why_recounted(old_due_on, again.due_on))
        duty.due_on, duty.why, duty.is_provisional = again.due_on, again.why, again.is_provisional
        duty.save(update_fields=["due_on", "why", "is_provisional"])
        if again.due_on != old_due_on:
            moved += 1
            record("duty.recounted", [duty], at, actor_id, old_due_on=old_due_on.isoformat())
    return moved
