"""Reading imports, runs and flags."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from qingqu.kernel.core.paging import as_id
from qingqu.kernel.files.subjects import Subject
from qingqu.kernel.org.queries import root, scoped
from qingqu.kernel.org.rules import holds_root, may_in
from qingqu.kernel.org.types import Actor, Right
from qingqu.pillars.audit import rules
from qingqu.pillars.audit.models import Flag, ImportJob, Mapping, Parameter, Reject, Run, Triage

SORTS = {
    "severity": ("-severity", "id"),
    "newest": ("-id",),
    "oldest": ("id",),
}
"""How the flag list may be ordered: {word in the address: columns}; each has an index behind it."""


KIND = "flag"
"""The subject kind under which leads and events know a flag."""

SHARED = "SHARED"
"""Under which name the settings that several indicators read are kept."""


@dataclass(frozen=True)
class Measured:
    """One indicator's record: what it raised, and what people made of it. ``precision`` is 0..1 or None."""

    indicator: str
    raised: int
    open: int
    lead: int
    explained: int
    dismissed: int
    precision: float | None


def flags_for(actor: Actor) -> QuerySet[Flag]:
    """The flags in the actor's scope."""
    return scoped(Flag.objects.all(), actor, Right.VIEW_FLAGS)


def listed(
    actor: Actor,
    *,
    indicator: str = "",
    state: str = "",
    unit_code: str = "",
    raised_in: str = "",
    first_in: str = "",
    sort: str = "severity",
) -> QuerySet[Flag]:
    """The flags in scope that match the filters, in the asked order, with their units.

    ``raised_in`` and ``first_in`` are numbers of runs: the last and the first that raised the flag; a number that is
    none matches nothing.
    """
    rows = flags_for(actor)
    if indicator:
        rows = rows.filter(indicator=indicator)
    if state:
        rows = rows.filter(state=state)
    if unit_code:
        rows = rows.filter(unit_code=unit_code)
    if raised_in:
        rows = rows.filter(last_run_id=as_id(raised_in) or 0)
    if first_in:
        rows = rows.filter(first_run_id=as_id(first_in) or 0)
    return rows.select_related("unit").order_by(*SORTS.get(sort, SORTS["severity"]))


def triages_of(flag: Flag) -> QuerySet[Triage]:
    """A flag's decisions, oldest first."""
    return Triage.objects.filter(flag=flag).order_by("id")


def measured(actor: Actor, *, indicator: str = "") -> list[Measured]:
    """Each indicator's precision from triage (or one's), over the flags in scope (one query)."""
    rows = flags_for(actor)
    counted = (
        (rows.filter(indicator=indicator) if indicator else rows)
        .values("indicator")
        .annotate(
            raised=Count("id"),
            lead=Count("id", filter=Q(state="LEAD")),
            explained=Count("id", filter=Q(state="EXPLAINED")),
            dismissed=Count("id", filter=Q(state="DISMISSED")),
        )
        .order_by("indicator")
    )
    return [
        Measured(
            row["indicator"],
            row["raised"],
            row["raised"] - row["lead"] - row["explained"] - row["dismissed"],
            row["lead"],
            row["explained"],
            row["dismissed"],
            rules.precision(lead=row["lead"], explained=row["explained"], dismissed=row["dismissed"]),
        )
        for row in counted
    ]


def counts() -> dict[str, int]:
    """The district's figures for the live answer: {runs, flags, triaged, to_lead} (two queries)."""
    flags = Flag.objects.aggregate(
        flags=Count("id"), triaged=Count("id", filter=~Q(state="OPEN")), to_lead=Count("id", filter=Q(state="LEAD"))
    )
    return {"runs": Run.objects.filter(state="DONE").count(), **flags}


def imports() -> QuerySet[ImportJob]:
    """Every import, newest first."""
    return ImportJob.objects.order_by("-id")


def runs() -> QuerySet[Run]:
    """Every run, newest first."""
    return Run.objects.order_by("-id")


def unfinished_imports() -> QuerySet[ImportJob]:
    """Imports that were asked for and have not come to an end."""
    return ImportJob.objects.filter(state__in=("QUEUED", "RUNNING")).order_by("id")


def unfinished_runs() -> QuerySet[Run]:
    """Runs that were asked for and have not come to an end."""
    return Run.objects.filter(state__in=("QUEUED", "RUNNING")).order_by("id")


def rejects_of(job: ImportJob) -> QuerySet[Reject]:
    """The rows of an import that wait for correction, in file order."""
    return Reject.objects.filter(job=job, corrected_at__isnull=True).order_by("line", "id")


def mappings() -> QuerySet[Mapping]:
    """Saved mappings by name."""
    return Mapping.objects.order_by("name")


def settings() -> dict[str, object]:
    """The run settings of the district: the shared ones at the top, then {indicator: {parameter: value}}."""
    rows = {row.indicator: row.values for row in Parameter.objects.all()}
    return {**rows.pop(SHARED, {}), **rows}


def totals() -> QuerySet[Any, Any]:
    """The flags by indicator: rows of {indicator, flags, triaged, to_lead}, by indicator."""
    return (
        Flag.objects.values("indicator")
        .annotate(
            flags=Count("id"), triaged=Count("id", filter=~Q(state="OPEN")), to_lead=Count("id", filter=Q(state="LEAD"))
        )
        .order_by("indicator")
    )


def manages_all(actor: Actor) -> bool:
    """Whether the actor runs the audit of the whole district: records and runs belong to no one school."""
    return holds_root(actor, Right.MANAGE_AUDIT)


def latest_run() -> Run | None:
    """The latest run that came to its end with hints or without; None before the first."""
    return Run.objects.filter(state="DONE").order_by("-id").first()


def parameters_of(indicator: str) -> Parameter | None:
    """The district's own values for an indicator, or for what several share; None when it never set any."""
    return Parameter.objects.filter(indicator=indicator).first()


def measured_one(actor: Actor, indicator: str) -> Measured | None:
    """One indicator's record, over the flags in scope; None when it raised none."""
    return next((row for row in measured(actor, indicator=indicator)), None)


def may_triage(actor: Actor, flag: Flag) -> bool:
    """Whether the actor decides flags where this one lies."""
    path = flag.unit.path if flag.unit else root().path
    return may_in(actor, Right.MANAGE_AUDIT, path or "-")


def mapping(key: str) -> Mapping | None:
    """A saved mapping by its key as a form gives it; None for an empty or unknown one."""
    chosen = as_id(key)
    return None if chosen is None else Mapping.objects.filter(pk=chosen).first()


def reject(reject_id: int) -> Reject | None:
    """A row that waits for correction, with its import; None when there is none."""
    return Reject.objects.select_related("job").filter(pk=reject_id, corrected_at__isnull=True).first()


def subject(actor: Actor | None, subject_id: str) -> Subject | None:
    """A flag as other packages may see it; nothing is attached to a flag."""
    if actor is None or (key := as_id(subject_id)) is None:
        return None
    flag = flags_for(actor).select_related("unit").filter(pk=key).first()
    if flag is None:
        return None
    unit = flag.unit or root()
    title = f"{flag.indicator} {flag.subject_id}"
    return Subject(KIND, subject_id, title, unit.pk, unit.path or "", reverse("audit:flag", args=[flag.pk]))
