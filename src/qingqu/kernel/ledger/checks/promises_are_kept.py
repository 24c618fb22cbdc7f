"""Everything that was promised to be in the published log by now is there, and was in time."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from qingqu.engines.tlog.keeping import places
from qingqu.kernel.ledger import queries
from qingqu.kernel.ledger.models import Checkpoint, Event, Promise
from qingqu.kernel.ledger.types import Finding, Trouble
from qingqu.kernel.ledger.vault import Vault


def promises_are_kept(*, vault: Vault, at: datetime) -> Iterator[Finding]:
    """Promises that are due and whose leaf is not in the published log, or came into it after they were due.

    The vault remembers every promise outside the database, so that one is missed even when event, promise and leaf
    were deleted together; such a finding names no event. A promise that was broken once stays broken.
    """
    due = _due(vault, int(at.timestamp()))
    if not due:
        return
    events = {bytes.fromhex(row.leaf_hash): row.event_id for row in Promise.objects.filter(due_at__lt=at)}
    head, heads = queries.checkpoint(), _Heads()
    found = places(queries.Tables(), head.size if head else 0, due)
    for leaf, second in sorted(due.items(), key=lambda one: (one[1], one[0])):
        index = found.get(leaf)
        if index is None or heads.show_late(index, second):
            yield _finding(events.get(leaf), index)


def _due(vault: Vault, second: int) -> dict[bytes, int]:
    """{hash of the leaf: POSIX second} of every promise that was due before ``second``."""
    rows = Promise.objects.values_list("leaf_hash", "due_at")
    known = {bytes.fromhex(leaf): int(due_at.timestamp()) for leaf, due_at in rows.iterator()}
    return {leaf: due for leaf, due in (known | vault.promised()).items() if due < second}


def _finding(event_id: int | None, index: int | None) -> Finding:
    event = None if event_id is None else Event.objects.filter(pk=event_id).first()
    subject = (event.subject_kind, event.subject_id) if event else ("", "")
    return Finding(Trouble.PROMISE_BROKEN, event_id, index, *subject)


@dataclass
class _Heads:
    """When heads of which size were published, oldest first."""

    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        rows = Checkpoint.objects.order_by("published_at", "id").values_list("published_at", "size")
        for published_at, size in rows.iterator():
            self.seconds.append(published_at.timestamp())
            self.sizes.append(size)

    def show_late(self, index: int, second: int) -> bool:
        """Whether a head was published after a second without leaf ``index``; sizes only grow, so the next one says."""
        following = bisect_right(self.seconds, second)
        return following < len(self.sizes) and self.sizes[following] <= index
