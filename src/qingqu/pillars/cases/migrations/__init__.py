"""Migrations of the publications package."""
