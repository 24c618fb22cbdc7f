"""Writing events, and the public log from them."""

from qingqu.kernel.ledger.operations.comparisons import check
from qingqu.kernel.ledger.operations.erasures import NotErasable, Unfinished, erase, erased, scrub, settle
from qingqu.kernel.ledger.operations.events import Fact, record, record_many, subscribe
from qingqu.kernel.ledger.operations.promises import Terms, promise, promise_waiting
from qingqu.kernel.ledger.operations.publisher import Published, publish
from qingqu.kernel.ledger.operations.sequencer import sequence
from qingqu.kernel.ledger.operations.stamping import keep_stamp
from qingqu.kernel.ledger.registry import declare, kinds, watch
from qingqu.kernel.ledger.watching import columns

__all__ = [
    "Fact",
    "NotErasable",
    "Published",
    "Terms",
    "Unfinished",
    "check",
    "columns",
    "declare",
    "erase",
    "erased",
    "keep_stamp",
    "kinds",
    "promise",
    "promise_waiting",
    "publish",
    "record",
    "record_many",
    "scrub",
    "sequence",
    "settle",
    "subscribe",
    "watch",
]
