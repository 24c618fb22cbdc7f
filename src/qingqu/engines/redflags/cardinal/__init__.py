"""The eleven indicators of Cardinal, exactly, and the settings that its results are compared under."""

from qingqu.engines.redflags.cardinal import bidders, prices, simple

__all__ = ["bidders", "prices", "simple"]
