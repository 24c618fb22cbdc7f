"""Migrations of the notices package."""
