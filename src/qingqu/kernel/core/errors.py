"""The one base for every anticipated failure."""

from collections.abc import Mapping


class Refused(Exception):
    """An operation was refused for a reason the user can act on.

    ``code`` is stable and listed in docs/reference/errors.md; ``message`` is for the user and says what to do;
    ``fields`` is {field name: message} for the inputs concerned.
    """

    code = "REFUSED"

    def __init__(self, message: str, *, code: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        """Keep the message and the fields; ``code`` overrides the class's own."""
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields: dict[str, str] = dict(fields or {})
