"""Migrations of the leads package."""
