"""The duties package as Django sees it."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """Dated obligations: declares their events and hands them over when a post changes hands."""

    name = "qingqu.kernel.duties"
    label = "duties"

    def ready(self) -> None:
        """Declare the package's events; follow appointments and the working calendar."""
        from qingqu.kernel.duties.models import Duty  # noqa: PLC0415
        from qingqu.kernel.duties.operations import follow_calendar, hand_over  # noqa: PLC0415
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "duty.assigned": "责任已下达",
                "duty.completed": "责任已办结",
                "duty.cancelled": "责任已取消",
                "duty.extended": "责任已延期",
                "duty.paused": "责任暂停计时",
                "duty.resumed": "责任恢复计时",
                "duty.recounted": "到期日重新计算",
                "duty.handed_over": "责任随岗位交接",
                "duty.reminded": "责任到期提醒",
                "duty.escalated": "责任逾期上报",
            }
        )
        ledger.watch(
            "duty",
            ledger.columns(
                Duty,
                *("title", "unit_id", "post_id", "rule_id", "start_on", "due_on", "paused_on", "pause_ground"),
                *("completed_at", "completed_by", "cancelled_at", "cancel_ground"),
            ),
        )
        ledger.subscribe("post.appointed", hand_over)
        ledger.subscribe("setting.set", follow_calendar)
