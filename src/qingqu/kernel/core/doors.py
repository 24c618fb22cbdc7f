"""What every door does with forms and refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingqu.kernel.core.errors import Refused

UNSENT = ("csrfmiddlewaretoken", "confirmed")
"""Fields the page between writes itself."""


@contextmanager
def refusals_into(form: BaseForm) -> Iterator[None]:
    """Turn a refusal into errors of ``form``, so that the page comes back with what the user typed."""
    try:
        yield
    except Refused as refused:
        named = {name: text for name, text in refused.fields.items() if name in form.fields}
        for name, text in named.items():
            form.add_error(name, text)
        if not named:
            form.add_error(None, refused.message)


@dataclass(frozen=True)
class Irreversible:
    """What is said before an act that cannot be undone: what it is, about what, what follows, and the way back."""

    title: str
    subject: str
    consequences: tuple[str, ...]
    button: str
    back: str


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person has read the consequences and pressed the named button."""
    return request.POST.get("confirmed") == "1"


def is_left(request: HttpRequest) -> bool:
    """Whether the person has read the consequences and gone back to what was typed: the form is shown again as sent."""
    return request.POST.get("confirmed") == "0"


def ask_first(request: HttpRequest, asked: Irreversible, *, typed_in: str = "") -> HttpResponse:
    """The one page between a form and an act that cannot be undone; what was typed is sent again with the answer.

    ``typed_in`` is the id of the part of the page, if any, that shows the form again for whoever goes back; the door
    then looks at ``is_left`` before it acts.
    """
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name not in UNSENT]
    return render(request, "confirm.html", {"asked": asked, "sent": sent, "typed_in": typed_in})


class PageForm(forms.Form):
    """A form that may stand beside others on one page: the ids of its fields begin with its own name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields their ids unless the caller does."""
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)
