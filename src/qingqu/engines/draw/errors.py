"""Why a draw, a match or a bundle cannot be used; each message in both languages and with the place it speaks of."""


class DrawError(ValueError):
    """The input of a draw cannot be used; ``zh`` and ``en`` say why and what to do, ``place`` where.

    ``place`` is a path into the file or the argument: ``strata.高风险[3]``, ``reveals.parents.nonce``.
    """

    code = "DRAW"

    def __init__(self, place: str, zh: str, en: str) -> None:
        """Keep place and sentences; ``str()`` gives them on one line."""
        super().__init__(f"{place}：{zh} / {place}: {en}")
        self.place = place
        self.zh = zh
        self.en = en


class BadFile(DrawError):
    """A file of a draw is not the JSON it should be."""

    code = "DRAW_BAD_FILE"


class BadShape(DrawError):
    """A value of a draw is missing, unknown or of another kind."""

    code = "DRAW_BAD_SHAPE"


class BadText(DrawError):
    """A name or an id of a draw can be written in more than one way, or hides characters."""

    code = "DRAW_BAD_TEXT"


class Duplicate(DrawError):
    """A name or an id stands twice where it must stand once."""

    code = "DRAW_DUPLICATE"


class Empty(DrawError):
    """A list of a draw that must hold something is empty."""

    code = "DRAW_EMPTY"


class TooMany(DrawError):
    """A draw asks for more entries than there are."""

    code = "DRAW_TOO_MANY"


class UnknownAlgorithm(DrawError):
    """The algorithm of a draw is not known, or this computer cannot run it."""

    code = "DRAW_UNKNOWN_ALGORITHM"


class BadDeadline(DrawError):
    """The moments of a draw are not in the order that makes it fair."""

    code = "DRAW_BAD_DEADLINE"


class WeakSources(DrawError):
    """The sources fixed for a draw leave too few possible outcomes."""

    code = "DRAW_WEAK_SOURCES"


class BadCommitment(DrawError):
    """A commitment is not one: malformed, the same as another party's, or of nobody who takes part."""

    code = "DRAW_BAD_COMMITMENT"


class BadReveal(DrawError):
    """What a party reveals is not what it committed to."""

    code = "DRAW_BAD_REVEAL"


class NoLateSource(DrawError):
    """A party did not reveal, and no public source after the reveal deadline takes the advantage away."""

    code = "DRAW_NO_LATE_SOURCE"


class BadSourceValue(DrawError):
    """The value entered for a public source is missing or impossible."""

    code = "DRAW_BAD_SOURCE_VALUE"


class BadBeacon(DrawError):
    """A drand beacon is not the one promised, or is not genuine."""

    code = "DRAW_BAD_BEACON"


class UnknownEntry(DrawError):
    """An entry, a stratum or a school is not part of this draw or match."""

    code = "DRAW_UNKNOWN_ENTRY"
