"""Reading directives and measures: who may see which."""

from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from qingqu.deployments.models import IN_FORCE, Assignment, Directive, Measure
from qingqu.kernel.core import search
from qingqu.kernel.core.paging import as_id
from qingqu.kernel.core.search import Results
from qingqu.kernel.files import queries as files
from qingqu.kernel.files.models import StoredFile
from qingqu.kernel.files.subjects import Subject
from qingqu.kernel.org.queries import within
from qingqu.kernel.org.rules import holds_root, may_in
from qingqu.kernel.org.types import Actor, Right

KIND = "directive"
"""The subject kind under which events, files and the search know a directive."""


def public_directives() -> QuerySet[Directive]:
    """The district's own public directives with ``measure_count``, the newest first; no external references."""
    return _counted(Directive.objects.filter(is_public=True, is_external_reference=False))


def external_references() -> QuerySet[Directive]:
    """Public references to documents and meetings outside, each with its source link, the newest first."""
    return Directive.objects.filter(is_public=True, is_external_reference=True).order_by("-issued_on", "-id")


def directive_public(directive_id: int) -> Directive | None:
    """A public directive or reference with its measures in order as ``measures.all()``; None when there is none."""
    return _with_measures(Directive.objects.filter(is_public=True, pk=directive_id)).first()


def visible(actor: Actor) -> QuerySet[Directive]:
    """The directives an actor may see, the newest first, with ``measure_count``.

    Public ones; those of the units where the actor sees the district's work; those put on the actor's units or posts.
    """
    return _counted(Directive.objects.filter(_seen(actor)))


def _counted(rows: QuerySet[Directive]) -> QuerySet[Directive]:
    """The rows, the newest first, with ``measure_count``: counted for the rows shown, not for all before the page."""
    counts = Measure.objects.filter(directive=OuterRef("pk")).order_by().values("directive").annotate(n=Count("pk"))
    return rows.annotate(measure_count=Coalesce(Subquery(counts.values("n")), 0)).order_by("-issued_on", "-id")


def _seen(actor: Actor, prefix: str = "") -> Q:
    """The condition that an actor may see a directive, or what ``prefix`` leads to its directive.

    Whoever sees the district's work sees all of it. For others the directives that reached them are gathered once,
    from their units' assignments: asked for every directive anew it would cost the whole register.
    """
    if holds_root(actor, Right.VIEW_DISTRICT):
        return ~Q(pk__in=())
    units, posts = ([grant.unit_id for grant in actor.grants], [grant.post_id for grant in actor.grants])
    parts = (Q(unit__in=units), Q(post__in=posts), within(actor, Right.VIEW_UNIT))
    first, *others = (Assignment.objects.filter(IN_FORCE, part).values("measure__directive_id") for part in parts)
    reached = Q(**{f"{prefix}pk__in": first.union(*others, all=True)})
    district = within(actor, Right.VIEW_DISTRICT, f"{prefix}unit__path")
    return Q(**{f"{prefix}is_public": True}) | district | reached


def visible_measures(actor: Actor) -> QuerySet[Measure]:
    """The measures of the directives an actor may see, with directive and owner."""
    rows = Measure.objects.filter(_seen(actor, "directive__"))
    return rows.select_related("directive__unit", "owner").order_by("order", "id")


def measures_of(directive: Directive) -> QuerySet[Measure]:
    """A directive's measures in order, each with its owner."""
    return directive.measures.select_related("owner").order_by("order")


def may_manage(actor: Actor, directive: Directive) -> bool:
    """Whether the actor may edit the directive and put its measures on units."""
    return may_in(actor, Right.MANAGE_DIRECTIVES, directive.unit.path or "-")


def files_of(directive: Directive) -> QuerySet[StoredFile]:
    """The files of a directive, the first stored first."""
    return files.attached(KIND, directive.pk)


def subject(actor: Actor | None, subject_id: str) -> Subject | None:
    """A directive as other packages may see it; its files are public when it is, and added by whoever manages it."""
    if (key := as_id(subject_id)) is None:
        return None
    rows = Directive.objects.filter(is_public=True) if actor is None else visible(actor)
    row = rows.select_related("unit").filter(pk=key).first()
    if row is None:
        return None
    may_attach = actor is not None and may_manage(actor, row)
    url = reverse("deployments:directive", args=[row.pk])
    return Subject(KIND, subject_id, row.title, row.unit_id, row.unit.path or "", url, may_attach)


def found_directives(query: str, *, actor: Actor | None, number: Any = 1) -> Results:
    """Directives found by full text, exact count, only what the actor may see."""
    return search.find(query, kinds=(KIND,), actor=actor, number=number)


def _with_measures(rows: QuerySet[Directive]) -> QuerySet[Directive]:
    """The rows with their measures in order, read together."""
    return rows.prefetch_related(Prefetch("measures", Measure.objects.order_by("order")))
