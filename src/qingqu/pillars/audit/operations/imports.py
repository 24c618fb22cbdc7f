"""Asking for an import, performing it, and correcting what it sent back."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingqu.engines.redflags import load as loader
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.types import Actor
from qingqu.pillars.audit import models
from qingqu.pillars.audit.models import ImportJob, Reject

REJECTS_A_WRITE = 500
"""Rejected rows written to the database at a time; keeps memory flat whatever the file."""


class BadImport(Refused):
    """The file, its mapping or the corrected row cannot be imported; nothing was changed."""

    code = "AUDIT_BAD_IMPORT"


@transaction.atomic
def ask_import(
    *,
    name: str,
    content: Iterable[bytes],
    format: str,  # noqa: A002 - the field's name
    folder: Path,
    actor: Actor,
    at: datetime,
    mapping: models.Mapping | None = None,
    unit_code: str = "",
) -> ImportJob:
    """Keep the file under ``folder`` and queue its import; without a mapping a table waits for one."""
    place = folder / uuid.uuid4().hex
    place.mkdir(parents=True)
    path = place / (PurePath(name.replace("\\", "/")).name or "upload")
    with path.open("wb") as file:
        file.writelines(content)
    job = ImportJob.objects.create(
        name=path.name,
        path=str(path),
        format=format,
        mapping=mapping,
        unit_code=unit_code,
        asked_at=at,
        asked_by=str(actor.person_id),
    )
    _record("audit.import_asked", job, at=at, actor_id=actor.person_id)
    return job


@transaction.atomic
def save_mapping(*, job: ImportJob, name: str, text: str, actor: Actor, at: datetime) -> models.Mapping:
    """Keep a column mapping under its name and give it to the waiting import.

    Raises BadImport when the mapping cannot be read; the message says where.
    """
    try:
        loader.read_mapping(text)
    except loader.BadSource as bad:
        raise BadImport(_said(bad), fields={"text": _said(bad)}) from bad
    mapping, _created = models.Mapping.objects.update_or_create(name=name, defaults={"text": text, "created_at": at})
    ImportJob.objects.filter(pk=job.pk, state="QUEUED").update(mapping=mapping)
    _record("audit.import_asked", job, at=at, actor_id=actor.person_id)
    return mapping


def perform_import(*, job_id: int, mart: Path, clock: Callable[[], datetime]) -> ImportJob:
    """Load a queued file into the mart, then keep its rejected rows and its figures in one transaction.

    Safe to call again after the process was killed anywhere: the mart takes a batch whole or not at all, and an
    import that has come to an end is left alone. A table still without its mapping is left waiting.
    """
    job = ImportJob.objects.select_related("mapping").get(pk=job_id)
    if job.finished_at is not None or (job.format == "table" and job.mapping is None):
        return job
    ImportJob.objects.filter(pk=job.pk).update(state="RUNNING")
    try:
        report = loader.load(
            Path(job.path),
            format=job.format,
            mart=mart,
            mapping=job.mapping.text if job.mapping else None,
            unit_id=job.unit_code or None,
            progress=lambda done, _stage: _progress(job.pk, done),
        )
    except loader.BadSource as bad:
        return refuse_import(job=job, zh=bad.zh, en=bad.en, at=clock())
    return _finish(job, report, clock())


def _progress(job_id: int, done: int) -> None:
    ImportJob.objects.filter(pk=job_id).update(progress=done)


@transaction.atomic
def refuse_import(*, job: ImportJob, zh: str, en: str, at: datetime) -> ImportJob:
    """End an import that changed nothing, with what the user can do about it."""
    job.state, job.message_zh, job.message_en, job.finished_at = "REFUSED", zh, en, at
    job.save(update_fields=["state", "message_zh", "message_en", "finished_at"])
    _record("audit.import_refused", job, at=at, actor_id=job.asked_by)
    return job


@transaction.atomic
def _finish(job: ImportJob, report: loader.ImportReport, at: datetime) -> ImportJob:
    """The figures and the rejected rows; a file that an earlier import brought in keeps its rows there."""
    earlier = ImportJob.objects.filter(batch=report.batch, state="DONE").exclude(pk=job.pk).first()
    if earlier is None:
        _keep_rejects(job, report.rejects_path)
    else:
        job.message_zh = f"同样的内容已在“{earlier.name}”中导入过，没有重复写入。"
        job.message_en = f"The same content came in with “{earlier.name}”; nothing was written twice."
    job.state, job.finished_at, job.batch = "DONE", at, report.batch
    job.read, job.accepted, job.rejected, job.progress = report.read, report.accepted, report.rejected, report.read
    job.save()
    _record("audit.imported", job, at=at, actor_id=job.asked_by, read=job.read, accepted=job.accepted)
    return job


def _keep_rejects(job: ImportJob, path: Path | None) -> None:
    rows: list[Reject] = []
    for entry in _entries(path):
        rows.append(
            Reject(
                job=job,
                file=entry["file"],
                line=entry["line"],
                table=entry["table"],
                reason_code=entry["reason_code"],
                reason_zh=entry["reason_zh"],
                reason_en=entry["reason_en"],
                row=entry["row"],
            )
        )
        if len(rows) == REJECTS_A_WRITE:
            Reject.objects.bulk_create(rows)
            rows.clear()
    Reject.objects.bulk_create(rows)


def _entries(path: Path | None) -> Iterator[dict[str, Any]]:
    if path is None:
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def correct_reject(*, reject: Reject, row: Mapping[str, Any], mart: Path, actor: Actor, at: datetime) -> Reject:
    """Import one rejected row again as a person corrected it.

    Raises BadImport, with the reason, when it is still not right; the row as first read is kept either way.
    """
    if reject.corrected_at is not None:
        raise BadImport(_("这一行已经更正并入库。"))
    entry = {"file": reject.file, "line": reject.line, "row": dict(row)}
    try:
        report = loader.load_corrected(reject.job.batch, [entry], mart=mart)
    except loader.BadSource as bad:
        raise BadImport(_said(bad)) from bad
    if report.rejected:
        again = next(_entries(report.rejects_path))
        raise BadImport(again["reason_en"] if _is_english() else again["reason_zh"])
    return _corrected(reject, actor, at)


@transaction.atomic
def _corrected(reject: Reject, actor: Actor, at: datetime) -> Reject:
    reject.corrected_at = at
    reject.save(update_fields=["corrected_at"])
    ImportJob.objects.filter(pk=reject.job_id).update(accepted=F("accepted") + 1, rejected=F("rejected") - 1)
    _record("audit.reject_corrected", reject.job, at=at, actor_id=actor.person_id, line=reject.line)
    return reject


def _said(bad: loader.BadSource) -> str:
    return bad.en if _is_english() else bad.zh


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _record(kind: str, job: ImportJob, *, at: datetime, actor_id: object, **payload: object) -> None:
    ledger.record(kind, at=at, actor_id=actor_id, subject_kind="import", subject_id=job.pk, payload=payload)
