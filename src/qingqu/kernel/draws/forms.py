"""Shape of what is typed about draws."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.core.doors import PageForm
from qingqu.kernel.draws import queries, rules
from qingqu.kernel.draws.models import Ceremony, Draw, GameChoice, KindChoice, SourceChoice
from qingqu.kernel.draws.types import Line, SourceKind, Terms
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.types import Actor


class Moment(forms.DateTimeField):
    """A moment that the browser helps to fill in, in the district's time."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer a picker and read what it gives."""
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=picker, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)


class Plan(PageForm):
    """What a ceremony is for, when its steps are, and where the public chance comes from."""

    title = forms.CharField(label=_("名称"), max_length=120, help_text=_("将公开，例如：秋季收费检查抽签。"))
    purpose = forms.CharField(
        label=_("用途"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("将公开。不写姓名和其他个人信息。")
    )
    commit_by = Moment(label=_("承诺截止"), help_text=_("此前各方提交承诺；都提交后也可提前进入揭示。"))
    reveal_by = Moment(label=_("揭示截止"), help_text=_("此前各方揭示；逾期未揭示的将被公布，抽签照常进行。"))
    source_kind = forms.ChoiceField(label=_("公开随机源"), choices=SourceChoice.choices)
    source_at = Moment(label=_("随机源产生时间"), help_text=_("须晚于揭示截止，否则最后揭示的人可以挑选结果。"))
    throws = forms.IntegerField(
        label=_("掷骰次数"), required=False, min_value=5, max_value=200, help_text=_("掷骰子时填写，5 到 200 次。")
    )
    game = forms.ChoiceField(
        label=_("彩票玩法"),
        required=False,
        choices=[("", _("请选择")), *GameChoice.choices],
        help_text=_("福利彩票时填写。"),
    )
    issue = forms.CharField(
        label=_("彩票期号"), required=False, max_length=7, help_text=_("福利彩票时填写，七位数字，如 2026101。")
    )

    @staticmethod
    def opened(ceremony: Ceremony) -> dict[str, Any]:
        """The values of a ceremony to begin with."""
        names = ("title", "purpose", "commit_by", "reveal_by", "source_kind", "source_at", "throws", "game", "issue")
        return {name: getattr(ceremony, name) for name in names}

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen source needs, and put the moments and the source together as ``terms``."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        kind = given.get("source_kind", "")
        needs = {SourceKind.DICE: ("throws",), SourceKind.LOTTERY: ("game", "issue")}.get(kind, ())
        for name in needs:
            if not given.get(name):
                self.add_error(name, _("所选的随机源需要填写此项。"))
        return given

    def sent(self) -> dict[str, Any]:
        """What the operation takes."""
        given = dict(self.cleaned_data)
        commit_by, reveal_by, source_at = (given.pop(name) for name in ("commit_by", "reveal_by", "source_at"))
        kind, throws, game, issue = (given.pop(name) for name in ("source_kind", "throws", "game", "issue"))
        return given | {"terms": Terms(commit_by, reveal_by, source_at, SourceKind(kind), throws, game, issue)}


class NewPlan(Plan):
    """A ceremony of one of the units where the actor organises."""

    unit: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("组织单位"), queryset=None, empty_label=_("请选择")
    )

    field_order = ("unit", "title", "purpose")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_for(actor)  # type: ignore[attr-defined]


class Roster(PageForm):
    """A draw with its roster: pasted, from a workbook, or from the units below."""

    title = forms.CharField(label=_("名单名称"), max_length=120, help_text=_("将公开，例如：被检查学校。"))
    kind = forms.ChoiceField(label=_("抽取对象"), choices=KindChoice.choices)
    roster = forms.CharField(
        label=_("粘贴名单"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "每行一个：名称，分层，编号。后两项可省；分层可写风险等级。抽取人员时只公开编号，不写编号则自动编。"
        ),
    )
    file = forms.FileField(label=_("或上传表格"), required=False, help_text=_("XLSX，按模板填写。"))
    units = forms.MultipleChoiceField(
        label=_("或选择单位类型"),
        required=False,
        choices=org.UNIT_KINDS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("组织单位之下的全部此类单位，按类型分层。"),
    )
    counts = forms.CharField(
        label=_("名额"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个分层：分层，名额，备选。只有一个分层时写数字即可；不填则全部抽出，排定次序。"),
    )
    has_public_names = forms.BooleanField(
        label=_("名单中没有个人，可公开名称"), required=False, help_text=_("仅对“其他”有效；人员一律只公开编号。")
    )

    def clean(self) -> dict[str, Any]:
        """Exactly one of the three ways."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        ways = [bool(given.get("roster", "").strip()), bool(given.get("file")), bool(given.get("units"))]
        if sum(ways) != 1:
            self.add_error("roster", _("粘贴、上传、选择单位类型，三者选一。"))
        return given

    def lines(self, ceremony: Ceremony) -> list[Line]:
        """The entries, whichever way they were given. Raises Refused for a workbook that cannot be read."""
        given = self.cleaned_data
        if given["units"]:
            return [
                Line(unit.name, queries.kind_word(unit), "", unit.pk)
                for unit in queries.units_below(ceremony, given["units"])
            ]
        if given["file"]:
            return queries.lines_of(given["file"].read())
        return rules.lines(given["roster"])


class Party(PageForm):
    """Who commits and reveals."""

    name = forms.CharField(label=_("公开称呼"), max_length=60, help_text=_("写岗位或单位，不写姓名，例如：家长代表。"))
    post: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("岗位"), queryset=None, required=False, empty_label=_("不是本系统岗位，用链接参与")
    )
    speaks_for = forms.CharField(
        label=_("代表"), required=False, max_length=120, help_text=_("用链接参与时填写代表的单位或群体。")
    )

    def __init__(self, *args: Any, ceremony: Ceremony, **kwargs: Any) -> None:
        """Offer the posts on the unit's line."""
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = queries.posts_for(ceremony)  # type: ignore[attr-defined]


class Chosen(PageForm):
    """One of the ceremony's rows, by its id."""

    row = forms.IntegerField(widget=forms.HiddenInput)


class Recusal(PageForm):
    """An entry that is passed over, and why."""

    draw = forms.TypedChoiceField(label=_("名单"), coerce=int)
    number = forms.CharField(label=_("公开编号"), max_length=200)
    reason = forms.CharField(
        label=_("回避理由"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只留存在内部；公开的只有一个摘要。"),
    )

    def __init__(self, *args: Any, draws: list[Draw], **kwargs: Any) -> None:
        """Offer the draws of the ceremony."""
        super().__init__(*args, **kwargs)
        self.fields["draw"].choices = [(row.pk, f"{row.number} {row.title}") for row in draws]  # type: ignore[attr-defined]


class Value(PageForm):
    """What the public source gave."""

    value = forms.CharField(
        label=_("结果"),
        max_length=300,
        help_text=_(
            "骰子：按掷出顺序连写数字。彩票：期号和号码，写成 2026101:01,05,12,20,28,33+07。"
            "drand：轮次、随机数、签名，用半角冒号连接。"
        ),
    )


class Again(PageForm):
    """The same value, entered by another person from own sight."""

    value = forms.CharField(label=_("再录一遍结果"), max_length=300, help_text=_("请看实物或公告录入，不要照抄登记。"))


class Abandon(PageForm):
    """Why a ceremony is given up."""

    reason = forms.CharField(
        label=_("中止理由"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("理由将公开。不写个人信息。")
    )


class Commit(PageForm):
    """A commitment."""

    commitment = forms.CharField(label=_("承诺"), max_length=64, help_text=_("64 位十六进制数，由本页生成。"))


class Reveal(PageForm):
    """What was committed to."""

    contribution = forms.CharField(label=_("承诺时写的那句话"), max_length=200, strip=False, help_text=_("将公开。"))
    nonce = forms.CharField(label=_("随机串"), max_length=64, help_text=_("64 位十六进制数，在您下载的文件里。"))
