"""The door: every request gets its actor, and no route is served without a declared policy."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.paging import as_id
from qingqu.kernel.core.policies import Policy, policy_of
from qingqu.kernel.org import rules
from qingqu.kernel.org.queries import actor_of
from qingqu.kernel.org.types import Actor

FIRST_STEPS = frozenset({"account_change_password", "account_logout"})
"""What an account with a first password may open, besides what is public."""


class ActorMiddleware:
    """Puts ``request.actor`` (None for the public) on every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the actor is found when the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Find the actor, then let the request in, send it to sign in, or answer as if nothing were here.

        A number in the address that no row can have is nothing, too: databases count in 64 bits.
        Raises ImproperlyConfigured for a route without a policy: it is never served by mistake.
        """
        del args
        request.actor = _actor(request)  # type: ignore[attr-defined]
        name = request.resolver_match.view_name if request.resolver_match else ""
        chosen = policy_of(view, name)
        if chosen is None:
            message = f"route {name or request.path} declares no policy"
            raise ImproperlyConfigured(message)
        answer = None if chosen.kind == "PUBLIC" else _kept_out(request, name, chosen)
        if answer is None and any(isinstance(value, int) and as_id(value) is None for value in kwargs.values()):
            raise Http404
        return answer


def _kept_out(request: HttpRequest, name: str, chosen: Policy) -> HttpResponse | None:
    """Where a request goes that its policy does not let in; None when it does. Raises Http404 without the right."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.user.first_password_until is not None and name not in FIRST_STEPS:
        return redirect("account_change_password")
    if chosen.kind == "RIGHT" and not (request.actor and rules.may(request.actor, chosen.right)):  # type: ignore[attr-defined]
        raise Http404
    return None


def _actor(request: HttpRequest) -> Actor | None:
    """The signed-in person as an actor; None for the public and for accounts without a person."""
    user = request.user
    if not user.is_authenticated or user.person is None:
        return None
    return actor_of(user.person, at=now(), account_id=user.pk)
