"""The figures of the live answer: per pillar and measure, from a fixed small number of queries."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from qingqu.deployments import rules
from qingqu.deployments.models import IN_FORCE, Assignment, Evidence, Measure
from qingqu.deployments.queries.assignments import late, seen_assignments, seen_evidence
from qingqu.deployments.types import MeasureSummary, Pillar, PillarSummary, State
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.org.types import Actor


def measure_rows(*, pillar: str = "", measure_ids: Collection[int] = ()) -> QuerySet[Measure]:
    """The measures ``pillar_summary`` tells of: of public directives of our own, in the pillars' order."""
    rows = Measure.objects.filter(directive__is_public=True, directive__is_external_reference=False)
    rows = rows.filter(pillar=pillar) if pillar else rows
    rows = rows.filter(pk__in=measure_ids) if measure_ids else rows
    return rows.select_related("directive").order_by("directive_id", "order")


def pillar_summary(*, on: date) -> tuple[PillarSummary, ...]:
    """The five pillars with their measures and figures on a day, in three queries whatever the records.

    A pillar's words are those of the latest directive that has measures in it; a pillar without measures is there with
    its keyword alone.
    """
    measures = list(measure_rows())
    of_all = Q(measure__directive__is_public=True, measure__directive__is_external_reference=False)
    figures = {summary.measure_id: summary for summary in _summaries(measures, of_all, of_all, on)}
    ordered = sorted(measures, key=lambda measure: rules.PILLAR_NUMBERS[Pillar(measure.pillar)])
    grouped = {Pillar(code): list(rows) for code, rows in groupby(ordered, key=lambda measure: measure.pillar)}
    return tuple(_pillar(pillar, grouped.get(pillar, []), figures) for pillar in Pillar)


def _pillar(pillar: Pillar, measures: list[Measure], figures: dict[int, MeasureSummary]) -> PillarSummary:
    """One pillar from its measures."""
    latest = max(measures, key=lambda measure: (measure.directive.issued_on, -measure.order), default=None)
    own = [measure for measure in measures if latest and measure.directive_id == latest.directive_id]
    return PillarSummary(
        pillar=pillar,
        number=rules.PILLAR_NUMBERS[pillar],
        title=latest.pillar_title if latest else "",
        keyword=(latest.keyword if latest else "") or rules.PILLAR_WORDS[pillar],
        table_measures="、".join(dict.fromkeys(measure.table_label for measure in own if measure.table_label)),
        target_effect=next((measure.target_effect for measure in own if measure.target_effect), ""),
        closing_label=next((measure.closing_label for measure in own if measure.closing_label), ""),
        measures=tuple(figures[measure.pk] for measure in measures),
    )


def measure_summaries(measures: Iterable[Measure], *, on: date, actor: Actor | None = None) -> list[MeasureSummary]:
    """The figures of these measures on a day, in two queries.

    With an ``actor``, the figures of a directive that is not public count only what that actor may see.
    """
    rows = list(measures)
    directives = {measure.directive_id for measure in rows}
    of = Q(measure=rows[0].pk) if len(rows) == 1 else Q(measure__directive__in=directives)
    public = Q(measure__directive__is_public=True)
    assignments = public | seen_assignments(actor) if actor else Q()
    evidence = public | seen_evidence(actor) if actor else Q()
    return _summaries(rows, of & assignments, of & evidence, on)


def _summaries(rows: list[Measure], assignments: Q, evidence: Q, on: date) -> list[MeasureSummary]:
    """The figures of measures on a day; the conditions find what is counted by what it shares, not one by one."""
    units = {row["measure_id"]: row for row in _assigned(assignments, on)}
    proofs = Evidence.objects.filter(evidence).order_by().values("measure_id")
    counted: Any = proofs.annotate(count=Count("pk"), last=Max("at"))
    proven: dict[int, dict[str, Any]] = {row["measure_id"]: row for row in counted}
    return [_summary(measure, units.get(measure.pk, {}), proven.get(measure.pk, {})) for measure in rows]


def _assigned(seen: Q, on: date) -> Iterable[dict[str, int]]:
    """Counts of unit assignments by state and overdue, grouped by measure, as far as they are ``seen``."""
    rows = Assignment.objects.filter(seen, IN_FORCE, is_share=False).order_by().values("measure_id")
    counted: Any = rows.annotate(
        units=Count("pk"),
        pending=Count("pk", filter=Q(state=State.PENDING)),
        accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
        decomposed=Count("pk", filter=Q(state=State.DECOMPOSED)),
        done=Count("pk", filter=Q(state=State.DONE)),
        overdue=Count("pk", filter=late(on)),
    )
    grouped: Iterable[dict[str, int]] = counted
    return grouped


def _summary(measure: Measure, units: dict[str, int], proven: dict[str, Any]) -> MeasureSummary:
    """One measure's figures."""
    figures = {name: units.get(name, 0) for name in ("units", "pending", "accepted", "decomposed", "done", "overdue")}
    evidence = int(proven.get("count", 0))
    last = proven.get("last")
    return MeasureSummary(
        measure_id=measure.pk,
        key=measure.key,
        name=measure.name,
        means=measure.text,
        directive_id=measure.directive_id,
        evidence=evidence,
        evidence_on=local_date(last) if last else None,
        holes=rules.holes_of(
            has_owner=measure.owner_id is not None,
            starts_on=measure.starts_on,
            ends_on=measure.ends_on,
            units=figures["units"],
            pending=figures["pending"],
            evidence=evidence,
        ),
        **figures,
    )
