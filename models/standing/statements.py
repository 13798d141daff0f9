"""Reads a sentence: its subject, the values it names, what it denies, and its classes of words."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from models.grounding import codes_in, normalised
from models.standing.hours import Hours, hours
from models.standing.marks import Kind, Marks, Value, marks
from models.standing.stems import stem
from models.standing.tags import CONCEPTS, Tags, cut, table, tagged
from models.standing.tokens import is_dense
from models.standing.values import values

_EMPTY = {
    "function",
    "light",
    "greeting",
    "thanks",
    "closing",
    "sorry",
    "polar",
    "to",
    "at",
    "clock",
    "exception",
    "for",
    "currencies",
}
"""Classes that carry no subject."""
_DENYING = {"negation", "without", "closed"}
_PAIR = 2
_WITHOUT, _BESIDE = 2, 2
"""Words that a "without" denies, and tokens from "free" to what is free."""
_SIGNS = {",", ";", ":", ".", "!", "?", "(", ")", "–", "—", "、", "。", "،", ""}
_COURTESY = {"greeting", "thanks", "closing", "sorry"}


class Statement(NamedTuple):
    """What one sentence says."""

    text: str
    words: frozenset[str]
    """Stems of the words that carry its subject; pairs of characters where a script has no spaces."""
    concepts: frozenset[str]
    values: tuple[Value, ...]
    """Without days and times, which `hours` has."""
    hours: tuple[Hours, ...]
    codes: frozenset[str]
    """Coupon codes."""
    tags: frozenset[str]
    """All classes that its words are in."""
    denied: frozenset[str]
    """Those of words and concepts that it denies."""
    given: frozenset[str]
    """Words beside "free": what is free."""
    pleased: frozenset[str]
    """Words of praise among `words`."""
    marked: Marks

    @property
    def is_courtesy(self) -> bool:
        """Whether it says something polite."""
        return bool(_COURTESY & self.tags)

    @property
    def is_bare(self) -> bool:
        """Whether it names nothing: no subject, no notion, no value."""
        return not (self.words or self.concepts or self.values or self.hours or self.codes)


@lru_cache(maxsize=256)
def named(text: str, languages: tuple[str, ...]) -> tuple[str, Marks, tuple[Value, ...]]:
    """Return a text normalised, its tokens, and every value in it."""
    known, normal = table(languages), normalised(text)
    tokens = cut(text, known)
    marked = marks(tokens, list(tagged(tokens, known)))
    return normal, marked, tuple(values(normal, marked, known))


@lru_cache(maxsize=1024)
def read(text: str, languages: tuple[str, ...], today: int | None = None) -> Statement:
    """Return what a sentence says; its languages are those of `tags.languages_of`.

    `today` is the weekday that "tomorrow" is told from, Monday is 0; None: relative days are of no day.
    """
    known, normal = table(languages), normalised(text)
    tokens = cut(text, known)
    found = list(tagged(tokens, known))
    marked = marks(tokens, found)
    codes = codes_in(normal)
    coded = _places_of(codes, normal, marked)
    every = [value for value in values(normal, marked, known, today=today) if value.first not in coded]
    content = [word for word in _content(marked, every, languages) if word[0] not in coded]
    return Statement(
        text=text,
        words=frozenset(word for _, word in content),
        concepts=frozenset(tag for step in found for tag in step.tags if tag in CONCEPTS),
        values=tuple(value for value in every if value.kind not in (Kind.WEEKDAYS, Kind.TIME)),
        hours=hours(marked, every),
        codes=frozenset(codes),
        tags=frozenset(tag for step in found for tag in step.tags),
        denied=frozenset(_denied(marked, content)),
        given=frozenset(_beside(marked, "free", content)),
        pleased=frozenset(_beside(marked, "praise", content, tokens=0)),
        marked=marked,
    )


def _places_of(codes: Iterable[str], normal: str, marked: Marks) -> set[int]:
    """Return the tokens that are parts of codes."""
    spans = [found.span() for code in codes for found in re.finditer(re.escape(code), normal)]
    return {at for at, token in enumerate(marked.text) if any(start <= token.start < end for start, end in spans)}


def _content(marked: Marks, every: Iterable[Value], languages: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield the words that carry the subject: the token, and its stem."""
    taken = {at for value in every for at in range(value.first, value.end)}
    known = {at: step.tags for step in marked.begins.values() for at in range(step.first, step.end)}
    for at, token in enumerate(marked.text):
        if at in taken or not token.text[0].isalpha() or not _is_subject(known.get(at, {})):
            continue
        if is_dense(token.text):
            yield from ((at, pair) for pair in _pairs(token.text))
        elif len(token.text) > 1:
            yield at, stem(token.text, languages[0])


def _denied(marked: Marks, content: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Yield what is denied: all of a clause with a "not", what follows a "without"."""
    known = [*content, *((step.first, tag) for step in marked.begins.values() for tag in step.tags if tag in CONCEPTS)]
    clauses = _clauses(marked)
    for step in marked.begins.values():
        if "without" in step.tags:
            following = sorted(
                item for item in known if item[0] >= step.end and clauses[item[0]] == clauses[step.first]
            )
            yield from (word for _, word in following[:_WITHOUT])
        elif "negation" in step.tags and not (step.first == 0 and marked.word(step.end) in _SIGNS):
            yield from (word for at, word in known if clauses[at] == clauses[step.first])


def _beside(marked: Marks, group: str, content: Iterable[tuple[int, str]], tokens: int = _BESIDE) -> Iterator[str]:
    places = [step.first for step in marked.begins.values() if group in step.tags]
    yield from (word for at, word in content if any(abs(at - place) <= tokens for place in places))


def _clauses(marked: Marks) -> list[int]:
    """Return for each token the number of its clause."""
    number, found = 0, list[int]()
    for token in marked.text:
        number += token.text in _SIGNS
        found.append(number)
    return found


def _is_subject(tags: Tags) -> bool:
    """Whether a word is about something: no grammar, courtesy or notion, which are kept apart."""
    return not (tags.keys() & (_EMPTY | CONCEPTS | _DENYING | {"universal", "aspect"}))


def _pairs(run: str) -> Iterator[str]:
    if run[0] in _HIRAGANA and all(letter in _HIRAGANA for letter in run):
        return
    yield from (run[at : at + _PAIR] for at in range(max(1, len(run) - 1)))


_HIRAGANA = frozenset(map(chr, range(0x3041, 0x3097)))
