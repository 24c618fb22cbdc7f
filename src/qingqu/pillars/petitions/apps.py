"""The petitions package as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class PetitionsConfig(AppConfig):
    """Petitions on natural-day clocks."""

    name = "qingqu.pillars.petitions"
    label = "petitions"

    def ready(self) -> None:
        """Declare the package's events and tell how petitions are found."""
        from qingqu.kernel.files import subjects  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here
        from qingqu.pillars.petitions import models, queries  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "petition.registered": _("信访登记"),
                "petition.accepted": _("受理信访"),
                "petition.refused": _("不予受理信访"),
                "petition.transferred": _("转送信访"),
                "petition.referred": _("移送纪检监察机关"),
                "petition.objected": _("对转送提出异议"),
                "petition.receipt_noted": _("登记签收回执"),
                "petition.begun": _("交承办科室办理"),
                "petition.extended": _("批准延长办理期限"),
                "petition.concluded": _("出具处理意见"),
                "petition.review_asked": _("收到复查请求"),
                "petition.reviewed": _("出具复查意见"),
                "petition.recheck_asked": _("收到复核请求"),
                "petition.hearing_opened": _("开始听证，暂停计时"),
                "petition.hearing_closed": _("听证结束，恢复计时"),
                "petition.rechecked": _("出具复核意见，信访终结"),
                "petition.closed": _("信访终结"),
            }
        )
        ledger.watch(
            queries.KIND,
            ledger.columns(
                models.Petition,
                *("number", "title", "body", "kind", "channel", "unit_id", "petitioner", "received_on", "state"),
                *("handler_id", "told", "exit_ground", "exit_on", "to_unit_id", "to_organ", "receipt"),
                *("extended_by_id", "extended_on", "extension_ground", "closed_on", "closed_by_id", "close_ground"),
                opinions=("level", "asked_on", "outcome", "request", "facts", "opinion", "basis", "issued_by_id"),
            ),
        )
        subjects.register(queries.KIND, queries.subject)
