"""Reading duties: whose they are, what their dates mean today, who may see them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from qingqu.engines.statutes import is_workday
from qingqu.kernel.core.paging import Tally, counts
from qingqu.kernel.duties import rules
from qingqu.kernel.duties.models import OPEN, Duty, Reminder
from qingqu.kernel.duties.types import Horizon, Message, Notice, Standing, Status
from qingqu.kernel.org.queries import either, holders, posts_held, seats, within
from qingqu.kernel.org.types import Actor, Right, Role

if TYPE_CHECKING:
    from qingqu.kernel.org.models import Person, Post

HEAD_ROLES = (Role.LEADER, Role.PRINCIPAL, Role.SECRETARY)
"""The posts that answer for a whole unit, in the order in which an escalation looks for one."""

WORK_LIST_LIMIT = 300
"""How many open duties a work list reads at once; the counts beside it are always exact."""


def horizon_on(on: date) -> Horizon:
    """The limits of "soon" and "this week" as seen on a day, by the national working calendar."""
    return rules.horizon(on, is_workday=is_workday)


def standing_of(duty: Duty, seen: Horizon) -> Standing:
    """A duty's status and days left as seen from one day."""
    return rules.standing(
        due_on=duty.due_on,
        seen=seen,
        completed_on=duty.completed_on,
        is_paused=duty.paused_on is not None,
        is_cancelled=duty.cancelled_at is not None,
    )


def condition(status: Status, seen: Horizon) -> Q:
    """The SQL condition of a status as seen from one day; the same decision as ``rules.standing``."""
    running = OPEN & Q(paused_on__isnull=True)
    return {
        Status.OVERDUE: running & Q(due_on__lt=seen.on),
        Status.SOON: running & Q(due_on__gte=seen.on, due_on__lte=seen.soon_until),
        Status.WEEK: running & Q(due_on__gt=seen.soon_until, due_on__lte=seen.week_until),
        Status.WAITING: running & Q(due_on__gt=max(seen.soon_until, seen.week_until)),
        Status.PAUSED: OPEN & Q(paused_on__isnull=False),
        Status.DONE_IN_TIME: Q(completed_on__isnull=False) & Q(completed_on__lte=F("due_on")),
        Status.DONE_LATE: Q(completed_on__isnull=False) & Q(completed_on__gt=F("due_on")),
        Status.CANCELLED: Q(cancelled_at__isnull=False),
    }[status]


def group_condition(group: str, seen: Horizon) -> Q:
    """The SQL condition of a group of the work list: overdue, soon, week or waiting."""
    statuses = [status for status, name in rules.GROUPS.items() if name == group]
    found = Q(pk__in=())
    for status in statuses:
        found |= condition(status, seen)
    return found


def open_for(person_id: int, *, on: date) -> QuerySet[Duty]:
    """The open duties of the posts a person holds on a day, the earliest due first."""
    return (
        Duty.objects.filter(OPEN, post__in=posts_held(person_id, on=on).order_by().values("pk"))
        .select_related("post", "unit")
        .order_by("due_on", "id")
    )


def grouped_for(person_id: int, *, on: date) -> dict[str, list[Duty]]:
    """A person's open duties as {"overdue": […], "soon": […], "week": […], "waiting": […]}, one query.

    Reads the WORK_LIST_LIMIT earliest; ``counts_for`` counts all of them.
    """
    seen = horizon_on(on)
    grouped: dict[str, list[Duty]] = {"overdue": [], "soon": [], "week": [], "waiting": []}
    for duty in open_for(person_id, on=on)[:WORK_LIST_LIMIT]:
        grouped[rules.GROUPS[standing_of(duty, seen).status]].append(duty)
    return grouped


def counts_for(person_id: int, *, on: date) -> dict[str, int]:
    """How many open duties a person has in each group, counted in one query."""
    return _counts(open_for(person_id, on=on), on)


def counts_within(actor: Actor) -> dict[str, int]:
    """How many open duties the actor may see in each group, counted in one query."""
    return _counts(visible(actor), actor.on)


def _counts(rows: QuerySet[Duty], on: date) -> dict[str, int]:
    """Counts of the four groups over ``rows``."""
    seen = horizon_on(on)
    counted = {name: Count("pk", filter=group_condition(name, seen)) for name in ("overdue", "soon", "week", "waiting")}
    return rows.order_by().aggregate(**counted)


def visible(actor: Actor) -> QuerySet[Duty]:
    """The duties an actor may see: those of the posts held, and the others of the units seen unless private."""
    return _visible(actor, Duty.objects.all())


def _visible(actor: Actor, rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Those of ``rows`` the actor may see, the earliest due first."""
    own = Q(post__in=[grant.post_id for grant in actor.grants])
    seen = Q(is_private=False) & within(actor, Right.VIEW_UNIT)
    found = either(rows, actor, Right.VIEW_UNIT, own, seen)
    return found.select_related("post", "unit").order_by("due_on", "id")


def open_within(actor: Actor, *, group: str = "all") -> QuerySet[Duty]:
    """The open duties the actor may see, of one group of the work list or of all, the earliest due first."""
    rows = Duty.objects.filter(OPEN)
    return _visible(actor, rows if group == "all" else rows.filter(group_condition(group, horizon_on(actor.on))))


def tabs(actor: Actor) -> dict[str, Tally]:
    """How many open duties each tab of the register lists ("all" and the groups), in one query."""
    return counts({group: open_within(actor, group=group) for group in ("all", *dict.fromkeys(rules.GROUPS.values()))})


def holder(duty: Duty, *, on: date) -> "Person | None":
    """Who sits in the duty's post on a day; None when the seat is empty."""
    return holders([duty.post_id], on=on).get(duty.post_id)


def reminders_of(duty: Duty) -> QuerySet[Reminder]:
    """The reminders sent for a duty, the latest first."""
    return Reminder.objects.filter(duty=duty).select_related("person").order_by("-at", "-id")


def basis_of(duty: Duty) -> Message:
    """The legal basis of a duty's date as it stood when it was counted; empty words for a date set by hand."""
    return rules.basis(duty.why)


def notice_for(duty_id: int, step: str) -> Notice:
    """What the reminder or escalation of a duty says: title, body and address, in the active language."""
    duty = Duty.objects.select_related("unit", "post").get(pk=duty_id)
    parts = {"title": duty.title, "unit": duty.unit.name, "post": duty.post.title, "day": duty.due_on.isoformat()}
    if step.startswith("ESCALATE"):
        title = _("逾期未办结：%(title)s（%(unit)s）") % parts
        body = _("%(unit)s %(post)s 的事项“%(title)s”应于 %(day)s 办结，至今未办结，请督促。") % parts
    else:
        title = _("到期提醒：%(title)s") % parts
        body = _("您负责的事项“%(title)s”到期日为 %(day)s。") % parts
    return Notice(title, body, duty.url or f"/duties/{duty.pk}/")


def changed(duty_id: int, facts: Mapping[str, Any], *, on: date) -> tuple["Person | None", Notice]:
    """Who holds a duty whose date moved or whose clock was stopped, and what that person is told, in the language used.

    ``facts`` is the payload of the event: {due_on, old_due_on, ground}, the last two where the event has them.
    """
    duty = Duty.objects.select_related("post").get(pk=duty_id)
    said = {
        "title": duty.title,
        "old": facts.get("old_due_on", ""),
        "day": facts["due_on"],
        "ground": facts.get("ground"),
    }
    if "old_due_on" not in facts:
        title, body = _("暂停计时：%(title)s") % said, _("“%(title)s”暂停计时。依据：%(ground)s") % said
    elif said["old"] == said["day"]:
        title, body = _("恢复计时：%(title)s") % said, _("“%(title)s”恢复计时，到期日仍为 %(day)s。") % said
    else:
        title = _("到期日变更：%(title)s") % said
        body = _("“%(title)s”的到期日由 %(old)s 改为 %(day)s。") % said
    return holder(duty, on=on), Notice(title, body, f"/duties/{duty.pk}/")


def handed_over(post_id: int, *, on: date) -> Notice | None:
    """What the new holder of a post is told of the open duties that come with it; None when there are none."""
    rows = Duty.objects.filter(OPEN, post_id=post_id)
    first = rows.select_related("post").first()
    if first is None:
        return None
    counted = _counts(rows, on)
    said = {"post": first.post.title, "all": sum(counted.values()), **counted}
    body = _("随岗位交接未办结事项 %(all)s 项，其中已逾期 %(overdue)s 项，三个工作日内到期 %(soon)s 项。") % said
    return Notice(_("接任%(post)s：请查看交接的事项") % said, body, "/duties/")


def holds(actor: Actor, duty: Duty) -> bool:
    """Whether the duty is the actor's own today."""
    return any(grant.post_id == duty.post_id for grant in actor.grants)


def may_decide(actor: Actor, duty: Duty) -> bool:
    """Whether the actor may extend or pause the duty: sees its unit, holds a post above it, and is not its holder."""
    if holds(actor, duty) or not duty.is_open:
        return False
    chain = {post.pk for post in chain_of([duty])[duty.pk]}
    return any(grant.post_id in chain for grant in actor.grants)


def for_subject(subject_kind: str, subject_id: object) -> QuerySet[Duty]:
    """Every duty about one subject, the earliest due first."""
    rows = Duty.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id))
    return rows.select_related("post", "unit").order_by("due_on", "id")


def open_by_subject(subject_kind: str, subject_ids: Iterable[object]) -> dict[str, Duty]:
    """The earliest open duty of each subject as {subject id: duty}, one query for a page of subjects."""
    found: dict[str, Duty] = {}
    rows = Duty.objects.filter(OPEN, subject_kind=subject_kind, subject_id__in=[str(key) for key in subject_ids])
    for duty in rows.select_related("post", "unit").order_by("due_on", "id"):
        found.setdefault(duty.subject_id, duty)
    return found


def chain_of(duties: Collection[Duty]) -> dict[int, list["Post"]]:
    """The head posts above each duty's post, nearest first, as {duty id: posts}; one query for all.

    A private duty (discipline work) has only discipline posts above it.
    """
    unit_ids = {int(part) for duty in duties for part in (duty.unit.path or "").strip("/").split("/") if part}
    found = seats(unit_ids, (*HEAD_ROLES, Role.DISCIPLINE))
    return {duty.pk: _chain(duty, found) for duty in duties}


def _chain(duty: Duty, found: dict[int, list["Post"]]) -> list["Post"]:
    """The first fitting post of the duty's unit and of each unit above it, without the duty's own post."""
    wanted = (Role.DISCIPLINE,) if duty.is_private else HEAD_ROLES
    chain: list[Post] = []
    for unit_id in reversed([int(part) for part in (duty.unit.path or "").strip("/").split("/") if part]):
        heads = [post for post in found.get(unit_id, []) if post.role in wanted]
        if any(post.pk == duty.post_id for post in heads):
            continue
        chain += heads[:1]
    return chain
