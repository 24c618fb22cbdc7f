"""Migrations of the files package."""
