"""What packages declare to the log when they start: their events, what the public may open, which rows are watched."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Facts = Mapping[str, Any]
Watched = Callable[[Sequence[str]], Mapping[str, Facts]]
"""Given ids of one kind of subject, {id: what of its row only an event may change}; an id without a row is absent."""

_kinds: dict[str, str] = {}
_open: dict[str, frozenset[str]] = {}
_watched: dict[str, Watched] = {}


def declare(kinds: Mapping[str, str], *, public: Mapping[str, Sequence[str]] | None = None) -> None:
    """Declare event kinds as {``noun.happened``: what happened, in Chinese}; called from each package's apps.py.

    ``public`` is {kind: fields of its payload that anybody may open}. The public learns the kind and the moment of
    these events; of all others only that something was recorded, and on which day.
    """
    _kinds.update(kinds)
    _open.update({kind: frozenset(f"payload.{name}" for name in names) for kind, names in (public or {}).items()})


def kinds() -> dict[str, str]:
    """Every declared event kind with its meaning."""
    return dict(sorted(_kinds.items()))


def is_public(kind: str) -> bool:
    """Whether the public learns of events of this kind."""
    return kind in _open


def public_kinds() -> frozenset[str]:
    """The kinds of events that the public learns of."""
    return frozenset(_open)


def public_fields(kind: str) -> frozenset[str]:
    """The committed fields of an event of this kind that anybody may open."""
    return _open.get(kind, frozenset()) | ({"kind", "at"} if kind in _open else frozenset())


def watch(subject_kind: str, rows: Watched) -> None:
    """Commit with every event of a subject what its row is then, and find out when the row is changed without one."""
    _watched[subject_kind] = rows


def watched() -> dict[str, Watched]:
    """{kind of subject: how its rows are read} of all that is watched."""
    return dict(sorted(_watched.items()))


def facts(subject_kind: str, subject_ids: Sequence[str]) -> Mapping[str, Facts]:
    """The present facts of watched rows; nothing for a kind that nobody watches."""
    rows = _watched.get(subject_kind)
    return rows(subject_ids) if rows else {}
