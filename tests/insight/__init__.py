"""Tests of the live answer."""
