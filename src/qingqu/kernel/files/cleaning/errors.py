"""Why a file cannot be cleaned."""

from enum import StrEnum


class Why(StrEnum):
    """The reasons, as codes that the door puts into words."""

    BROKEN_PICTURE = "BROKEN_PICTURE"
    BROKEN = "BROKEN"
    ENCRYPTED = "ENCRYPTED"
    STUBBORN = "STUBBORN"


class Uncleanable(Exception):
    """The file is broken, encrypted, or holds metadata in a form that cannot be taken out."""

    def __init__(self, why: Why) -> None:
        """Keep the reason."""
        super().__init__(why)
        self.why = why
