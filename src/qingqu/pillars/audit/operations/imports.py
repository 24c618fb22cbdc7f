"""Asking for an import, performing it, and correcting what it sent back."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path, PurePath

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingqu.engines.redflags import load as loader
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.types import Actor
from qingqu.pillars.audit import models
from qingqu.pillars.audit.models import ImportJob
from qingqu.pillars.audit.operations import rejects
from qingqu.pillars.audit.operations.bugs import ended

NAME_BYTES = 180
"""Bytes of a file's name that are kept: file systems allow 255, databases count 200 characters."""

BUSY = "BUSY"
"""The loader's code for a mart that another process is writing or reading."""


class BadImport(Refused):
    """The file, its mapping or the corrected row cannot be imported; nothing was changed."""

    code = "AUDIT_BAD_IMPORT"


class NameTaken(Refused):
    """Another mapping already has this name; a saved mapping is never changed under those who use it."""

    code = "AUDIT_NAME_TAKEN"


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
    path = place / _file_name(name)
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


def _file_name(name: str) -> str:
    """The file's own name without folders, its stem cut to what every file system holds."""
    path = PurePath(name.replace("\\", "/"))
    suffix = path.suffix if len(path.suffix.encode()) <= NAME_BYTES // 2 else ""
    stem = path.name.removesuffix(suffix).encode()[: NAME_BYTES - len(suffix.encode())].decode(errors="ignore")
    return f"{stem}{suffix}" if stem.strip(". ") else f"upload{suffix}"


@transaction.atomic
def save_mapping(*, job: ImportJob, name: str, text: str, actor: Actor, at: datetime) -> models.Mapping:
    """Keep a column mapping under its name and give it to the waiting import.

    Raises BadImport when the mapping fits neither the mart nor the file, saying where; NameTaken when the name means
    another mapping.
    """
    try:
        loader.check_mapping(text, loader.read_head(Path(job.path), rows=0, shape=loader.read_mapping(text).shape))
    except loader.BadSource as bad:
        raise BadImport(_said(bad), fields={"text": _said(bad)}) from bad
    mapping, is_new = models.Mapping.objects.get_or_create(name=name, defaults={"text": text, "created_at": at})
    if not is_new and mapping.text.split() != text.split():
        message = _("“%(name)s”已是另一份映射的名称，请换一个名称。") % {"name": name}
        raise NameTaken(message, fields={"name": message})
    ImportJob.objects.filter(pk=job.pk, state="QUEUED").update(mapping=mapping)
    _record("audit.import_asked", job, at=at, actor_id=actor.person_id)
    return mapping


def perform_import(*, job_id: int, mart: Path, clock: Callable[[], datetime]) -> ImportJob:
    """Load a queued file into the mart, then keep its rejected rows and its figures in one transaction.

    Safe to call again after the process was killed anywhere, and beside another call: the mart takes a batch whole or
    not at all, and an import that has come to an end is left alone. A table still without its mapping is left waiting,
    and so is any import while the mart is in use.
    """
    job = ImportJob.objects.select_related("mapping").get(pk=job_id)
    if job.finished_at is not None or job.waits_for_mapping:
        return job
    ImportJob.objects.filter(pk=job.pk, state="QUEUED").update(state="RUNNING")
    try:
        with ended(job, "audit.import_refused", "import", clock):
            report = loader.load(
                Path(job.path),
                format=job.format,
                mart=mart,
                mapping=job.mapping.text if job.mapping else None,
                unit_id=job.unit_code or None,
                progress=lambda done, _stage: _progress(job.pk, done),
            )
            return _finish(job, report, clock())
    except loader.BadSource as bad:
        if bad.code == BUSY:
            return _wait(job)
        return refuse_import(job=job, zh=bad.zh, en=bad.en, at=clock())


def _progress(job_id: int, done: int) -> None:
    ImportJob.objects.filter(pk=job_id).update(progress=done)


def _wait(job: ImportJob) -> ImportJob:
    """The import, back in the queue."""
    ImportJob.objects.filter(pk=job.pk, state="RUNNING").update(state="QUEUED")
    job.refresh_from_db()
    return job


@transaction.atomic
def refuse_import(*, job: ImportJob, zh: str, en: str, at: datetime) -> ImportJob:
    """End an import that changed nothing, with what the user can do about it; one that has ended is left alone."""
    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if locked.finished_at is None:
        locked.state, locked.message_zh, locked.message_en, locked.finished_at = "REFUSED", zh, en, at
        locked.save(update_fields=["state", "message_zh", "message_en", "finished_at"])
        _record("audit.import_refused", locked, at=at, actor_id=locked.asked_by)
    return locked


@transaction.atomic
def _finish(job: ImportJob, report: loader.ImportReport, at: datetime) -> ImportJob:
    """The figures and the rejected rows; a file that an earlier import brought in keeps its rows there."""
    locked = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if locked.finished_at is not None:
        return locked
    earlier = ImportJob.objects.filter(batch=report.batch, state="DONE").exclude(pk=job.pk).order_by("id").first()
    if earlier is None:
        rejects.keep_rejects(locked, report.rejects_path)
    else:
        locked.message_zh = (
            f"同样的内容已在第{earlier.pk}次导入“{earlier.name}”中入库，没有重复写入；退回的行请在那里更正。"
        )
        locked.message_en = (
            f"The same content came in with import {earlier.pk}, “{earlier.name}”; nothing was written twice. "
            "Correct the rows it sent back there."
        )
    locked.state, locked.finished_at, locked.batch = "DONE", at, report.batch
    locked.read, locked.accepted, locked.rejected = report.read, report.accepted, report.rejected
    locked.progress = report.read
    locked.save()
    _record("audit.imported", locked, at=at, actor_id=locked.asked_by, read=locked.read, accepted=locked.accepted)
    return locked


def _said(bad: loader.BadSource) -> str:
    return bad.en if (get_language() or "").startswith("en") else bad.zh


def _record(kind: str, job: ImportJob, *, at: datetime, actor_id: object, **payload: object) -> None:
    ledger.record(kind, at=at, actor_id=actor_id, subject_kind="import", subject_id=job.pk, payload=payload)
