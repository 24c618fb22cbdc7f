"""Migrations of the petitions package."""
