"""Reading cases: who may see which, what is locked for a person, and what is due after a reversal."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from qingqu.engines import statutes
from qingqu.kernel.core.paging import as_id
from qingqu.kernel.files.subjects import Subject
from qingqu.kernel.ledger import queries as ledger
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.models import Unit
from qingqu.kernel.org.types import Actor, Right, Role
from qingqu.kernel.publications import queries as publications
from qingqu.pillars.cases import rules
from qingqu.pillars.cases.models import (
    Case,
    Decision,
    Hand,
    LockChoice,
    Remedy,
    Respondent,
    StateChoice,
    Statement,
    Transfer,
)
from qingqu.pillars.cases.types import HeldLock, Lock, Part, RemedyKind, RemedyState, State, TransferOutcome, Voice
from qingqu.pillars.leads import queries as leads

KIND = "case"
"""The subject kind under which events know a case."""

PERSON_KIND = "case_person"
"""The subject kind under which events, duties, files and publications know the procedure about one respondent."""

NAMES = ("case__unit", "case__desk", "person", "proposed_by", "closed_by")


def visible(actor: Actor) -> QuerySet[Case]:
    """The cases the actor may see: the district's desk and deciders, whoever has a hand in it, and the school's heads.

    A head sees a case of the own school once somebody in it was heard. Whoever is obstructed sees nothing of it. The
    respondents see their own part on pages of their own (``own``), never this. Law: WB-28, DL-22.
    """
    reads = org.within(actor, Right.VIEW_CASES)
    hand = Q(pk__in=Hand.objects.filter(person_id=actor.person_id).values("case_id"))
    heard = Respondent.objects.filter(state__in=rules.SHOWN_TO_SCHOOL)
    school = Q(pk__in=heard.filter(org.within(actor, Right.PROPOSE_SANCTIONS, "case__unit__path")).values("case_id"))
    found = org.either(Case.objects.all(), actor, Right.VIEW_CASES, reads, hand, school)
    return found.exclude(pk__in=_obstructed(actor)).select_related("unit", "desk")


def _obstructed(actor: Actor) -> QuerySet[Any, Any]:
    """The ids of the cases with a respondent who stands in the actor's way."""
    return Respondent.objects.filter(person_id__in=org.obstructing(actor).people).values("case_id")


def respondents(actor: Actor) -> QuerySet[Respondent]:
    """The procedures the actor may see; a school's head sees those in which the person was heard."""
    return _visible_rows(actor, Respondent.objects.all())


def _visible_rows(actor: Actor, rows: QuerySet[Respondent]) -> QuerySet[Respondent]:
    """Those of ``rows`` the actor may see, with case, school and person. Law: WB-28, DL-22."""
    reads = org.within(actor, Right.VIEW_CASES, "case__unit__path")
    hand = Q(case_id__in=Hand.objects.filter(person_id=actor.person_id).values("case_id"))
    school = org.within(actor, Right.PROPOSE_SANCTIONS, "case__unit__path") & Q(state__in=rules.SHOWN_TO_SCHOOL)
    found = org.either(rows, actor, Right.VIEW_CASES, reads, hand, school)
    return found.exclude(case_id__in=_obstructed(actor)).select_related(*NAMES)


def listed(actor: Actor, *, state: str = "", unit_id: str = "", text: str = "") -> QuerySet[Respondent]:
    """The procedures the actor may see, the latest first, cut by state, school and a word of the title or number."""
    rows = Respondent.objects.all()
    if state in set(State):
        rows = org.cut(rows, actor, Right.VIEW_CASES, "state", state)
    if (unit := as_id(unit_id)) is not None:
        rows = rows.filter(case__unit_id=unit)
    if text:
        key = rules.case_id_of(text)
        rows = rows.filter(Q(case__title__icontains=text) if key is None else Q(case_id=key))
    return _visible_rows(actor, rows).order_by("-id")


def own(actor: Actor) -> QuerySet[Respondent]:
    """The procedures about the actor, once the person was told of them; the latest first."""
    rows = Respondent.objects.filter(person_id=actor.person_id, notified_at__isnull=False)
    return rows.select_related("case__unit", "person").order_by("-id")


def to_act(actor: Actor) -> QuerySet[Respondent]:
    """The procedures the actor may see, with what the guards ask of each read in the same query."""
    said = Statement.objects.filter(respondent=OuterRef("pk"))
    investigates = Hand.objects.filter(case_id=OuterRef("case_id"), person_id=actor.person_id, part=Part.INVESTIGATOR)
    return respondents(actor).annotate(
        is_heard=Exists(said.filter(voice__in=[Voice.OWN, Voice.WAIVED])),
        is_fully_heard=Exists(said.filter(voice__in=[Voice.COLLEAGUE, Voice.STUDENT, Voice.PARENT])),
        is_sanctioned_elsewhere=Exists(
            Transfer.objects.filter(respondent=OuterRef("pk"), outcome=TransferOutcome.GOVERNMENT)
        ),
        investigates=Exists(investigates),
    )


def to_show(actor: Actor) -> QuerySet[Respondent]:
    """The same with what the page shows beside it, in the same query."""
    return to_act(actor).select_related(*NAMES, "clarification", "transfer")


def offered(actor: Actor, row: Respondent, *, waits_for_answer: bool, is_uncorrected: bool) -> list[str]:
    """The steps whose forms the page offers the actor: those of the state that the actor's part or posts allow.

    ``row`` comes from ``to_show``. The operations check everything again.
    """
    path = row.case.unit.path or ""
    has = {right: org_rules.may_in(actor, right, path) for right in (Right.HANDLE_CASES, Right.DECIDE_CASES)}
    heads = org_rules.may_in(actor, Right.PROPOSE_SANCTIONS, path)
    desk, decides = has[Right.HANDLE_CASES], has[Right.DECIDE_CASES]
    draft, handed = getattr(row, "clarification", None), getattr(row, "transfer", None)
    discipline = reads_discipline(actor) and row.person.is_party_member
    investigates = row.investigates  # type: ignore[attr-defined]
    may = {
        "notify": investigates,
        "hear": investigates,
        "supplement": investigates,
        "propose": decides if row.is_head else heads,
        "decide": decides or heads,
        "return": decides,
        "dismiss": decides,
        "serve": desk,
        "file": desk,
        "release": desk,
    }
    found = [verb for verb, allowed in may.items() if allowed and rules.may_move(row.state, verb)]
    clears = rules.may_move(row.state, "clarify")
    found += ["clearing"] if clears and desk and draft is None else []
    found += ["clarify"] if clears and decides and draft is not None else []
    found += ["answer"] if waits_for_answer and decides else []
    found += ["correct"] if is_uncorrected and desk else []
    found += ["transfer"] if discipline and handed is None else []
    found += ["handed"] if discipline and handed is not None and handed.outcome == TransferOutcome.PENDING else []
    return found


def named(row_id: int) -> Respondent:
    """The procedure of that id, not read: operations read and lock it themselves."""
    return Respondent(pk=row_id)


def case_named(case_id: int) -> Case:
    """The case of that id, not read."""
    return Case(pk=case_id)


def states() -> list[tuple[str, str]]:
    """Every state with its label."""
    return [(str(code), str(label)) for code, label in StateChoice.choices]


def units_for(actor: Actor) -> QuerySet[Unit]:
    """The units in which the actor may open a case, in tree order."""
    return org.units_within(actor, Right.HANDLE_CASES)


def hands(case_id: int) -> list[Hand]:
    """Who had which part in a case, in the order in which they took it."""
    return list(Hand.objects.filter(case_id=case_id).select_related("person").order_by("id"))


def statements(row: Respondent) -> list[Statement]:
    """What was said in the procedure, the first first."""
    return list(row.statements.select_related("recorded_by").order_by("id"))


def decisions(row: Respondent) -> list[Decision]:
    """The decisions about the person, the first first."""
    return list(row.decisions.select_related("decided_by").order_by("ordinal"))


def remedies(row: Respondent) -> list[Remedy]:
    """What was asked against the decisions, the first first."""
    return list(row.asked.select_related("answered_by").order_by("id"))


def open_remedy(row: Respondent) -> Remedy | None:
    """The review or appeal that waits for its answer; None when there is none."""
    return row.asked.filter(state=RemedyState.FILED).select_related("decision").first()


def standing(row: Respondent) -> Decision | None:
    """The decision that stands; None before one and after it was revoked."""
    return row.decisions.filter(set_aside_at__isnull=True).first()


def transfer(row: Respondent) -> Transfer | None:
    """The part handed to the discipline track; for pages of the discipline group only."""
    return Transfer.objects.filter(respondent=row).first()


def reads_discipline(actor: Actor) -> bool:
    """Whether the actor sits in the stationed discipline group: nobody else reads what went to that track."""
    return any(grant.role is Role.DISCIPLINE for grant in actor.grants)


def history(actor: Actor, row: Respondent) -> QuerySet[Event]:
    """The procedure's events, oldest first; what went to the discipline track is read by that group alone."""
    found = ledger.history(PERSON_KIND, row.pk)
    return found if reads_discipline(actor) else found.exclude(kind__in=DISCIPLINE_EVENTS)


DISCIPLINE_EVENTS = ("case.transferred", "case.transfer_answered")
"""Events that show that a matter is on the discipline track as well."""


def locks(person_id: int, *, on: date) -> tuple[HeldLock, ...]:
    """What is closed to a person on a day, and until when: awards, promotion, title, post, salary step, talent plans.

    Locks come from running sanctions and, separately, from restricted qualifications; the longest of each kind is
    given. They fall away by themselves on the day, and for all days when the decision is revoked. Other packages may
    ask. One query. Law: ET-05, ET-06, ET-25, ET-27.
    """
    rows = Decision.objects.filter(
        respondent__person_id=person_id, set_aside_at__isnull=True, binds_from__lte=on
    ).order_by("id")
    held: dict[Lock, HeldLock] = {}
    for row in rows:
        for lock, until, rule_id in _closing(row):
            if on < until and (lock not in held or held[lock].until < until):
                held[lock] = HeldLock(lock, until, row.number, rule_id)
    return tuple(held[lock] for lock in Lock if lock in held)


def lock_words(person_id: int, *, on: date) -> list[tuple[str, HeldLock]]:
    """The locks of a person on a day, each with its label."""
    return [(str(LockChoice(held.lock).label), held) for held in locks(person_id, on=on)]


def _closing(row: Decision) -> list[tuple[Lock, date, str]]:
    """The (lock, first free day, rule) triples of one decision."""
    found: list[tuple[Lock, date, str]] = []
    if row.sanction_until is not None:
        rule_id = rules.period_rule(row.sanction)
        found += [(lock, row.sanction_until, rule_id) for lock in rules.sanction_locks(row.sanction)]
    if row.restricted_until is not None:
        found += [(lock, row.restricted_until, rules.RESTRICTION) for lock in Lock]
    return found


def last_day(row: Respondent, kind: str) -> date | None:
    """The last day on which the person may ask for a review or an appeal; None when it cannot be asked (yet).

    Counted by the district's calendar. Law: ET-20, ET-21.
    """
    decision = standing(row)
    if decision is None:
        return None
    asked = {remedy.kind: remedy for remedy in row.asked.all()}
    review = asked.get(RemedyKind.REVIEW)
    start = decision.served_on if kind == RemedyKind.REVIEW else review.answered_on if review else None
    if start is None or kind in asked:
        return None
    return statutes.due_on(rules.term_for(kind), start, calendar=org.working_calendar(), unknown_year="weekends").due_on


def uncorrected(row: Respondent, given: Sequence[Decision] | None = None) -> list[int]:
    """The ids of the publications about a decision set aside that still say what they said before (ET-27).

    ``given`` are the decisions, first first, when they are read already.
    """
    rows = decisions(row) if given is None else given
    moments = [each.set_aside_at for each in rows if each.set_aside_at is not None]
    if not moments:
        return []
    public = publications.of_source(PERSON_KIND, row.pk).filter(public_from__isnull=False, withdrawn_at__isnull=True)
    return list(public.exclude(versions__published_at__gt=max(moments)).values_list("pk", flat=True))


def lead_for(actor: Actor, lead_id: str) -> Any:
    """A disposed lead of the education track that the actor may see; None otherwise."""
    key = as_id(lead_id)
    if key is None:
        return None
    found = leads.visible(actor).filter(pk=key, track="T2", state="DISPOSED")
    return found.prefetch_related("parties__person").first()


def subject(actor: Actor | None, subject_id: str) -> Subject | None:
    """A procedure as other packages may see it; files may be added until the decision."""
    if actor is None or (key := as_id(subject_id)) is None:
        return None
    row = respondents(actor).filter(pk=key).first()
    if row is None:
        return None
    url = reverse("cases:person", args=[row.pk])
    case = row.case
    may_attach = row.state in rules.BEFORE_DECISION
    return Subject(
        PERSON_KIND, subject_id, case.title, case.unit_id, case.unit.path or "", url, may_attach, (row.person.name,)
    )
