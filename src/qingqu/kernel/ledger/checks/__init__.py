"""The records against the log: each check finds one kind of change that was made past the application."""

from collections.abc import Iterator
from datetime import datetime

from qingqu.kernel.ledger.checks.events_are_committed import events_are_committed
from qingqu.kernel.ledger.checks.events_are_in_time import events_are_in_time
from qingqu.kernel.ledger.checks.events_match_leaves import events_match_leaves
from qingqu.kernel.ledger.checks.promises_are_kept import promises_are_kept
from qingqu.kernel.ledger.checks.rows_match_events import rows_match_events
from qingqu.kernel.ledger.types import Finding
from qingqu.kernel.ledger.vault import Vault


def check_records(*, vault: Vault, at: datetime) -> Iterator[Finding]:
    """Everything in which the records differ from what was committed; nothing when all is as it was written.

    ``at`` is the moment of the comparison: what was promised by then must be in the published log.
    """
    yield from events_match_leaves(vault=vault)
    yield from events_are_committed()
    yield from events_are_in_time()
    yield from promises_are_kept(vault=vault, at=at)
    yield from rows_match_events()
