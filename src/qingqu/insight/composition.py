"""Turning facts into the live answer's sentences. Every figure comes from the facts; nothing is said without rows."""

from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingqu.insight.rules import pillars_asked
from qingqu.insight.types import (
    Answer,
    Facts,
    MeasureAnswer,
    MeasureFacts,
    PillarFacts,
    Section,
    Sentence,
    TableRow,
    WorkFacts,
)
from qingqu.kernel.core.clock import local_date

DIGITS = "零一二三四五六七八九十"


def compose(question: str, facts: Facts) -> Answer:
    """The answer to ``question`` from ``facts``: introduction, a section a pillar, the table, the conclusion."""
    asked = pillars_asked(question)
    chosen = [pillar for pillar in facts.pillars if pillar.pillar in asked]
    return Answer(
        question=question,
        title=_("%(district)s教育系统全面从严治党最新部署及成效") % {"district": facts.district},
        issuer=facts.issuer,
        as_of=facts.as_of,
        introduction=_introduction(facts),
        sections=tuple(_section(pillar, facts.work) for pillar in chosen),
        table=tuple(_table_row(pillar) for pillar in chosen),
        conclusion=_conclusion(chosen),
    )


def numeral(number: int) -> str:
    """A section's number as official documents write it; plain digits in English."""
    return DIGITS[number] if (get_language() or "").startswith("zh") else str(number)


def _rows(**query: object) -> str:
    return urlencode(query)


def _day(on: object) -> str:
    return date_format(on, "DATE_FORMAT")  # type: ignore[arg-type]


def _introduction(facts: Facts) -> tuple[Sentence, ...]:
    """What is in force, the latest directive, and how far it has come down the tree."""
    day = _day(local_date(facts.as_of))
    count = len(facts.directives)
    if not count:
        text = _("截至%(day)s，%(district)s尚未录入任何部署。") % {"day": day, "district": facts.district}
        return (Sentence(text, _rows(of="directives"), 0),)
    latest = facts.directives[0]
    total = _totals(facts.pillars)
    return (
        Sentence(
            _("截至%(day)s，%(district)s教育系统现行部署%(count)d件。")
            % {"day": day, "district": facts.district, "count": count},
            _rows(of="directives"),
            count,
        ),
        Sentence(
            _("最新一件为《%(title)s》，由%(issuer)s于%(on)s印发。")
            % {"title": latest.title, "issuer": latest.issuer, "on": _day(latest.issued_on)},
            _rows(of="directives", directive=latest.directive_id),
        ),
        Sentence(
            _(
                "围绕五个方面共有措施%(measures)d项，落实为单位责任%(units)d项，其中已承接或分解%(taken)d项，已完成%(done)d项。"
            )
            % total,
            _rows(of="assignments"),
            total["units"],
        ),
        Sentence(_("各项措施共关联佐证%(evidence)d条。") % total, _rows(of="evidence"), total["evidence"]),
    )


def _totals(pillars: tuple[PillarFacts, ...]) -> dict[str, int]:
    measures = [measure for pillar in pillars for measure in pillar.measures]
    return {
        "measures": len(measures),
        "units": sum(measure.units for measure in measures),
        "taken": sum(measure.accepted + measure.decomposed + measure.done for measure in measures),
        "done": sum(measure.done for measure in measures),
        "evidence": sum(measure.evidence for measure in measures),
    }


def _section(pillar: PillarFacts, work: WorkFacts) -> Section:
    return Section(
        number=pillar.number,
        keyword=pillar.keyword,
        title=pillar.title or pillar.keyword,
        heading=_("%(number)s、%(title)s")
        % {"number": numeral(pillar.number), "title": pillar.title or pillar.keyword},
        measures=tuple(_measure(measure) for measure in pillar.measures),
        findings=_FINDINGS[pillar.pillar](work) if pillar.pillar in _FINDINGS else (),
        closing=_closing(pillar),
    )


def _measure(measure: MeasureFacts) -> MeasureAnswer:
    """The measure's own words, how far it has come, what is late, what proves it."""
    sentences = [Sentence(measure.means, _rows(of="measures", measure=measure.measure_id))] if measure.means else []
    sentences.append(_coverage(measure))
    if measure.overdue:
        sentences.append(
            Sentence(
                _("其中逾期%(count)d项。") % {"count": measure.overdue},
                _rows(of="assignments", measure=measure.measure_id, state="OVERDUE"),
                measure.overdue,
            )
        )
    sentences.append(_evidence(measure))
    return MeasureAnswer(measure.measure_id, measure.name, tuple(sentences))


def _coverage(measure: MeasureFacts) -> Sentence:
    rows = _rows(of="assignments", measure=measure.measure_id)
    if not measure.units:
        return Sentence(_("尚未落实到单位。"), rows, 0)
    parts = [_("责任落实到%(units)d个单位") % {"units": measure.units}]
    if measure.accepted:
        parts.append(_("已承接%(count)d个") % {"count": measure.accepted})
    if measure.decomposed:
        parts.append(_("已分解%(count)d个") % {"count": measure.decomposed})
    if measure.done:
        parts.append(_("已完成%(count)d个") % {"count": measure.done})
    if len(parts) == 1:
        parts.append(_("尚无单位承接"))
    text = _("%(parts)s。") % {"parts": _("，").join(parts)}
    return Sentence(text, rows, measure.units)


def _evidence(measure: MeasureFacts) -> Sentence:
    rows = _rows(of="evidence", measure=measure.measure_id)
    if not measure.evidence or measure.evidence_on is None:
        return Sentence(_("尚无佐证。"), rows, 0)
    text = _("已有佐证%(count)d条，最近一条在%(on)s。") % {"count": measure.evidence, "on": _day(measure.evidence_on)}
    return Sentence(text, rows, measure.evidence)


def _audit_findings(work: WorkFacts) -> tuple[Sentence, ...]:
    """What the tracking audit found; hints, never verdicts."""
    if not work.audit_runs:
        return (Sentence(_("跟踪审计尚未运行。"), _rows(of="flags"), 0),)
    text = _(
        "跟踪审计现有待核查提示%(flags)d条，已核查%(triaged)d条，其中转为问题线索%(to_lead)d条；提示不是结论。"
    ) % {
        "flags": work.flags,
        "triaged": work.flags_triaged,
        "to_lead": work.flags_to_lead,
    }
    return (Sentence(text, _rows(of="flags"), work.flags),)


def _supervision_findings(work: WorkFacts) -> tuple[Sentence, ...]:
    """Leads, rectifications and notices."""
    return (_leads(work), _rectifications(work), _publications(work))


def _leads(work: WorkFacts) -> Sentence:
    if not work.leads:
        return Sentence(_("尚无问题线索。"), _rows(of="leads"), 0)
    text = _("共受理问题线索%(leads)d件，已处置%(disposed)d件。") % {
        "leads": work.leads,
        "disposed": work.leads_disposed,
    }
    return Sentence(text, _rows(of="leads"), work.leads)


def _rectifications(work: WorkFacts) -> Sentence:
    if not work.rectifications:
        return Sentence(_("尚无整改事项。"), _rows(of="rectifications"), 0)
    text = _("共督促整改%(all)d项，经他人复查通过%(closed)d项，逾期%(overdue)d项。") % {
        "all": work.rectifications,
        "closed": work.rectifications_closed,
        "overdue": work.rectifications_overdue,
    }
    return Sentence(text, _rows(of="rectifications"), work.rectifications)


def _publications(work: WorkFacts) -> Sentence:
    if not work.publications or work.publication_on is None:
        return Sentence(_("尚无公开通报。"), _rows(of="publications"), 0)
    text = _("已公开通报%(count)d期，最近一期为《%(title)s》（%(on)s）。") % {
        "count": work.publications,
        "title": work.publication_title,
        "on": _day(work.publication_on),
    }
    return Sentence(text, _rows(of="publications"), work.publications)


_FINDINGS = {"SAFEGUARDS": _audit_findings, "SUPERVISION": _supervision_findings}


def _closing(pillar: PillarFacts) -> Sentence:
    """The pillar's closing line: its aim, how many measures have evidence, and that effect is not estimated."""
    proven = sum(1 for measure in pillar.measures if measure.evidence)
    text = _("%(label)s：%(aim)s。%(all)d项措施中%(proven)d项已有佐证；效果尚未评估。") % {
        "label": pillar.closing_label,
        "aim": pillar.target_effect,
        "all": len(pillar.measures),
        "proven": proven,
    }
    return Sentence(text, _rows(of="measures", pillar=pillar.pillar), len(pillar.measures))


def _table_row(pillar: PillarFacts) -> TableRow:
    return TableRow(pillar.keyword, pillar.table_measures, pillar.target_effect, _("尚未评估"))


def _conclusion(pillars: list[PillarFacts]) -> tuple[Sentence, ...]:
    """What may be concluded today, and what may not."""
    measures = [measure for pillar in pillars for measure in pillar.measures]
    proven = sum(1 for measure in measures if measure.evidence)
    overdue = sum(measure.overdue for measure in measures)
    without = len(measures) - proven
    standing = (
        _("以上%(all)d项措施中，%(proven)d项已有佐证，%(without)d项尚无佐证。")
        % {"all": len(measures), "proven": proven, "without": without}
        if without
        else _("以上%(all)d项措施均已有佐证。") % {"all": len(measures)}
    )
    return (
        Sentence(standing, _rows(of="measures"), len(measures)),
        Sentence(
            _("尚有逾期责任%(overdue)d项。") % {"overdue": overdue}, _rows(of="assignments", state="OVERDUE"), overdue
        )
        if overdue
        else Sentence(_("没有逾期责任。"), _rows(of="assignments", state="OVERDUE"), 0),
        Sentence(_("措施对教育生态和教师队伍的效果尚未评估，在评估之前不作判断。"), _rows(of="measures")),
    )
