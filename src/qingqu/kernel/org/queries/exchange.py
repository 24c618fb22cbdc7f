"""The whole organisation as a workbook, and what an uploaded workbook would change."""

from django.db.models import BigIntegerField
from django.db.models.functions import Cast

from qingqu.kernel.org.models import Appointment, Person, Post, Relationship, Unit
from qingqu.kernel.org.sheets import planning, reading, writing
from qingqu.kernel.org.sheets.columns import APPOINTMENTS, PEOPLE, POSTS, RELATIONSHIPS, UNITS, Row, State
from qingqu.kernel.org.sheets.planning import Plan


def export(*, with_relationships: bool = True) -> bytes:
    """Everything as a workbook of the template's shape; relationships only for those who may read them."""
    rows = present(with_relationships=with_relationships)
    return writing.write({name: found.values() for name, found in rows.items()})


def template() -> bytes:
    """The empty workbook with its notes."""
    return writing.write({})


def plan_import(content: bytes) -> Plan:
    """What a workbook would change, with an error for every wrong cell; changes nothing.

    Raises BadWorkbook when the file cannot be read as the template.
    """
    return planning.plan(reading.read(content), present())


def annotated(content: bytes, plan: Plan) -> bytes:
    """The uploaded workbook with the plan's errors marked in it."""
    return writing.annotate(content, plan.errors)


def present(*, with_relationships: bool = True) -> State:
    """What the database holds, in the workbook's terms, in six queries."""
    return {
        UNITS.name: {(row["code"],): row for row in _units()},
        PEOPLE.name: {(row["number"],): row for row in _people()},
        POSTS.name: {(row["code"],): row for row in _posts()},
        APPOINTMENTS.name: {APPOINTMENTS.key_of(row): row for row in _appointments()},
        RELATIONSHIPS.name: {RELATIONSHIPS.key_of(row): row for row in _relationships()} if with_relationships else {},
    }


def _units() -> list[Row]:
    """Units in tree order."""
    found = Unit.objects.order_by("path").values_list("code", "name", "kind", "parent__code", "closed_on")
    return [
        {"code": code, "name": name, "kind": kind, "parent": parent or "", "closed_on": closed_on}
        for code, name, kind, parent, closed_on in found
    ]


def _people() -> list[Row]:
    """People by number."""
    names = ("number", "name", "unit", "email", "is_party_member", "left_on")
    found = Person.objects.order_by("number").values_list(
        "number", "name", "unit__code", "email", "is_party_member", "left_on"
    )
    return [dict(zip(names, values, strict=True)) for values in found]


def _posts() -> list[Row]:
    """Posts by code."""
    names = ("code", "unit", "title", "role", "closed_on")
    found = Post.objects.order_by("code").values_list("code", "unit__code", "title", "role", "closed_on")
    return [dict(zip(names, values, strict=True)) for values in found]


def _appointments() -> list[Row]:
    """Appointments by post and start."""
    names = ("post", "person", "starts_on", "ends_on")
    found = Appointment.objects.order_by("post__code", "starts_on").values_list(
        "post__code", "person__number", "starts_on", "ends_on"
    )
    return [dict(zip(names, values, strict=True)) for values in found]


def _relationships() -> list[Row]:
    """Relationships by person; people are named by their numbers at both ends."""
    names = ("person", "other_kind", "other", "other_name", "kind", "declared_on", "starts_on", "ends_on")
    named = Relationship.objects.filter(other_kind="PERSON").values_list(Cast("other_id", BigIntegerField()))
    numbers = {str(pk): number for pk, number in Person.objects.filter(pk__in=named).values_list("pk", "number")}
    found = Relationship.objects.order_by("person__number", "id").values_list(
        "person__number", "other_kind", "other_id", "other_name", "kind", "declared_on", "starts_on", "ends_on"
    )
    rows: list[Row] = [dict(zip(names, values, strict=True)) for values in found]
    for row in rows:
        if row["other_kind"] == "PERSON":
            row["other"] = numbers[str(row["other"])]
    return rows
