"""Fixtures of the log."""

from tests.kernel.ledger.happening import log

__all__ = ["log"]
