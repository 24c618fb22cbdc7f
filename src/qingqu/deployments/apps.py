"""The deployments package as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

DIRECTIVE = ("code", "title", "number", "issuer", "issued_on", "source_url", "summary", "text", "is_public")
MEASURE = ("key", "directive_id", "pillar", "keyword", "name", "text", "target_effect", "starts_on", "ends_on")
"""What only an event may change in a directive and in a measure."""


class DeploymentsConfig(AppConfig):
    """The spine: declares its events and links events of the pillars as evidence."""

    name = "qingqu.deployments"
    label = "deployments"

    def ready(self) -> None:
        """Declare the package's events, tell how directives are found, subscribe to every kind of evidence."""
        from qingqu.deployments import queries  # noqa: PLC0415 - models are ready only here
        from qingqu.deployments.models import Assignment, Directive, Measure  # noqa: PLC0415
        from qingqu.deployments.operations import link_from_event  # noqa: PLC0415
        from qingqu.deployments.rules import EVIDENCE_KINDS  # noqa: PLC0415
        from qingqu.kernel.files import subjects  # noqa: PLC0415
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415

        ledger.declare(
            {
                "directive.created": _("录入部署"),
                "directive.edited": _("修改部署"),
                "measure.put": _("录入或修改措施"),
                "assignment.made": _("措施下达到责任岗位"),
                "assignment.accepted": _("承接措施"),
                "assignment.decomposed": _("分解措施"),
                "assignment.done": _("完成措施"),
                "assignment.withdrawn": _("撤回措施"),
                "evidence.linked": _("关联佐证"),
            }
        )
        ledger.watch("directive", ledger.columns(Directive, *DIRECTIVE))
        ledger.watch("measure", ledger.columns(Measure, *MEASURE))
        ledger.watch("assignment", ledger.columns(Assignment, "measure_id", "unit_id", "post_id", "state"))
        for kind in EVIDENCE_KINDS:
            ledger.subscribe(kind, link_from_event)
        subjects.register(queries.KIND, queries.subject)
