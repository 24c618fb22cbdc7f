"""Shape of what is typed about leads."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.core.doors import PageForm
from qingqu.kernel.org.models import Person
from qingqu.kernel.org.types import Actor
from qingqu.pillars.leads import queries, rules
from qingqu.pillars.leads.labels import ChannelChoice, ExitChoice, KindChoice, SourceChoice, ThemeChoice, TrackChoice
from qingqu.pillars.leads.types import Channel

SEPARATORS = "、，,；;\n\r\t"
FEN = 100


def words_of(text: str) -> list[str]:
    """The words of a list typed with any of the usual separators."""
    for separator in SEPARATORS:
        text = text.replace(separator, " ")
    return text.split()


def staff(text: str) -> list[Person]:
    """The people behind the staff numbers, in the order typed; raises ValidationError naming unknown ones."""
    numbers = list(dict.fromkeys(words_of(text)))
    known = queries.staff_numbered(numbers)
    missing = [number for number in numbers if number not in known]
    if missing:
        raise forms.ValidationError(_("没有这些工号：%(numbers)s"), params={"numbers": "、".join(missing)})
    return [known[number] for number in numbers]


def _day(label: Any, **given: Any) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **given)


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
    channel = forms.ChoiceField(
        label=_("渠道"), choices=[one for one in ChannelChoice.choices if one[0] != Channel.INTERNAL]
    )
    source_kind = forms.ChoiceField(
        label=_("来源"),
        choices=[(kind.value, SourceChoice(kind).label) for kind in rules.BY_HAND],
        help_text=_("上级交办的，自收到之日起另计办结期限。"),
        required=False,
    )
    source_id = forms.CharField(
        label=_("来文或者来源编号"), max_length=60, required=False, help_text=_("同一编号只能有一条未了结的线索。")
    )
    themes = forms.MultipleChoiceField(
        label=_("问题类别"), choices=ThemeChoice.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    body = forms.CharField(label=_("反映问题"), widget=forms.Textarea(attrs={"rows": 6}))
    about = forms.CharField(
        label=_("被反映人工号"),
        required=False,
        help_text=_("多人用顿号、逗号或空格分开。与其有利害关系的人员将看不到这条线索。"),
    )
    suppliers = forms.CharField(
        label=_("涉及供应商代码"), required=False, help_text=_("统一社会信用代码，多个用顿号、逗号或空格分开。")
    )
    amount_fen = forms.DecimalField(
        label=_("涉及金额（元）"), required=False, min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    has_named_reporter = forms.BooleanField(
        label=_("实名反映，办结后须反馈"), required=False, help_text=_("反映人的姓名不要写在这里。")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units where the actor keeps leads."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_for(actor)  # type: ignore[attr-defined]

    def clean_source_kind(self) -> str:
        """The source; received directly unless another is chosen."""
        return self.cleaned_data["source_kind"] or SourceChoice.HAND

    def clean_about(self) -> list[int]:
        """The person ids behind the staff numbers; an unknown number is named."""
        return [person.pk for person in staff(self.cleaned_data["about"])]

    def clean_suppliers(self) -> list[str]:
        """The codes, each once."""
        return list(dict.fromkeys(words_of(self.cleaned_data["suppliers"])))

    def clean_amount_fen(self) -> int | None:
        """The amount in fen."""
        amount = self.cleaned_data["amount_fen"]
        return None if amount is None else int(amount * FEN)


class Proposal(PageForm):
    """A proposed disposition."""

    kind = forms.ChoiceField(label=_("处置方式"), choices=KindChoice.choices, widget=forms.RadioSelect)
    way_out = forms.ChoiceField(
        label=_("上一处置的结果"), choices=ExitChoice.choices, widget=forms.RadioSelect, required=False
    )
    review_on = _day(_("清理日期"), required=False, help_text=_("暂存待查必填，到期须再次研究。"))
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 4}))

    def narrowed(self, previous: str | None) -> "Proposal":
        """This form, offering what may follow the approved disposition."""
        kinds, ways = rules.kinds_after(previous), rules.exits(previous)
        self.fields["kind"].choices = [(kind.value, KindChoice(kind).label) for kind in kinds]  # type: ignore[attr-defined]
        if len(ways) > 1:
            self.fields["way_out"].choices = [(way.value, ExitChoice(way).label) for way in ways]  # type: ignore[attr-defined]
        else:
            del self.fields["way_out"]
        return self


class Decision(PageForm):
    """The decision on a proposed disposition."""

    opinion = forms.CharField(
        label=_("审批意见"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("退回时必填。")
    )


class Study(PageForm):
    """The collective study of a proposed disposition."""

    studied_on = _day(_("研究日期"))
    attendees = forms.CharField(
        label=_("参加人员工号"), help_text=_("两人以上，用顿号、逗号或空格分开；须回避的人员不得参加。")
    )
    note = forms.CharField(label=_("研究意见"), widget=forms.Textarea(attrs={"rows": 3}))

    def clean_attendees(self) -> dict[int, str]:
        """{person id: name} of those who took part; an unknown number is named."""
        return {person.pk: person.name for person in staff(self.cleaned_data["attendees"])}


class Talk(PageForm):
    """The day of a talk, or on which the written answer came."""

    talked_on = _day(_("谈话或者收到复函日期"))


class Feedback(PageForm):
    """How a named reporter was told of the result."""

    feedback = forms.CharField(label=_("反馈方式和反映人的意见"), widget=forms.Textarea(attrs={"rows": 3}))


class Merge(PageForm):
    """The lead that takes this one in."""

    number = forms.CharField(label=_("主线索编号"), max_length=30)


class Asked(PageForm):
    """Who asked after a lead, when, how, and what about."""

    who = forms.CharField(label=_("过问人"), max_length=100)
    asked_on = _day(_("过问日期"))
    how = forms.CharField(label=_("过问方式"), max_length=100, help_text=_("当面、电话、微信、函件等。"))
    about = forms.CharField(label=_("过问内容"), widget=forms.Textarea(attrs={"rows": 3}))


class Alarm(PageForm):
    """That the police were told."""

    is_reported = forms.BooleanField(label=_("已拨打 110 向公安机关报告"), required=False)


class Draft(PageForm):
    """What the draft of a public notice is called."""

    title = forms.CharField(label=_("通报标题"), max_length=200)
