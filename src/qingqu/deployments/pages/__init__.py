"""Screens of the spine: directives, measures, assignments, coverage, import."""

from qingqu.deployments.pages import assignments, coverage, directives, exchange, measures

__all__ = ["assignments", "coverage", "directives", "exchange", "measures"]
