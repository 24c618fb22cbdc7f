"""The first paragraph of an answer: of the whole, of a part, or that the records do not answer."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from qingqu.insight.phrases import day, is_chinese, rows
from qingqu.insight.types import Asked, Facts, MeasureFacts, Mentions, Sentence
from qingqu.kernel.core.clock import local_date


def about_the_whole(facts: Facts) -> tuple[Sentence, ...]:
    """What is in force, the latest directive, and how far it has come down the tree."""
    in_force = _in_force(facts)
    if not facts.directives:
        return in_force
    total = _totals(measure for pillar in facts.pillars for measure in pillar.measures)
    text = _(
        "围绕五个方面共有措施%(measures)d项，落实为单位责任%(units)d项，其中已承接或分解%(taken)d项，已完成%(done)d项。"
    )
    return (
        *in_force,
        Sentence(text % total, rows(of="assignments"), total["units"]),
        Sentence(_("各项措施共关联佐证%(evidence)d条。") % total, rows(of="evidence"), total["evidence"]),
    )


def about_a_part(asked: Asked, facts: Facts, measures: list[MeasureFacts], mentions: Mentions) -> tuple[Sentence, ...]:
    """What was understood and how far that part has come; then what is in force."""
    words = {"words": _quoted(asked.words)}
    if not measures:
        return (
            Sentence(_("您问的是%(words)s，没有直接与此有关的措施，下面是有关的记录。") % words),
            *_mentioned(asked, mentions),
            *_in_force(facts),
        )
    scope = {"measure": ",".join(str(measure.measure_id) for measure in measures)}
    total = _totals(measures)
    standing = _("落实为单位责任%(units)d项，其中已承接或分解%(taken)d项，已完成%(done)d项，逾期%(overdue)d项。")
    proof = _("共关联佐证%(evidence)d条。") % total if total["evidence"] else _("尚无佐证。")
    return (
        Sentence(
            _("您问的是%(words)s，有关措施%(measures)d项。") % {**words, **total},
            rows(of="measures", **scope),
            len(measures),
        ),
        Sentence(standing % total, rows(of="assignments", **scope), total["units"]),
        Sentence(proof, rows(of="evidence", **scope), total["evidence"]),
        *_mentioned(asked, mentions),
        *_in_force(facts),
    )


def title_of_nothing(asked: Asked, mentions: Mentions) -> str:
    """What an answer is called that no record gives: after the texts that mention the words, if there are any."""
    if mentions.total:
        return _("提到%(words)s的公开内容") % {"words": _quoted(asked.terms)}
    return _("没有可以回答这个问题的记录")


def about_nothing(asked: Asked, facts: Facts, mentions: Mentions) -> tuple[Sentence, ...]:
    """That no deployment, duty or evidence answers the question, what mentions it, and what may be asked."""
    keywords = ("、" if is_chinese() else ", ").join(pillar.keyword for pillar in facts.pillars)
    honest = Sentence(
        _("在部署、责任、佐证和办理记录中，没有能回答“%(question)s”的内容。") % {"question": asked.question}
    )
    offer = Sentence(
        _("可以问%(keywords)s，可以问审计提示、线索、整改、通报，也可以问部署里的任何措施。") % {"keywords": keywords}
    )
    found = _mentioned(asked, mentions)
    return (*found, honest, offer) if mentions.total else (honest, *found, offer)


def suggestions(facts: Facts) -> tuple[str, ...]:
    """Questions that the records answer."""
    return tuple(pillar.keyword for pillar in facts.pillars)


def _in_force(facts: Facts) -> tuple[Sentence, ...]:
    """How many directives are in force, and the latest."""
    on = day(local_date(facts.as_of))
    count = len(facts.directives)
    if not count:
        text = _("截至%(day)s，%(district)s尚未录入任何部署。") % {"day": on, "district": facts.district}
        return (Sentence(text, rows(of="directives"), 0),)
    latest = facts.directives[0]
    told = {"title": latest.title, "issuer": latest.issuer, "on": day(latest.issued_on)}
    return (
        Sentence(
            _("截至%(day)s，%(district)s教育系统现行部署%(count)d件。")
            % {"day": on, "district": facts.district, "count": count},
            rows(of="directives"),
            count,
        ),
        Sentence(
            _("最新一件为《%(title)s》，由%(issuer)s于%(on)s印发。") % told,
            rows(of="directives", directive=latest.directive_id),
        ),
    )


def _mentioned(asked: Asked, mentions: Mentions) -> tuple[Sentence, ...]:
    """How many public texts hold the question's words; nothing when there was nothing to search for."""
    if not asked.terms:
        return ()
    text = _("公开的部署和公开件中，提到%(words)s的有%(count)d件。")
    told = text % {"words": _quoted(asked.terms), "count": mentions.total}
    return (Sentence(told, rows(of="mentions", q=" ".join(asked.terms)), mentions.total),)


def _quoted(words: Iterable[str]) -> str:
    joined = "" if is_chinese() else ", "
    return joined.join(_("“%(word)s”") % {"word": word} for word in words)


def _totals(measures: Iterable[MeasureFacts]) -> dict[str, int]:
    rows_of = list(measures)
    return {
        "measures": len(rows_of),
        "units": sum(measure.units for measure in rows_of),
        "taken": sum(measure.accepted + measure.decomposed + measure.done for measure in rows_of),
        "done": sum(measure.done for measure in rows_of),
        "overdue": sum(measure.overdue for measure in rows_of),
        "evidence": sum(measure.evidence for measure in rows_of),
    }
