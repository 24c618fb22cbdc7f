"""Shape of what is typed about petitions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.core.doors import PageForm
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.types import Actor
from qingqu.pillars.petitions import queries
from qingqu.pillars.petitions.models import ChannelChoice, KindChoice, OutcomeChoice
from qingqu.pillars.petitions.operations.intake import Sender
from qingqu.pillars.petitions.types import Reply


class Day(forms.DateInput):
    """A date field that the browser helps to fill in."""

    input_type = "date"

    def __init__(self) -> None:
        """Write the date as the browser reads it."""
        super().__init__(format="%Y-%m-%d")


def _long(rows: int = 3) -> forms.Textarea:
    """A box for several lines."""
    return forms.Textarea(attrs={"rows": rows})


def _words(text: str) -> list[str]:
    """The words of a list that somebody typed."""
    for separator in "、，；,;\n\t":
        text = text.replace(separator, " ")
    return text.split()


class Registration(PageForm):
    """A petition as it came."""

    title = forms.CharField(label=_("标题"), max_length=200)
    kind = forms.ChoiceField(label=_("类别"), choices=KindChoice.choices, initial="CLAIM")
    channel = forms.ChoiceField(label=_("来源"), choices=ChannelChoice.choices)
    sent_by = forms.CharField(
        label=_("转送或交办机关"), max_length=100, required=False, help_text=_("转送、交办来的必填。")
    )
    unit: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("涉及单位"),
        queryset=None,
        empty_label=_("请选择"),
        help_text=_("检举控告的，填写被检举控告的单位或者人员所在单位：该单位的账号看不到这件信访。"),
    )
    received_on = forms.DateField(label=_("收到日期"), widget=Day())
    body = forms.CharField(label=_("信访请求和事实"), widget=_long(6))
    petitioner = forms.CharField(label=_("信访人"), max_length=100, required=False)
    contact = forms.CharField(label=_("联系电话"), max_length=100, required=False)
    address = forms.CharField(label=_("住址"), max_length=200, required=False)
    representatives = forms.CharField(
        label=_("走访代表"), required=False, help_text=_("多人走访的，填写推选的代表，用顿号分开。")
    )
    about = forms.CharField(
        label=_("所涉人员工号"),
        required=False,
        help_text=_("用顿号分开。本人以及与其有利害关系的人员看不到这件信访。"),
    )
    staff = forms.CharField(
        label=_("信访人是本系统人员的，其工号"), required=False, help_text=_("与其有利害关系的人员应当回避。")
    )
    same_as = forms.CharField(
        label=_("与哪件信访是同一事项"), required=False, help_text=_("填写编号；不是重复信访的不填。")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units about which the actor registers petitions; begin with the actor's day."""
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["unit"].queryset = queries.units_for(actor)  # type: ignore[attr-defined]
        self.fields["received_on"].initial = actor.on

    def clean(self) -> dict[str, Any]:
        """The numbers of staff as person ids, in one query; an unknown number is named."""
        found = super().clean() or {}
        asked = {name: _words(found.get(name, "")) for name in ("about", "staff")}
        wanted = [number for numbers in asked.values() for number in numbers]
        known = org.people_numbered(wanted) if wanted else {}
        for name, numbers in asked.items():
            if missing := [number for number in numbers if number not in known]:
                self.add_error(name, _("没有这些工号：%(numbers)s") % {"numbers": "、".join(missing)})
            found[name] = [known[number] for number in numbers if number in known]
        return found

    def clean_same_as(self) -> Any:
        """The petition of that number; None when none is named."""
        number = self.cleaned_data["same_as"]
        if not number:
            return None
        row = queries.numbered(self.actor, number)
        if row is None:
            raise forms.ValidationError(_("没有这件信访，请核对编号。"))
        return row

    def sent(self) -> dict[str, Any]:
        """What the operation is given."""
        typed = dict(self.cleaned_data)
        typed["sender"] = Sender(
            typed.pop("petitioner"),
            typed.pop("contact"),
            typed.pop("address"),
            _words(typed.pop("representatives")),
            typed.pop("staff"),
        )
        return typed


class Accept(PageForm):
    """The petition is taken."""

    told = forms.CharField(
        label=_("怎样书面告知信访人"),
        required=False,
        widget=_long(2),
        help_text=_("姓名、住址不清的可以不填。"),
    )
    differs = forms.CharField(
        label=_("与同一信访人其他信访的不同之处"),
        required=False,
        widget=_long(2),
        help_text=_("同一信访人对同一单位已有信访在办的，写明为什么不是同一事项。"),
    )


class Refuse(PageForm):
    """The petition is not taken."""

    ground = forms.CharField(label=_("不予受理的理由"), widget=_long())
    told = forms.CharField(label=_("怎样书面告知信访人"), required=False, widget=_long(2))


class Transfer(PageForm):
    """The petition is sent to whom it belongs."""

    to_unit: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("转送本区单位"), queryset=None, required=False, empty_label=_("不转本区单位")
    )
    to_organ = forms.CharField(label=_("转送其他机关"), max_length=100, required=False)
    ground = forms.CharField(label=_("转送理由"), widget=_long())
    told = forms.CharField(label=_("怎样书面告知信访人"), required=False, widget=_long(2))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units of the actor's scope."""
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].queryset = queries.units_for(actor)  # type: ignore[attr-defined]


class Refer(PageForm):
    """The petition goes to the stationed discipline group."""

    ground = forms.CharField(label=_("移送理由"), widget=_long(2))


class Object(PageForm):
    """What was passed on does not belong here."""

    ground = forms.CharField(label=_("异议理由"), widget=_long())


class Receipt(PageForm):
    """The receipt of what was sent on."""

    receipt = forms.CharField(label=_("回执文号或签收人"), max_length=100)
    received_on = forms.DateField(label=_("签收日期"), widget=Day())


class Begin(PageForm):
    """Which section undertakes it."""

    undertaker = forms.CharField(label=_("承办科室"), max_length=100)


class Extend(PageForm):
    """The one extension of the term."""

    ground = forms.CharField(label=_("延期理由"), widget=_long(2))
    told = forms.CharField(label=_("怎样把延期理由告知信访人"), widget=_long(2))


class Opinion(PageForm):
    """An opinion with every element."""

    outcome = forms.ChoiceField(label=_("结论"), choices=OutcomeChoice.choices, widget=forms.RadioSelect)
    request = forms.CharField(label=_("信访请求"), widget=_long())
    facts = forms.CharField(label=_("认定的事实和理由"), widget=_long(5))
    opinion = forms.CharField(label=_("处理意见"), widget=_long(4))
    basis = forms.CharField(label=_("所依据的法规政策"), widget=_long(2))
    organ = forms.CharField(label=_("出具机关"), max_length=100)
    served_on = forms.DateField(
        label=_("送达日期"), widget=Day(), help_text=_("信访人请求复查、复核的期限自送达之日起算。")
    )

    def sent(self) -> dict[str, Any]:
        """What the operation is given."""
        return {"reply": Reply(**self.cleaned_data)}


class Ask(PageForm):
    """The petitioner's request for a review or a re-check."""

    ground = forms.CharField(label=_("请求和理由"), widget=_long())
    asked_on = forms.DateField(label=_("收到请求的日期"), widget=Day())


class Hear(PageForm):
    """A hearing begins."""

    ground = forms.CharField(label=_("听证事由"), max_length=200)


class Close(PageForm):
    """The petition ends without another request."""

    ground = forms.CharField(label=_("终结理由"), widget=_long(2))
    is_content = forms.BooleanField(label=_("信访人已书面认可处理意见"), required=False)
