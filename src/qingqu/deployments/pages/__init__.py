"""Screens of the spine: directives, measures, assignments, coverage, import, taking back."""

from qingqu.deployments.pages import assignments, coverage, directives, exchange, measures, withdrawals

__all__ = ["assignments", "coverage", "directives", "exchange", "measures", "withdrawals"]
