"""Linking records of work to the measures they prove."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from qingqu.deployments import rules
from qingqu.deployments.models import IN_FORCE, Assignment, Evidence, Measure
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.queries import unit_paths

if TYPE_CHECKING:
    from qingqu.kernel.ledger.models import Event
    from qingqu.kernel.org.models import Unit


@transaction.atomic
def link_evidence(
    *,
    measure_key: str,
    unit: "Unit",
    subject_kind: str,
    subject_id: object,
    title: str,
    url: str,
    at: datetime,
) -> Evidence:
    """Link one record of a unit's work to a measure; the same record is linked once.

    Only for subscribers to events. Raises Measure.DoesNotExist for an unknown key: that is a bug of the caller.
    """
    measure = Measure.objects.get(key=measure_key)
    assignment = _assignments({measure.pk}, unit.path or "").get(measure.pk)
    evidence, is_new = Evidence.objects.get_or_create(
        measure=measure,
        unit=unit,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        event_id=None,
        defaults={"assignment": assignment, "title": title, "url": url, "at": at},
    )
    if is_new:
        _tell([evidence], at)
    return evidence


def link_from_event(event: "Event") -> None:
    """Link an event to every measure that takes its kind as evidence, for the event's unit.

    In the unit without an assignment the nearest unit above that has one is credited; an event without a unit counts
    for the measure alone. At most six queries, one when no measure asks for the kind.
    """
    measures = list(Measure.objects.filter(kinds__kind=event.kind).order_by("pk"))
    if not measures:
        return
    unit_id = int(event.unit_id) if event.unit_id.isdigit() else None
    path = unit_paths([unit_id]).get(unit_id, "") if unit_id else ""
    credited = _assignments({measure.pk for measure in measures}, path)
    linked = set(Evidence.objects.filter(event_id=event.pk).values_list("measure_id", flat=True))
    written = Evidence.objects.bulk_create(
        Evidence(
            measure=measure,
            assignment=credited.get(measure.pk),
            unit_id=unit_id,
            subject_kind=event.subject_kind,
            subject_id=event.subject_id,
            event_id=event.pk,
            title=ledger.kinds().get(event.kind, event.kind),
            url=str(event.payload.get("url", "")),
            at=event.at,
        )
        for measure in measures
        if measure.pk not in linked
    )
    _tell(written, event.at)


def _assignments(measure_ids: set[int], path: str) -> dict[int, Assignment]:
    """The assignment credited for a unit at ``path``, as {measure id: assignment}."""
    line = [int(part) for part in path.split("/") if part]
    rows = Assignment.objects.filter(IN_FORCE, measure_id__in=measure_ids, unit_id__in=line, is_share=False)
    found: dict[int, dict[int, Assignment]] = {}
    for row in rows:
        found.setdefault(row.measure_id, {})[row.unit_id] = row
    nearest = {measure_id: rules.nearest(by_unit, path) for measure_id, by_unit in found.items()}
    return {measure_id: found[measure_id][unit_id] for measure_id, unit_id in nearest.items() if unit_id is not None}


def _tell(written: list[Evidence], at: datetime) -> None:
    """One event a link."""
    facts = [ledger.Fact(row.pk, row.unit_id or "", {"measure_id": row.measure_id}) for row in written]
    ledger.record_many("evidence.linked", at=at, subject_kind="evidence", facts=facts)
