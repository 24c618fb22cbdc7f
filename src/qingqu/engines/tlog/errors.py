"""The one base of everything the log engine refuses."""


class TlogError(ValueError):
    """Something of a log does not hold; ``code`` is stable, the message says what is wrong.

    ``fields`` holds the numbers and names of the message, so that a caller can say it in another language.
    """

    code = "TLOG"

    def __init__(self, message: str, **fields: int | str) -> None:
        """Keep the sentence and what it speaks of."""
        super().__init__(message)
        self.fields = fields
