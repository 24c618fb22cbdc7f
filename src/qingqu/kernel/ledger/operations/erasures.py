"""Destroying what opens a leaf, and saying so in the log."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import rules
from qingqu.kernel.ledger.models import Entry, Erasure, Event
from qingqu.kernel.ledger.vault import Erased, Vault

EMPTY = Q(payload={}, actor_id="")
"""What an erasure leaves of what an event says and who did it."""


class NotErasable(Refused):
    """The event is not in the log, or its opener is gone already, or no reason was given."""

    code = "LEDGER_NOT_ERASABLE"


class Unfinished(Refused):
    """The opener is gone from every table, but somebody still reads the database as it was before."""

    code = "LEDGER_ERASURE_UNFINISHED"


def erase(*, event_id: int, reason: str, actor_id: object, at: datetime, vault: Vault) -> Erasure:
    """Destroy the opener of an event: its salt, what it says, who did it. The leaf and every proof stay valid.

    What remains is when something of which kind happened to which subject. The log itself says that leaf was erased,
    and so does the vault's list, by which archives are cleansed. Asked a second time it finishes what was interrupted
    the first time, then refuses. Raises NotErasable, Unfinished.
    """
    with transaction.atomic():
        entry = Entry.objects.filter(event_id=event_id).first()
        if entry is None:
            raise NotErasable(_("这一事件还没有进入日志，请稍后再试。"))
        if not reason.strip():
            raise NotErasable(_("请写明删除的理由和依据。"))
        made = Erasure(event_id=event_id, reason=reason.strip(), by=str(actor_id or ""), at=at)
        is_new = not Erasure.objects.filter(event_id=event_id).exists()
        if is_new:
            made.save(force_insert=True)
    scrub(event_ids=[event_id], vault=vault)
    if not is_new:
        raise NotErasable(_("这一事件的内容已经删除。"))
    return made


def scrub(*, event_ids: list[int], vault: Vault) -> None:
    """Remove what erased events said from database, its journal and the vault; may be repeated. Raises Unfinished."""
    vault.note(erased(event_ids))
    with transaction.atomic():
        Event.objects.filter(id__in=event_ids).update(payload={}, actor_id="")
        Entry.objects.filter(event_id__in=event_ids).update(opening=None, row_digest="")
    vault.destroy(event_ids)
    _overwrite()


def erased(event_ids: Iterable[int] | None = None) -> list[Erased]:
    """What the database says was erased, in order of events: of these events, or of all."""
    wanted = Erasure.objects.order_by("event_id")
    rows = wanted if event_ids is None else wanted.filter(event_id__in=[*event_ids])
    events = Event.objects.filter(id__in=rows.values("event_id")).in_bulk()
    return [
        Erased(row.event_id, _mark(events[row.event_id]), row.reason, row.by, row.at)
        for row in rows
        if row.event_id in events
    ]


def settle(*, vault: Vault) -> list[int]:
    """Erase again what the vault's list says was erased and a restored database or vault holds; says which events.

    Also puts on the list what only the database knows, and finishes what was interrupted. An event that is not in the
    log yet waits for its leaf. Raises Unfinished.
    """
    here, listed = erased(), vault.erased()
    known = {(row.event_id, row.mark) for row in listed}
    if unlisted := [row for row in here if (row.event_id, row.mark) not in known]:
        vault.note(unlisted)
    again = _restored(listed, {row.event_id for row in here})
    Erasure.objects.bulk_create(
        Erasure(event_id=row.event_id, reason=row.reason, by=row.by, at=row.at) for row in again
    )
    event_ids = [row.event_id for row in (*here, *again)]
    said = Event.objects.filter(id__in=Erasure.objects.values("event_id")).exclude(EMPTY).values_list("id", flat=True)
    left = sorted({*said, *vault.known(event_ids)})
    if left:
        scrub(event_ids=left, vault=vault)
    return left


def _restored(listed: list[Erased], known: set[int]) -> list[Erased]:
    """Those on the list whose event stands in the log with nothing said of its erasure."""
    wanted = [row for row in listed if row.event_id not in known]
    if not wanted:
        return []
    committed = Entry.objects.filter(event_id__in=[row.event_id for row in wanted]).values("event_id")
    marks = {event.id: _mark(event) for event in Event.objects.filter(id__in=committed)}
    return [row for row in wanted if marks.get(row.event_id) == row.mark]


def _mark(event: Event) -> str:
    subject = f"{event.subject_kind}:{event.subject_id}"
    return rules.mark(event_id=event.id, kind=event.kind, at=event.at, subject=subject, unit_id=event.unit_id)


def _overwrite() -> None:
    """Let the database write over the space that the old rows took, and empty its journal. Raises Unfinished."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM FULL ledger_event")
            cursor.execute("VACUUM FULL ledger_entry")
            return
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_frames = cursor.fetchone()
    if is_busy:
        raise Unfinished(_("内容已删除，但另有程序正读着删除前的数据库，旧内容还在其日志文件里；请稍后再运行一次。"))
