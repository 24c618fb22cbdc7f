"""What every door does with a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager

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
