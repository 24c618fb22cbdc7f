"""What the pages of this package share, and the account library's public doors that do not exist here."""

from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from qingqu.kernel.core.policies import PUBLIC, policy
from qingqu.kernel.org.forms import PlainForm
from qingqu.kernel.org.types import Actor

Found = TypeVar("Found")


@policy(PUBLIC)
def closed(request: HttpRequest) -> HttpResponse:
    """Nothing: accounts are opened and reset by administrators. Raises Http404."""
    del request
    raise Http404


def actor(request: HttpRequest) -> Actor:
    """Who is asking. Raises Http404 for an account without a person."""
    found = getattr(request, "actor", None)
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]


def or_404(found: Found | None) -> Found:
    """The row, or the one answer for what is not there and what is out of scope."""
    if found is None:
        raise Http404
    return found


def ask(
    request: HttpRequest, form: PlainForm, *, title: str, button: str, back: str, lead: str = "", danger: bool = False
) -> HttpResponse:
    """A page that asks for one form; 422 when what was sent is refused."""
    context = {"form": form, "title": title, "button": button, "back": back, "lead": lead, "is_danger": danger}
    return render(request, "org/form.html", context, status=422 if form.is_bound and form.errors else 200)
