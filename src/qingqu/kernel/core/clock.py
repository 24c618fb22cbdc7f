"""The clock, read only at the doors (pages, api, tasks, command line)."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware; domain code receives it as ``at``."""
    return timezone.now()


def today() -> date:
    """Today's date in the district's time zone; domain code receives it as ``on``."""
    return timezone.localdate()


def local_date(at: datetime) -> date:
    """The district's calendar date of a moment."""
    return timezone.localtime(at).date()
