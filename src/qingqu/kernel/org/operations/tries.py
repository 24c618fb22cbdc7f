"""Counting sign-in tries so that guessing is slow, and nobody can shut another person out."""

from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Greatest

from qingqu.kernel.org.models import SignInTries

TRIES = 10
"""Tries a window: "Slow Down Online Guessing Attacks with Device Cookies" (OWASP) leaves N to the site."""

WINDOW = timedelta(minutes=15)
"""How long tries are remembered, and therefore how long anything typed here leaves a trace."""


def take_try(key: str, *, at: datetime) -> bool:
    """Whether one more try under ``key`` is allowed; it counts before the password is looked at.

    Counting first leaves no gap for many tries at once. Tries whose window has ended are forgotten on the way.
    """
    SignInTries.objects.filter(since__lte=at - WINDOW).delete()
    SignInTries.objects.bulk_create([SignInTries(key=key, since=at)], ignore_conflicts=True)
    return bool(SignInTries.objects.filter(key=key, tries__lt=TRIES).update(tries=F("tries") + 1))


def return_try(key: str) -> None:
    """Give back a try that turned out to be the right password."""
    SignInTries.objects.filter(key=key).update(tries=Greatest(F("tries") - 1, 0))
