"""The letter of an opinion, with every element the rule asks for, as an official document."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from qingqu.engines import statutes
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.files.documents import Block, Document, Heading, Paragraph
from qingqu.kernel.files.documents.types import chinese_date
from qingqu.pillars.petitions import rules
from qingqu.pillars.petitions.models import Opinion, Petition
from qingqu.pillars.petitions.types import Level

LEVELS = (Level.FIRST, Level.REVIEW, Level.RECHECK)
"""The opinions in their order; a letter's ordinal counts from one."""


def letter(petition: Petition, said: Opinion) -> Document:
    """The letter of an issued opinion, always in Chinese: request, facts, opinion, basis, and the remedy with its day.

    Law: XF-15, XF-06, XF-08.
    """
    with override("zh-hans"):
        issued_on = local_date(said.issued_at) if said.issued_at else petition.received_on
        ordinal = LEVELS.index(Level(said.level)) + 1
        return Document(
            title=_("信访事项%(level)s书") % {"level": said.get_level_display()},
            number=_("%(number)s 第 %(ordinal)s 号") % {"number": petition.number, "ordinal": ordinal},
            issuer=said.organ,
            addressee=petition.petitioner or _("信访人"),
            blocks=(*_opening(petition, said), *_elements(said), *_remedy(said)),
            dated_on=issued_on,
        )


def _opening(petition: Petition, said: Opinion) -> tuple[Block, ...]:
    """What the letter answers, and when that came."""
    facts = {"title": petition.title, "number": petition.number}
    if said.asked_on:
        words = _("您于 %(day)s 就信访事项“%(title)s”（编号 %(number)s）提出的请求收悉。经审查，答复如下。")
        return (Paragraph(words % (facts | {"day": chinese_date(said.asked_on)})),)
    words = _("您反映的“%(title)s”（编号 %(number)s）于 %(day)s 收到。经办理，答复如下。")
    return (Paragraph(words % (facts | {"day": chinese_date(petition.received_on)})),)


def _elements(said: Opinion) -> tuple[Block, ...]:
    """Request, facts and reasons, opinion with its outcome, legal basis."""
    parts = (
        (_("一、信访请求"), said.request),
        (_("二、认定的事实和理由"), said.facts),
        (_("三、处理意见"), f"{said.get_outcome_display()}。{said.opinion}"),
        (_("四、法规政策依据"), said.basis),
    )
    return tuple(block for title, text in parts for block in (Heading(1, title), *_paragraphs(text)))


def _paragraphs(text: str) -> list[Block]:
    """Each line as a paragraph."""
    return [Paragraph(line.strip()) for line in text.splitlines() if line.strip()]


def _remedy(said: Opinion) -> tuple[Block, ...]:
    """What the petitioner may do next and until when; after the re-check that the matter is at its end."""
    remedy = rules.REMEDY[Level(said.level)]
    if remedy is None or said.remedy_until is None or said.served_on is None:
        words = _("本意见为复核意见。您以同一事实和理由再次提出的，不再受理。")
        return (Heading(1, _("五、其他告知事项")), Paragraph(words))
    rule = statutes.rule(rules.ASKED_BY[remedy], on=said.served_on)
    words = _(
        "不服本意见的，可以自收到之日起 %(days)s 日内，向上一级机关、单位请求%(remedy)s。本意见书于 %(served)s 送达的，"
        "请求的最后一日为 %(until)s（依据：%(basis)s）。"
    )
    facts = {
        "days": rule.value,
        "remedy": _("复查") if remedy is Level.REVIEW else _("复核"),
        "served": chinese_date(said.served_on),
        "until": chinese_date(said.remedy_until),
        "basis": rule.citation.zh,
    }
    return (Heading(1, _("五、救济途径和期限")), Paragraph(words % facts))
