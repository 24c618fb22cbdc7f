"""What is missing between directives and their evidence: counts, and the rows each count is of."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from qingqu.deployments.models import IN_FORCE, UNDATED, UNDONE, Assignment, Evidence, Measure
from qingqu.deployments.queries.assignments import visible_assignments
from qingqu.deployments.queries.directives import visible_measures
from qingqu.deployments.types import Hole, HoleCount, State
from qingqu.kernel.core.paging import Tally, counts
from qingqu.kernel.org.queries import vacant_posts
from qingqu.kernel.org.rules import holds_root
from qingqu.kernel.org.types import Actor, Right

OF_MEASURES = (Hole.NO_OWNER, Hole.NO_DATE, Hole.NO_EVIDENCE, Hole.NOT_CASCADED)
"""The holes whose rows are measures; the rows of the others are assignments."""


def hole_counts(actor: Actor) -> list[HoleCount]:
    """How many rows each hole has among what the actor may see, in two queries."""
    of_measures = {hole.value: Count("pk", filter=_measure_condition(hole)) for hole in Hole if hole in OF_MEASURES}
    of_units = {
        hole.value: Count("pk", filter=_assignment_condition(hole, actor)) for hole in Hole if hole not in OF_MEASURES
    }
    found = _measures(actor).order_by().aggregate(**of_measures)
    found |= visible_assignments(actor).filter(IN_FORCE).order_by().aggregate(**of_units)
    return [HoleCount(hole, found[hole.value]) for hole in Hole]


def hole_rows(hole: Hole, actor: Actor) -> QuerySet[Any]:
    """The rows of a hole: measures or assignments, as OF_MEASURES says; the first put down first."""
    if hole in OF_MEASURES:
        return _measures(actor).filter(_measure_condition(hole)).order_by("directive_id", "order")
    rows = Assignment.objects.filter(IN_FORCE, _assignment_condition(hole, actor))
    return visible_assignments(actor, rows).order_by("id")


@dataclass(frozen=True)
class HoleTally:
    """How many rows a hole has, as the list of holes shows it."""

    hole: Hole
    count: Tally


def hole_tallies(actor: Actor) -> list[HoleTally]:
    """How many rows each hole has, in one query that counts none past what lists count."""
    found = counts({hole.value: hole_rows(hole, actor) for hole in Hole})
    return [HoleTally(hole, found[hole.value]) for hole in Hole]


def _measures(actor: Actor) -> QuerySet[Measure]:
    """The measures of our own directives that the actor may see."""
    return visible_measures(actor).filter(directive__is_external_reference=False)


def _measure_condition(hole: Hole) -> Q:
    """The measures that have this hole."""
    assigned = Assignment.objects.filter(IN_FORCE, measure=OuterRef("pk"), is_share=False)
    return {
        Hole.NO_OWNER: Q(owner__isnull=True),
        Hole.NO_DATE: UNDATED,
        Hole.NO_EVIDENCE: Q(~Exists(Evidence.objects.filter(measure=OuterRef("pk")))),
        Hole.NOT_CASCADED: Q(~Exists(assigned)),
    }[hole]


def _assignment_condition(hole: Hole, actor: Actor) -> Q:
    """The assignments that have this hole: not taken on by the unit, or its seat empty on the actor's day.

    For whoever sees every unit the empty seats are looked for, for others the seats of what they see.
    """
    if hole is Hole.NOT_TAKEN:
        return Q(state=State.PENDING)
    vacant = vacant_posts(on=actor.on).order_by()
    if holds_root(actor, Right.VIEW_UNIT):
        return UNDONE & Q(post__in=vacant.values("pk"))
    return UNDONE & Q(Exists(vacant.filter(pk=OuterRef("post_id"))))
