"""A small district with everybody a petition needs, and petitions at each step."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from qingqu.kernel.duties import queries as duties
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.org.models import Person, Unit
from qingqu.kernel.org.types import Role
from qingqu.pillars.petitions import operations, queries
from qingqu.pillars.petitions.models import Petition
from qingqu.pillars.petitions.operations.intake import Sender
from qingqu.pillars.petitions.types import Level, Reply
from tests.factories import AT, actor, make_unit, seat

LATER = AT + timedelta(days=1)
PARENT = Sender("王家长", "13900000000", "清源区新街 1 号")


@dataclass(frozen=True)
class Town:
    """A district office, two schools and the people who handle, approve, watch and teach."""

    root: Unit
    school: Unit
    neighbour: Unit
    office: Person
    second: Person
    third: Person
    leader: Person
    keeper: Person
    principal: Person
    teacher: Person


def make_town() -> Town:
    """A district with two schools."""
    root = make_unit()
    school = make_unit("第一小学", parent=root, kind="PRIMARY")
    neighbour = make_unit("第二小学", parent=root, kind="PRIMARY")
    return Town(
        root,
        school,
        neighbour,
        office=seat(Role.OFFICE, root, "办公室甲"),
        second=seat(Role.OFFICE, root, "办公室乙"),
        third=seat(Role.OFFICE, root, "办公室丙"),
        leader=seat(Role.LEADER, root, "领导甲"),
        keeper=seat(Role.DISCIPLINE, root, "纪检甲"),
        principal=seat(Role.PRINCIPAL, school, "校长甲"),
        teacher=seat(Role.TEACHER, school, "教师甲"),
    )


def registered(town: Town, **given: Any) -> Petition:
    """A claim about the school, unless said otherwise."""
    facts: dict[str, Any] = {
        "title": "课后服务收费",
        "body": "请求退还多收的课后服务费",
        "kind": "CLAIM",
        "channel": "LETTER",
        "unit": town.school,
        "sender": PARENT,
        "at": AT,
        "actor": actor(town.office),
    }
    return operations.register(**(facts | given))


def accepted(town: Town, **given: Any) -> Petition:
    """A petition that was taken on the day it came."""
    return operations.accept(petition=registered(town, **given), told="当面送达告知书", at=AT, actor=actor(town.office))


def handled(town: Town, **given: Any) -> Petition:
    """A petition that a section undertakes."""
    return operations.begin(petition=accepted(town, **given), undertaker="基础教育科", at=AT, actor=actor(town.office))


def reply(**given: Any) -> Reply:
    """An opinion with every element, handed over on the day it is given."""
    facts: dict[str, Any] = {
        "outcome": "SUPPORTED",
        "request": "退还多收的费用",
        "facts": "经查，多收 200 元",
        "opinion": "责令学校退还",
        "basis": "课后服务收费管理规定",
        "organ": "清源区教育局",
        "served_on": AT.date(),
    }
    return Reply(**(facts | given))


def answered(town: Town, **given: Any) -> Petition:
    """A petition with its opinion."""
    row = handled(town, **given)
    operations.conclude(petition=row, reply=reply(), at=AT, actor=actor(town.office))
    return fresh(row)


def reviewing(town: Town) -> Petition:
    """A petition whose review was asked for."""
    row = answered(town)
    operations.ask(
        petition=row, level=Level.REVIEW, ground="金额不对", asked_on=AT.date(), at=AT, actor=actor(town.office)
    )
    return fresh(row)


def reviewed(town: Town) -> Petition:
    """A petition with its opinion on review, given by another person."""
    row = reviewing(town)
    operations.decide(petition=row, level=Level.REVIEW, reply=reply(), at=AT, actor=actor(town.second))
    return fresh(row)


def rechecking(town: Town) -> Petition:
    """A petition whose re-check was asked for."""
    row = reviewed(town)
    operations.ask(
        petition=row, level=Level.RECHECK, ground="仍不服", asked_on=AT.date(), at=AT, actor=actor(town.office)
    )
    return fresh(row)


def rechecked(town: Town) -> Petition:
    """A petition at its end, after the re-check by a third person."""
    row = rechecking(town)
    operations.decide(petition=row, level=Level.RECHECK, reply=reply(), at=AT, actor=actor(town.third))
    return fresh(row)


def fresh(row: Petition) -> Petition:
    """The petition as it is in the database."""
    return Petition.objects.select_related("unit", "handler").get(pk=row.pk)


def clock(row: Petition, kind: str = queries.KIND) -> Duty | None:
    """The open duty about a petition; None when none runs."""
    return duties.open_by_subject(kind, [row.pk]).get(str(row.pk))
