"""The rows behind a sentence: each figure of the answer opens exactly the rows it counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translated

from qingqu.deployments import queries as deployments
from qingqu.insight.queries import NOTICE
from qingqu.kernel.core import search
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.paging import as_id, paginate
from qingqu.kernel.publications import queries as publications
from qingqu.pillars.audit import presentation
from qingqu.pillars.audit import queries as audit
from qingqu.pillars.leads import queries as leads
from qingqu.pillars.rectification import queries as rectification

SIZE = 50
LARGEST = 200
"""Measures one address may name."""


@dataclass(frozen=True)
class Row:
    """One row as the public may see it; ``url`` is empty when the row has no public page."""

    cells: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True)
class Basis:
    """One page of the rows behind a figure, with their number; ``is_capped`` when there are more than lists count."""

    title: str
    explanation: str
    heads: tuple[str, ...]
    rows: list[Row]
    total: int
    number: int
    size: int = SIZE
    is_capped: bool = False

    @property
    def total_label(self) -> str:
        """The number as shown: ``37`` or ``1000+``."""
        return f"{self.total}+" if self.is_capped else str(self.total)

    @property
    def has_next(self) -> bool:
        """Whether a further page exists."""
        return self.number * self.size < self.total

    @property
    def next_number(self) -> int:
        """The number of the page after this one."""
        return self.number + 1

    @property
    def previous_number(self) -> int:
        """The number of the page before this one."""
        return self.number - 1


@dataclass(frozen=True)
class _Source:
    title: str
    explanation: str
    heads: tuple[str, ...]
    rows: QuerySet[Any] | list[Any]
    shown: Callable[[Any], Row]


def basis(query: Mapping[str, str], *, at: datetime) -> Basis | None:
    """The rows that ``query`` names ({"of": …, "measure": …, "state": …, "page": …}); None when it names none."""
    if query.get("of") == "mentions":
        return _mentions(query)
    maker = _SOURCES.get(query.get("of", ""))
    if maker is None:
        return None
    source = maker(query, at)
    if isinstance(source.rows, list):
        rows = [source.shown(row) for row in source.rows]
        return Basis(source.title, source.explanation, source.heads, rows, len(rows), 1, max(SIZE, len(rows)))
    page = paginate(source.rows, query.get("page", "1"), size=SIZE)
    rows = [source.shown(row) for row in page.rows]
    words = (source.title, source.explanation, source.heads)
    return Basis(*words, rows, page.total, page.number, is_capped=page.is_capped)


def _ids(query: Mapping[str, str]) -> list[int]:
    """The measures an address names, ``measure=3,5``; none for what cannot be ids."""
    given = query.get("measure", "").split(",")[:LARGEST]
    return [key for key in map(as_id, given) if key is not None]


def _mentions(query: Mapping[str, str]) -> Basis:
    """The public texts in which words of a question stand, as the public finds them."""
    found = search.find(query.get("q", ""), number=query.get("page", "1"))
    return Basis(
        _("提到这些词的公开内容"),
        _("公开的部署、外部参考、通报和公示中，所有这些词都出现的。"),
        (_("标题"), _("日期")),
        [Row((hit.plain_title, date_format(hit.dated_on, "DATE_FORMAT")), hit.url) for hit in found.rows],
        found.total,
        found.number,
        search.PAGE_SIZE,
    )


def _day(at: datetime | None) -> str:
    return date_format(local_date(at), "DATE_FORMAT") if at else ""


def _directives(query: Mapping[str, str], at: datetime) -> _Source:
    del at
    rows = deployments.public_directives()
    if (key := as_id(query.get("directive", ""))) is not None:
        rows = rows.filter(pk=key)
    return _Source(
        _("现行部署"),
        _("对外公开的本区部署，按发布日期排列。"),
        (_("标题"), _("发布机关"), _("文号"), _("发布日期")),
        rows,
        lambda row: Row(
            (row.title, row.issuer, row.number, date_format(row.issued_on, "DATE_FORMAT")),
            reverse("portal:directive", args=[row.pk]),
        ),
    )


def _measures(query: Mapping[str, str], at: datetime) -> _Source:
    del at
    rows = deployments.measure_rows(pillar=query.get("pillar", ""), measure_ids=_ids(query))
    return _Source(
        _("措施"),
        _("各项部署的措施原文。"),
        (_("措施"), _("关键词"), _("部署内容"), _("目标效果")),
        rows,
        lambda row: Row(
            (row.name, row.keyword, row.text, row.target_effect), reverse("portal:directive", args=[row.directive_id])
        ),
    )


def _assignments(query: Mapping[str, str], at: datetime) -> _Source:
    rows = deployments.assignment_rows(on=local_date(at), measure_ids=_ids(query), state=query.get("state", ""))
    return _Source(
        _("单位责任"),
        _("每项措施落实到每个单位的一项责任，由一个岗位负责。"),
        (_("措施"), _("单位"), _("责任岗位"), _("状态"), _("期限")),
        rows,
        lambda row: Row(
            (
                row.measure.name,
                row.unit.name,
                row.post.title,
                row.get_state_display(),
                date_format(row.duty.due_on, "DATE_FORMAT"),
            )
        ),
    )


def _evidence(query: Mapping[str, str], at: datetime) -> _Source:
    del at
    return _Source(
        _("佐证"),
        _("由工作记录自动关联，不由人填报。不公开涉及的单位和人员。"),
        (_("措施"), _("佐证"), _("时间")),
        deployments.evidence_rows(measure_ids=_ids(query)),
        lambda row: Row((row.measure.name, translated(row.title), _day(row.at))),
    )


def _flags(query: Mapping[str, str], at: datetime) -> _Source:
    del query, at
    return _Source(
        _("跟踪审计提示"),
        _("按指标合计。提示不是结论，不公开具体单位和对象。"),
        (_("指标"), _("提示"), _("已核查"), _("转为问题线索")),
        list(audit.totals()),
        lambda row: Row(
            (presentation.title_of(row["indicator"]), str(row["flags"]), str(row["triaged"]), str(row["to_lead"]))
        ),
    )


def _leads(query: Mapping[str, str], at: datetime) -> _Source:
    del query, at
    return _Source(
        _("问题线索"),
        _("只显示收到的月份和办理状态；不公开单位、人员和内容。"),
        (_("收到月份"), _("状态")),
        leads.public_rows(),
        lambda row: Row((date_format(row.received_at, "YEAR_MONTH_FORMAT"), row.get_state_display())),
    )


def _rectifications(query: Mapping[str, str], at: datetime) -> _Source:
    del query, at
    return _Source(
        _("整改事项"),
        _("显示编号、要求完成的日期和状态；不公开问题内容和人员。"),
        (_("编号"), _("整改期限"), _("状态"), _("复核日期")),
        rectification.public_rows(),
        lambda row: Row(
            (row.number or "", date_format(row.due_on, "DATE_FORMAT"), row.get_state_display(), _day(row.verified_at))
        ),
    )


def _publications(query: Mapping[str, str], at: datetime) -> _Source:
    del query
    return _Source(
        _("公开通报"),
        _("典型问题的公开通报，已按规定隐去身份信息。"),
        (_("标题"), _("编号"), _("发布日期")),
        publications.standing(at, kind=NOTICE),
        lambda row: Row(
            (row.shown_title, row.number or "", _day(row.public_from)),
            reverse("publications:public", args=[row.number]),
        ),
    )


_SOURCES: dict[str, Callable[[Mapping[str, str], datetime], _Source]] = {
    "directives": _directives,
    "measures": _measures,
    "assignments": _assignments,
    "evidence": _evidence,
    "flags": _flags,
    "leads": _leads,
    "rectifications": _rectifications,
    "publications": _publications,
}
