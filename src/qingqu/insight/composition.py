"""Turning facts into the live answer's sentences. Every figure comes from the facts; nothing is said without rows."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from qingqu.insight.openings import about_a_part, about_nothing, about_the_whole, suggestions, title_of_nothing
from qingqu.insight.phrases import day, numeral, rows
from qingqu.insight.types import (
    Answer,
    Asked,
    Facts,
    MeasureAnswer,
    MeasureFacts,
    Mentions,
    PillarFacts,
    Reach,
    Section,
    Sentence,
    TableRow,
    WorkFacts,
)


def compose(asked: Asked, facts: Facts, *, mentions: Mentions | None = None) -> Answer:
    """The answer from ``facts`` to what was asked: introduction, a section a pillar, the table, the conclusion.

    Of a question about a part, that part alone; a question that no record answers is told so and what may be asked.
    ``mentions`` are the public texts in which the question's words stand.
    """
    mentions = mentions or Mentions()
    title = _("%(district)s教育系统全面从严治党最新部署及成效") % {"district": facts.district}
    if asked.reach is Reach.NONE:
        return Answer(
            question=asked.question,
            reach=asked.reach,
            title=title_of_nothing(asked, mentions),
            issuer=facts.issuer,
            as_of=facts.as_of,
            introduction=about_nothing(asked, facts, mentions),
            mentions=mentions,
            suggestions=suggestions(facts),
        )
    sections = tuple(
        section for section in (_section(pillar, facts.work, asked) for pillar in facts.pillars) if section
    )
    numbers = {section.number for section in sections}
    chosen = [measure for pillar in facts.pillars for measure in _chosen(pillar, asked)]
    is_whole = asked.reach is Reach.WHOLE
    return Answer(
        question=asked.question,
        reach=asked.reach,
        title=title if is_whole else _("%(title)s：%(words)s") % {"title": title, "words": "、".join(asked.words)},
        issuer=facts.issuer,
        as_of=facts.as_of,
        introduction=about_the_whole(facts) if is_whole else about_a_part(asked, facts, chosen, mentions),
        sections=sections,
        table=tuple(_table_row(pillar) for pillar in facts.pillars if pillar.number in numbers),
        conclusion=_conclusion(chosen, {} if is_whole else _scope(chosen)),
        mentions=mentions,
    )


def _chosen(pillar: PillarFacts, asked: Asked) -> list[MeasureFacts]:
    """The measures of a pillar that the answer is about."""
    if asked.reach is Reach.WHOLE or pillar.pillar in asked.pillars:
        return list(pillar.measures)
    return [measure for measure in pillar.measures if measure.measure_id in asked.measures]


def _section(pillar: PillarFacts, work: WorkFacts, asked: Asked) -> Section | None:
    """What the answer says of a pillar; None when it was not asked about."""
    is_all = asked.reach is Reach.WHOLE or pillar.pillar in asked.pillars
    found = {code: say for code, say in _FINDINGS.get(pillar.pillar, {}).items() if is_all or code in asked.findings}
    chosen = _chosen(pillar, asked)
    if not (is_all or chosen or found):
        return None
    places = {measure.measure_id: place for place, measure in enumerate(pillar.measures, start=1)}
    return Section(
        number=pillar.number,
        keyword=pillar.keyword,
        title=pillar.title or pillar.keyword,
        heading=_("%(number)s、%(title)s")
        % {"number": numeral(pillar.number), "title": pillar.title or pillar.keyword},
        measures=tuple(_measure(measure, places[measure.measure_id]) for measure in chosen),
        findings=tuple(say(work) for say in found.values()),
        closing=_closing(pillar),
    )


def _measure(measure: MeasureFacts, place: int) -> MeasureAnswer:
    """The measure's own words, how far it has come, what is late, what proves it."""
    sentences = [Sentence(measure.means, rows(of="measures", measure=measure.measure_id))] if measure.means else []
    sentences.append(_coverage(measure))
    if measure.overdue:
        sentences.append(
            Sentence(
                _("其中逾期%(count)d项。") % {"count": measure.overdue},
                rows(of="assignments", measure=measure.measure_id, state="OVERDUE"),
                measure.overdue,
            )
        )
    sentences.append(_evidence(measure))
    return MeasureAnswer(measure.measure_id, place, measure.name, tuple(sentences))


def _coverage(measure: MeasureFacts) -> Sentence:
    where = rows(of="assignments", measure=measure.measure_id)
    if not measure.units:
        return Sentence(_("尚未落实到单位。"), where, 0)
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
    return Sentence(text, where, measure.units)


def _evidence(measure: MeasureFacts) -> Sentence:
    where = rows(of="evidence", measure=measure.measure_id)
    if not measure.evidence or measure.evidence_on is None:
        return Sentence(_("尚无佐证。"), where, 0)
    text = _("已有佐证%(count)d条，最近一条在%(on)s。") % {"count": measure.evidence, "on": day(measure.evidence_on)}
    return Sentence(text, where, measure.evidence)


def _flags(work: WorkFacts) -> Sentence:
    """What the tracking audit found; hints, never verdicts."""
    if not work.audit_runs:
        return Sentence(_("跟踪审计尚未运行。"), rows(of="flags"), 0)
    text = _(
        "跟踪审计现有待核查提示%(flags)d条，已核查%(triaged)d条，其中转为问题线索%(to_lead)d条；提示不是结论。"
    ) % {
        "flags": work.flags,
        "triaged": work.flags_triaged,
        "to_lead": work.flags_to_lead,
    }
    return Sentence(text, rows(of="flags"), work.flags)


def _leads(work: WorkFacts) -> Sentence:
    if not work.leads:
        return Sentence(_("尚无问题线索。"), rows(of="leads"), 0)
    text = _("共受理问题线索%(leads)d件，已处置%(disposed)d件。") % {
        "leads": work.leads,
        "disposed": work.leads_disposed,
    }
    return Sentence(text, rows(of="leads"), work.leads)


def _rectifications(work: WorkFacts) -> Sentence:
    if not work.rectifications:
        return Sentence(_("尚无整改事项。"), rows(of="rectifications"), 0)
    text = _("共督促整改%(all)d项，经他人复查通过%(closed)d项，逾期%(overdue)d项。") % {
        "all": work.rectifications,
        "closed": work.rectifications_closed,
        "overdue": work.rectifications_overdue,
    }
    return Sentence(text, rows(of="rectifications"), work.rectifications)


def _publications(work: WorkFacts) -> Sentence:
    if not work.publications or work.publication_on is None:
        return Sentence(_("尚无公开通报。"), rows(of="publications"), 0)
    text = _("已公开通报%(count)d期，最近一期为《%(title)s》（%(on)s）。") % {
        "count": work.publications,
        "title": work.publication_title,
        "on": day(work.publication_on),
    }
    return Sentence(text, rows(of="publications"), work.publications)


_FINDINGS = {
    "SAFEGUARDS": {"FLAGS": _flags},
    "SUPERVISION": {"LEADS": _leads, "RECTIFICATIONS": _rectifications, "PUBLICATIONS": _publications},
}
"""The figures of the pillars' own work, by the word under which a question may ask for one alone."""


def _closing(pillar: PillarFacts) -> Sentence:
    """The pillar's closing line: its aim, how many measures have evidence, and that effect is not estimated."""
    proven = sum(1 for measure in pillar.measures if measure.evidence)
    text = _("%(label)s：%(aim)s。%(all)d项措施中%(proven)d项已有佐证；效果尚未评估。") % {
        "label": pillar.closing_label,
        "aim": pillar.target_effect,
        "all": len(pillar.measures),
        "proven": proven,
    }
    return Sentence(text, rows(of="measures", pillar=pillar.pillar), len(pillar.measures))


def _table_row(pillar: PillarFacts) -> TableRow:
    return TableRow(pillar.keyword, pillar.table_measures, pillar.target_effect, _("尚未评估"))


def _scope(measures: Iterable[MeasureFacts]) -> dict[str, str]:
    """The part of an address that names exactly these measures."""
    return {"measure": ",".join(str(measure.measure_id) for measure in measures)}


def _conclusion(measures: list[MeasureFacts], scope: dict[str, str]) -> tuple[Sentence, ...]:
    """What may be concluded today, and what may not."""
    if not measures:
        return (Sentence(_("没有相应的措施，不作结论。")),)
    proven = sum(1 for measure in measures if measure.evidence)
    overdue = sum(measure.overdue for measure in measures)
    without = len(measures) - proven
    standing = (
        _("以上%(all)d项措施中，%(proven)d项已有佐证，%(without)d项尚无佐证。")
        % {"all": len(measures), "proven": proven, "without": without}
        if without
        else _("以上%(all)d项措施均已有佐证。") % {"all": len(measures)}
    )
    late = _("尚有逾期责任%(overdue)d项。") % {"overdue": overdue} if overdue else _("没有逾期责任。")
    return (
        Sentence(standing, rows(of="measures", **scope), len(measures)),
        Sentence(late, rows(of="assignments", state="OVERDUE", **scope), overdue),
        Sentence(_("措施对教育生态和教师队伍的效果尚未评估，在评估之前不作判断。"), rows(of="measures", **scope)),
    )
