"""The publications package as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class PublicationsConfig(AppConfig):
    """The publish gate."""

    name = "qingqu.kernel.publications"
    label = "publications"

    def ready(self) -> None:
        """Declare the package's events and tell how publications are found."""
        from qingqu.kernel.files import subjects  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.publications import models, queries  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "publication.drafted": _("起草公开件"),
                "publication.edited": _("修改公开件"),
                "publication.submitted": _("公开件送审"),
                "publication.returned": _("公开件退回"),
                "publication.trace_confirmed": _("确认保留可识别内容"),
                "publication.published": _("发布"),
                "publication.corrected": _("更正"),
                "publication.withdrawn": _("撤回"),
            },
            public={
                "publication.published": ("number", "ordinal", "sha256"),
                "publication.corrected": ("number", "ordinal", "sha256"),
                "publication.withdrawn": ("number",),
            },
        )
        ledger.watch(
            queries.KIND,
            ledger.columns(
                models.Publication,
                *("number", "kind", "unit_id", "names", "public_from", "withdrawn_at", "withdrawn_by_id"),
                "withdraw_reason",
                versions=("ordinal", "title", "body", "reason", "state", "author_id", "publisher_id", "copy", "sha256"),
            ),
        )
        subjects.register(queries.KIND, queries.subject)
