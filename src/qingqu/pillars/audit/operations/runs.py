"""Asking for a run of the indicators, performing it, and keeping its flags."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.engines import redflags
from qingqu.engines.redflags import load as loader
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.types import Actor
from qingqu.pillars.audit import queries
from qingqu.pillars.audit.models import Flag, Parameter, Run
from qingqu.pillars.audit.operations.bugs import ended

FLAGS_A_WRITE = 500
"""Flags written at a time; keeps memory flat however many there are."""

CHANGING = ["unit", "severity", "score", "evidence", "explanation_zh", "explanation_en", "last_run"]
"""What a later run may say anew about a hint it raises again; its state is people's, never a run's."""


NO_RECORDS = "还没有导入过数据，请先导入。 / Nothing has been imported yet. Import records first."


class BadParameters(Refused):
    """Parameter values that the indicator does not have or cannot use."""

    code = "AUDIT_BAD_PARAMETERS"


@transaction.atomic
def ask_run(*, actor: Actor, at: datetime) -> Run:
    """Queue a run of every indicator with the district's own parameters."""
    run = Run.objects.create(asked_at=at, asked_by=str(actor.person_id), parameters=queries.settings())
    _record("audit.run_asked", run, at=at, actor_id=actor.person_id)
    return run


def perform_run(*, run_id: int, mart: Path, clock: Callable[[], datetime]) -> Run:
    """Compute the indicators over the mart and keep their flags, all or none.

    Safe to call again after a kill, and beside another call: a run that has come to an end is left alone. It waits
    while records are being imported, and no import changes the mart under it.
    """
    run = Run.objects.get(pk=run_id)
    if run.finished_at is not None:
        return run
    if not mart.is_dir():
        return _refuse(run, NO_RECORDS, clock())
    Run.objects.filter(pk=run.pk, state="QUEUED").update(state="RUNNING")
    try:
        with (
            ended(run, "audit.run_refused", "audit_run", clock),
            loader.still(mart),
            redflags.open_mart(mart) as opened,
        ):
            found = redflags.run(opened, params=run.parameters)
            return _finish(run, found.flags(), found.manifest.as_json(), clock)
    except loader.BadSource:
        return _wait(run)
    except (redflags.MartError, redflags.SettingsError) as error:
        return _refuse(run, str(error), clock())


def _wait(run: Run) -> Run:
    """The run, back in the queue."""
    Run.objects.filter(pk=run.pk, state="RUNNING").update(state="QUEUED")
    run.refresh_from_db()
    return run


@transaction.atomic
def _finish(
    run: Run, flags: Iterable[redflags.FlagRow], manifest: dict[str, Any], clock: Callable[[], datetime]
) -> Run:
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.finished_at is not None:
        return run
    units = org.unit_ids_by_code()
    remaining = iter(flags)
    run.raised = 0
    while batch := list(islice(remaining, FLAGS_A_WRITE)):
        Flag.objects.bulk_create(
            [_flag(row, run, units) for row in batch],
            update_conflicts=True,
            update_fields=CHANGING,
            unique_fields=["fingerprint"],
        )
        run.raised += len(batch)
    run.new = Flag.objects.filter(first_run=run).count()
    run.state, run.finished_at, run.manifest = "DONE", clock(), manifest
    run.save()
    _record("audit.run_finished", run, at=run.finished_at, actor_id=run.asked_by, raised=run.raised, new=run.new)
    return run


def _flag(row: redflags.FlagRow, run: Run, units: Mapping[str, int]) -> Flag:
    return Flag(
        fingerprint=redflags.fingerprint(row),
        indicator=row.indicator,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        unit_id=units.get(row.unit),
        unit_code=row.unit,
        period=row.period,
        severity=row.severity,
        score=row.score,
        evidence=row.evidence,
        explanation_zh=row.explanation["zh"],
        explanation_en=row.explanation["en"],
        first_run=run,
        last_run=run,
    )


@transaction.atomic
def _refuse(run: Run, said: str, at: datetime) -> Run:
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.finished_at is not None:
        return run
    zh, _separator, en = said.partition(" / ")
    run.state, run.message_zh, run.message_en, run.finished_at = "REFUSED", zh, en or zh, at
    run.save(update_fields=["state", "message_zh", "message_en", "finished_at"])
    _record("audit.run_refused", run, at=at, actor_id=run.asked_by)
    return run


@transaction.atomic
def set_parameters(*, indicator: str, values: Mapping[str, Any], actor: Actor, at: datetime) -> Parameter:
    """Keep the district's own values for an indicator; they hold from the next run on.

    Raises BadParameters for an indicator, a name or a value that cannot be used.
    """
    try:
        redflags.load_settings(dict(values) if indicator == queries.SHARED else {indicator: dict(values)})
    except redflags.SettingsError as error:
        raise BadParameters(_("这些参数值不可用：%(why)s") % {"why": str(error)}) from error
    row, _created = Parameter.objects.update_or_create(
        indicator=indicator,
        defaults={"values": dict(values), "changed_at": at, "changed_by": str(actor.person_id)},
    )
    ledger.record(
        "audit.parameters_changed",
        at=at,
        actor_id=actor.person_id,
        subject_kind="indicator",
        subject_id=indicator,
        payload={"values": dict(values)},
    )
    return row


def _record(kind: str, run: Run, *, at: datetime, actor_id: object, **payload: object) -> None:
    ledger.record(kind, at=at, actor_id=actor_id, subject_kind="audit_run", subject_id=run.pk, payload=payload)
