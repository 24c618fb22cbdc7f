"""Text as search tokens: one a Chinese character, one a Latin word or number; and snippets that mark what was found."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BREAK = "|"
"""The token that stands for anything a phrase may not reach across."""

LONGEST_WORD = 60
"""Longer runs of letters are cut here: no index key grows without bound."""

QUERY_LIMIT = 100
"""How many characters of a query are read."""

SNIPPET_BEFORE = 30
SNIPPET_AFTER = 90
"""How many characters of the text a snippet shows before and after the first match."""


@dataclass(frozen=True)
class Token:
    """A token and the span of the original text it was read from; ``is_alone``: a letter that is a token by itself."""

    word: str
    start: int
    end: int
    is_alone: bool = False


@dataclass(frozen=True)
class Part:
    """A piece of a snippet; ``is_match`` says whether it is what was searched for."""

    text: str
    is_match: bool


def read(text: str) -> list[Token]:
    """The tokens of a text in order, with BREAK between pieces separated by punctuation.

    Full-width forms count as their plain ones and capitals as small letters. White space between Chinese characters is
    no break: lines are often wrapped inside a word.
    """
    tokens: list[Token] = []
    gap = ""
    for token in _words(text):
        if token.word.isspace() or token.word == BREAK:
            gap += token.word
            continue
        if tokens and gap and not (gap.isspace() and tokens[-1].is_alone and token.is_alone):
            tokens.append(Token(BREAK, tokens[-1].end, token.start))
        gap = ""
        tokens.append(token)
    return tokens


def spaced(*texts: str) -> str:
    """The tokens of several texts as one string with a space at both ends; phrases never reach across two texts."""
    joined = f" {BREAK} ".join(" ".join(token.word for token in read(text)) for text in texts)
    return f" {joined.strip()} "


def phrases(query: str) -> list[list[str]]:
    """The phrases of a query: its pieces between white space, each a list of tokens that must stand side by side."""
    pieces = unicodedata.normalize("NFKC", query)[:QUERY_LIMIT].split()
    found = [[token.word for token in read(piece)] for piece in pieces]
    return [phrase for phrase in found if phrase]


def mark(text: str, wanted: Sequence[Sequence[str]]) -> list[Part]:
    """The whole text cut into matching and other pieces."""
    return _cut(text, 0, len(text), _spans(text, wanted))


def snippet(text: str, wanted: Sequence[Sequence[str]]) -> list[Part]:
    """The part of a text around the first match, cut into matching and other pieces; its beginning without a match."""
    spans = _spans(text, wanted)
    first = spans[0][0] if spans else 0
    start, end = max(0, first - SNIPPET_BEFORE), min(len(text), first + SNIPPET_AFTER)
    before = [Part("…", is_match=False)] if start else []
    after = [Part("…", is_match=False)] if end < len(text) else []
    return [*before, *_cut(text, start, end, spans), *after]


def _cut(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> list[Part]:
    """The text from ``start`` to ``end`` in pieces; spans that overlap an earlier one are left out."""
    parts: list[Part] = []
    at = start
    for left, right in spans:
        if left < at or right > end:
            continue
        parts += [Part(text[at:left], is_match=False)] if left > at else []
        parts.append(Part(text[left:right], is_match=True))
        at = right
    return [*parts, Part(text[at:end], is_match=False)] if at < end else parts


def _spans(text: str, wanted: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Where the phrases stand in the text, from the left, longer ones first."""
    tokens = read(text)
    words = [token.word for token in tokens]
    spans = {
        (tokens[at].start, tokens[at + len(phrase) - 1].end)
        for phrase in wanted
        for at in range(len(words) - len(phrase) + 1)
        if words[at : at + len(phrase)] == list(phrase)
    }
    return sorted(spans, key=lambda span: (span[0], -span[1]))


def _words(text: str) -> Iterator[Token]:
    """Tokens, single spaces and BREAKs as they come."""
    run, start = "", 0
    for at, original in enumerate(text):
        for letter in unicodedata.normalize("NFKC", original).casefold():
            if letter.isalnum() and not _stands_alone(letter) and len(run) < LONGEST_WORD:
                start = start if run else at
                run += letter
                continue
            if run:
                yield Token(run, start, at)
                run = ""
            yield _single(letter, at)
    if run:
        yield Token(run, start, len(text))


def _single(letter: str, at: int) -> Token:
    """One letter as a token, a space or a BREAK; a letter outside the basic plane is written as its number."""
    if letter.isalnum():
        word = letter if ord(letter) <= 0xFFFF else f"u{ord(letter):x}"  # noqa: PLR2004 - end of the basic plane
        return Token(word, at, at + 1, is_alone=_stands_alone(letter))
    return Token(" " if letter.isspace() else BREAK, at, at + 1)


def _stands_alone(letter: str) -> bool:
    """Whether a letter is a token by itself: ideographs, kana, hangul and everything outside the basic plane."""
    return letter >= "\u2e80"
