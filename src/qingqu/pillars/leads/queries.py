"""Reading leads: what an actor may see is one SQL condition; an obstructed person sees none of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When
from django.urls import reverse

from qingqu.kernel.core.paging import as_id
from qingqu.kernel.files.subjects import Subject
from qingqu.kernel.ledger import queries as ledger
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.models import Appointment, Person, Post, Unit
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.leads import rules
from qingqu.pillars.leads.labels import SourceChoice, StateChoice
from qingqu.pillars.leads.models import Alarm, Disposition, Intervention, Lead, LeadTheme, Outcome, Party, Passage
from qingqu.pillars.leads.types import Channel, Decision, Source, Standing, State, Theme, Track

KIND = "lead"
"""The subject kind under which events, duties and files know a lead."""

ASSIGNMENT = "lead_assignment"
"""The subject kind of the duty to finish what a higher body assigned."""

FEEDBACK = "lead_feedback"
"""The subject kind of the duty to tell the named reporter."""

PASSAGE = "passage"
"""The subject kind of what went up with zero retention."""

ALARM = "alarm"
"""The subject kind of a receipt for a report of harm to a minor."""

SHOWN_AT_MOST = 50
"""How many of one's own passages and receipts are shown."""

RELATED_AT_MOST = 20
"""How many related leads are shown."""


@dataclass(frozen=True)
class Parties:
    """The people and suppliers in a lead, by how they stand in it."""

    about: frozenset[int]
    acted: frozenset[int]
    suppliers: frozenset[str]


def visible(actor: Actor) -> QuerySet[Lead]:
    """The leads the actor may see: in scope, on a track the actor's post reads, and not obstructed.

    Discipline matters (T1) are seen by the stationed discipline group only. Law: WB-28, DL-22.
    """
    return _visible(actor, Lead.objects.all())


def _visible(actor: Actor, rows: QuerySet[Lead]) -> QuerySet[Lead]:
    """Those of ``rows`` the actor may see, with unit and handler."""
    reads = org.within(actor, Right.VIEW_LEADS) & ~Q(track=Track.DISCIPLINE)
    keeps = org.within(actor, Right.MANAGE_LEADS)
    seat = Q(handler_id__in=[grant.post_id for grant in actor.grants])
    found = org.either(rows, actor, Right.VIEW_LEADS, reads, keeps, seat)
    return found.exclude(pk__in=_obstructed(actor)).select_related("unit", "handler")


def _obstructed(actor: Actor) -> QuerySet[Any, Any]:
    """The ids of the leads with a party that stands in the actor's way (the same answer as ``org.may_touch``).

    Looked up from the few people and suppliers, once; not asked for every lead.
    """
    obstruction = org.obstructing(actor)
    about = Q(standing=Standing.ABOUT, person_id__in=obstruction.people)
    acted = Q(standing=Standing.ACTED, person_id=actor.person_id)
    supplies = Q(standing=Standing.SUPPLIER, supplier_id__in=obstruction.suppliers)
    return Party.objects.filter(about | acted | supplies).values("lead_id")


def listed(actor: Actor, *, unit_id: str = "", text: str = "", theme: str = "", **cuts: str) -> QuerySet[Lead]:
    """The visible leads, latest received first, cut by unit, theme and a word of the title or number.

    ``cuts`` are ``{state, track, channel, source_kind: code}``; an unknown code cuts nothing.
    """
    rows = Lead.objects.all()
    for field, codes in CUTS.items():
        if (code := cuts.get(field, "")) in codes:
            rows = org.cut(rows, actor, Right.VIEW_LEADS, field, code)
    if theme in set(Theme):
        # Asked of each lead in the list's order, until the page is full: most leads have one of a few themes.
        rows = rows.filter(Exists(LeadTheme.objects.filter(code=theme, lead_id=OuterRef("pk"))))
    if (unit := as_id(unit_id)) is not None:
        rows = rows.filter(unit_id=unit)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(number__iexact=text))
    return _visible(actor, rows).order_by("-received_at", "-id")


CUTS: dict[str, frozenset[str]] = {
    "state": frozenset(State),
    "track": frozenset(Track) - {Track.MINORS},
    "channel": frozenset(Channel),
    "source_kind": frozenset(Source),
}
"""{field of a lead: the codes a list may be cut to}."""


def parties(lead: Lead) -> Parties:
    """The people and suppliers in a lead (one query)."""
    return parties_of(Party.objects.filter(lead_id=lead.pk))


def parties_of(rows: Iterable[Party]) -> Parties:
    """The people and suppliers in some rows."""
    found = list(rows)
    return Parties(
        frozenset(row.person_id for row in found if row.standing == Standing.ABOUT and row.person_id),
        frozenset(row.person_id for row in found if row.standing == Standing.ACTED and row.person_id),
        frozenset(row.supplier_id for row in found if row.supplier_id),
    )


def about(subject_id: str) -> frozenset[int]:
    """The ids of the people a lead is about, whoever asks: to keep them from handling what came of it."""
    if (key := as_id(subject_id)) is None:
        return frozenset()
    return parties(named(key)).about


def people_in(lead: Lead) -> list[Party]:
    """The people and suppliers in a lead with their names, in the order in which they were named."""
    return list(lead.parties.select_related("person").order_by("id"))


def themes_of(lead: Lead) -> list[str]:
    """The labels of what the lead is about."""
    return [row.get_code_display() for row in lead.themes.order_by("id")]


def related(actor: Actor, lead: Lead, found: Iterable[Party]) -> list[Lead]:
    """The leads the actor may see that were merged into this one or share a person, a supplier or an amount with it.

    The merged ones first, then the latest; ``RELATED_AT_MOST`` of them. The few candidates are found by index, then
    what may be seen of them is read.
    """
    here = list(found)
    people = [row.person_id for row in here if row.standing == Standing.ABOUT and row.person_id]
    firms = [row.supplier_id for row in here if row.supplier_id]
    shares = Party.objects.filter(standing=Standing.ABOUT, person_id__in=people).order_by().values("lead_id")
    supplied = Party.objects.filter(supplier_id__in=firms).order_by().values("lead_id")
    sums = Lead.objects.filter(amount_fen=lead.amount_fen or 0).order_by().values("pk")
    duplicates = Lead.objects.filter(master_id=lead.pk).order_by().values("pk")
    rows = _visible(actor, Lead.objects.filter(pk__in=duplicates.union(shares, supplied, sums)).exclude(pk=lead.pk))
    first = Case(When(master_id=lead.pk, then=0), default=1)
    return list(rows.order_by(first, "-received_at", "-id")[:RELATED_AT_MOST])


def managed_above(people: Iterable[int], *, on: date) -> bool:
    """Whether one of these people holds a post that a higher level manages (one query)."""
    rows = Appointment.objects.filter(org.holding(on), person_id__in=list(people))
    return rows.filter(post__role__in=rules.MANAGED_ABOVE, post__closed_on__isnull=True).exists()


def desk_of(actor: Actor) -> Post | None:
    """The actor's own seat that keeps leads, the first appointed to; None without one (one query)."""
    seats = [grant.post_id for grant in actor.grants if Right.MANAGE_LEADS in org_rules.RIGHTS[grant.role]]
    return Post.objects.filter(pk__in=seats).order_by("id").first()


def own_passages(actor: Actor) -> list[Passage]:
    """What the actor handed up, the latest first, ``SHOWN_AT_MOST`` of them."""
    return list(Passage.objects.filter(handler_id=actor.person_id).order_by("-at", "-id")[:SHOWN_AT_MOST])


def own_alarms(actor: Actor) -> list[Alarm]:
    """The actor's own receipts, the latest first, ``SHOWN_AT_MOST`` of them."""
    return list(Alarm.objects.filter(reporter_id=actor.person_id).order_by("-at", "-id")[:SHOWN_AT_MOST])


def interventions(lead: Lead) -> list[Intervention]:
    """Who asked after the lead, the first first."""
    return list(lead.interventions.select_related("recorded_by").order_by("id"))


def staff_numbered(numbers: Iterable[str]) -> dict[str, Person]:
    """{staff number: person} for the numbers that exist (one query)."""
    return {person.number: person for person in Person.objects.filter(number__in=set(numbers))}


def named(lead_id: int) -> Lead:
    """The lead of that id, not read: operations read and lock it themselves."""
    return Lead(pk=lead_id)


def states() -> list[tuple[str, str]]:
    """Every state with its label."""
    return [(str(code), str(label)) for code, label in StateChoice.choices]


def source_word(lead: Lead) -> str:
    """Where the lead came from, in the reader's language; the bare code of a kind that has no word here."""
    return str(SourceChoice(lead.source_kind).label) if lead.source_kind in set(Source) else lead.source_kind


def dispositions(lead: Lead) -> list[Disposition]:
    """The lead's dispositions, the first proposed first, with who proposed and who decided."""
    return list(lead.dispositions.select_related("proposed_by", "decided_by").order_by("id"))


def pending(lead: Lead) -> Disposition | None:
    """The disposition that waits for a decision; None when there is none."""
    return lead.dispositions.filter(decision=Decision.PENDING).first()


def outcomes(lead: Lead) -> QuerySet[Outcome]:
    """What came of the lead elsewhere, the first first."""
    return lead.outcomes.order_by("id")


def history(lead: Lead) -> QuerySet[Event]:
    """The lead's events, oldest first."""
    return ledger.history(KIND, lead.pk)


def evidence_is_intact(lead: Lead) -> bool:
    """Whether the evidence still has the hash it had when the lead was opened."""
    return rules.evidence_hash(lead.evidence) == lead.evidence_sha256


def units_for(actor: Actor) -> QuerySet[Unit]:
    """The units in which the actor may open a lead by hand, in tree order."""
    return org.units_within(actor, Right.MANAGE_LEADS)


def subject(actor: Actor | None, subject_id: str) -> Subject | None:
    """A lead as other packages may see it; files may be added while it is not closed."""
    if actor is None or (key := as_id(subject_id)) is None:
        return None
    lead = visible(actor).filter(pk=key).first()
    if lead is None:
        return None
    url = reverse("leads:detail", args=[lead.pk])
    is_open = lead.state not in rules.FINISHED
    people = tuple(lead.parties.filter(person__isnull=False).values_list("person__name", flat=True).distinct())
    return Subject(KIND, subject_id, lead.title, lead.unit_id, lead.unit.path or "", url, is_open, people)


def public_figures() -> dict[str, int]:
    """The district's counts that may be shown to the public: {received, disposed} (one query).

    Discipline matters (T1) are not counted: their figures belong to the discipline body. Law: WB-28.
    """
    rows = public_rows()
    return rows.aggregate(
        received=Count("pk"), disposed=Count("pk", filter=Q(state__in=(State.DISPOSED, State.CLOSED)))
    )


def public_rows() -> QuerySet[Lead]:
    """The leads that ``public_figures`` counts, latest received first; a page may show month and state only."""
    return Lead.objects.exclude(track=Track.DISCIPLINE).order_by("-received_at", "-id")
