"""A district with schools, a directive and its measures, for tests of the spine."""

from datetime import date

from qingqu.deployments import operations
from qingqu.deployments.models import Directive, Measure
from qingqu.kernel.org.models import Post
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_post, make_unit, seat

ENDS = date(2026, 12, 31)


class District:
    """A root with an office, and schools each with a seated principal."""

    def __init__(self, schools: int = 2):
        self.root = make_unit()
        self.office = seat(Role.OFFICE, self.root, "主任")
        self.leader = seat(Role.LEADER, self.root, "局长")
        self.schools = [make_unit(f"第{number}小学", parent=self.root, kind="PRIMARY") for number in range(schools)]
        self.principals = [seat(Role.PRINCIPAL, school, f"校长{number}") for number, school in enumerate(self.schools)]


def make_directive(unit, code: str = "D1", **changes) -> Directive:
    """A public directive."""
    fields = {
        "code": code,
        "title": "年度部署",
        "issuer": "区教育工委",
        "issued_on": date(2026, 9, 1),
        "is_public": True,
    }
    return operations.create(unit=unit, fields={**fields, **changes}, at=AT)


def make_measure(directive, key: str = "M1", *, order: int = 1, kinds=(), **changes) -> Measure:
    """A measure with an end date."""
    fields = {"pillar": "SAFEGUARDS", "order": order, "name": f"措施{key}", "ends_on": ENDS}
    return operations.put_measure(
        directive=directive, key=key, fields={**fields, **changes}, evidence_kinds=kinds, at=AT
    )


def post_of(person) -> Post:
    """The post a person holds."""
    return Post.objects.get(appointments__person=person)


def put_on(measure, units):
    """The assignments of a cascade."""
    return list(operations.cascade(measure=measure, units=units, at=AT).assignments)


__all__ = ["AT", "ENDS", "District", "make_directive", "make_measure", "make_post", "post_of", "put_on"]
