"""Tests of the official documents."""
