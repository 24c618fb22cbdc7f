"""The live answer, what it was asked, and the facts it is made of."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Reach(StrEnum):
    """How much of the records a question asks for."""

    WHOLE = "WHOLE"
    PART = "PART"
    NONE = "NONE"


@dataclass(frozen=True)
class Asked:
    """What a question was understood to ask for.

    ``pillars`` are asked for as a whole, ``measures`` one by one; ``findings`` are figures of the pillars' own work
    (FLAGS, LEADS, RECTIFICATIONS, PUBLICATIONS). ``words`` are the question's words that were understood, ``terms``
    what may be searched for.
    """

    question: str
    reach: Reach
    pillars: frozenset[str] = frozenset()
    measures: frozenset[int] = frozenset()
    findings: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mention:
    """A public directive or publication in which the words of a question stand."""

    title: str
    url: str
    dated_on: date


@dataclass(frozen=True)
class Mentions:
    """How many there are in all, and the latest of them."""

    total: int = 0
    latest: tuple[Mention, ...] = ()


@dataclass(frozen=True)
class MeasureFacts:
    """What the records say about one measure on a day.

    ``units`` have a duty from it; of these ``accepted``, ``decomposed`` and ``done`` are told apart; ``overdue`` is the
    number of duties past their date; ``evidence`` counts linked records, the last of ``evidence_on``.
    """

    measure_id: int
    code: str
    name: str
    means: str
    units: int = 0
    accepted: int = 0
    decomposed: int = 0
    done: int = 0
    overdue: int = 0
    evidence: int = 0
    evidence_on: date | None = None


@dataclass(frozen=True)
class PillarFacts:
    """One pillar: its words in the directive and its measures."""

    pillar: str
    number: int
    title: str
    keyword: str
    table_measures: str
    target_effect: str
    closing_label: str
    measures: tuple[MeasureFacts, ...]


@dataclass(frozen=True)
class DirectiveFacts:
    """One directive in force."""

    directive_id: int
    title: str
    number: str
    issuer: str
    issued_on: date


@dataclass(frozen=True)
class WorkFacts:
    """What the pillars' own records add: counts over the whole district, and the latest notice."""

    audit_runs: int = 0
    flags: int = 0
    flags_triaged: int = 0
    flags_to_lead: int = 0
    leads: int = 0
    leads_disposed: int = 0
    rectifications: int = 0
    rectifications_closed: int = 0
    rectifications_overdue: int = 0
    publications: int = 0
    publication_title: str = ""
    publication_number: str = ""
    publication_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """Everything one answer is composed from, as it stood at one moment."""

    as_of: datetime
    district: str
    issuer: str
    directives: tuple[DirectiveFacts, ...]
    pillars: tuple[PillarFacts, ...]
    work: WorkFacts


@dataclass(frozen=True)
class Sentence:
    """One generated sentence.

    ``rows`` is the query string of the page that lists what it counted (``of=evidence&measure=3``); empty only for
    sentences that quote nothing. ``count`` is the figure the sentence stands on, None when it has none.
    """

    text: str
    rows: str = ""
    count: int | None = None


@dataclass(frozen=True)
class MeasureAnswer:
    """One measure in the answer; ``number`` is its place in its pillar."""

    measure_id: int
    number: int
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Section:
    """One pillar in the answer, with its numbered heading (``一、强化思想引领``) and its closing line."""

    number: int
    keyword: str
    title: str
    heading: str
    measures: tuple[MeasureAnswer, ...]
    findings: tuple[Sentence, ...]
    closing: Sentence


@dataclass(frozen=True)
class TableRow:
    """One line of the closing table: 关键词, 部署措施, 目标效果, and what is known of the effect."""

    keyword: str
    measures: str
    target_effect: str
    verdict: str


@dataclass(frozen=True)
class Answer:
    """The live answer, in the founding document's shape; of a question about a part, that part alone.

    A question that the records do not answer has an introduction that says so, and ``suggestions`` of what to ask.
    """

    question: str
    reach: Reach
    title: str
    issuer: str
    as_of: datetime
    introduction: tuple[Sentence, ...]
    sections: tuple[Section, ...] = field(default=())
    table: tuple[TableRow, ...] = field(default=())
    conclusion: tuple[Sentence, ...] = field(default=())
    mentions: Mentions = Mentions()
    suggestions: tuple[str, ...] = ()
