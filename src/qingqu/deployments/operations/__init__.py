"""Writing the spine: directives and measures, the cascade and its acts, evidence, import."""

from qingqu.deployments.operations.acts import NoShares, NotDoneBelow, NotNow, NotYours, accept, complete, decompose
from qingqu.deployments.operations.cascade import Cascaded, NotReady, cascade, withdraw
from qingqu.deployments.operations.directives import BadDirective, create, edit, put_measure
from qingqu.deployments.operations.evidence import link_evidence, link_from_event
from qingqu.deployments.operations.exchange import drop_tried, import_plan, keep_tried

__all__ = [
    "BadDirective",
    "Cascaded",
    "NoShares",
    "NotDoneBelow",
    "NotNow",
    "NotReady",
    "NotYours",
    "accept",
    "cascade",
    "complete",
    "create",
    "decompose",
    "drop_tried",
    "edit",
    "import_plan",
    "keep_tried",
    "link_evidence",
    "link_from_event",
    "put_measure",
    "withdraw",
]
