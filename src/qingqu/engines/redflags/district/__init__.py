"""The indicators of a Chinese education district: procurement law, contracts, payments, meals and subsidies."""

from qingqu.engines.redflags.district import contracts, payments, procurement, pupils

__all__ = ["contracts", "payments", "procurement", "pupils"]
