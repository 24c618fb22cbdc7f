"""The selection of RFC 3797, to recompute draws that others held with it; Qingqu's own draws use tickets.

Source: RFC 3797 sections 4.1 and 6. It is MD5 over a list whose order matters, which is why it is not ours.
"""

import hashlib
from collections.abc import Sequence

from qingqu.engines.draw.errors import BadShape

COUNTER_BYTES = 2


def key_string(inputs: Sequence[Sequence[int]]) -> str:
    """The key of several inputs, each a list of numbers: [[9319], [2, 5, 12]] -> ``9319./2.5.12./``."""
    return "".join("".join(f"{number}." for number in sorted(each)) + "/" for each in inputs)


def selected(key: str, pool: int, many: int) -> list[int]:
    """``many`` numbers of 1 to ``pool`` in the order in which the RFC selects them; raises BadShape for too many."""
    if not 0 <= many <= pool < 2 ** (8 * COUNTER_BYTES):
        raise BadShape("many", f"应不超过 {pool}", f"must be at most {pool}")
    left = list(range(1, pool + 1))
    return [left.pop(_number(key, index) % len(left)) for index in range(many)]


def _number(key: str, index: int) -> int:
    counter = index.to_bytes(COUNTER_BYTES, "big")
    hashed = hashlib.md5(counter + key.encode() + counter, usedforsecurity=False)
    return int.from_bytes(hashed.digest(), "big")
