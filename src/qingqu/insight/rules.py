"""What a question asks about: words matched against the pillars, the measures and the vocabulary, nothing guessed."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from qingqu.insight.types import Asked, PillarFacts, Reach
from qingqu.insight.vocabulary import EMPTY, EMPTY_ENGLISH, PILLARS, TOPICS, WHOLE, Topic

SHORTEST = 3
"""Signs a piece of a question shares with a measure's own words before it counts; shorter words: the vocabulary."""

LONGEST = 20
"""Signs of one piece of a question that are compared."""

CUT = "|"
"""Stands where a piece of the question ends."""

HELD = "[偿效序限]"
"""Signs that make a word with 有: 有偿, 有效, 有序, 有限."""

Words = Mapping[int, str]
"""A measure's own words by its id."""


def understand(question: str, pillars: Iterable[PillarFacts]) -> Asked:
    """What the question asks about, by the words it shares with the vocabulary and with the measures themselves.

    A question without words of its own, or about deployments at large, asks about the whole. A word that names a pillar
    asks for all of it, unless a more exact word names measures in it. A question none of whose words is known asks for
    nothing that is recorded; ``terms`` are what may still be searched for.
    """
    facts = tuple(pillars)
    words = {one.measure_id: plain(f"{one.name}{CUT}{one.means}") for each in facts for one in each.measures}
    whole, topics = _whole_names(facts), {word: topic for topic in TOPICS for word in topic.said}
    text = plain(question)
    named, left = _cut(text, {**whole, **topics})
    at_large, left = _cut(left, WHOLE)
    _empty, left = _cut(left, EMPTY)
    pieces = _pieces(left)
    exact = {word: topics[word] for word in named if word in topics}
    points = {word: _holding(topic.needle, words) for word, topic in exact.items()}
    points |= {piece: _sharing(piece, words) for piece in pieces}
    measures = _settled(points)
    asked = {whole[word] for word in named if word in whole} - _narrowed(measures, exact.values(), facts)
    homeless = {topic.pillar for word, topic in exact.items() if not points[word] and not topic.finding}
    findings = frozenset(topic.finding for topic in exact.values() if topic.finding)
    if asked or homeless or measures or findings:
        known = [*named.values(), *(piece for piece in pieces if points[piece])]
        terms = {
            **{word: word for word in pieces},
            **{said: _recorded(word, exact, facts) for word, said in named.items()},
        }
        return Asked(
            question,
            Reach.PART,
            pillars=frozenset(asked | homeless),
            measures=measures,
            findings=findings,
            words=_in_order(text, known),
            terms=tuple(terms[word] for word in _in_order(text, terms)),
        )
    if at_large or not pieces:
        return Asked(question, Reach.WHOLE)
    return Asked(question, Reach.NONE, terms=_in_order(text, pieces))


def plain(text: str) -> str:
    """Small letters, plain forms; quotes and joining signs gone, every other sign a cut."""
    joined = re.sub(r"[“”‘’\"'《》〈〉「」+·]", "", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"[^\w\s]|_", CUT, joined.replace("-", " "))


def _whole_names(facts: tuple[PillarFacts, ...]) -> dict[str, str]:
    """Every word that names a pillar as a whole, its directive's own keyword among them."""
    own = {plain(pillar.keyword): pillar.pillar for pillar in facts if pillar.keyword}
    return own | {word: pillar for pillar, words in PILLARS.items() for word in words}


def _cut(text: str, words: Iterable[str]) -> tuple[dict[str, str], str]:
    """The words that stand in the text, the longest first, each as it was said, and the text with cuts in their place.

    A Chinese word is found anywhere, an English one at the beginning of a word.
    """
    found = {}
    for word in sorted(words, key=len, reverse=True):
        pattern = rf"\b{re.escape(word)}\w*" if word.isascii() else re.escape(word)
        if (match := re.search(pattern, text, flags=re.ASCII)) is not None:
            found[word] = match.group()
            text = re.sub(pattern, CUT, text, flags=re.ASCII)
    return found, text


def _pieces(text: str) -> list[str]:
    """What is left of a question once its empty words are out: runs of Chinese, and telling English words."""
    runs = re.findall(r"[a-z0-9]+|[^\W\da-z_]+", re.sub(rf"有(?!{HELD})", CUT, text))
    return list(dict.fromkeys(run[:LONGEST] for run in runs if len(run) > 1 and run not in EMPTY_ENGLISH))


def _holding(needle: str, words: Words) -> frozenset[int]:
    """The measures in whose words the needle stands."""
    return frozenset(measure for measure, own in words.items() if needle in own)


def _sharing(piece: str, words: Words) -> frozenset[int]:
    """The measures that share the longest stretch with a piece of the question; none when all stretches are short."""
    for length in range(len(piece), SHORTEST - 1, -1):
        stretches = {piece[start : start + length] for start in range(len(piece) - length + 1)}
        found = frozenset(measure for measure, own in words.items() if any(one in own for one in stretches))
        if found:
            return found
    return frozenset()


def _settled(points: Mapping[str, frozenset[int]]) -> frozenset[int]:
    """For each word, of the measures it points at, those that most words of the question point at."""
    total = Counter(measure for found in points.values() for measure in found)
    best = {word: max((total[one] for one in found), default=0) for word, found in points.items()}
    return frozenset(one for word, found in points.items() for one in found if total[one] == best[word])


def _narrowed(measures: frozenset[int], exact: Iterable[Topic], facts: tuple[PillarFacts, ...]) -> set[str]:
    """The pillars of which more exact words name a part."""
    held = {each.pillar for each in facts if any(one.measure_id in measures for one in each.measures)}
    return held | {topic.pillar for topic in exact if topic.finding}


def _recorded(word: str, exact: Mapping[str, Topic], facts: tuple[PillarFacts, ...]) -> str:
    """The word the records use: a Chinese word as it was said, for an English one the Chinese it stands for."""
    if not word.isascii():
        return word
    if word in exact:
        return exact[word].needle
    return next((each.keyword for each in facts if each.pillar == _whole_names(facts)[word]), word)


def _in_order(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """The words in the order in which they stand in the question."""
    return tuple(sorted(words, key=text.find))
