"""The same answer as JSON, as plain text and as an official document."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qingqu.insight.phrases import is_chinese, numeral
from qingqu.insight.types import Answer, Sentence
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.files.documents import Document, Heading, Paragraph, Table


def as_dict(answer: Answer) -> dict[str, Any]:
    """The answer as JSON-ready data: every sentence is {text, rows, count}, ``rows`` the address of what it counts."""
    return {
        "question": answer.question,
        "reach": str(answer.reach),
        "title": answer.title,
        "as_of": answer.as_of.isoformat(),
        "introduction": _sentences(answer.introduction),
        "sections": [
            {
                "number": section.number,
                "keyword": section.keyword,
                "title": section.title,
                "measures": [
                    {
                        "measure": measure.measure_id,
                        "number": measure.number,
                        "title": measure.title,
                        "sentences": _sentences(measure.sentences),
                    }
                    for measure in section.measures
                ],
                "findings": _sentences(section.findings),
                "closing": _sentence(section.closing),
            }
            for section in answer.sections
        ],
        "table": [
            {
                "keyword": row.keyword,
                "measures": row.measures,
                "target_effect": row.target_effect,
                "verdict": row.verdict,
            }
            for row in answer.table
        ],
        "conclusion": _sentences(answer.conclusion),
        "mentions": [
            {"title": each.title, "url": each.url, "dated_on": each.dated_on.isoformat()}
            for each in answer.mentions.latest
        ],
        "suggestions": list(answer.suggestions),
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    rows = f"/answer/rows?{sentence.rows}" if sentence.rows else ""
    return {"text": sentence.text, "rows": rows, "count": sentence.count}


def _sentences(sentences: tuple[Sentence, ...]) -> list[dict[str, Any]]:
    return [_sentence(sentence) for sentence in sentences]


def as_text(answer: Answer) -> str:
    """The answer as lines for a terminal."""
    lines = [answer.title, "", joined(answer.introduction), ""]
    for section in answer.sections:
        lines.append(section.heading)
        for measure in section.measures:
            lines.append(f"  {measure.number}. {measure.title}")
            lines.append(f"     {joined(measure.sentences)}")
        if section.findings:
            lines.append(f"  {joined(section.findings)}")
        lines.extend((f"  {section.closing.text}", ""))
    if answer.table:
        lines.append(" | ".join(table_head()))
        lines.extend(f"{row.keyword} | {row.measures} | {row.target_effect} | {row.verdict}" for row in answer.table)
        lines.append("")
    if answer.mentions.latest:
        lines.extend((mentions_head(), *(f"  {each.dated_on} {each.title}" for each in answer.mentions.latest), ""))
    return "\n".join([*lines, *([joined(answer.conclusion)] if answer.conclusion else []), stamp(answer)])


def joined(sentences: tuple[Sentence, ...]) -> str:
    """Sentences as one paragraph."""
    gap = "" if is_chinese() else " "
    return gap.join(sentence.text for sentence in sentences)


def mentions_head() -> str:
    """The heading over the public texts that mention the question's words."""
    return _("提到这些词的公开内容")


def table_head() -> tuple[str, str, str, str]:
    """The closing table's column heads."""
    return (_("关键词"), _("部署措施"), _("目标效果"), _("实际效果"))


def stamp(answer: Answer) -> str:
    """When the answer was computed, and from what."""
    return _("以上内容由系统记录实时生成，数据截至%(day)s。") % {
        "day": date_format(local_date(answer.as_of), "DATE_FORMAT")
    }


def as_document(answer: Answer) -> Document:
    """The answer as an official document, in the same order as the page."""
    blocks: list[Heading | Paragraph | Table] = [Paragraph(joined(answer.introduction))]
    for section in answer.sections:
        blocks.append(Heading(1, section.heading))
        for measure in section.measures:
            told = {"number": numeral(measure.number), "title": measure.title}
            blocks.append(Heading(2, _("（%(number)s）%(title)s") % told))
            blocks.append(Paragraph(joined(measure.sentences)))
        if section.findings:
            blocks.append(Paragraph(joined(section.findings)))
        blocks.append(Paragraph(section.closing.text))
    rows = tuple((row.keyword, row.measures, row.target_effect, row.verdict) for row in answer.table)
    blocks += [Table(table_head(), rows)] if rows else []
    blocks += [Paragraph(joined(answer.conclusion))] if answer.conclusion else []
    blocks.append(Paragraph(stamp(answer)))
    return Document(
        title=answer.title,
        number="",
        issuer=answer.issuer,
        addressee="",
        blocks=tuple(blocks),
        dated_on=local_date(answer.as_of),
    )
