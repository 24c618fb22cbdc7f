"""Where two JSON values differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# A missing value is no JSON value, so that it is told apart from null.
ABSENT = "(absent)"
SHOWN = 80


@dataclass(frozen=True)
class Difference:
    """One place where what was published is not what was recomputed; both values as short texts."""

    place: str
    published: str
    recomputed: str

    def __str__(self) -> str:
        """``place: published → recomputed``."""
        return f"{self.place}: {self.published} → {self.recomputed}"


def differences(published: Any, recomputed: Any, place: str) -> list[Difference]:
    """Every place, in order, where two JSON values differ: ``result.strata.高风险.chosen[2]``."""
    return list(_walk(published, recomputed, place))


def _walk(published: Any, recomputed: Any, place: str) -> Iterator[Difference]:
    if isinstance(published, Mapping) and isinstance(recomputed, Mapping):
        for key in sorted({*published, *recomputed}):
            inside = f"{place}.{key}"
            if key not in published or key not in recomputed:
                yield Difference(inside, _short(published.get(key, ABSENT)), _short(recomputed.get(key, ABSENT)))
            else:
                yield from _walk(published[key], recomputed[key], inside)
    elif isinstance(published, list) and isinstance(recomputed, list):
        for index, (one, other) in enumerate(zip(published, recomputed, strict=False)):
            yield from _walk(one, other, f"{place}[{index}]")
        if len(published) != len(recomputed):
            yield Difference(f"{place}.length", str(len(published)), str(len(recomputed)))
    elif type(published) is not type(recomputed) or published != recomputed:
        yield Difference(place, _short(published), _short(recomputed))


def _short(value: Any) -> str:
    shown = value if isinstance(value, str) else repr(value)
    return shown if len(shown) <= SHOWN else f"{shown[: SHOWN - 1]}…"
