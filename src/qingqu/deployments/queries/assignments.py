"""Reading assignments and evidence."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from qingqu.deployments.models import IN_FORCE, UNDONE, Assignment, Evidence, Measure
from qingqu.kernel.org.queries import either, posts_within, within
from qingqu.kernel.org.types import Actor, Right

if TYPE_CHECKING:
    from qingqu.kernel.org.models import Post

OVERDUE = "OVERDUE"
"""The asked state that stands for: open and past its date."""


def late(on: date) -> Q:
    """The condition that an assignment is open and past its date, its clock running."""
    return UNDONE & Q(duty__due_on__lt=on, duty__paused_on__isnull=True)


def counted() -> QuerySet[Assignment]:
    """The assignments figures count: in force, of units (not shares inside one), of public directives of our own."""
    return Assignment.objects.filter(
        IN_FORCE, is_share=False, measure__directive__is_public=True, measure__directive__is_external_reference=False
    )


def assignment_rows(
    *, on: date, measure_ids: Collection[int] = (), state: str = "", pillar: str = ""
) -> QuerySet[Assignment]:
    """The rows that ``pillar_summary`` counts: of some measures or a pillar, in a state or OVERDUE.

    Those of some measures stand in the order of the unit tree, all of them in the order in which they were put down.
    """
    rows = counted().select_related("measure", "unit", "post", "duty")
    rows = rows.filter(measure__in=measure_ids) if measure_ids else rows
    rows = rows.filter(measure__pillar=pillar) if pillar else rows
    if state == OVERDUE:
        rows = rows.filter(late(on))
    elif state:
        rows = rows.filter(state=state)
    return rows.order_by("measure_id", "unit__path", "id") if measure_ids else rows.order_by("id")


def evidence_rows(*, measure_ids: Collection[int] = (), pillar: str = "") -> QuerySet[Evidence]:
    """The evidence that ``pillar_summary`` counts, the latest first."""
    rows = Evidence.objects.filter(
        measure__directive__is_public=True, measure__directive__is_external_reference=False
    ).select_related("measure", "unit")
    rows = rows.filter(measure__in=measure_ids) if measure_ids else rows
    rows = rows.filter(measure__pillar=pillar) if pillar else rows
    return rows.order_by("-at", "-id")


def seen_assignments(actor: Actor) -> Q:
    """The condition that an actor may see an assignment: of a post held, or of a unit seen."""
    return Q(post__in=[grant.post_id for grant in actor.grants]) | within(actor, Right.VIEW_UNIT)


def seen_evidence(actor: Actor) -> Q:
    """The condition that an actor may see a piece of evidence: of the own unit, or of a unit seen."""
    return Q(unit__in=[grant.unit_id for grant in actor.grants]) | within(actor, Right.VIEW_UNIT)


def visible_assignments(actor: Actor, among: QuerySet[Assignment] | None = None) -> QuerySet[Assignment]:
    """The assignments (of ``among``, when given) an actor may see: of the posts held, and of the units seen."""
    own = Q(post__in=[grant.post_id for grant in actor.grants])
    rows = Assignment.objects.all() if among is None else among
    found = either(rows, actor, Right.VIEW_UNIT, own, within(actor, Right.VIEW_UNIT))
    return found.select_related("measure__directive", "unit", "post", "duty__unit", "duty__post")


def mine(actor: Actor) -> QuerySet[Assignment]:
    """The assignments in force of the posts the actor holds, the earliest due first."""
    rows = Assignment.objects.filter(IN_FORCE, post__in=[grant.post_id for grant in actor.grants])
    rows = rows.select_related("measure__directive", "unit", "post", "duty__unit", "duty__post")
    return rows.order_by("duty__due_on", "id")


def by_natural_id(actor: Actor, measure_id: int, post_id: int) -> Assignment | None:
    """The latest assignment of a measure to a post, if the actor may see it."""
    rows = Assignment.objects.filter(measure_id=measure_id, post_id=post_id)
    return visible_assignments(actor, rows).order_by("-id").first()


def tree(measure: Measure, actor: Actor) -> QuerySet[Assignment]:
    """A measure's assignments the actor may see in the order of the unit tree, with ``evidence_count``."""
    rows = visible_assignments(actor, Assignment.objects.filter(IN_FORCE, measure=measure))
    proofs = Evidence.objects.filter(assignment=OuterRef("pk")).order_by().values("assignment").annotate(n=Count("pk"))
    counted = Coalesce(Subquery(proofs.values("n")), 0)
    return rows.annotate(evidence_count=counted).order_by("unit__path", "is_share", "id")


def parts_of(assignment: Assignment) -> QuerySet[Assignment]:
    """The parts of an assignment in force, in the order of the unit tree."""
    rows = assignment.parts.filter(IN_FORCE).select_related("measure", "unit", "post", "duty")
    return rows.order_by("unit__path", "id")


def evidence_within(measure: Measure, actor: Actor) -> QuerySet[Evidence]:
    """A measure's evidence as far as the actor sees the units, the latest first."""
    rows = Evidence.objects.filter(seen_evidence(actor), measure=measure)
    return rows.select_related("unit").order_by("-at", "-id")


def posts_to_share(assignment: Assignment) -> "QuerySet[Post]":
    """The open posts of the assignment's unit and of units below that do not have the measure yet."""
    taken = Assignment.objects.filter(IN_FORCE, measure_id=assignment.measure_id)
    rows = posts_within(assignment.unit.path or "-").exclude(pk__in=taken.values("post_id"))
    below = taken.filter(is_share=False).exclude(unit=assignment.unit_id).values("unit_id")
    return rows.exclude(unit_id__in=below).select_related("unit").order_by("unit__path", "id")
