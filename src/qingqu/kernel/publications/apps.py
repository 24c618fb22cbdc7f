"""The publications package as Django sees it."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """The publish gate."""

    name = "qingqu.kernel.publications"
    label = "publications"

    def ready(self) -> None:
        """Declare the package's events and tell how publications are found."""
        from qingqu.kernel.files import subjects  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.publications import queries  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "publication.drafted": "起草公开件",
                "publication.edited": "修改公开件",
                "publication.submitted": "公开件送审",
                "publication.returned": "公开件退回",
                "publication.trace_confirmed": "确认保留可识别内容",
                "publication.published": "发布",
                "publication.corrected": "更正",
                "publication.withdrawn": "撤回",
            }
        )
        subjects.register(queries.KIND, queries.subject)
