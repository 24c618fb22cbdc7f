"""Reading leads: what an actor may see is one SQL condition; an obstructed person sees none of it."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from qingqu.kernel.core.paging import as_id
from qingqu.kernel.files.subjects import Subject
from qingqu.kernel.ledger import queries as ledger
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.models import Unit
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.leads import rules
from qingqu.pillars.leads.models import Disposition, Lead, Outcome, Party, StateChoice
from qingqu.pillars.leads.types import Decision, Standing, State, Track

KIND = "lead"
"""The subject kind under which events, duties and files know a lead."""


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


def listed(actor: Actor, *, state: str = "", unit_id: str = "", text: str = "") -> QuerySet[Lead]:
    """The visible leads, latest received first, cut by state, unit and a word of the title or number."""
    rows = Lead.objects.all()
    if state in set(State):
        rows = org.cut(rows, actor, Right.VIEW_LEADS, "state", state)
    if (unit := as_id(unit_id)) is not None:
        rows = rows.filter(unit_id=unit)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(number__iexact=text))
    return _visible(actor, rows).order_by("-received_at", "-id")


def named(lead_id: int) -> Lead:
    """The lead of that id, not read: operations read and lock it themselves."""
    return Lead(pk=lead_id)


def states() -> list[tuple[str, str]]:
    """Every state with its label."""
    return [(str(code), str(label)) for code, label in StateChoice.choices]


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


def counts_by_state(actor: Actor) -> dict[str, int]:
    """{state: number of visible leads} for every state, zeros included."""
    found = dict(visible(actor).order_by().values_list("state").annotate(n=Count("pk")))
    return {state.value: found.get(state.value, 0) for state in State}


def subject(actor: Actor | None, subject_id: str) -> Subject | None:
    """A lead as other packages may see it; files may be added while it is not closed."""
    if actor is None or (key := as_id(subject_id)) is None:
        return None
    lead = visible(actor).filter(pk=key).first()
    if lead is None:
        return None
    url = reverse("leads:detail", args=[lead.pk])
    is_open = lead.state != State.CLOSED
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
