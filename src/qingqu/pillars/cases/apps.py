"""The cases package as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class CasesConfig(AppConfig):
    """Cases: acceptance, investigation, hearing, decision, remedies."""

    name = "qingqu.pillars.cases"
    label = "cases"

    def ready(self) -> None:
        """Declare the package's events, tell how procedures are found, link leads, guard publications."""
        from qingqu.kernel.files import subjects  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here
        from qingqu.pillars.cases import models, operations, queries  # noqa: PLC0415 - models are ready only here
        from qingqu.pillars.leads import operations as leads  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "case.opened": _("立为案件"),
                "case.accepted": _("受理"),
                "case.investigator_appointed": _("指定调查人"),
                "case.investigated": _("开始调查"),
                "case.notified": _("告知查明情况和拟处理意见"),
                "case.heard": _("听取陈述申辩或者意见"),
                "case.supplemented": _("补充调查"),
                "case.proposed": _("学校提出建议"),
                "case.returned": _("退回建议"),
                "case.dismissed": _("不予处理"),
                "case.decided": _("作出处理决定"),
                "case.served": _("送达决定"),
                "case.filed": _("入档生效"),
                "case.released": _("期满解除"),
                "case.remedy_asked": _("申请复核或者提出申诉"),
                "case.remedy_answered": _("答复复核或者申诉"),
                "case.clarification_drafted": _("起草澄清"),
                "case.clarified": _("批准澄清"),
                "case.correction_drafted": _("起草同范围更正"),
                "case.transferred": _("办理移送"),
                "case.transfer_answered": _("登记移送反馈"),
                "case.accusation_referred": _("报请认定诬告陷害"),
            }
        )
        ledger.watch(
            queries.KIND,
            ledger.columns(
                models.Case,
                *("title", "allegation", "conduct", "acted_on", "unit_id", "school_kind"),
                *("source_kind", "source_id", "source_text", "accepted_by_id", "accepted_at"),
            ),
        )
        ledger.watch(
            queries.PERSON_KIND,
            ledger.columns(
                models.Respondent,
                *("case_id", "person_id", "conduct", "acted_on", "is_staffed", "is_manager", "is_head", "state"),
                *("facts", "evidence", "basis", "ceiling_sanction", "ceiling_months", "notified_at"),
                *("proposed_sanction", "proposed_months", "proposal", "proposed_by_id"),
                *("closing_reason", "closed_by_id", "released_at", "released_by_id"),
                statements=("voice", "text", "verified", "recorded_by_id"),
                decisions=(
                    *("number", "sanction", "restriction_months", "rank", "ceiling_rank", "ceiling_months", "facts"),
                    *("evidence", "basis", "remedies", "organ", "decided_by_id", "decided_on", "sanction_until"),
                    *("restricted_until", "served_on", "service", "binds_from", "filed_on", "filing", "set_aside_as"),
                ),
                asked=("kind", "state", "grounds", "filed_on", "outcome", "reason", "organ", "answered_by_id"),
            ),
        )
        subjects.register(queries.PERSON_KIND, queries.subject)
        ledger.subscribe("case.opened", leads.note_outcome)
        ledger.subscribe("publication.published", operations.guard_publication)
        ledger.subscribe("publication.corrected", operations.guard_publication)
