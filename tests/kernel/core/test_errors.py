"""A refusal keeps what the user needs, and doors show it beside the field."""

import pytest
from django import forms

from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.errors import Refused


class Late(Refused):
    """A refusal of its own."""

    code = "LATE"


class Note(forms.Form):
    """One field."""

    text = forms.CharField()


class TestRefused:
    def test_keeps_code_message_and_fields(self) -> None:
        refused = Late("太晚了", fields={"text": "请改"})
        assert (refused.code, refused.message, str(refused), refused.fields) == (
            "LATE",
            "太晚了",
            "太晚了",
            {"text": "请改"},
        )
        assert (Refused("x").code, Late("x", code="OTHER").code, Late.code) == ("REFUSED", "OTHER", "LATE")


class TestRefusalsInto:
    def test_puts_messages_beside_the_fields_of_the_form(self) -> None:
        form = Note({"text": "a"})
        with refusals_into(form):
            raise Late("太晚了", fields={"text": "请改"})
        assert form.errors == {"text": ["请改"]}

    def test_puts_the_message_above_the_form_when_no_field_of_it_is_named(self) -> None:
        form = Note({"text": "a"})
        with refusals_into(form):
            raise Late("太晚了", fields={"elsewhere": "请改"})
        assert form.non_field_errors() == ["太晚了"]

    def test_lets_anything_else_through(self) -> None:
        with pytest.raises(ZeroDivisionError), refusals_into(Note({"text": "a"})):
            1 / 0  # noqa: B018 - the error is the point
