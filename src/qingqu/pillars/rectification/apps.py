"""The rectification package as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class RectificationConfig(AppConfig):
    """Rectifications and their re-checks."""

    name = "qingqu.pillars.rectification"
    label = "rectification"

    def ready(self) -> None:
        """Declare the package's events and tell how rectifications are found."""
        from qingqu.kernel.files import subjects  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here
        from qingqu.pillars.rectification import models, queries  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "rectification.ordered": _("下达整改"),
                "rectification.planned": _("报送整改方案"),
                "rectification.reported": _("报告整改完成"),
                "rectification.closed": _("复核通过，销号"),
                "rectification.reopened": _("重新整改"),
            }
        )
        ledger.watch(
            queries.KIND,
            ledger.columns(
                models.Rectification,
                *("number", "title", "cause", "plan", "unit_id", "owner_id", "due_on", "state", "verified_by_id"),
                reports=("text", "reported_by_id", "verdict", "finding", "checked_by_id"),
            ),
        )
        subjects.register(queries.KIND, queries.subject, about=queries.about)
