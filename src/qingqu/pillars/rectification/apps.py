"""The rectification package as Django sees it."""

from django.apps import AppConfig


class RectificationConfig(AppConfig):
    """Rectifications and their re-checks."""

    name = "qingqu.pillars.rectification"
    label = "rectification"

    def ready(self) -> None:
        """Declare the package's events and tell how rectifications are found."""
        from qingqu.kernel.files import subjects  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here
        from qingqu.pillars.rectification import queries  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "rectification.ordered": "下达整改",
                "rectification.planned": "报送整改方案",
                "rectification.reported": "报告整改完成",
                "rectification.closed": "复核通过,销号",
                "rectification.reopened": "重新整改",
            }
        )
        subjects.register(queries.KIND, queries.subject)
