"""The actor and the one scope condition."""

from collections.abc import Collection
from datetime import date, datetime
from typing import TypeVar

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast

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
    """The scope condition: the rows whose unit lies where the actor holds ``right``; ``field`` leads to its path.

    Matches nothing when the actor holds it nowhere. Below the top the units are found first and then their rows, by
    the index on the unit: joined, SQLite would read every row and look up its unit.
    """
    paths = rules.prefixes(actor, right)
    if not paths:
        return Q(pk__in=())
    way = field.rpartition("__")[0]
    if not way or rules.holds_root(actor, right):
        return _under(paths, field)
    return Q(**{f"{way}__in": Unit.objects.filter(_under(paths, "path")).values("pk")})


def _under(paths: Collection[str], field: str) -> Q:
    """The condition that a unit's path begins with one of ``paths``."""
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def scoped(rows: QuerySet[Scoped], actor: Actor, right: str, field: str = "unit__path") -> QuerySet[Scoped]:
    """``rows`` cut to where the actor holds ``right``; a right over the whole tree adds no condition at all."""
    if rules.holds_root(actor, right):
        return rows
    return rows.filter(within(actor, right, field))


def either(rows: QuerySet[Scoped], actor: Actor, right: str, *conditions: Q) -> QuerySet[Scoped]:
    """Those of ``rows`` that meet one of ``conditions``, read the way that costs the actor least.

    Whoever holds ``right`` over the whole tree may see nearly every row: the list is walked in its order until the
    page is full. Anybody else sees few: each condition finds its rows by its own index, and only those are sorted. An
    OR over several tables would make the database read them all. Filter ``rows`` before; order and join after.
    """
    if rules.holds_root(actor, right) or len(conditions) == 1:
        met = Q(pk__in=())
        for condition in conditions:
            met |= condition
        return rows.filter(met)
    first, *others = (rows.filter(condition).order_by().values("pk") for condition in conditions)
    every = rows.model._default_manager  # noqa: SLF001 - Django's documented way to a model's manager
    found: QuerySet[Scoped] = every.filter(pk__in=first.union(*others, all=True))
    return found


def cut(rows: QuerySet[Scoped], actor: Actor, right: str, field: str, value: str) -> QuerySet[Scoped]:
    """Those of ``rows`` whose ``field`` is ``value``, to be given to ``either`` with the same right.

    Whoever holds the right over the whole tree has them by the field's index. For anybody else the few rows in scope
    are looked at one by one: offered the index, SQLite would take it and read every row with that value.
    """
    if rules.holds_root(actor, right):
        return rows.filter(**{field: value})
    found: QuerySet[Scoped] = rows.alias(**{f"read_{field}": Cast(field, CharField())})
    return found.filter(**{f"read_{field}": value})


def units_within(actor: Actor, right: str) -> QuerySet[Unit]:
    """The units where the actor holds ``right``, in tree order."""
    return scoped(Unit.objects.filter(closed_on__isnull=True), actor, right, "path").order_by("path")


def unit_paths(unit_ids: Collection[int]) -> dict[int, str]:
    """Where units stand in the tree, as {unit id: path} (one query)."""
    return {pk: path or "" for pk, path in Unit.objects.filter(pk__in=unit_ids).values_list("pk", "path")}
