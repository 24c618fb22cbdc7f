"""What the pages of this package ask for: shape of input only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.org.queries import RELATION_KINDS, ROLE_WORDS, SETTING_WORDS, UNIT_KINDS


class Day(forms.DateInput):
    """A date field with the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        """ISO dates both ways, which is what browsers send."""
        super().__init__(format="%Y-%m-%d")


class PlainForm(forms.Form):
    """A form whose fields carry the style sheet's classes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give every widget its class."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs.setdefault("class", "form-select" if is_select else "form-control")


class NewUnit(PlainForm):
    """A unit to add below another."""

    code = forms.CharField(label=_("单位代码"), max_length=40)
    name = forms.CharField(label=_("单位名称"), max_length=120)
    kind = forms.ChoiceField(label=_("单位类型"), choices=UNIT_KINDS)


class RenamedUnit(PlainForm):
    """A unit's new name and kind."""

    name = forms.CharField(label=_("单位名称"), max_length=120)
    kind = forms.ChoiceField(label=_("单位类型"), choices=UNIT_KINDS)


class MovedUnit(PlainForm):
    """Where a unit goes."""

    parent = forms.CharField(label=_("新的上级单位代码"), max_length=40, help_text=_("下级单位和岗位随之划转。"))


class ClosedUnit(PlainForm):
    """When a unit closes."""

    closed_on = forms.DateField(label=_("撤销日期"), widget=Day())


class NewPost(PlainForm):
    """A post to add to a unit."""

    code = forms.CharField(label=_("岗位代码"), max_length=60)
    title = forms.CharField(label=_("岗位名称"), max_length=60)
    role = forms.ChoiceField(label=_("角色"), choices=ROLE_WORDS, help_text=_("权限随角色而定。"))


class NewAppointment(PlainForm):
    """Who takes a post, from when."""

    person = forms.CharField(label=_("工号"), max_length=40)
    starts_on = forms.DateField(
        label=_("任职日期"), widget=Day(), help_text=_("可以填将来的日期；原任职到前一天为止，岗位上的待办随岗位交接。")
    )


class EndedAppointment(PlainForm):
    """When a person leaves a post."""

    ends_on = forms.DateField(label=_("离任日期"), widget=Day(), help_text=_("当天仍在岗。"))


class NewAccount(PlainForm):
    """The user name of a new account."""

    username = forms.RegexField(
        r"^[\w.@+-]+$", label=_("用户名"), max_length=60, help_text=_("可用汉字、字母、数字和 . _ - @ +。")
    )


class NewSetting(PlainForm):
    """A local value from a day on."""

    key = forms.ChoiceField(label=_("参数"), choices=SETTING_WORDS)
    unit = forms.CharField(label=_("适用单位代码"), max_length=40, help_text=_("对该单位及其下级单位有效。"))
    value = forms.CharField(label=_("取值"), max_length=200, help_text=_("金额以分为单位；日历项填写事由。"))
    valid_from = forms.DateField(
        label=_("生效日期"), widget=Day(), help_text=_("日历项填写当天日期；全年放假安排填写当年任意一天。")
    )
    source = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("文件名称和文号。"))


class Upload(PlainForm):
    """A workbook to try."""

    file = forms.FileField(label=_("工作簿（XLSX）"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}))


class NewRelationship(PlainForm):
    """A relationship to declare."""

    other_kind = forms.ChoiceField(label=_("对方是"), choices=(("PERSON", _("本系统人员")), ("SUPPLIER", _("供应商"))))
    other = forms.CharField(label=_("对方工号，或供应商统一社会信用代码"), max_length=60)
    other_name = forms.CharField(label=_("供应商名称"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("关系"), choices=RELATION_KINDS)
    starts_on = forms.DateField(label=_("起始日期"), widget=Day(), required=False, help_text=_("不清楚可以不填。"))


class EndedRelationship(PlainForm):
    """When a relationship ended."""

    ends_on = forms.DateField(label=_("终止日期"), widget=Day())
