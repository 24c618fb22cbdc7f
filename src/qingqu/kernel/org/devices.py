"""Known devices: a signed cookie that keeps its owner's sign-in open while strangers guess at the user name.

After the idea of OWASP's "Slow Down Online Guessing Attacks with Device Cookies"; docs/why/lock-out.md says why.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

SALT = "qingqu.org.devices"
COOKIE_DAYS = 365
"""How long a device is known without a sign-in: an own choice, about as long as people keep a workplace."""

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Device:
    """Where a sign-in comes from: ``key`` counts its tries, ``nonce`` is empty for an unknown device."""

    key: str
    nonce: str = ""


def device_of(request: HttpRequest, username: str) -> Device:
    """The device of a request as far as it is known for a user name; an unknown one shares the name's own count.

    Known and unknown user names are treated alike: nothing is looked up.
    """
    owner = _owner(username)
    try:
        value = signing.loads(request.COOKIES.get(_cookie(owner), ""), salt=SALT, max_age=COOKIE_DAYS * DAY_SECONDS)
    except signing.BadSignature:
        return Device(_hashed("name", owner))
    if not (isinstance(value, dict) and value.get("owner") == owner):
        return Device(_hashed("name", owner))
    return Device(_hashed("device", value["nonce"]), value["nonce"])


def remember(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Make the device known for a user name, after a complete sign-in; a known one keeps its count."""
    owner = _owner(username)
    nonce = device_of(request, username).nonce or secrets.token_urlsafe(16)
    response.set_cookie(
        _cookie(owner),
        signing.dumps({"owner": owner, "nonce": nonce}, salt=SALT),
        max_age=COOKIE_DAYS * DAY_SECONDS,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _owner(username: str) -> str:
    """A keyed hash that stands for a user name."""
    return _hashed("owner", username.strip().casefold())


def _cookie(owner: str) -> str:
    """The cookie's name: one for each user of a shared computer."""
    return f"device_{owner[:12]}"


def _hashed(kind: str, value: str) -> str:
    """A hash under the installation's secret: useless to whoever copies the table."""
    return salted_hmac(f"{SALT}.{kind}", value, algorithm="sha256").hexdigest()
