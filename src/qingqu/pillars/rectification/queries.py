"""Reading rectifications: a school sees its own, the district all below it; public figures by count."""

from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from qingqu.kernel.core.paging import as_id
from qingqu.kernel.files import subjects
from qingqu.kernel.files.subjects import Subject
from qingqu.kernel.ledger import queries as ledger
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.models import Post, Unit
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.rectification.models import Rectification, Report, StateChoice
from qingqu.pillars.rectification.rules import UNDONE
from qingqu.pillars.rectification.types import Figures, State

KIND = "rectification"
"""The subject kind under which events, duties and files know a rectification."""


def visible(actor: Actor) -> QuerySet[Rectification]:
    """The rectifications the actor may see: those of the units where the actor's posts read them, and one's own."""
    return _visible(actor, Rectification.objects.all())


def _visible(actor: Actor, rows: QuerySet[Rectification]) -> QuerySet[Rectification]:
    """Those of ``rows`` the actor may see, with unit and owner."""
    reads = org.within(actor, Right.VIEW_RECTIFICATIONS)
    owns = Q(owner_id__in=[grant.post_id for grant in actor.grants])
    return org.either(rows, actor, Right.VIEW_RECTIFICATIONS, reads, owns).select_related("unit", "owner")


def listed(actor: Actor, *, state: str = "", unit_id: str = "", overdue: bool = False) -> QuerySet[Rectification]:
    """The visible rectifications, the earliest due first, cut by state, unit and being late on the actor's day."""
    rows = Rectification.objects.all()
    if state in set(State):
        rows = org.cut(rows, actor, Right.VIEW_RECTIFICATIONS, "state", state)
    if (unit := as_id(unit_id)) is not None:
        rows = rows.filter(unit_id=unit)
    if overdue:
        rows = rows.filter(state__in=UNDONE, due_on__lt=actor.on)
    return _visible(actor, rows).order_by("due_on", "id")


def named(row_id: int) -> Rectification:
    """The rectification of that id, not read: operations read and lock it themselves."""
    return Rectification(pk=row_id)


def states() -> list[tuple[str, str]]:
    """Every state with its label."""
    return [(str(code), str(label)) for code, label in StateChoice.choices]


def reports(row: Rectification) -> list[Report]:
    """The owner's reports with their re-checks, the first first."""
    return list(row.reports.select_related("reported_by", "checked_by").order_by("id"))


def history(row: Rectification) -> QuerySet[Event]:
    """The rectification's events, oldest first."""
    return ledger.history(KIND, row.pk)


def figures(*, on: date, unit_path: str = "/") -> Figures:
    """How many rectifications stand where in the units under ``unit_path`` on a day (one query).

    These are the figures that may be shown to the public: counts only, no matter and no person.
    """
    rows = Rectification.objects.filter(unit__path__startswith=unit_path)
    found = rows.aggregate(
        ordered=Count("pk"),
        verified=Count("pk", filter=Q(state=State.VERIFIED)),
        waiting=Count("pk", filter=Q(state=State.DONE)),
        open=Count("pk", filter=~Q(state=State.VERIFIED)),
        overdue=Count("pk", filter=Q(state__in=UNDONE, due_on__lt=on)),
    )
    return Figures(**found)


def of_source(source_kind: str, source_id: object) -> QuerySet[Rectification]:
    """The rectifications ordered because of one matter, the first first."""
    return Rectification.objects.filter(source_kind=source_kind, source_id=str(source_id)).order_by("id")


def owners_for(actor: Actor, unit: Unit) -> QuerySet[Post]:
    """The posts of a unit that may answer for a rectification, when it lies in the actor's scope."""
    return org.scoped(org.answering_posts(unit), actor, Right.ORDER_RECTIFICATIONS)


def units_for(actor: Actor) -> QuerySet[Unit]:
    """The units in which the actor may order a rectification, in tree order."""
    return org.units_within(actor, Right.ORDER_RECTIFICATIONS)


def is_owner(actor: Actor, row: Rectification) -> bool:
    """Whether the actor sits on the seat that answers for the rectification."""
    return row.owner_id in {grant.post_id for grant in actor.grants}


def subject(actor: Actor | None, subject_id: str) -> Subject | None:
    """A rectification as other packages may see it; the owner adds evidence while it is not verified."""
    if actor is None or (key := as_id(subject_id)) is None:
        return None
    row = visible(actor).filter(pk=key).first()
    if row is None:
        return None
    url = reverse("rectification:detail", args=[row.pk])
    return Subject(KIND, subject_id, row.title, row.unit_id, row.unit.path or "", url, may_attach(actor, row))


def about(subject_id: str) -> frozenset[int]:
    """The ids of the people the matter behind a rectification is about, whoever asks."""
    if (key := as_id(subject_id)) is None:
        return frozenset()
    source = Rectification.objects.filter(pk=key).values_list("source_kind", "source_id").first()
    return subjects.about(*source) if source else frozenset()


def may_attach(actor: Actor, row: Rectification) -> bool:
    """Whether the actor adds files: the owner and those who re-check, while it is not verified."""
    checks = org_rules.may_in(actor, Right.RECHECK_RECTIFICATIONS, row.unit.path or "")
    return row.state != State.VERIFIED and (is_owner(actor, row) or checks)


def public_rows() -> QuerySet[Rectification]:
    """The rectifications that ``figures`` counts, the latest first; a page may show number, dates and state only."""
    return Rectification.objects.order_by("-id")
