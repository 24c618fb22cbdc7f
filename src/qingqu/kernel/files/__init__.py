"""Stored files: cleaned, hashed, downloaded through the matter they belong to; official documents (DOCX, PDF)."""
