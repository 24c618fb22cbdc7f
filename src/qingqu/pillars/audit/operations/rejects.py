"""Rejected rows: kept as they were read, corrected by a person, imported again."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingqu.engines.redflags import load as loader
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.types import Actor
from qingqu.pillars.audit.models import ImportJob, Reject

REJECTS_A_WRITE = 500
"""Rejected rows written to the database at a time; keeps memory flat whatever the file."""


class StillWrong(Refused):
    """The corrected row cannot be imported; it stays as it was first read."""

    code = "AUDIT_STILL_WRONG"


def keep_rejects(job: ImportJob, path: Path | None) -> None:
    """Write the rejected rows of a batch's rejects file beside its import; nothing for no file."""
    rows: list[Reject] = []
    for entry in _entries(path):
        rows.append(
            Reject(
                job=job,
                file=entry["file"],
                line=entry["line"],
                table=entry["table"],
                reason_code=entry["reason_code"],
                reason_zh=_storable(entry["reason_zh"]),
                reason_en=_storable(entry["reason_en"]),
                row=_storable(entry["row"]),
                columns=_storable(list(entry["row"])) if isinstance(entry["row"], dict) else [],
            )
        )
        if len(rows) == REJECTS_A_WRITE:
            Reject.objects.bulk_create(rows)
            rows.clear()
    Reject.objects.bulk_create(rows)


def _storable(value: Any) -> Any:
    """The value with NUL characters, which PostgreSQL does not store, shown as the replacement character."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list) else value


def _entries(path: Path | None) -> Iterator[dict[str, Any]]:
    if path is None:
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


@transaction.atomic
def correct_reject(*, reject: Reject, row: object, mart: Path, actor: Actor, at: datetime) -> Reject:
    """Import one rejected row again as a person corrected it.

    ``row`` has the shape in which the row was rejected. Raises StillWrong, with the reason, when it is still not
    right or was corrected already; the row as first read is kept either way. Two people who correct the same row wait
    for each other, so that it comes in once.
    """
    locked = Reject.objects.select_for_update(of=("self",)).select_related("job").get(pk=reject.pk)
    if locked.corrected_at is not None:
        raise StillWrong(_("这一行已经更正并入库。"))
    if not isinstance(row, Mapping):
        raise StillWrong(_("这一行应当是一个 JSON 对象，请按原因更正。"))
    entry = {"file": locked.file, "line": locked.line, "row": dict(row)}
    try:
        report = loader.load_corrected(locked.job.batch, [entry], mart=mart)
    except loader.BadSource as bad:
        raise StillWrong(bad.en if _is_english() else bad.zh) from bad
    if report.rejected:
        again = next(_entries(report.rejects_path))
        raise StillWrong(again["reason_en"] if _is_english() else again["reason_zh"])
    locked.corrected_at = at
    locked.save(update_fields=["corrected_at"])
    ImportJob.objects.filter(pk=locked.job_id).update(accepted=F("accepted") + 1, rejected=F("rejected") - 1)
    ledger.record(
        "audit.reject_corrected",
        at=at,
        actor_id=actor.person_id,
        subject_kind="import",
        subject_id=locked.job_id,
        payload={"line": locked.line},
    )
    return locked


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
