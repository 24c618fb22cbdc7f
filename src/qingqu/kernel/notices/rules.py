"""Pure decisions about notices: where they may go and how often a failed one is tried."""

from hashlib import sha256

ROBOTS = ("wecombot", "dingtalk", "feishu")
"""Robots whose messages go to a fixed public host, so that nobody can make the server call another address."""

MOST_TRIES = 5


def is_robot(address: str) -> bool:
    """Whether an apprise address names one of the robots."""
    return address.split("://", 1)[0].lower() in ROBOTS and "://" in address


def secret_hash(secret: str) -> str:
    """What is kept of a calendar address's secret part: it is long and random, so a plain hash is enough."""
    return sha256(secret.encode()).hexdigest()


def may_retry(tries: int) -> bool:
    """Whether a dispatch that failed so many times is tried again."""
    return tries < MOST_TRIES
