"""The audit package as Django sees it."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The tracking audit."""

    name = "qingqu.pillars.audit"
    label = "audit"

    def ready(self) -> None:
        """Declare the package's events."""
        from qingqu.kernel.files import subjects  # noqa: PLC0415
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here
        from qingqu.pillars.audit import models, queries, tasks  # noqa: PLC0415

        ledger.declare(
            {
                "audit.import_asked": "提交数据导入",
                "audit.imported": "数据导入完成",
                "audit.import_refused": "数据导入未能完成",
                "audit.reject_corrected": "退回的数据行已更正",
                "audit.run_asked": "提交跟踪审计",
                "audit.run_finished": "跟踪审计完成",
                "audit.run_refused": "跟踪审计未能完成",
                "audit.flag_triaged": "待核查提示已核查",
                "audit.parameters_changed": "审计参数调整",
            }
        )
        ledger.subscribe("audit.import_asked", tasks.import_asked)
        ledger.subscribe("audit.run_asked", tasks.run_asked)
        ledger.watch("flag", ledger.columns(models.Flag, "fingerprint", "indicator", "state"))
        subjects.register(queries.KIND, queries.subject)
