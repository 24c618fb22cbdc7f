"""What a unit does with what was put on it: accept, decompose, complete."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.deployments import rules
from qingqu.deployments.models import IN_FORCE, Assignment
from qingqu.deployments.operations.cascade import KIND, assign
from qingqu.deployments.types import State
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.types import Actor

if TYPE_CHECKING:
    from qingqu.kernel.org.models import Post


class NotYours(Refused):
    """Only the holder of the accountable post acts on an assignment."""

    code = "DEPLOYMENT_NOT_YOURS"


class NotNow(Refused):
    """The act is not allowed from the assignment's present state."""

    code = "DEPLOYMENT_NOT_NOW"


class NoShares(Refused):
    """A decomposition names at least one post of the unit or below it that does not have the measure yet."""

    code = "DEPLOYMENT_NO_SHARES"


class NotDoneBelow(Refused):
    """An assignment is complete only with evidence and with all its parts complete."""

    code = "DEPLOYMENT_NOT_DONE_BELOW"


@transaction.atomic
def accept(*, assignment: Assignment, at: datetime, actor: Actor) -> Assignment:
    """The unit takes the measure on as it is. Raises NotYours, NotNow."""
    row = _to_act(assignment, "accept", actor)
    row.accepted_at, row.accepted_by_id = at, actor.person_id
    return _moved(row, "accept", at, actor, "accepted_at", "accepted_by")


@transaction.atomic
def decompose(*, assignment: Assignment, posts: Sequence["Post"], at: datetime, actor: Actor) -> list[Assignment]:
    """Give parts of the measure to posts of the unit or of units below, due on the same day; may be repeated.

    Raises NotYours, NotNow, NoShares.
    """
    row = _to_act(assignment, "decompose", actor)
    _refuse_bad_posts(row, posts)
    parts = assign(
        measure=row.measure, posts=posts, due_on=row.duty.due_on, at=at, actor_id=actor.person_id, parent=row
    )
    if row.decomposed_at is None:
        row.decomposed_at, row.decomposed_by_id = at, actor.person_id
    _moved(row, "decompose", at, actor, "decomposed_at", "decomposed_by")
    return parts


@transaction.atomic
def complete(*, assignment: Assignment, at: datetime, actor: Actor) -> Assignment:
    """The unit declares the measure carried out; its duty is discharged.

    Raises NotYours, NotNow, and NotDoneBelow while a part is open or nothing proves it.
    """
    row = _to_act(assignment, "complete", actor)
    still_open = row.parts.filter(IN_FORCE).exclude(state=State.DONE).count()
    if still_open:
        raise NotDoneBelow(_("还有 %(count)d 项分解出去的责任没有完成。") % {"count": still_open})
    if not row.is_share and row.measure.kinds.exists() and not row.evidence.exists():
        raise NotDoneBelow(_("还没有佐证。佐证由业务记录自动关联，请先办理相应业务。"))
    row.done_at, row.done_by_id = at, actor.person_id
    moved = _moved(row, "complete", at, actor, "done_at", "done_by")
    subject_id = rules.natural_id(row.measure_id, row.post_id)
    duties.discharge(subject_kind=KIND, subject_id=subject_id, at=at, actor_id=actor.person_id)
    return moved


def _to_act(assignment: Assignment, act: str, actor: Actor) -> Assignment:
    """The assignment locked, if the actor holds its post and the act is allowed now."""
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("measure", "unit", "duty")
    row = rows.get(pk=assignment.pk)
    if not any(grant.post_id == row.post_id for grant in actor.grants):
        raise NotYours(_("该责任不属于您现任的岗位。"))
    if rules.next_state(State(row.state), act) is None:
        raise NotNow(_("该责任目前的状态不能进行此操作，请刷新页面。"))
    return row


def _refuse_bad_posts(row: Assignment, posts: Sequence["Post"]) -> None:
    """Raise NoShares for no posts, posts outside the unit, or posts that have the measure."""
    if not posts:
        raise NoShares(_("请至少选择一个岗位。"), fields={"posts": _("未选择岗位")})
    outside = [post for post in posts if not (post.unit.path or "").startswith(row.unit.path or "/-")]
    if outside:
        raise NoShares(_("只能分解给本单位及下属单位的岗位。"), fields={"posts": _("含有外单位岗位")})
    below = [post.unit_id for post in posts if post.unit_id != row.unit_id]
    taken = Assignment.objects.filter(IN_FORCE, measure=row.measure)
    has_it = taken.filter(post__in=posts).exists() or taken.filter(unit_id__in=below, is_share=False).exists()
    if has_it or len(set(below)) != len(below):
        raise NoShares(_("所选岗位或单位中，有的已经承担该措施；每个单位只能有一个责任岗位。"))


def _moved(row: Assignment, act: str, at: datetime, actor: Actor, *fields: str) -> Assignment:
    """Save the new state with its act and record the event."""
    row.state = rules.next_state(State(row.state), act) or row.state
    row.save(update_fields=["state", *fields])
    ledger.record(
        {"accept": "assignment.accepted", "decompose": "assignment.decomposed", "complete": "assignment.done"}[act],
        at=at,
        actor_id=actor.person_id,
        subject_kind=KIND,
        subject_id=row.pk,
        unit_id=row.unit_id,
        payload={"measure": row.measure.key},
    )
    return row
