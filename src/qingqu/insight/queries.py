"""Reading the facts of the live answer, in a fixed number of queries whatever the records."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from qingqu.deployments import queries as deployments
from qingqu.insight.composition import compose
from qingqu.insight.rules import understand
from qingqu.insight.types import (
    Answer,
    Asked,
    DirectiveFacts,
    Facts,
    MeasureFacts,
    Mention,
    Mentions,
    PillarFacts,
    WorkFacts,
)
from qingqu.kernel.core import search
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.org import queries as org
from qingqu.kernel.publications import queries as publications
from qingqu.pillars.audit import queries as audit
from qingqu.pillars.leads import queries as leads
from qingqu.pillars.rectification import queries as rectification

NOTICE = "NOTICE"
"""The kind of publication that the answer counts as a notice of a typical case."""


SHOWN = 5
"""How many texts that mention the question's words the answer names."""


def answer(question: str, *, at: datetime) -> Answer:
    """The live answer to a question, from the records as they stand at ``at``."""
    found = facts(at=at)
    asked = understand(question, found.pillars)
    return compose(asked, found, mentions=_mentions(asked))


def _mentions(asked: Asked) -> Mentions:
    """The public texts in which all words of the question stand; none for a question about the whole."""
    if not asked.terms:
        return Mentions()
    found = search.find(" ".join(asked.terms))
    latest = tuple(Mention(hit.plain_title, hit.url, hit.dated_on) for hit in found.rows[:SHOWN])
    return Mentions(found.total, latest)


def facts(*, at: datetime) -> Facts:
    """Everything the answer is composed from."""
    on = local_date(at)
    issuer = org.district_name()
    return Facts(
        as_of=at,
        district=_district(issuer),
        issuer=issuer,
        directives=tuple(
            DirectiveFacts(row.pk, row.title, row.number, row.issuer, row.issued_on)
            for row in deployments.public_directives()
        ),
        pillars=_pillars(on),
        work=_work(at, on),
    )


def _district(name: str) -> str:
    """The district's name, from its top unit's: 清源区教育局 speaks for 清源区; 本区 while there is no unit."""
    return name.removesuffix("教育局").removesuffix("教育委员会") or name or _("本区")


def _pillars(on: date) -> tuple[PillarFacts, ...]:
    return tuple(
        PillarFacts(
            pillar=str(pillar.pillar),
            number=pillar.number,
            title=pillar.title,
            keyword=pillar.keyword,
            table_measures=pillar.table_measures,
            target_effect=pillar.target_effect,
            closing_label=pillar.closing_label,
            measures=tuple(
                MeasureFacts(
                    measure.measure_id,
                    measure.key,
                    measure.name,
                    measure.means,
                    measure.units,
                    measure.accepted,
                    measure.decomposed,
                    measure.done,
                    measure.overdue,
                    measure.evidence,
                    measure.evidence_on,
                )
                for measure in pillar.measures
            ),
        )
        for pillar in deployments.pillar_summary(on=on)
    )


def _work(at: datetime, on: date) -> WorkFacts:
    audited = audit.counts()
    received = leads.public_figures()
    ordered = rectification.figures(on=on)
    notices = publications.standing(at, kind=NOTICE)
    latest = notices.first()
    return WorkFacts(
        audit_runs=audited["runs"],
        flags=audited["flags"],
        flags_triaged=audited["triaged"],
        flags_to_lead=audited["to_lead"],
        leads=received["received"],
        leads_disposed=received["disposed"],
        rectifications=ordered.ordered,
        rectifications_closed=ordered.verified,
        rectifications_overdue=ordered.overdue,
        publications=notices.count(),
        publication_title=latest.shown_title if latest else "",  # type: ignore[attr-defined]
        publication_number=(latest.number or "") if latest else "",
        publication_on=local_date(latest.public_from) if latest and latest.public_from else None,
    )
