"""The Chinese words of written decisions and notices; figures come from the rulebook."""

from django.utils.translation import override

from qingqu.engines import statutes
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.files.documents import Document, Heading, Paragraph
from qingqu.pillars.cases import rules
from qingqu.pillars.cases.models import Decision, Respondent, SanctionChoice


def remedies(organ: str) -> str:
    """What may be done against a decision, and until when. Law: ET-14, ET-20, ET-21."""
    return (
        f"如不服本决定，可以自知道或者应当知道本决定之日起{_days(rules.REVIEW_TERM)}日内，向主管教育行政部门申请复核；"
        f"对复核决定不服的，可以自接到复核决定之日起{_days(rules.APPEAL_TERM)}日内，向其上一级行政部门提出申诉。"
        f"复核、申诉期间不停止本决定的执行，也不因申请复核、提出申诉而加重处理。（{organ}）"
    )


def _days(rule_id: str) -> str:
    return str(statutes.rule(rule_id).value)


def treatment(decision: Decision) -> str:
    """The treatment in words, with its periods."""
    words = f"给予{_chinese(decision.sanction)}"
    if months := rules.period_months(decision.sanction):
        words += f"，处分期{months}个月"
    if decision.restriction_months:
        closed = "评奖评优、职务晋升、职称评定、岗位聘用、工资晋级、申报人才计划"
        words += f"；取消其{closed}资格{decision.restriction_months}个月"
    return words + "。"


def _chinese(sanction: str) -> str:
    """A sanction's Chinese name, whatever language is being spoken."""
    with override("zh-hans"):
        return str(SanctionChoice(sanction).label)


def decision_document(row: Respondent, decision: Decision) -> Document:
    """The written decision with every element of DP-3. Raises ValueError when one is missing."""
    facts = {name: getattr(decision, name) for name in rules.ELEMENTS}
    if missing := rules.missing_elements(facts):
        raise ValueError(missing)
    return Document(
        title=f"关于对{row.person.name}同志的处理决定",
        number=decision.number,
        issuer=decision.organ,
        addressee=row.person.name,
        blocks=(
            Heading(1, "一、查明的事实"),
            Paragraph(decision.facts),
            Heading(1, "二、证据"),
            Paragraph(decision.evidence),
            Heading(1, "三、陈述申辩"),
            Paragraph("作出本决定前，已告知拟处理意见及事实、依据，并听取本人陈述申辩，未因陈述申辩加重处理。"),
            Heading(1, "四、处理决定和依据"),
            Paragraph(f"依据{decision.basis}，{treatment(decision)}"),
            Heading(1, "五、救济途径和期限"),
            Paragraph(decision.remedies),
        ),
        dated_on=decision.decided_on,
    )


def release_document(row: Respondent, decision: Decision) -> Document:
    """The notice that the period has ended. Law: ET-17."""
    return Document(
        title="期满解除通知书",
        number=f"{decision.number}-J",
        issuer=decision.organ,
        addressee=row.person.name,
        blocks=(Paragraph(f"{decision.number}号处理决定的期限已经届满，现予解除。此前因该决定限制的事项即日起恢复。"),),
        dated_on=decision.decided_on if row.released_at is None else local_date(row.released_at),
    )


def clarification(row: Respondent) -> str:
    """The words that clear a name: nothing of the report, the reporter or how it was checked. Law: WB-27."""
    return f"经调查，反映{row.case.unit.name}{row.person.name}的有关问题不属实，现予澄清。"
