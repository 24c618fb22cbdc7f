"""Which seat on a unit's line up the tree carries a right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from qingqu.kernel.org.models import Appointment, Person, Post, Unit
from qingqu.kernel.org.queries.scope import holding
from qingqu.kernel.org.rules import HEADS, RIGHTS
from qingqu.kernel.org.types import Role


@dataclass(frozen=True)
class HeldSeat:
    """A post and the id of the person who holds it on the day asked."""

    post: Post
    person_id: int


def seat_with(right: str, unit: Unit, *, on: date) -> HeldSeat | None:
    """The held seat nearest to ``unit``, in it or above it, whose role carries ``right``; None when there is none.

    In one unit the seat first set up comes first. One query.
    """
    line = [int(step) for step in (unit.path or "").split("/") if step]
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    rows = Appointment.objects.filter(
        holding(on), post__unit_id__in=line, post__role__in=roles, post__closed_on__isnull=True
    )
    found = rows.select_related("post__unit").order_by("-post__unit__path", "post_id", "id").first()
    return HeldSeat(found.post, found.person_id) if found else None


def answering_posts(unit: Unit) -> QuerySet[Post]:
    """The open posts of a unit that may answer for it: a school's heads; in the district or without heads, all."""
    rows = Post.objects.filter(unit=unit, closed_on__isnull=True).exclude(role=Role.ADMINISTRATOR)
    heads = rows.filter(role__in=HEADS)
    return (heads if unit.parent_id and heads.exists() else rows).order_by("id")


def people_numbered(numbers: Iterable[str]) -> dict[str, int]:
    """{staff number: person id} for the numbers that exist (one query)."""
    return dict(Person.objects.filter(number__in=set(numbers)).values_list("number", "pk"))
