"""Pure decisions about notices: where they may go and how often a failed one is tried."""

ROBOTS = ("wecombot", "dingtalk", "feishu")
"""Robots whose messages go to a fixed public host, so that nobody can make the server call another address."""

MOST_TRIES = 5


def is_robot(address: str) -> bool:
    """Whether an apprise address names one of the robots."""
    return address.split("://", 1)[0].lower() in ROBOTS and "://" in address


def may_retry(tries: int) -> bool:
    """Whether a dispatch that failed so many times is tried again."""
    return tries < MOST_TRIES
