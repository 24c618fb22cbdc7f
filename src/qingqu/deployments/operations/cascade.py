"""Putting a measure on units: one accountable post each, with its duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.deployments.models import IN_FORCE, Assignment, Measure
from qingqu.deployments.rules import natural_id, next_state
from qingqu.deployments.types import State
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.queries import seats
from qingqu.kernel.org.types import Role

if TYPE_CHECKING:
    from qingqu.kernel.org.models import Post, Unit

KIND = "assignment"
"""The subject kind of an assignment's duty and events."""

ACCOUNTABLE = (Role.PRINCIPAL, Role.SECRETARY, Role.LEADER, Role.OFFICE)
"""Which post of a unit answers for a measure: the first of these that the unit has."""


class NotReady(Refused):
    """A measure cannot be put on units yet, or an assignment not be withdrawn."""

    code = "DEPLOYMENT_NOT_READY"


@dataclass(frozen=True)
class Cascaded:
    """What a cascade did: new assignments, units that had the measure already, units without a post to answer."""

    assignments: tuple[Assignment, ...]
    already: tuple["Unit", ...]
    without_post: tuple["Unit", ...]


@transaction.atomic
def cascade(
    *,
    measure: Measure,
    units: Sequence["Unit"],
    at: datetime,
    actor_id: object = "",
    due_on: date | None = None,
    roles: Sequence[Role] = ACCOUNTABLE,
) -> Cascaded:
    """Put a measure on units, each with exactly one accountable post; the cost does not grow with the units.

    Units that have it already, and units without such a post, are told apart and left alone. Due on ``due_on``, else
    on the measure's last day. Raises NotReady without a date or without units.
    """
    due = due_on or measure.ends_on
    if due is None:
        raise NotReady(_("请先填写措施的完成日期，再下达到单位。"), fields={"due_on": _("缺少完成日期")})
    if not units:
        raise NotReady(_("请至少选择一个单位。"), fields={"units": _("未选择单位")})
    taken = set(
        Assignment.objects.filter(IN_FORCE, measure=measure, unit__in=units, is_share=False).values_list(
            "unit_id", flat=True
        )
    )
    found = seats([unit.pk for unit in units], roles)
    posts = [found[unit.pk][0] for unit in units if unit.pk in found and unit.pk not in taken]
    assignments = assign(measure=measure, posts=posts, due_on=due, at=at, actor_id=actor_id)
    return Cascaded(
        tuple(assignments),
        tuple(unit for unit in units if unit.pk in taken),
        tuple(unit for unit in units if unit.pk not in found and unit.pk not in taken),
    )


def assign(
    *,
    measure: Measure,
    posts: Sequence["Post"],
    due_on: date,
    at: datetime,
    actor_id: object,
    parent: Assignment | None = None,
) -> list[Assignment]:
    """The duties and assignments of these posts, in bulk."""
    start_on = min(local_date(at), due_on)
    orders = [
        duties.Order(
            _("落实措施：%(name)s") % {"name": measure.name},
            post,
            natural_id(measure.pk, post.pk),
            reverse("deployments:assignment", args=[measure.pk, post.pk]),
        )
        for post in posts
    ]
    written = duties.assign_many(
        orders=orders, subject_kind=KIND, start_on=start_on, due_on=due_on, at=at, actor_id=actor_id
    )
    assignments = Assignment.objects.bulk_create(
        Assignment(
            measure=measure,
            unit_id=post.unit_id,
            post=post,
            duty=duty,
            parent=parent,
            is_share=parent is not None and parent.unit_id == post.unit_id,
        )
        for post, duty in zip(posts, written, strict=True)
    )
    facts = [
        ledger.Fact(row.pk, row.unit_id, {"measure": measure.key, "post_id": row.post_id, "due_on": due_on.isoformat()})
        for row in assignments
    ]
    ledger.record_many("assignment.made", at=at, subject_kind=KIND, facts=facts, actor_id=actor_id, are_new=True)
    return assignments


@transaction.atomic
def withdraw(*, assignment: Assignment, ground: str, at: datetime, actor_id: object) -> None:
    """Take an assignment back with its reason; its duty is cancelled.

    Raises NotReady without a reason, when it is done or withdrawn, and when parts of it are in force.
    """
    if not ground.strip():
        raise NotReady(_("请写明撤回的理由。"), fields={"ground": _("请写明理由")})
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if next_state(State(assignment.state), "withdraw") is None:
        raise NotReady(_("该责任已完成或已撤回，不能再撤回。"))
    if assignment.parts.filter(IN_FORCE).exists():
        raise NotReady(_("请先撤回已分解的下级责任。"))
    Assignment.objects.filter(pk=assignment.pk).update(state=State.WITHDRAWN)
    duties.cancel(
        subject_kind=KIND,
        subject_id=natural_id(assignment.measure_id, assignment.post_id),
        ground=ground.strip(),
        at=at,
        actor_id=actor_id,
    )
    ledger.record(
        "assignment.withdrawn",
        at=at,
        actor_id=actor_id,
        subject_kind=KIND,
        subject_id=assignment.pk,
        unit_id=assignment.unit_id,
        payload={"ground": ground.strip()},
    )
