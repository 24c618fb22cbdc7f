"""Writing directives and their measures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.deployments.models import Directive, Measure, MeasureEvidenceKind
from qingqu.deployments.rules import EVIDENCE_KINDS
from qingqu.kernel.core import search
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger

if TYPE_CHECKING:
    from qingqu.kernel.org.models import Unit


class BadDirective(Refused):
    """A directive or measure is incomplete, doubled or contradicts itself."""

    code = "DEPLOYMENT_BAD_DIRECTIVE"


PUBLIC_ROUTE, STAFF_ROUTE = "portal:directive", "deployments:directive"
"""Where a found directive is read: by anyone when it is public, else by staff."""

DIRECTIVE_FIELDS = (
    "code",
    "title",
    "number",
    "issuer",
    "issued_on",
    "source_url",
    "summary",
    "text",
    "is_public",
    "is_external_reference",
)
MEASURE_FIELDS = (
    "pillar",
    "keyword",
    "order",
    "name",
    "text",
    "table_label",
    "target_effect",
    "closing_label",
    "pillar_title",
    "owner_id",
    "starts_on",
    "ends_on",
    "recurrence",
    "indicator",
)


@transaction.atomic
def create(*, unit: "Unit", fields: Mapping[str, Any], at: datetime, actor_id: object = "") -> Directive:
    """A new directive of a unit; ``fields`` are DIRECTIVE_FIELDS. Raises BadDirective."""
    _refuse_bad(fields)
    if Directive.objects.filter(code=fields["code"]).exists():
        raise BadDirective(_("该编号已被使用。"), fields={"code": _("编号已存在")})
    directive = Directive.objects.create(unit=unit, **_chosen(fields, DIRECTIVE_FIELDS))
    _tell("directive.created", directive, at, actor_id)
    return directive


@transaction.atomic
def edit(*, directive: Directive, fields: Mapping[str, Any], at: datetime, actor_id: object = "") -> Directive:
    """Change a directive; what ``fields`` does not name stays. Raises BadDirective."""
    wanted = {name: getattr(directive, name) for name in DIRECTIVE_FIELDS} | _chosen(fields, DIRECTIVE_FIELDS)
    _refuse_bad(wanted)
    if Directive.objects.filter(code=wanted["code"]).exclude(pk=directive.pk).exists():
        raise BadDirective(_("该编号已被使用。"), fields={"code": _("编号已存在")})
    for name, value in wanted.items():
        setattr(directive, name, value)
    directive.save()
    _tell("directive.edited", directive, at, actor_id)
    return directive


@transaction.atomic
def put_measure(
    *,
    directive: Directive,
    key: str,
    fields: Mapping[str, Any],
    evidence_kinds: Sequence[str] | None = None,
    at: datetime,
    actor_id: object = "",
) -> Measure:
    """Add a measure to a directive, or change the one with this key.

    ``fields`` are MEASURE_FIELDS; ``evidence_kinds`` replaces the list when given. Raises BadDirective.
    """
    if directive.is_external_reference:
        raise BadDirective(_("外部参考只列事实，不设措施。"))
    measure = Measure.objects.filter(key=key).first() or Measure(key=key, directive=directive)
    if measure.directive_id != directive.pk:
        raise BadDirective(_("该措施编号属于另一件部署。"), fields={"key": _("编号已存在")})
    measure.directive = directive
    for name, value in _chosen(fields, MEASURE_FIELDS).items():
        setattr(measure, name, value)
    _refuse_bad_measure(measure, evidence_kinds or ())
    measure.save()
    if evidence_kinds is not None:
        _replace_kinds(measure, evidence_kinds)
    ledger.record(
        "measure.put",
        at=at,
        actor_id=actor_id,
        subject_kind="measure",
        subject_id=measure.pk,
        unit_id=directive.unit_id,
        payload={"key": key},
    )
    put_in_search(directive)
    return measure


def _replace_kinds(measure: Measure, kinds: Sequence[str]) -> None:
    """Exactly these kinds of evidence for the measure."""
    measure.kinds.exclude(kind__in=kinds).delete()
    MeasureEvidenceKind.objects.bulk_create(
        [MeasureEvidenceKind(measure=measure, kind=kind) for kind in dict.fromkeys(kinds)], ignore_conflicts=True
    )


def _refuse_bad(fields: Mapping[str, Any]) -> None:
    """Raise BadDirective for a missing required field or a reference without its source."""
    missing = {name: _("此项必填") for name in ("code", "title", "issuer", "issued_on") if not fields.get(name)}
    if fields.get("is_external_reference") and not fields.get("source_url"):
        missing["source_url"] = _("外部参考须写明来源链接")
    if missing:
        raise BadDirective(_("部署信息不完整。"), fields=missing)
    source = str(fields.get("source_url") or "")
    if source and not source.startswith(("https://", "http://")):
        raise BadDirective(_("来源链接须以 https:// 或 http:// 开头。"), fields={"source_url": _("链接格式不对")})


def _refuse_bad_measure(measure: Measure, kinds: Sequence[str]) -> None:
    """Raise BadDirective for what the database would refuse, in the user's words."""
    if not measure.name or not measure.pillar:
        raise BadDirective(_("措施须有名称和所属方面。"), fields={"name": _("此项必填")})
    if measure.starts_on and measure.ends_on and measure.ends_on < measure.starts_on:
        raise BadDirective(_("完成日期不得早于开始日期。"), fields={"ends_on": _("早于开始日期")})
    same = Measure.objects.filter(directive=measure.directive, order=measure.order).exclude(pk=measure.pk)
    if same.exists():
        raise BadDirective(_("同一部署内的顺序号不能重复。"), fields={"order": _("顺序号重复")})
    if unknown := [kind for kind in kinds if kind not in EVIDENCE_KINDS]:
        text = _("不认识的佐证来源：%(kinds)s") % {"kinds": "、".join(unknown)}
        raise BadDirective(text, fields={"evidence_kinds": text})


def _chosen(fields: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The given fields among ``names``, with the space around texts gone."""
    return {
        name: fields[name].strip() if isinstance(fields[name], str) else fields[name]
        for name in names
        if name in fields
    }


def _tell(kind: str, directive: Directive, at: datetime, actor_id: object) -> None:
    """Record the event and make the directive findable."""
    ledger.record(
        kind, at=at, actor_id=actor_id, subject_kind="directive", subject_id=directive.pk, unit_id=directive.unit_id
    )
    put_in_search(directive)


def put_in_search(directive: Directive) -> None:
    """Make the directive findable with its measures: by anyone when public, else by those who see the district."""
    measures = directive.measures.order_by("order").values_list("name", "text")
    lines = [line for pair in measures for line in pair if line]
    search.put(
        search.Findable(
            kind="directive",
            subject_id=directive.pk,
            title=directive.title,
            text="\n".join([directive.number, directive.issuer, directive.summary, directive.text, *lines]),
            url=reverse(PUBLIC_ROUTE if directive.is_public else STAFF_ROUTE, args=[directive.pk]),
            is_public=directive.is_public,
            unit_path=directive.unit.path or "",
            right="VIEW_DISTRICT",
            dated_on=directive.issued_on,
        )
    )
