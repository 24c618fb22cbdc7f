"""Qingqu: clean-governance platform for a district education authority."""

__version__ = "0.1.0"
