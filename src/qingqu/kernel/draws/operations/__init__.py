"""Writing draws: preparing and freezing, committing and revealing, the public source, the result."""

from qingqu.kernel.draws.operations.ceremonies import (
    change,
    drop_draw,
    drop_party,
    freeze,
    prepare,
    put_draw,
    put_party,
)
from qingqu.kernel.draws.operations.parts import close, commit, renew_link, reveal
from qingqu.kernel.draws.operations.results import abandon, confirm_source, draw, record_source, recuse
from qingqu.kernel.draws.operations.rows import (
    BadRoster,
    Incomplete,
    NeedsAnother,
    NotNow,
    NotTheTime,
    NotYours,
)

__all__ = [
    "BadRoster",
    "Incomplete",
    "NeedsAnother",
    "NotNow",
    "NotTheTime",
    "NotYours",
    "abandon",
    "change",
    "close",
    "commit",
    "confirm_source",
    "draw",
    "drop_draw",
    "drop_party",
    "freeze",
    "prepare",
    "put_draw",
    "put_party",
    "record_source",
    "recuse",
    "renew_link",
    "reveal",
]
