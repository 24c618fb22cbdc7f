"""A small district with everybody a case needs, and short ways to bring a case to a state."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from qingqu.kernel.org.models import Person, Unit
from qingqu.kernel.org.types import Actor, Role
from qingqu.pillars.cases import operations
from qingqu.pillars.cases.models import Case, Respondent
from qingqu.pillars.cases.types import Concerned
from tests.factories import AT, actor, make_unit, seat

_days = count(1)


@dataclass(frozen=True)
class District:
    """A district, a school, its heads and teachers, and the district's people who keep, investigate and decide."""

    root: Unit
    school: Unit
    keeper: Person
    first: Person
    second: Person
    leader: Person
    deputy: Person
    third: Person
    office: Person
    principal: Person
    secretary: Person
    teacher: Person
    colleague: Person


def make_district() -> District:
    """A district with one school."""
    root = make_unit()
    school = make_unit("第一小学", parent=root, kind="PRIMARY")
    return District(
        root,
        school,
        keeper=seat(Role.DISCIPLINE, root, "师德甲"),
        first=seat(Role.DISCIPLINE, root, "调查甲"),
        second=seat(Role.DISCIPLINE, root, "调查乙"),
        leader=seat(Role.LEADER, root, "局长甲"),
        deputy=seat(Role.LEADER, root, "副局长甲"),
        third=seat(Role.LEADER, root, "副局长乙"),
        office=seat(Role.OFFICE, root, "办公室甲"),
        principal=seat(Role.PRINCIPAL, school, "校长甲"),
        secretary=seat(Role.SECRETARY, school, "书记甲"),
        teacher=seat(Role.TEACHER, school, "教师甲"),
        colleague=seat(Role.TEACHER, school, "教师乙"),
    )


def as_of(person: Person, at: datetime = AT) -> Actor:
    """The person as an actor at a moment."""
    return actor(person, at=at)


def open_one(district: District, *people: Person, **given: Any) -> Case:
    """A case about the first teacher unless others are named."""
    concerned = [Concerned(person.pk) for person in people or (district.teacher,)]
    facts: dict[str, Any] = {
        "title": "有偿补课",
        "allegation": "反映其在校外机构授课",
        "conduct": "TUTORING",
        "acted_on": date(2026, 1, 1) + timedelta(days=next(_days) % 200),
        "unit": district.school,
        "school_kind": "PUBLIC",
        "source_text": "家长来信",
        "concerned": concerned,
        "at": AT,
        "actor": actor(district.keeper),
    }
    return operations.open_case(**(facts | given))


def row_of(case: Case, person: Person | None = None) -> Respondent:
    """The procedure about a person of the case, the first when nobody is named."""
    rows = Respondent.objects.filter(case=case).order_by("id")
    return rows.filter(person=person).get() if person else rows[0]


def investigated(district: District, *people: Person, **given: Any) -> Respondent:
    """A procedure under investigation by two people."""
    case = open_one(district, *people, **given)
    for person in (district.first, district.second):
        operations.appoint(case=case, person=person, at=AT, actor=actor(district.keeper))
    return row_of(case)


def notified(district: District, row: Respondent, sanction: str = "DEMERIT", months: int = 24) -> Respondent:
    """The procedure with the person told."""
    return operations.notify(
        respondent=row,
        facts="2026年3月在校外机构授课三次",
        evidence="课表、收款记录、谈话笔录",
        basis="中小学教师违反职业道德行为处理办法",
        sanction=sanction,
        restriction_months=months,
        at=AT,
        actor=actor(district.first),
    )


def heard(district: District, row: Respondent) -> Respondent:
    """The procedure with the person and a parent heard."""
    operations.speak(respondent=row, text="只上过一次课", at=AT, actor=actor(row.person))
    operations.hear(respondent=row, voice="PARENT", text="家长称收费", at=AT, actor=actor(district.first))
    row.refresh_from_db()
    return row


def proposed(district: District, row: Respondent, sanction: str = "DEMERIT", months: int = 24) -> Respondent:
    """The procedure with the school's proposal."""
    return operations.propose(
        respondent=row,
        sanction=sanction,
        restriction_months=months,
        text="建议处理",
        at=AT,
        actor=actor(district.principal),
    )


def decided(district: District, *people: Person, sanction: str = "DEMERIT", months: int = 24) -> Respondent:
    """A decided procedure."""
    row = heard(district, notified(district, investigated(district, *people), sanction, months))
    proposed(district, row, sanction, months)
    operations.decide(respondent=row, sanction=sanction, restriction_months=months, at=AT, actor=actor(district.leader))
    row.refresh_from_db()
    return row


def effective(district: District, *people: Person, sanction: str = "DEMERIT", months: int = 24) -> Respondent:
    """A procedure whose decision is served and filed."""
    row = decided(district, *people, sanction=sanction, months=months)
    operations.serve(respondent=row, served_on=AT.date(), service="当面送达并签收", at=AT, actor=actor(district.keeper))
    operations.file(respondent=row, filing="存入个人档案", at=AT, actor=actor(district.keeper))
    row.refresh_from_db()
    return row


def as_leads(district: District) -> Any:
    """The same people as a district of the leads' tests."""
    return district
