"""Shape of what is typed about cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.core.doors import PageForm
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.types import Actor
from qingqu.pillars.cases import queries
from qingqu.pillars.cases.models import (
    ConductChoice,
    ModeChoice,
    OutcomeChoice,
    SanctionChoice,
    SchoolKindChoice,
    TransferOutcomeChoice,
    VoiceChoice,
)
from qingqu.pillars.cases.types import Concerned


class Day(forms.DateInput):
    """A date field that the browser helps to fill in."""

    input_type = "date"

    def __init__(self) -> None:
        """Write days as the browser reads them."""
        super().__init__(format="%Y-%m-%d")


def _words(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    """A field for a longer text."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


def _sanction(**more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("处理种类"), choices=SanctionChoice.choices, **more)


def _months() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("取消资格（月）"),
        min_value=0,
        max_value=600,
        required=False,
        help_text=_("不取消评优、晋升等资格的，不填。"),
    )


class Numbers(forms.CharField):
    """Staff numbers in one line, as person ids; an unknown number is named."""

    def clean(self, value: Any) -> list[int]:
        """The ids, each once, in the order typed."""
        given = super().clean(value)
        for separator in "、，,；;\n\t":
            given = given.replace(separator, " ")
        numbers = list(dict.fromkeys(given.split()))
        known = org.people_numbered(numbers)
        missing = [number for number in numbers if number not in known]
        if missing:
            raise forms.ValidationError(_("没有这些工号：%(numbers)s"), params={"numbers": "、".join(missing)})
        return [known[number] for number in numbers]


class NewCase(PageForm):
    """A case to be accepted."""

    title = forms.CharField(label=_("标题"), max_length=200)
    unit: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("学校"), queryset=None, empty_label=_("请选择"))
    school_kind = forms.ChoiceField(label=_("办学性质"), choices=SchoolKindChoice.choices)
    about = Numbers(label=_("被反映人工号"), help_text=_("多人用顿号、逗号或空格分开；每人分别处理、分别计时。"))
    unstaffed = Numbers(label=_("其中未入编的工号"), required=False)
    managers = Numbers(label=_("其中从事管理工作的工号"), required=False)
    conduct = forms.ChoiceField(label=_("所涉准则"), choices=ConductChoice.choices)
    acted_on = forms.DateField(label=_("行为发生日期"), widget=Day())
    allegation = _words(_("反映问题"), 5, help_text=_("本人会看到这段文字，不得写入能看出反映人的内容。"))
    source_text = _words(_("来源说明"), 2, required=False, help_text=_("由线索转来的不填。"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units where the actor accepts cases."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_for(actor)  # type: ignore[attr-defined]

    def sent(self) -> dict[str, Any]:
        """What is typed, as the operation takes it."""
        given = dict(self.cleaned_data)
        about, unstaffed, managers = (given.pop(name) for name in ("about", "unstaffed", "managers"))
        people = [Concerned(one, is_staffed=one not in unstaffed, is_manager=one in managers) for one in about]
        return given | {"concerned": people}


class Investigator(PageForm):
    """One investigator."""

    person = Numbers(label=_("调查人工号"), help_text=_("至少两人，逐一指定；有利害关系的须回避。"))

    def clean_person(self) -> int:
        """The one person's id."""
        found: list[int] = self.cleaned_data["person"]
        if len(found) != 1:
            raise forms.ValidationError(_("请每次填写一个工号。"))
        return found[0]


class Referral(PageForm):
    """A suspected false accusation to be recognised elsewhere."""

    organ = forms.CharField(label=_("报请的机关"), max_length=120, help_text=_("须为设区的市级以上。"))
    ground = _words(_("疑似诬告的理由"))


class Treatment(PageForm):
    """A treatment."""

    sanction = _sanction()
    restriction_months = _months()

    def clean_restriction_months(self) -> int:
        """The months, 0 when not given."""
        return self.cleaned_data["restriction_months"] or 0


class Notice(Treatment):
    """What was found and is meant."""

    facts = _words(_("查明情况"), 4)
    evidence = _words(_("证据"))
    basis = _words(_("依据"), 2)


class Heard(PageForm):
    """What somebody said."""

    voice = forms.ChoiceField(label=_("谁的意见"), choices=VoiceChoice.choices)
    text = _words(_("内容"))
    verified = _words(_("核实情况"), 2, required=False)


class Reason(PageForm):
    """A reason."""

    reason = _words(_("理由"))


class Proposal(Treatment):
    """The school's proposal."""

    text = _words(_("建议和理由"))


class Service(PageForm):
    """How a decision was handed over."""

    served_on = forms.DateField(label=_("送达日期"), widget=Day())
    service = _words(_("送达方式和签收情况"), 2)


class Filing(PageForm):
    """Where a decision was filed."""

    filing = _words(_("入档和报备情况"), 2)


class Clearing(PageForm):
    """How a name is cleared."""

    mode = forms.ChoiceField(label=_("澄清方式"), choices=ModeChoice.choices)


class Correction(PageForm):
    """The correction of what was published."""

    title = forms.CharField(label=_("标题"), max_length=200)
    body = _words(_("更正内容"), 4)
    reason = _words(_("更正理由"), 2)


class Handed(PageForm):
    """What is kept of a transfer."""

    number = forms.CharField(label=_("移送编号"), max_length=40)
    transferred_on = forms.DateField(label=_("移送日期"), widget=Day())
    handler = forms.CharField(label=_("承办部门"), max_length=60)


class HandedBack(PageForm):
    """What the other track answered."""

    outcome = forms.ChoiceField(label=_("办理结果"), choices=TransferOutcomeChoice.choices)
    answered_on = forms.DateField(label=_("反馈日期"), widget=Day())


class Answer(PageForm):
    """The answer to a review or an appeal."""

    outcome = forms.ChoiceField(label=_("结果"), choices=OutcomeChoice.choices)
    organ = forms.CharField(label=_("答复机关"), max_length=120)
    reason = _words(_("答复理由"))
    sanction = forms.ChoiceField(
        label=_("变更后的处理种类"), choices=[("", _("不变更")), *SanctionChoice.choices], required=False
    )
    restriction_months = _months()

    def clean_restriction_months(self) -> int:
        """The months, 0 when not given."""
        return self.cleaned_data["restriction_months"] or 0


class Speech(PageForm):
    """The person's own statement."""

    text = _words(_("我的陈述申辩"), 6)
    waives = forms.BooleanField(label=_("我放弃陈述申辩"), required=False)


class Grounds(PageForm):
    """Why the person asks for a review or appeals."""

    grounds = _words(_("理由"), 4)
