"""Shape of what is typed about rectifications."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.core.doors import PageForm
from qingqu.kernel.org.models import Unit
from qingqu.kernel.org.types import Actor
from qingqu.pillars.rectification import queries


class Day(forms.DateInput):
    """A date field that the browser helps to fill in."""

    input_type = "date"


class ChooseUnit(PageForm):
    """The unit to which a rectification is ordered, asked first because the owner's seat depends on it."""

    unit: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("责任单位"), queryset=None, empty_label=_("请选择")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units where the actor orders rectifications."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_for(actor)  # type: ignore[attr-defined]


class Order(PageForm):
    """An order to put something right."""

    title = forms.CharField(label=_("整改事项"), max_length=200)
    cause = forms.CharField(label=_("存在的问题"), widget=forms.Textarea(attrs={"rows": 4}))
    owner_post: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("责任岗位"), queryset=None, empty_label=_("请选择"), help_text=_("责任落在岗位上，换人不换责。")
    )
    due_on = forms.DateField(
        label=_("整改期限"), required=False, widget=Day(format="%Y-%m-%d"), help_text=_("不填则按本区通常期限。")
    )

    def __init__(self, *args: Any, actor: Actor, unit: Unit, **kwargs: Any) -> None:
        """Offer the posts of the unit that may answer for it."""
        super().__init__(*args, **kwargs)
        posts = queries.owners_for(actor, unit)
        self.fields["owner_post"].queryset = posts  # type: ignore[attr-defined]


class Plan(PageForm):
    """How the owner will put it right."""

    text = forms.CharField(
        label=_("整改方案"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明问题产生的原因、整改措施、各项的完成时间和责任人。"),
    )


class Report(PageForm):
    """What the owner did."""

    text = forms.CharField(
        label=_("整改情况"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明做了什么、何时完成；凭证请先上传。"),
    )


class Recheck(PageForm):
    """What the re-check found."""

    finding = forms.CharField(label=_("复核意见"), widget=forms.Textarea(attrs={"rows": 3}))
    due_on = forms.DateField(
        label=_("重新整改期限"),
        required=False,
        widget=Day(format="%Y-%m-%d"),
        help_text=_("复核未通过时填写；不填则按本区通常期限。"),
    )
