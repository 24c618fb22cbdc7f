"""Destroying what opens a leaf, and saying so in the log."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger.models import Entry, Erasure, Event
from qingqu.kernel.ledger.vault import Vault


class NotErasable(Refused):
    """The event is not in the log, or its opener is gone already, or no reason was given."""

    code = "LEDGER_NOT_ERASABLE"


def erase(*, event_id: int, reason: str, actor_id: object, at: datetime, vault: Vault) -> Erasure:
    """Destroy the opener of an event: its salt, what it says, who did it. The leaf and every proof stay valid.

    What remains is when something of which kind happened to which subject. The log itself says that leaf was erased.
    Old backups still hold the event; ``scrub`` is called again on whatever is restored. Raises NotErasable.
    """
    with transaction.atomic():
        entry = Entry.objects.filter(event_id=event_id).first()
        if entry is None:
            raise NotErasable(_("这一事件还没有进入日志，请稍后再试。"))
        if not reason.strip():
            raise NotErasable(_("请写明删除的理由和依据。"))
        if Erasure.objects.filter(event_id=event_id).exists():
            raise NotErasable(_("这一事件的内容已经删除。"))
        made = Erasure.objects.create(event_id=event_id, reason=reason.strip(), by=str(actor_id or ""), at=at)
    scrub(event_ids=[event_id], vault=vault)
    return made


def scrub(*, event_ids: list[int], vault: Vault) -> None:
    """Remove what erased events said from database, its journal and the vault; may be repeated."""
    with transaction.atomic():
        Event.objects.filter(id__in=event_ids).update(payload={}, actor_id="")
        Entry.objects.filter(event_id__in=event_ids).update(opening=None, row_digest="")
    vault.destroy(event_ids)
    _overwrite()


def _overwrite() -> None:
    """Let the database write over the space that the old rows took, and empty its journal."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM FULL ledger_event")
            cursor.execute("VACUUM FULL ledger_entry")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
