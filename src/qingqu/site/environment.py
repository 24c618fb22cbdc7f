"""What the installation says about itself through QINGQU_* variables."""

import os
import secrets
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from qingqu.engines.tlog.suites import Profile


class BadSetting(ValueError):
    """A QINGQU_* variable holds something that cannot be used; the message says which and what to write."""


def home() -> Path:
    """The folder for everything the installation writes: database, mart, files, secret key (QINGQU_HOME, ./var)."""
    folder = Path(os.environ.get("QINGQU_HOME", "var")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def flag(name: str) -> bool:
    """Whether a yes-or-no variable is on: ``1``, ``true``, ``yes`` or ``on``."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def secret_key() -> str:
    """QINGQU_SECRET_KEY, or a key made once and kept in the home folder, readable by its owner only."""
    if given := os.environ.get("QINGQU_SECRET_KEY"):
        return given
    path = home() / "secret_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def allowed_hosts() -> list[str]:
    """QINGQU_ALLOWED_HOSTS, separated by commas; this machine only when unset."""
    given = os.environ.get("QINGQU_ALLOWED_HOSTS", "")
    return [host.strip() for host in given.split(",") if host.strip()] or ["127.0.0.1", "localhost", "[::1]"]


def mail() -> dict[str, Any]:
    """Django's mail settings from QINGQU_SMTP_URL: ``smtp://user:password@host:port``, or ``smtps://`` for TLS at once.

    Without it no mail is sent and no notice asks for it. Raises BadSetting for another scheme.
    """
    url = os.environ.get("QINGQU_SMTP_URL", "")
    parts = urlsplit(url)
    if not url:
        return {}
    if parts.scheme not in {"smtp", "smtps"}:
        message = "QINGQU_SMTP_URL must start with smtp:// or smtps://"
        raise BadSetting(message)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "DEFAULT_FROM_EMAIL": os.environ.get("QINGQU_MAIL_FROM", ""),
    }


def number(name: str, default: int) -> int:
    """A whole number from a variable. Raises BadSetting when it holds something else."""
    given = os.environ.get(name, "")
    if given and not given.isdecimal():
        message = f"{name} must be a whole number"
        raise BadSetting(message)
    return int(given) if given else default


def log_origin() -> str:
    """The name of the public log (QINGQU_LOG_ORIGIN), else the host of QINGQU_ADDRESS, with ``/log``.

    It is written into the keys when they are made and never changes afterwards.
    """
    host = urlsplit(os.environ.get("QINGQU_ADDRESS", "")).netloc
    return os.environ.get("QINGQU_LOG_ORIGIN") or f"{host or 'qingqu.example'}/log"


def crypto_profile() -> Profile:
    """QINGQU_CRYPTO_PROFILE: ``intl`` (the default), ``gm`` or ``dual``. Raises BadSetting for another."""
    given = os.environ.get("QINGQU_CRYPTO_PROFILE") or "intl"
    if given not in {"intl", "gm", "dual"}:
        message = "QINGQU_CRYPTO_PROFILE must be intl, gm or dual"
        raise BadSetting(message)
    return cast("Profile", given)


def merge_delay_hours() -> int:
    """QINGQU_PROMISE_HOURS: how long after a promise its entry is in the published log, 24 when unset.

    A day is what logs of certificates promise (their maximum merge delay, RFC 6962). Raises BadSetting for none at all.
    """
    hours = number("QINGQU_PROMISE_HOURS", 24)
    if not hours:
        message = "QINGQU_PROMISE_HOURS must be at least 1"
        raise BadSetting(message)
    return hours


def tsa() -> tuple[str, str]:
    """The time stamping authority: QINGQU_TSA_URL with QINGQU_TSA_CERTIFICATE, a PEM file; both empty when not used.

    Raises BadSetting for one without the other: a stamp that nobody can check is none.
    """
    url, certificate = os.environ.get("QINGQU_TSA_URL", ""), os.environ.get("QINGQU_TSA_CERTIFICATE", "")
    if bool(url) != bool(certificate):
        message = "QINGQU_TSA_URL needs QINGQU_TSA_CERTIFICATE, the PEM file of the authority's certificates"
        raise BadSetting(message)
    return url, certificate


def database() -> dict[str, Any]:
    """Django's database settings from QINGQU_DATABASE_URL; SQLite in the home folder when unset.

    Accepts ``sqlite:///path`` and ``postgres://user:password@host:port/name``. Raises BadSetting for anything else.
    """
    url = os.environ.get("QINGQU_DATABASE_URL") or f"sqlite:///{home() / 'qingqu.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(url.removeprefix("sqlite:///")))
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    message = "QINGQU_DATABASE_URL must start with sqlite:/// or postgres://"
    raise BadSetting(message)


def _sqlite(path: str) -> dict[str, Any]:
    """SQLite that several processes may share: write-ahead log, writers queue from their first statement."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
        },
    }
