"""Tests of the deployments package."""
