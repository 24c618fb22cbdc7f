"""Shape of what is typed about leads."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.core.doors import PageForm
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.types import Actor
from qingqu.pillars.leads import queries
from qingqu.pillars.leads.models import KindChoice, TrackChoice


class NewLead(PageForm):
    """A lead entered by hand."""

    title = forms.CharField(label=_("标题"), max_length=200)
    unit: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("涉及单位"), queryset=None, empty_label=_("请选择")
    )
    track = forms.ChoiceField(
        label=_("轨道"),
        choices=TrackChoice.choices,
        initial=TrackChoice.EDUCATION,
        help_text=_("四条轨道不混办。侵害未成年人的，立即报警，不在此登记。"),
    )
    body = forms.CharField(label=_("反映问题"), widget=forms.Textarea(attrs={"rows": 6}))
    about = forms.CharField(
        label=_("被反映人工号"),
        required=False,
        help_text=_("多人用顿号、逗号或空格分开。与其有利害关系的人员将看不到这条线索。"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units where the actor keeps leads."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_for(actor)  # type: ignore[attr-defined]

    def clean_about(self) -> list[int]:
        """The person ids behind the staff numbers; an unknown number is named."""
        given = self.cleaned_data["about"]
        for separator in "、,,;;\n\t":
            given = given.replace(separator, " ")
        numbers = given.split()
        known = org.people_numbered(numbers)
        missing = [number for number in numbers if number not in known]
        if missing:
            raise forms.ValidationError(_("没有这些工号：%(numbers)s"), params={"numbers": "、".join(missing)})
        return [known[number] for number in numbers]


class Proposal(PageForm):
    """A proposed disposition."""

    kind = forms.ChoiceField(label=_("处置方式"), choices=KindChoice.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 4}))


class Decision(PageForm):
    """The decision on a proposed disposition."""

    opinion = forms.CharField(
        label=_("审批意见"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("退回时必填。")
    )


class Draft(PageForm):
    """What the draft of a public notice is called."""

    title = forms.CharField(label=_("通报标题"), max_length=200)
