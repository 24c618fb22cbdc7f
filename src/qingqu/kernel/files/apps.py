"""The files package as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class FilesConfig(AppConfig):
    """Stored files and official documents."""

    name = "qingqu.kernel.files"
    label = "files"

    def ready(self) -> None:
        """Declare the package's event."""
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here

        ledger.declare({"file.stored": _("上传文件")})
