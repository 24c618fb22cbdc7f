"""What every door does with forms and refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.forms import BaseForm

from qingqu.kernel.core.errors import Refused


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


class PageForm(forms.Form):
    """A form that may stand beside others on one page: the ids of its fields begin with its own name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields their ids unless the caller does."""
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)
