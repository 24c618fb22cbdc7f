"""The coverage matrix: units by measures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import BooleanField

from qingqu.deployments.models import IN_FORCE, Assignment, Directive, Measure
from qingqu.deployments.queries.assignments import late
from qingqu.deployments.types import Cell, MatrixRow, State
from qingqu.kernel.org.queries import units_within
from qingqu.kernel.org.types import Actor, Right

if TYPE_CHECKING:
    from datetime import date

    from qingqu.kernel.org.models import Unit


def units_of(directive: Directive, actor: Actor) -> "QuerySet[Unit]":
    """The units a directive is for, as far as the actor sees them: those next below its unit, and those it reached.

    Offices of the directive's own unit are not asked for it unless it was put on them.
    """
    reached = Assignment.objects.filter(IN_FORCE, measure__directive=directive, is_share=False, unit_id=OuterRef("pk"))
    rows = units_within(actor, Right.VIEW_UNIT)
    below = Q(parent_id=directive.unit_id) & ~Q(kind="OFFICE")
    return rows.filter(below | Exists(reached)).order_by("code", "pk")


def matrix(measures: Sequence[Measure], units: "Sequence[Unit]", *, on: "date") -> list[MatrixRow]:
    """One row a unit of the page with a cell a measure, from one grouped query."""
    is_late = Case(When(late(on), then=Value(value=True)), default=Value(value=False), output_field=BooleanField())
    rows = (
        Assignment.objects.filter(
            IN_FORCE, measure__directive__in={one.directive_id for one in measures}, unit__in=units, is_share=False
        )
        .annotate(proofs=Count("evidence"), is_late=is_late)
        .values_list("unit_id", "measure_id", "post_id", "state", "is_late", "proofs")
    )
    names = {measure.pk: measure.name for measure in measures}
    found = {
        (row[0], row[1]): Cell(row[1], names[row[1]], row[2], State(row[3]), row[4], row[5])
        for row in rows
        if row[1] in names
    }
    return [
        MatrixRow(
            unit.pk,
            unit.name,
            tuple(found.get((unit.pk, measure.pk), Cell(measure.pk, measure.name)) for measure in measures),
        )
        for unit in units
    ]


def units_without(measure: Measure, actor: Actor) -> "QuerySet[Unit]":
    """The units next below the directive's that do not have the measure yet, as far as the actor manages directives."""
    taken = Assignment.objects.filter(IN_FORCE, measure=measure, is_share=False)
    rows = units_within(actor, Right.MANAGE_DIRECTIVES).filter(parent_id=measure.directive.unit_id)
    return rows.exclude(pk__in=taken.values("unit_id")).order_by("path", "pk")
