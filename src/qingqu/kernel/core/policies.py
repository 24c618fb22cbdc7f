"""Route policies: who may open a route at all. Every route declares one; a route without one is never served."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Policy:
    """Who may open a route.

    ``kind`` is PUBLIC (anyone), SIGNED_IN (any account) or RIGHT (an account holding ``right`` somewhere today).
    """

    kind: str
    right: str = ""

    def __str__(self) -> str:
        """The policy in one word, as the route table shows it."""
        return self.right or self.kind


PUBLIC = Policy("PUBLIC")
SIGNED_IN = Policy("SIGNED_IN")

_declared: dict[str, Policy] = {}


def requires(right: str) -> Policy:
    """The policy that asks for ``right`` in at least one unit today."""
    return Policy("RIGHT", str(right))


def policy(chosen: Policy) -> Callable[[View], View]:
    """Decorator that declares a view's policy."""

    def declare_on(view: View) -> View:
        view.policy = chosen  # type: ignore[attr-defined]
        return view

    return declare_on


def declare(view_name: str, chosen: Policy) -> None:
    """Declare the policy of a route whose view is not ours, by its view name or a ``prefix*``."""
    _declared[view_name] = chosen


def policy_of(view: Callable[..., Any], view_name: str) -> Policy | None:
    """The declared policy of a resolved route; None when nobody declared one."""
    own = getattr(view, "policy", None)
    if isinstance(own, Policy):
        return own
    if view_name in _declared:
        return _declared[view_name]
    matches = [key for key in _declared if key.endswith("*") and view_name.startswith(key[:-1])]
    return _declared[max(matches, key=len)] if matches else None
