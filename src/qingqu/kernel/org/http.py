"""The request as pages see it once the door has let it in."""

from django.http import HttpRequest

from qingqu.kernel.org.types import Actor


class ActorRequest(HttpRequest):
    """A request whose actor the middleware has found; only for routes whose policy asks for a right."""

    actor: Actor
