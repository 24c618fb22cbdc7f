"""Shape of what is typed about publications."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.core.doors import PageForm
from qingqu.kernel.org.types import Actor
from qingqu.kernel.publications import queries
from qingqu.kernel.publications.models import KindChoice


class Text(PageForm):
    """The title and text of a version."""

    title = forms.CharField(label=_("标题"), max_length=200)
    body = forms.CharField(label=_("正文"), widget=forms.Textarea(attrs={"rows": 12}))


class Draft(Text):
    """A new publication."""

    kind = forms.ChoiceField(label=_("类型"), choices=KindChoice.choices)
    unit: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("单位"), queryset=None, empty_label=_("请选择"))
    parties = forms.CharField(
        label=_("当事人姓名"), required=False, help_text=_("用顿号分开。正文里不得出现这些姓名。")
    )
    students = forms.CharField(
        label=_("所涉学生姓名"), required=False, help_text=_("用顿号分开。学生姓名一律不得公开。")
    )

    field_order = ("kind", "unit", "title", "body", "parties", "students")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units for which the actor drafts."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_for(actor)  # type: ignore[attr-defined]

    def clean_parties(self) -> list[str]:
        """The names, one by one."""
        return _names(self.cleaned_data["parties"])

    def clean_students(self) -> list[str]:
        """The names, one by one."""
        return _names(self.cleaned_data["students"])


class Correction(Text):
    """The next version of what was published."""

    reason = forms.CharField(label=_("更正理由"), max_length=500, help_text=_("理由将与新旧版本一起公开。"))


class Reason(PageForm):
    """Why something is returned or withdrawn."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}))


class Trace(PageForm):
    """Why a trace may stand."""

    trace = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(widget=forms.HiddenInput, strip=False)
    reason = forms.CharField(label=_("保留理由"), max_length=200)


class Publish(PageForm):
    """From when on it is public."""

    public_from = forms.DateTimeField(
        label=_("公开时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text=_("不填则立即公开。"),
    )


def _names(text: str) -> list[str]:
    """Names separated by the usual signs."""
    for sign in ("\uff0c", ",", ";", "\uff1b", "\n", "\t"):
        text = text.replace(sign, "、")
    return [name.strip() for name in text.split("、") if name.strip()]
