"""What the administrator's pages list, cut to where the administrator may administer; and one's own declarations."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from qingqu.kernel.core.paging import COUNT_LIMIT
from qingqu.kernel.core.text import beginning
from qingqu.kernel.org import rules
from qingqu.kernel.org.models import Account, Appointment, ImportDraft, Person, Post, Relationship, Setting, Unit
from qingqu.kernel.org.queries.scope import holding, scoped, within
from qingqu.kernel.org.types import Actor, Right


def settings_within(actor: Actor) -> QuerySet[Setting]:
    """The local values of the administrator's units, the latest first."""
    rows = Setting.objects.select_related("unit")
    return scoped(rows, actor, Right.ADMINISTER).order_by("key", "-valid_from", "-id")


def children_of(unit: Unit | None, actor: Actor) -> QuerySet[Unit]:
    """The open units right below a unit, or the administrator's topmost ones; each says whether it has more below."""
    below = Unit.objects.filter(parent_id=OuterRef("pk"), closed_on__isnull=True)
    rows = Unit.objects.filter(closed_on__isnull=True).annotate(has_children=Exists(below))
    if unit is not None:
        return rows.filter(parent=unit).order_by("code", "id")
    tops = Q(path__in=rules.prefixes(actor, Right.ADMINISTER))
    return rows.filter(tops).order_by("code", "id")


def administered_unit(actor: Actor, unit_id: int) -> Unit | None:
    """A unit the administrator may change; None when there is none such."""
    return scoped(Unit.objects.select_related("parent"), actor, Right.ADMINISTER, "path").filter(pk=unit_id).first()


def unit_coded(actor: Actor, code: str) -> Unit | None:
    """A unit by its code among those the administrator may change; None when there is none such."""
    return scoped(Unit.objects.all(), actor, Right.ADMINISTER, "path").filter(code=code.strip()).first()


def posts_of(unit: Unit, *, on: date) -> QuerySet[Post]:
    """The open posts of a unit with their present holder's name, by code."""
    holder = Appointment.objects.filter(holding(on), post_id=OuterRef("pk")).values("person__name")[:1]
    return Post.objects.filter(unit=unit, closed_on__isnull=True).annotate(holder_name=holder).order_by("code", "id")


def administered_post(actor: Actor, post_id: int) -> Post | None:
    """A post the administrator may fill; None when there is none such."""
    return scoped(Post.objects.select_related("unit"), actor, Right.ADMINISTER).filter(pk=post_id).first()


def administered_appointment(actor: Actor, appointment_id: int) -> Appointment | None:
    """An appointment the administrator may end; None when there is none such."""
    rows = Appointment.objects.select_related("post__unit", "person")
    return scoped(rows, actor, Right.ADMINISTER, "post__unit__path").filter(pk=appointment_id).first()


def people_within(actor: Actor, words: str = "") -> QuerySet[Person]:
    """The administrator's people with their accounts, found by the beginning of a name, number or user name.

    Of a beginning that very many share as many are looked up as a list counts.
    """
    rows = scoped(Person.objects.select_related("unit__parent", "account"), actor, Right.ADMINISTER)
    words = words.strip()
    if words:
        met = Q(pk__in=())
        for field in ("number", "name", "account__username"):
            found = rows.filter(beginning(field, words)).order_by(field)
            met |= Q(pk__in=found.values("pk")[: COUNT_LIMIT + 1])
        rows = rows.filter(met)
    return rows.order_by("number", "id")


def administered_person(actor: Actor, person_id: int) -> Person | None:
    """A person whose account the administrator may open or reset; None when there is none such.

    Whoever holds a post outside the administrator's units, now or later, is left to an administrator above: a
    password handed out here would open what lies there.
    """
    lasting = Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=actor.on), person_id=OuterRef("pk"))
    outside = lasting.exclude(within(actor, Right.ADMINISTER, "post__unit__path"))
    return people_within(actor).filter(~Exists(outside), pk=person_id).first()


def person_numbered(number: str) -> Person | None:
    """A person by staff number; None when there is none."""
    return Person.objects.filter(number=number.strip()).first()


def person_with_id(person_id: int) -> Person | None:
    """A person by id; None when there is none."""
    return Person.objects.filter(pk=person_id).first()


def account_of(person: Person) -> Account | None:
    """A person's account; None without one."""
    return Account.objects.filter(person=person).first()


def own_relationships(person_id: int) -> QuerySet[Relationship]:
    """What a person declared, the latest first."""
    return Relationship.objects.filter(person_id=person_id).order_by("-declared_on", "-id")


def relationships_within(actor: Actor) -> QuerySet[Relationship]:
    """The declarations of those in whose units the actor may read them, the latest first."""
    rows = Relationship.objects.select_related("person__unit")
    return scoped(rows, actor, Right.VIEW_RELATIONSHIPS, "person__unit__path").order_by("-declared_on", "-id")


def draft_of(account_id: int) -> bytes | None:
    """The workbook an account has uploaded and not yet imported; None without one."""
    found = ImportDraft.objects.filter(account_id=account_id).values_list("content", flat=True).first()
    return None if found is None else bytes(found)
