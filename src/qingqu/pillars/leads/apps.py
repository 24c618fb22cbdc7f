"""The leads package as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class LeadsConfig(AppConfig):
    """Leads: the register, the four dispositions, the clock."""

    name = "qingqu.pillars.leads"
    label = "leads"

    def ready(self) -> None:
        """Declare the package's events, tell how leads are found, and follow what comes of them elsewhere."""
        from qingqu.kernel.files import subjects  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here
        from qingqu.pillars.leads import models, operations, queries  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "lead.opened": _("问题线索登记"),
                "lead.disposition_proposed": _("提出处置意见"),
                "lead.disposed": _("处置意见获批准"),
                "lead.returned": _("处置意见退回"),
                "lead.closed": _("线索了结"),
                "lead.studied": _("处置意见集体研究"),
                "lead.talked": _("谈话函询完成"),
                "lead.merged": _("并入另一条线索"),
                "lead.fed_back": _("向实名反映人反馈"),
                "lead.intervention_recorded": _("登记过问"),
                "lead.passed_up": _("上级受理件径送"),
                "lead.alarm_raised": _("侵害未成年人报告回执"),
            }
        )
        ledger.watch(
            queries.KIND,
            ledger.columns(
                models.Lead,
                *(
                    "number",
                    "title",
                    "body",
                    "unit_id",
                    "track",
                    "evidence_sha256",
                    "received_at",
                    "state",
                    "handler_id",
                ),
                *("closed_at", "closed_by_id", "close_reason"),
                *("channel", "amount_fen", "has_named_reporter", "master_id"),
                *("fed_back_at", "fed_back_by_id", "feedback"),
                dispositions=(
                    *("kind", "reason", "proposed_by_id", "decision", "decided_by_id", "opinion"),
                    *("way_out", "review_on", "studied_on", "attendees", "attended_by", "study_note", "talked_on"),
                ),
                interventions=("who", "asked_on", "how", "about", "recorded_by_id", "recorded_at"),
            ),
        )
        ledger.watch(queries.PASSAGE, ledger.columns(models.Passage, "number", "at", "handler_id"))
        ledger.watch(queries.ALARM, ledger.columns(models.Alarm, "number", "at", "reporter_id"))
        subjects.register(queries.KIND, queries.subject, about=queries.about)
        for kind in OUTCOMES:
            ledger.subscribe(kind, operations.note_outcome)


OUTCOMES = (
    "rectification.ordered",
    "rectification.planned",
    "rectification.reported",
    "rectification.closed",
    "rectification.reopened",
    "publication.drafted",
    "publication.submitted",
    "publication.published",
    "publication.corrected",
    "publication.withdrawn",
)
"""Events of other packages that may be about something that came of a lead."""
