"""The actor and the one scope condition."""

from collections.abc import Collection
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.org import rules
from qingqu.kernel.org.models import Appointment, Person, Unit
from qingqu.kernel.org.types import Actor, Grant, Role

Scoped = TypeVar("Scoped", bound=Model)


def holding(on: date) -> Q:
    """The condition that an appointment is in force on a day."""
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def actor_of(person: Person, *, at: datetime, account_id: int | None = None) -> Actor:
    """The person as an actor at a moment, with the posts held that day (one query)."""
    on = local_date(at)
    held = Appointment.objects.filter(holding(on), person=person).select_related("post__unit").order_by("id")
    grants = tuple(
        Grant(row.post_id, row.post.title, Role(row.post.role), row.post.unit_id, row.post.unit.path or "")
        for row in held
    )
    return Actor(person.pk, person.name, at, on, grants, account_id)


def within(actor: Actor, right: str, field: str = "unit__path") -> Q:
    """The scope condition: the rows whose unit lies where the actor holds ``right``.

    Matches nothing when the actor holds it nowhere.
    """
    condition = Q(pk__in=())
    for prefix in rules.prefixes(actor, right):
        condition |= Q(**{f"{field}__startswith": prefix})
    return condition


def scoped(rows: QuerySet[Scoped], actor: Actor, right: str, field: str = "unit__path") -> QuerySet[Scoped]:
    """``rows`` cut to where the actor holds ``right``; a right over the whole tree adds no condition at all."""
    if rules.holds_root(actor, right):
        return rows
    return rows.filter(within(actor, right, field))


def units_within(actor: Actor, right: str) -> QuerySet[Unit]:
    """The units where the actor holds ``right``, in tree order."""
    return scoped(Unit.objects.filter(closed_on__isnull=True), actor, right, "path").order_by("path")


def unit_paths(unit_ids: Collection[int]) -> dict[int, str]:
    """Where units stand in the tree, as {unit id: path} (one query)."""
    return {pk: path or "" for pk, path in Unit.objects.filter(pk__in=unit_ids).values_list("pk", "path")}
