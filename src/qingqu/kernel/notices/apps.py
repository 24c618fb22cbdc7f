"""The notices package as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class NoticesConfig(AppConfig):
    """Notices to people."""

    name = "qingqu.kernel.notices"
    label = "notices"

    def ready(self) -> None:
        """Declare the package's event and listen to what happens to duties."""
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.notices import operations, tasks  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "notices.channels_chosen": _("选择通知方式"),
                "notices.feed_opened": _("开通日历订阅"),
                "notices.feed_closed": _("停止日历订阅"),
            }
        )
        operations.use_queue(tasks.deliver.enqueue)
        for kind in ("duty.reminded", "duty.escalated"):
            ledger.subscribe(kind, operations.tell_of_duty)
        for kind in ("duty.extended", "duty.paused", "duty.resumed", "duty.recounted"):
            ledger.subscribe(kind, operations.tell_of_change)
        ledger.subscribe("post.appointed", operations.tell_of_handover)
