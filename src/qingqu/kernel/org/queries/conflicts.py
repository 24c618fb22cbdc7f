"""The conflict-of-interest question: may this person touch this matter, and if not, who is next above."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qingqu.kernel.org import rules
from qingqu.kernel.org.models import Appointment, Person, Post, Relationship, Unit
from qingqu.kernel.org.queries.scope import holding
from qingqu.kernel.org.types import HeldPost, Matter, Obstacle, Role, Standing, Tie


@dataclass(frozen=True)
class Touch:
    """Whether a person may handle a matter.

    ``reasons`` are stable codes (SELF, UNIT_HEAD, KIN, SUPPLIER, OWN_ACT), empty when allowed; ``next_above`` is the
    nearest post whose holder has no obstacle, None when allowed or when the matter must leave the district.
    """

    allowed: bool
    reasons: tuple[str, ...] = ()
    next_above: Post | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The reasons in the user's language, in the order of ``reasons``."""
        return tuple(obstacle_words(reason) for reason in self.reasons)


def may_touch(
    person_id: int,
    *,
    unit: Unit,
    about: Iterable[int] = (),
    suppliers: Iterable[object] = (),
    own_acts: Iterable[int] = (),
    on: date,
) -> Touch:
    """Whether a person may handle a matter of ``unit`` on a day, with the reasons and the next post above.

    ``about`` and ``own_acts`` are person ids (whom the matter concerns; who already acted in it), ``suppliers`` the
    ids under which suppliers are declared. Four queries at most, whatever is asked. Relationships count from both
    ends and on the day asked. Law: WB-28, DL-22, DL-23, XF-12, PR-29.
    """
    concerned = frozenset(int(someone) for someone in about)
    held = _held({person_id, *concerned}, unit, on)
    standings = _standings({person_id}, held)
    matter = Matter(
        about=concerned,
        suppliers=frozenset(str(supplier) for supplier in suppliers),
        own_acts=frozenset(int(someone) for someone in own_acts),
        heads=rules.heads(tuple(held), concerned),
    )
    ties = _ties(standings, on)
    reasons = rules.obstacles(standings[person_id], matter, ties)
    if not reasons:
        return Touch(allowed=True)
    above = rules.next_above(standings[person_id], unit.path or "", tuple(held), standings, matter, ties)
    return Touch(allowed=False, reasons=tuple(reasons), next_above=held[above].post if above else None)


def obstructed_among(
    people: Iterable[int],
    *,
    unit: Unit,
    about: Iterable[int] = (),
    suppliers: Iterable[object] = (),
    own_acts: Iterable[int] = (),
    seats: Iterable[int] = (),
    on: date,
) -> frozenset[int]:
    """Those of several people who may not handle a matter of ``unit`` on a day: ``may_touch`` asked of each.

    ``seats`` are ids of posts on the unit's line up the tree, whose holders are asked too. Four queries at most,
    however many people they are. Law: WB-28, DL-22.
    """
    asked, concerned = {int(someone) for someone in people}, frozenset(int(someone) for someone in about)
    held, sitting = _held({*asked, *concerned}, unit, on), set(seats)
    asked |= {post.person_id for post in held if post.post_id in sitting}
    standings = _standings(asked, held)
    firms = frozenset(str(supplier) for supplier in suppliers)
    acted = frozenset(int(someone) for someone in own_acts)
    matter = Matter(about=concerned, suppliers=firms, own_acts=acted, heads=rules.heads(tuple(held), concerned))
    ties = _ties(standings, on)
    return frozenset(someone for someone in asked if rules.obstacles(standings[someone], matter, ties))


def obstacle_words(reason: str) -> str:
    """A reason code as a sentence in the user's language."""
    words = {
        Obstacle.SELF: _("事项涉及本人。"),
        Obstacle.UNIT_HEAD: _("事项涉及本人所在单位的负责人。"),
        Obstacle.KIN: _("与事项所涉人员有近亲属或者其他利害关系。"),
        Obstacle.SUPPLIER: _("本人或者近亲属与所涉供应商有利害关系。"),
        Obstacle.OWN_ACT: _("本人此前已经办理过该事项。"),
    }
    return words[Obstacle(reason)]


@dataclass(frozen=True)
class _Seat:
    """The rows behind one held post."""

    post: Post
    person: Person


def _held(people: set[int], unit: Unit, on: date) -> dict[HeldPost, _Seat]:
    """The posts these people hold that day, and those on the unit's line up the tree."""
    line = [int(step) for step in (unit.path or "").split("/") if step]
    rows = (
        Appointment.objects.filter(holding(on), post__closed_on__isnull=True)
        .filter(Q(person_id__in=people) | (Q(post__unit_id__in=line) & ~Q(post__role=Role.TEACHER)))
        .select_related("post__unit", "person__unit")
        .order_by("post_id", "id")
    )
    return {
        HeldPost(row.post_id, row.person_id, Role(row.post.role), row.post.unit.path or ""): _Seat(row.post, row.person)
        for row in rows
    }


def _standings(asked: set[int], held: dict[HeldPost, _Seat]) -> dict[int, Standing]:
    """Each person's lines: the paths of the own unit and of the units of the posts held."""
    lines: dict[int, set[str]] = {}
    for post, seat in held.items():
        lines.setdefault(post.person_id, {seat.person.unit.path or ""}).add(post.unit_path)
    if without := asked - set(lines):
        paths = Person.objects.filter(pk__in=without).values_list("pk", "unit__path")
        lines |= {someone: set() for someone in without} | {someone: {path or ""} for someone, path in paths}
    return {someone: Standing(someone, frozenset(paths)) for someone, paths in lines.items()}


def _ties(standings: dict[int, Standing], on: date) -> tuple[Tie, ...]:
    """The relationships in force that touch these people, and the supplier relationships of their kin."""
    people = Relationship.OtherKind.PERSON
    own = list(
        _in_force(on).filter(
            Q(person_id__in=standings) | Q(other_kind=people, other_id__in=[str(someone) for someone in standings])
        )
    )
    kin = {row.person_id for row in own} | {int(row.other_id) for row in own if row.other_kind == people}
    further = _in_force(on).filter(person_id__in=kin - set(standings), other_kind=Relationship.OtherKind.SUPPLIER)
    return tuple(Tie(row.person_id, row.other_kind, row.other_id, row.kind) for row in (*own, *further))


def _in_force(on: date) -> QuerySet[Relationship]:
    """Relationships in force on a day."""
    return Relationship.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    )
