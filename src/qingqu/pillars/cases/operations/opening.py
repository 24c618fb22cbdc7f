"""Opening a case and appointing those who investigate it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.models import Appointment, Person, Post, Unit
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.cases import queries, rules
from qingqu.pillars.cases.models import Case, Hand, Respondent
from qingqu.pillars.cases.operations.rows import Conflicted, Incomplete, NotNow, NotYours, Twice, said, take_part
from qingqu.pillars.cases.types import Concerned, Part, State


@transaction.atomic
def open_case(
    *,
    title: str,
    allegation: str,
    conduct: str,
    acted_on: date,
    unit: Unit,
    school_kind: str,
    concerned: Sequence[Concerned],
    at: datetime,
    actor: Actor,
    lead: Any = None,
    source_text: str = "",
) -> Case:
    """Accept a matter about one or more people of a school: from a disposed lead of track T2, or by hand with a source.

    Each respondent gets a procedure and a clock of their own, kept by the actor's desk. Raises NotYours, Incomplete,
    Conflicted for whoever may not handle it, Twice when an act of somebody is already dealt with.
    Law: ET-01, ET-22, ET-24, WB-28.
    """
    desk = _desk(unit, actor)
    _one_source(lead, source_text)
    heads = _fit(concerned, unit, actor, acted_on)
    case = Case(
        title=said(title, _("请填写标题。"), "title")[:200],
        allegation=said(allegation, _("请写明反映问题。"), "allegation"),
        conduct=conduct,
        acted_on=acted_on,
        unit=unit,
        school_kind=school_kind,
        source_kind="lead" if lead else "hand",
        source_id=str(lead.pk) if lead else "",
        source_text=source_text.strip(),
        desk=desk,
        accepted_by_id=actor.person_id,
        accepted_at=at,
    )
    rows = _insert(case, concerned, heads)
    _start_clocks(case, rows, at, actor)
    facts = [ledger.Fact(row.pk, unit.pk, {"case": case.pk}) for row in rows]
    ledger.record_many(
        "case.accepted",
        at=at,
        subject_kind=queries.PERSON_KIND,
        facts=facts,
        actor_id=actor.person_id,
        are_new=True,
    )
    ledger.record(
        "case.opened",
        at=at,
        actor_id=actor.person_id,
        subject_kind=queries.KIND,
        subject_id=case.pk,
        unit_id=unit.pk,
        payload={
            "number": case.number,
            "source_kind": case.source_kind,
            "source_id": case.source_id,
            "title": case.title,
            "url": reverse("cases:detail", args=[case.pk]),
        },
    )
    return case


def _one_source(lead: Any, source_text: str) -> None:
    """Raise Incomplete without a source, NotNow for a lead that is not a disposed one of the education track."""
    if lead is None:
        said(source_text, _("请写明来源。"), "source_text")
    elif lead.track != "T2" or lead.state != "DISPOSED":
        raise NotNow(_("只有已批准处置的教育行政线索可以转为案件。"))


def _desk(unit: Unit, actor: Actor) -> Post:
    """The actor's post that keeps cases of the school. Raises NotYours."""
    for grant in org_rules.grants_with(actor, Right.HANDLE_CASES):
        if (unit.path or "").startswith(grant.unit_path):
            return Post(pk=grant.post_id, unit_id=grant.unit_id, title=grant.post_title, role=grant.role)
    raise NotYours(_("您的岗位不能受理案件。"))


def _fit(concerned: Sequence[Concerned], unit: Unit, actor: Actor, acted_on: date) -> set[int]:
    """Those of the people who head a unit; raises unless all belong to the school and the actor may handle them."""
    ids = {one.person_id for one in concerned}
    posts = Appointment.objects.filter(org.holding(actor.on), person_id=OuterRef("pk"), post__role__in=org_rules.HEADS)
    people = Person.objects.filter(pk__in=ids, unit__path__startswith=unit.path or "")
    found = dict(people.annotate(is_head=Exists(posts)).values_list("pk", "is_head"))
    if not ids or len(found) != len(ids):
        message = _("被反映人须是该校人员。")
        raise Incomplete(message, fields={"about": message})
    if ids & org.obstructing(actor).people:
        raise Conflicted(_("您与被反映人有利害关系，须回避，请交由他人受理。"))
    if acted_on > actor.on:
        message = _("行为发生日期不能晚于今天。")
        raise Incomplete(message, fields={"acted_on": message})
    return {key for key, heads in found.items() if heads}


def _insert(case: Case, concerned: Sequence[Concerned], heads: set[int]) -> list[Respondent]:
    """Insert the case and its respondents. Raises Twice."""
    try:
        with transaction.atomic():
            case.save()
            rows = Respondent.objects.bulk_create(
                Respondent(
                    case=case,
                    person_id=one.person_id,
                    conduct=case.conduct,
                    acted_on=case.acted_on,
                    is_staffed=one.is_staffed,
                    is_manager=one.is_manager,
                    is_head=one.person_id in heads,
                )
                for one in concerned
            )
    except IntegrityError as error:
        raise Twice(_("该来源或者其中某人的同一行为已有案件，不得重复处理。")) from error
    return rows


def _start_clocks(case: Case, rows: Sequence[Respondent], at: datetime, actor: Actor) -> None:
    """One clock a respondent, from acceptance to decision. Law: ET-22."""
    if case.desk is None:
        return
    title = _("对案件 %(number)s 作出处理决定") % {"number": case.number}
    duties.assign_many(
        orders=[duties.Order(title, case.desk, row.pk, reverse("cases:person", args=[row.pk])) for row in rows],
        subject_kind=queries.PERSON_KIND,
        start_on=local_date(at),
        rule_id=rules.DECISION_CLOCK,
        at=at,
        actor_id=actor.person_id,
        is_private=True,
    )


@transaction.atomic
def appoint(*, case: Case, person: Person, at: datetime, actor: Actor) -> Hand:
    """Appoint one investigator; with the number the law asks for, the investigation begins for everybody in the case.

    Raises NotYours, NotNow once something was decided, Conflicted for whoever is related, NeedsAnother.
    Law: ET-23, WB-28, DL-22.
    """
    found = queries.visible(actor).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if found is None or not org_rules.may_in(actor, Right.HANDLE_CASES, found.unit.path or ""):
        raise NotYours(_("找不到这件案件，或者您不能办理。"))
    rows = list(found.respondents.select_for_update())
    if not any(row.state in {State.ACCEPTED, State.INVESTIGATING} for row in rows):
        raise NotNow(_("调查已经结束。"))
    touch = org.may_touch(person.pk, unit=found.unit, about=[row.person_id for row in rows], on=actor.on)
    if not touch.allowed:
        raise Conflicted(_("此人须回避：%(why)s") % {"why": "".join(touch.words)})
    hand = take_part(found.pk, person.pk, Part.INVESTIGATOR, at)
    count = Hand.objects.filter(case=found, part=Part.INVESTIGATOR).count()
    waiting = [row for row in rows if row.state == State.ACCEPTED]
    if count >= rules.least_investigators() and waiting:
        Respondent.objects.filter(pk__in=[row.pk for row in waiting]).update(state=State.INVESTIGATING)
        facts = [ledger.Fact(row.pk, found.unit_id, {"case": found.pk}) for row in waiting]
        ledger.record_many(
            "case.investigated", at=at, subject_kind=queries.PERSON_KIND, facts=facts, actor_id=actor.person_id
        )
    ledger.record(
        "case.investigator_appointed",
        at=at,
        actor_id=actor.person_id,
        subject_kind=queries.KIND,
        subject_id=found.pk,
        unit_id=found.unit_id,
        payload={"person": person.pk},
    )

    return hand
