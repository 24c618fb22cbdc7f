"""Conditions on text that an index answers."""

from django.db import connection
from django.db.models import Q

LAST = "\U0010ffff"
"""The last character there is: every text that begins with something sorts before that followed by it."""


def beginning(field: str, text: str) -> Q:
    """The condition that ``field`` begins with ``text``, capitals as they are.

    SQLite looks up a beginning in an index only as a range; PostgreSQL only as LIKE, by an index for patterns.
    """
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": text})
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + LAST})
