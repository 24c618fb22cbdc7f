"""The org package as Django sees it."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """Units, people, posts and scope."""

    name = "qingqu.kernel.org"
    label = "org"

    def ready(self) -> None:
        """Declare the package's events."""
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "unit.added": "新增单位",
                "post.appointed": "任职",
                "account.opened": "开通账号",
            }
        )
