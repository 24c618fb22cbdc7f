"""Whom a person may not handle matters about: the same answer as ``may_touch``, as sets for a list's condition."""

from dataclasses import dataclass

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from qingqu.kernel.org.models import Appointment, Person, Relationship
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
    """The relationships in force declared by or about the actor, and those of the kin to suppliers."""
    force = Q(starts_on__isnull=True) | Q(starts_on__lte=actor.on)
    rows = Relationship.objects.filter(force, Q(ends_on__isnull=True) | Q(ends_on__gte=actor.on))
    me = str(actor.person_id)
    named = rows.filter(
        person_id=actor.person_id, other_kind="PERSON", other_id=Cast(OuterRef("person_id"), CharField(max_length=60))
    )
    naming = rows.filter(person_id=OuterRef("person_id"), other_kind="PERSON", other_id=me)
    of_kin = Q(other_kind="SUPPLIER") & (Exists(named) | Exists(naming))
    return rows.filter(Q(person_id=actor.person_id) | Q(other_kind="PERSON", other_id=me) | of_kin)


def _heads_over(actor: Actor) -> set[int]:
    """The heads of the actor's own unit, of the units of the posts held, and of every unit above these."""
    line = {int(step) for grant in actor.grants for step in grant.unit_path.split("/") if step}
    own = Person.objects.filter(pk=actor.person_id, unit__path__startswith=OuterRef("post__unit__path"))
    rows = Appointment.objects.filter(holding(actor.on), post__role__in=HEADS, post__closed_on__isnull=True)
    found = rows.filter(Q(post__unit_id__in=line) | Exists(own)).values_list("person_id", flat=True)
    return set(found) - {actor.person_id}
