"""The deployments package as Django sees it."""

from django.apps import AppConfig


class DeploymentsConfig(AppConfig):
    """The spine: declares its events and links events of the pillars as evidence."""

    name = "qingqu.deployments"
    label = "deployments"

    def ready(self) -> None:
        """Declare the package's events; subscribe to every kind a measure may take as evidence."""
        from qingqu.deployments.operations import link_from_event  # noqa: PLC0415 - models are ready only here
        from qingqu.deployments.rules import EVIDENCE_KINDS  # noqa: PLC0415
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415

        ledger.declare(
            {
                "directive.created": "录入部署",
                "directive.edited": "修改部署",
                "measure.put": "录入或修改措施",
                "assignment.made": "措施下达到责任岗位",
                "assignment.accepted": "承接措施",
                "assignment.decomposed": "分解措施",
                "assignment.done": "完成措施",
                "assignment.withdrawn": "撤回措施",
                "evidence.linked": "关联佐证",
            }
        )
        for kind in EVIDENCE_KINDS:
            ledger.subscribe(kind, link_from_event)
