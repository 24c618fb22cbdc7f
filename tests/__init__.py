"""Tests mirror the source tree; journeys drive a real browser."""
