"""Why a rule or a date cannot be given; each message in both languages."""


class StatuteError(ValueError):
    """The question has no answer in the rulebook or the calendar; ``zh`` and ``en`` say why and what to do."""

    code = "STATUTE"

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences; ``str()`` gives the two on one line."""
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class UnknownRule(StatuteError):
    """No rule has that id."""

    code = "STATUTE_UNKNOWN_RULE"


class NotInForce(StatuteError):
    """The rule is not known to stand on that day."""

    code = "STATUTE_NOT_IN_FORCE"


class NoDuration(StatuteError):
    """The rule sets no single term that a date can be computed from."""

    code = "STATUTE_NO_DURATION"


FIRST_YEAR = 2004
"""The first year of the national working calendar at hand (chinesecalendar)."""


class UnknownYear(StatuteError):
    """The working calendar of a year is not at hand; it is never guessed."""

    code = "STATUTE_UNKNOWN_YEAR"

    def __init__(self, year: int) -> None:
        """Keep the year."""
        if year < FIRST_YEAR:
            zh = f"工作日历从{FIRST_YEAR}年开始，不含{year}年，无法计算工作日；请核对起算日。"
            en = f"the working calendar begins in {FIRST_YEAR} and does not hold {year}; check the starting day"
        else:
            zh = f"{year}年的放假安排尚未公布，无法计算工作日；公布后请更新工作日历。"
            en = f"the working calendar of {year} has not been published; update the calendar when it is"
        super().__init__(zh, en)
        self.year = year


class BadTerm(StatuteError):
    """A start, a pause or an extension does not hold: its days, its approver or its ground are missing or wrong."""

    code = "STATUTE_BAD_TERM"
