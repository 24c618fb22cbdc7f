"""Tests of the statutes engine."""
