"""A small district with everybody a lead needs."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from qingqu.kernel.org.models import Person, Unit
from qingqu.kernel.org.types import Role
from qingqu.pillars.leads import operations
from qingqu.pillars.leads.models import Lead
from tests.factories import AT, actor, make_unit, seat

LATER = AT + timedelta(days=1)
_sources = count(1)


@dataclass(frozen=True)
class District:
    """A district office, two schools and the people who keep, approve and answer."""

    root: Unit
    school: Unit
    neighbour: Unit
    keeper: Person
    second_keeper: Person
    leader: Person
    auditor: Person
    office: Person
    principal: Person
    other_principal: Person


def make_district() -> District:
    """A district with two schools."""
    root = make_unit()
    school = make_unit("第一小学", parent=root, kind="PRIMARY")
    neighbour = make_unit("第二小学", parent=root, kind="PRIMARY")
    return District(
        root,
        school,
        neighbour,
        keeper=seat(Role.DISCIPLINE, root, "纪检甲"),
        second_keeper=seat(Role.DISCIPLINE, root, "纪检乙"),
        leader=seat(Role.LEADER, root, "领导甲"),
        auditor=seat(Role.AUDITOR, root, "审计甲"),
        office=seat(Role.OFFICE, root, "办公室甲"),
        principal=seat(Role.PRINCIPAL, school, "校长甲"),
        other_principal=seat(Role.PRINCIPAL, neighbour, "校长乙"),
    )


def open_one(district: District, **given: Any) -> Lead:
    """A lead about the school, opened by the keeper unless said otherwise."""
    facts: dict[str, Any] = {
        "title": "食堂采购拆分",
        "body": "三笔合同合计超过限额",
        "unit": district.school,
        "source_kind": "flag",
        "source_id": next(_sources),
        "at": AT,
        "actor_id": district.keeper.pk,
        "evidence": {"rows": [1, 2, 3]},
    }
    return operations.open_lead(**(facts | given))


REVIEW_ON = date(2027, 3, 1)


def propose(district: District, lead: Lead, kind: str = "VERIFY", **given: Any) -> Lead:
    """The lead with a disposition proposed by the keeper; a 暂存待查 is looked at again on REVIEW_ON."""
    when = {"review_on": REVIEW_ON} if kind == "HOLD" else {}
    facts: dict[str, Any] = {"reason": "材料可查", "at": AT, "actor": actor(district.keeper)}
    operations.propose(lead=lead, kind=kind, **(facts | when | given))
    lead.refresh_from_db()
    return lead


def study(district: District, lead: Lead) -> None:
    """The pending proposal studied by both keepers."""
    there = {one.pk: one.name for one in (district.keeper, district.second_keeper)}
    operations.study(lead=lead, studied_on=AT.date(), attendees=there, note="同意", at=AT, actor=actor(district.keeper))


def dispose(district: District, lead: Lead, kind: str = "VERIFY", **given: Any) -> Lead:
    """The lead with an approved disposition."""
    propose(district, lead, kind, **given)
    operations.approve(lead=lead, at=LATER, actor=actor(district.leader))
    lead.refresh_from_db()
    return lead
