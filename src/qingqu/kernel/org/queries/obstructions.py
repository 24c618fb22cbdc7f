"""Whom a person may not handle matters about: the same answer as ``may_touch``, as sets for a list's condition."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from qingqu.kernel.org.models import Appointment, Person, Relationship, Unit
from qingqu.kernel.org.queries.scope import holding
from qingqu.kernel.org.rules import HEADS
from qingqu.kernel.org.types import Actor


@dataclass(frozen=True)
class Obstruction:
    """The people and suppliers whose matters are closed to a person on a day.

    ``people`` are the person, the kin, and the heads of the person's units and of the units above them.
    """

    people: frozenset[int]
    suppliers: frozenset[str]


def obstructing(actor: Actor) -> Obstruction:
    """The people and suppliers whose matters the actor may not handle today, in two queries.

    Law: WB-28, DL-22, XF-12.
    """
    ties = list(_ties(actor))
    named = {int(row.other_id) for row in ties if row.other_kind == "PERSON" and row.person_id == actor.person_id}
    naming = {row.person_id for row in ties if row.other_kind == "PERSON" and row.other_id == str(actor.person_id)}
    suppliers = frozenset(row.other_id for row in ties if row.other_kind == "SUPPLIER")
    return Obstruction(frozenset({actor.person_id, *named, *naming, *_heads_over(actor)}), suppliers)


def _ties(actor: Actor) -> QuerySet[Relationship]:
    """The relationships in force declared by or about the actor, and those of the kin to suppliers (one query).

    A union of four look-ups: as one condition with OR it would read every declaration there is.
    """
    force = Q(starts_on__isnull=True) | Q(starts_on__lte=actor.on)
    rows = Relationship.objects.filter(force, Q(ends_on__isnull=True) | Q(ends_on__gte=actor.on))
    # By the person, not by the kind: half of all declarations are about suppliers.
    people, suppliers = rows.filter(other_kind="PERSON"), rows.exclude(other_kind="PERSON")
    own, about = rows.filter(person_id=actor.person_id), people.filter(other_id=str(actor.person_id))
    named = people.filter(person_id=actor.person_id).annotate(kin_id=Cast("other_id", BigIntegerField()))
    return own.union(
        about,
        suppliers.filter(person_id__in=named.values("kin_id")),
        suppliers.filter(person_id__in=about.values("person_id")),
    )


def _heads_over(actor: Actor) -> set[int]:
    """The heads of the actor's own unit, of the units of the posts held, and of every unit above these."""
    line = {int(step) for grant in actor.grants for step in grant.unit_path.split("/") if step}
    own = Person.objects.filter(pk=actor.person_id, unit__path__startswith=OuterRef("path"))
    above = Unit.objects.filter(Q(pk__in=line) | Exists(own))
    rows = Appointment.objects.filter(holding(actor.on), post__role__in=HEADS, post__closed_on__isnull=True)
    return set(rows.filter(post__unit__in=above).values_list("person_id", flat=True)) - {actor.person_id}
