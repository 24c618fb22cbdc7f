"""Reading publications: staff by scope, the public by moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from qingqu.kernel.core.paging import as_id
from qingqu.kernel.files.subjects import Subject
from qingqu.kernel.ledger import queries as ledger
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.models import Unit
from qingqu.kernel.org.types import Actor, Right
from qingqu.kernel.publications import rules
from qingqu.kernel.publications.models import Confirmation, KindChoice, Publication, StateChoice, TraceChoice, Version
from qingqu.kernel.publications.types import Hit, State

KIND = "publication"
"""The subject kind under which events, files and the search know a publication."""


@dataclass(frozen=True)
class Checked:
    """A trace with what became of it: confirmed by a person, or still open; ``is_fixed`` when it must be taken out."""

    hit: Hit
    confirmation: Confirmation | None
    is_fixed: bool

    @property
    def label(self) -> str:
        """The kind of trace in the reader's language."""
        return str(TraceChoice(self.hit.trace).label)


def visible(actor: Actor) -> QuerySet[Publication]:
    """The publications the actor works on: those of the units where the actor drafts or publishes."""
    reach = org.within(actor, Right.DRAFT_PUBLICATIONS) | org.within(actor, Right.PUBLISH)
    return Publication.objects.filter(reach).select_related("unit")


def listed(actor: Actor, *, kind: str = "", state: str = "") -> QuerySet[Publication]:
    """The visible publications with ``last_title`` and ``last_state`` of their newest version, the latest first."""
    newest = Version.objects.filter(publication=OuterRef("pk")).order_by("-ordinal")
    rows = visible(actor).annotate(
        last_title=Subquery(newest.values("title")[:1]), last_state=Subquery(newest.values("state")[:1])
    )
    rows = rows.filter(kind=kind) if kind else rows
    return (rows.filter(_newest_in(state)) if state else rows).order_by("-created_at", "-id")


def _newest_in(state: str) -> Q:
    """The condition that the newest version is in a state: one at work is always the newest, and few are."""
    working = Version.objects.exclude(state=State.PUBLISHED)
    if state == State.PUBLISHED:
        return Q(~Exists(working.filter(publication=OuterRef("pk"))))
    return Q(pk__in=working.filter(state=state).values("publication_id"))


def units_for(actor: Actor) -> QuerySet[Unit]:
    """The units for which the actor drafts publications, in tree order."""
    return org.units_within(actor, Right.DRAFT_PUBLICATIONS)


def named(row_id: int) -> Publication:
    """The publication of that id, not read: operations read and lock it themselves."""
    return Publication(pk=row_id)


def kinds() -> list[tuple[str, str]]:
    """Every kind with its label."""
    return [(str(code), str(label)) for code, label in KindChoice.choices]


def states() -> list[tuple[str, str]]:
    """Every state of a version with its label."""
    return [(str(code), str(label)) for code, label in StateChoice.choices]


def public(at: datetime, *, kind: str = "") -> QuerySet[Publication]:
    """What the public may see at a moment, the latest first, with ``shown_title`` of the version that stands there.

    Withdrawn ones stay in the list: nothing disappears silently.
    """
    standing = Version.objects.filter(publication=OuterRef("pk"), public_from__lte=at).order_by("-ordinal")
    rows = Publication.objects.filter(public_from__lte=at).annotate(shown_title=Subquery(standing.values("title")[:1]))
    rows = rows.select_related("unit")
    return (rows.filter(kind=kind) if kind else rows).order_by("-public_from", "-id")


def standing(at: datetime, *, kind: str) -> QuerySet[Publication]:
    """What of one kind stands in public at a moment and is not withdrawn, the latest first, with ``shown_title``."""
    return public(at, kind=kind).filter(withdrawn_at__isnull=True)


def public_versions(publication: Publication, at: datetime) -> list[Version]:
    """The versions the public may see at a moment, the newest first."""
    return list(publication.versions.filter(public_from__lte=at).order_by("-ordinal"))


def public_figures(at: datetime) -> dict[str, int]:
    """{kind: number of publications standing in public at a moment}; withdrawn ones are not counted."""
    standing = Publication.objects.filter(public_from__lte=at, withdrawn_at__isnull=True)
    return dict(standing.order_by("kind").values_list("kind").annotate(n=Count("pk")))


def versions(publication: Publication) -> list[Version]:
    """Every version, the newest first, with author and publisher."""
    return list(publication.versions.select_related("author", "publisher").defer("copy").order_by("-ordinal"))


def at_work(publication: Publication) -> Version | None:
    """The version that is drafted or waits for review; None when there is none."""
    return publication.versions.exclude(state=State.PUBLISHED).first()


def traces(publication: Publication, version: Version) -> list[Checked]:
    """What may identify people in all that a version makes public, in text order, with what became of each (one query).

    Title, text and, of a correction, its reason.
    """
    hits = rules.scan(f"{version.title}\n{version.body}\n{version.reason}", **named_people(publication))
    said = {(row.trace, row.text): row for row in version.confirmations.select_related("person")}
    return [Checked(hit, said.get((hit.trace.value, hit.text)), hit.trace in rules.NEVER) for hit in hits]


def named_people(publication: Publication) -> dict[str, list[str]]:
    """Who must not be recognised in a publication: {"parties": names, "students": names}."""
    return {kind: list(publication.names.get(kind, ())) for kind in ("parties", "students")}


def history(publication: Publication) -> QuerySet[Event]:
    """The publication's events, oldest first."""
    return ledger.history(KIND, publication.pk)


PUBLISHING = ("publication.published", "publication.corrected")
"""The kinds of the events that publish a version."""


def by_ordinal(events: Iterable[Event]) -> dict[int, int]:
    """{ordinal: id of the event that published that version}; a version whose event was erased is absent."""
    return {
        event.payload["ordinal"]: event.pk
        for event in events
        if event.kind in PUBLISHING and "ordinal" in event.payload
    }


def published_event(number: str) -> int | None:
    """The event that published the latest version of a publication; None when there is none."""
    row = Publication.objects.filter(number=number).first()
    found = by_ordinal(history(row).filter(kind__in=PUBLISHING)) if row else {}
    return found[max(found)] if found else None


def to_announce(at: datetime) -> QuerySet[Version]:
    """Published versions whose embargo has ended and which the search does not know yet, oldest first."""
    rows = Version.objects.filter(is_announced=False, public_from__lte=at)
    return (
        rows.filter(publication__withdrawn_at__isnull=True)
        .select_related("publication__unit")
        .order_by("public_from", "id")
    )


def of_source(source_kind: str, source_id: object) -> QuerySet[Publication]:
    """The publications drafted from one matter, the first first."""
    return Publication.objects.filter(source_kind=source_kind, source_id=str(source_id)).order_by("id")


def subject(actor: Actor | None, subject_id: str) -> Subject | None:
    """A publication as other packages may see it: the staff who draft or publish there; nobody else."""
    if actor is None or (key := as_id(subject_id)) is None:
        return None
    row = visible(actor).filter(pk=key).first()
    if row is None:
        return None
    url = reverse("publications:detail", args=[row.pk])
    return Subject(KIND, subject_id, row.number or "", row.unit_id, row.unit.path or "", url, may_attach=True)
