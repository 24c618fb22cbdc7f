"""Migrations of the rectification package."""
