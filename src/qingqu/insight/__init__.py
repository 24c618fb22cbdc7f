"""Indicators and the live answer."""
