"""How a job in the background ends when the program, not the user, was wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from qingqu.engines.redflags import MartError, SettingsError
from qingqu.engines.redflags.load import BadSource
from qingqu.kernel.ledger import operations as ledger
from qingqu.pillars.audit.models import ImportJob, Run

ANTICIPATED = (BadSource, MartError, SettingsError)

ZH = "程序出错，没有完成。请管理员查看服务日志，排除后重新提交；已经入库的内容不会重复写入。"
EN = (
    "The program failed and did not finish. An administrator finds the error in the service's log; submit again once "
    "it is put right. What is already in is never written twice."
)


@contextmanager
def ended(job: ImportJob | Run, kind: str, subject_kind: str, clock: Callable[[], datetime]) -> Iterator[None]:
    """Nothing when all goes well; after an unforeseen error the job is ended, says so, and the error goes on its way.

    Without this the job would be shown as running for ever. A process that is killed leaves it unfinished instead, to
    be taken up again.
    """
    try:
        yield
    except ANTICIPATED:
        raise
    except Exception:
        _end(job, kind, subject_kind, clock())
        raise


@transaction.atomic
def _end(job: ImportJob | Run, kind: str, subject_kind: str, at: datetime) -> None:
    changed = (
        type(job)
        .objects.filter(pk=job.pk, finished_at__isnull=True)
        .update(state="REFUSED", message_zh=ZH, message_en=EN, finished_at=at)
    )
    if changed:
        ledger.record(kind, at=at, actor_id=job.asked_by, subject_kind=subject_kind, subject_id=job.pk)
