"""Shapes of input for the audit pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingqu.pillars.audit.types import FlagState, Setting


class Triage(forms.Form):
    """What becomes of a flag, and why."""

    outcome = forms.ChoiceField(
        label=_("核查结论"),
        choices=(
            (FlagState.EXPLAINED.value, _("已说明：情况属实且有正当理由")),
            (FlagState.DISMISSED.value, _("已排除：提示有误")),
            (FlagState.LEAD.value, _("转为问题线索")),
        ),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        max_length=2000,
        help_text=_("写明看了哪些材料、依据什么。理由会永久保留。"),
    )


class Upload(forms.Form):
    """A file to import."""

    file = forms.FileField(
        label=_("文件"),
        widget=forms.FileInput(attrs={"class": "form-control"}),
        help_text=_("CSV、XLSX、Parquet 或 OCDS（JSON、JSON Lines）。"),
    )
    format = forms.ChoiceField(
        label=_("格式"),
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=(("table", _("表格（CSV、XLSX、Parquet）")), ("ocds", _("OCDS 公开采购数据"))),
    )
    mapping = forms.ChoiceField(
        label=_("列映射"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("表格需要列映射：说明哪一列是什么。还没有就选“新建映射”。"),
    )
    unit_code = forms.CharField(
        label=_("单位代码"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("OCDS 数据归入的单位代码；表格由列映射决定。"),
    )

    def __init__(self, *args: object, mappings: list[tuple[str, str]] | None = None, **kwargs: object) -> None:
        """Offer the saved mappings."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["mapping"].choices = [("", _("新建映射")), *(mappings or [])]  # type: ignore[attr-defined]


class MappingText(forms.Form):
    """A column mapping, as YAML, drafted from the file's own headers."""

    name = forms.CharField(label=_("映射名称"), max_length=80, widget=forms.TextInput(attrs={"class": "form-control"}))
    text = forms.CharField(
        label=_("映射内容（YAML）"),
        widget=forms.Textarea(attrs={"rows": 14, "class": "form-control code", "spellcheck": "false"}),
    )


class Reopening(forms.Form):
    """Why a decided flag is open again."""

    reason = forms.CharField(
        label=_("重新核查的理由"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        max_length=2000,
        help_text=_("例如出现了新的材料。原来的结论和理由都会保留。"),
    )


class Filter(forms.Form):
    """What the flag list is cut to."""

    indicator = forms.ChoiceField(label=_("指标"), required=False, widget=forms.Select(attrs={"class": "form-select"}))
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=(
            ("", _("全部")),
            ("OPEN", _("待核查")),
            ("EXPLAINED", _("已说明")),
            ("DISMISSED", _("已排除")),
            ("LEAD", _("已转问题线索")),
        ),
    )
    unit = forms.CharField(
        label=_("单位代码"), required=False, max_length=40, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    raised_in = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    first_in = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        label=_("排序"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=(("severity", _("严重程度")), ("newest", _("最新")), ("oldest", _("最早"))),
    )

    def __init__(self, *args: object, indicators: list[tuple[str, str]] | None = None, **kwargs: object) -> None:
        """Offer the indicators."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["indicator"].choices = [("", _("全部")), *(indicators or [])]  # type: ignore[attr-defined]


class Correction(forms.Form):
    """One rejected row, a field a column."""

    def __init__(self, *args: object, row: dict[str, object], **kwargs: object) -> None:
        """A text field for every column of the row."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, value in row.items():
            text = "" if value is None else str(value)
            self.fields[name] = forms.CharField(label=name, required=False, initial=text, widget=_box(text))


def _box(text: str) -> forms.Widget:
    """A line for a short text, a box for one of several lines."""
    if "\n" in text:
        return forms.Textarea(attrs={"rows": 20, "class": "form-control code", "spellcheck": "false"})
    return forms.TextInput(attrs={"class": "form-control"})


class Parameters(forms.Form):
    """The district's own values of parameters; what is left empty follows the default or the rule."""

    def __init__(self, *args: object, settings: Iterable[Setting], **kwargs: object) -> None:
        """A field for every parameter, of its kind."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for each in settings:
            kind, attrs = FIELDS[each.kind]
            field = kind(label=each.label, required=False, help_text=each.hint, initial=_typed(each.value))
            field.widget.attrs.update(attrs)
            self.fields[each.name] = field

    def values(self) -> dict[str, Any]:
        """What was filled in, as a settings file holds it: {name: value}."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], {})}


class Lines(forms.CharField):
    """Texts, one a line."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        """The lines that hold something."""
        return [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]


class Pairs(Lines):
    """Numbers by name, one ``name=number`` a line."""

    def clean(self, value: Any) -> Any:
        """The pairs as {name: number}."""
        found: dict[str, float] = {}
        for line in super().clean(value):
            name, sign, number = line.rpartition("=")
            try:
                found[name.strip()] = int(number) if number.strip().isdigit() else float(number)
            except ValueError:
                sign = ""
            if not sign or not name.strip():
                raise forms.ValidationError(_("每行写成“名称=数字”。"))
        return found


class Day(forms.DateField):
    """A day, kept as text."""

    widget = forms.DateInput(attrs={"type": "date"})

    def clean(self, value: Any) -> Any:
        """The day as 2026-09-24; empty for none."""
        found = super().clean(value)
        return found.isoformat() if found else ""


FIELDS: dict[str, tuple[type[forms.Field], dict[str, object]]] = {
    "int": (forms.IntegerField, {"class": "form-control"}),
    "number": (forms.FloatField, {"class": "form-control", "step": "any"}),
    "text": (forms.CharField, {"class": "form-control"}),
    "texts": (Lines, {"class": "form-control", "rows": 3}),
    "map": (Pairs, {"class": "form-control", "rows": 3}),
    "date": (Day, {"class": "form-control"}),
}
"""The field of each kind of parameter, with the attributes of its box."""


def _typed(value: object) -> object:
    """A stored value as people type it."""
    if isinstance(value, list | tuple):
        return "\n".join(str(each) for each in value)
    if isinstance(value, dict):
        return "\n".join(f"{name}={each}" for name, each in value.items())
    return value
