"""Writing events, and the public log from them."""

from qingqu.kernel.ledger.operations.events import Fact, record, record_many, subscribe
from qingqu.kernel.ledger.registry import declare, kinds, watch
from qingqu.kernel.ledger.watching import columns

__all__ = ["Fact", "columns", "declare", "kinds", "record", "record_many", "subscribe", "watch"]
