"""What a person types about directives and measures."""

from typing import Any

from django import forms
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from qingqu.deployments.rules import EVIDENCE_KINDS, PILLAR_WORDS, RECURRENCE_WORDS
from qingqu.kernel.ledger import operations as ledger


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    """A date field with the browser's date picker."""
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


def _offer(form: forms.Form, name: str, choices: list[tuple[Any, str]]) -> None:
    """Give a choice field of a form its choices."""
    field: Any = form.fields[name]
    field.choices = choices


class Directive(forms.Form):
    """A directive's own words."""

    code = forms.CharField(label=_("编号"), max_length=40)
    title = forms.CharField(label=_("标题"), max_length=200)
    number = forms.CharField(label=_("文号"), max_length=80, required=False)
    issuer = forms.CharField(label=_("发布机关"), max_length=120)
    issued_on = _day(_("发布日期"))
    source_url = forms.CharField(label=_("来源链接"), max_length=300, required=False)
    summary = forms.CharField(
        label=_("摘要"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    text = forms.CharField(label=_("正文"), required=False, max_length=32000, widget=forms.Textarea(attrs={"rows": 12}))
    is_public = forms.BooleanField(label=_("对外公开"), required=False)
    is_external_reference = forms.BooleanField(
        label=_("外部参考"), required=False, help_text=_("本区以外的文件或会议，只列事实并写明来源，不设措施。")
    )


class Measure(forms.Form):
    """One measure."""

    key = forms.CharField(label=_("措施编号"), max_length=40)
    pillar = forms.ChoiceField(
        label=_("方面"), choices=[(str(code), translated(word)) for code, word in PILLAR_WORDS.items()]
    )
    pillar_title = forms.CharField(label=_("方面标题"), max_length=120, required=False)
    keyword = forms.CharField(label=_("关键词"), max_length=60, required=False)
    order = forms.IntegerField(label=_("顺序"), min_value=1, max_value=9999)
    name = forms.CharField(label=_("措施名称"), max_length=120)
    text = forms.CharField(
        label=_("部署内容"), required=False, max_length=32000, widget=forms.Textarea(attrs={"rows": 4})
    )
    table_label = forms.CharField(label=_("表中措施"), max_length=60, required=False)
    target_effect = forms.CharField(label=_("目标效果"), max_length=200, required=False)
    closing_label = forms.CharField(label=_("小结标题"), max_length=60, required=False)
    owner_id = forms.TypedChoiceField(label=_("牵头岗位"), required=False, coerce=int, empty_value=None)
    starts_on = _day(_("开始日期"), required=False)
    ends_on = _day(_("完成日期"), required=False)
    recurrence = forms.ChoiceField(
        label=_("频次"), choices=[(str(code), translated(word)) for code, word in RECURRENCE_WORDS.items()]
    )
    indicator = forms.CharField(label=_("衡量指标"), max_length=120, required=False)
    evidence_kinds = forms.MultipleChoiceField(
        label=_("佐证来源"), required=False, help_text=_("发生这些业务记录时，自动关联为本措施的佐证。")
    )

    def __init__(self, *args: Any, owners: Any = (), **kwargs: Any) -> None:
        """Offer ``owners`` (posts) as the lead; offer every kind of evidence in words."""
        super().__init__(*args, **kwargs)
        _offer(self, "owner_id", [("", "—"), *((post.pk, post.title) for post in owners)])
        words = ledger.kinds()
        _offer(self, "evidence_kinds", [(kind, words.get(kind, kind)) for kind in EVIDENCE_KINDS])


class Cascade(forms.Form):
    """Which units get the measure, and until when."""

    units = forms.MultipleChoiceField(label=_("下达单位"), widget=forms.CheckboxSelectMultiple)
    due_on = _day(_("完成期限"), required=False)

    def __init__(self, *args: Any, units: Any = (), **kwargs: Any) -> None:
        """Offer ``units``."""
        super().__init__(*args, **kwargs)
        _offer(self, "units", [(str(unit.pk), unit.name) for unit in units])


class Shares(forms.Form):
    """Which posts get a part."""

    posts = forms.MultipleChoiceField(label=_("分解到岗位"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, posts: Any = (), **kwargs: Any) -> None:
        """Offer ``posts``."""
        super().__init__(*args, **kwargs)
        _offer(self, "posts", [(str(post.pk), f"{post.unit.name} · {post.title}") for post in posts])


class Withdrawal(forms.Form):
    """Why an assignment is taken back."""

    ground = forms.CharField(label=_("撤回理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class Upload(forms.Form):
    """A filled-in workbook."""

    file = forms.FileField(label=_("填好的模板"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}))


class Tried(forms.Form):
    """Which tried workbook is to be imported: the SHA-256 of its content."""

    tried = forms.CharField(widget=forms.HiddenInput, max_length=64)
