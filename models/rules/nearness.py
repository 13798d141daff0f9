"""Pairs matches that are near each other in one sentence."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import regex

from models.domains import Span

_LONGEST = 100
"""Maximum length of a match, in characters."""
_SENTENCE_END = regex.compile(r"[.!?。！？\n]")


def near(text: str, first: Iterable[Span], second: Iterable[Span], *, characters: int) -> list[Span]:
    """Return the spans that cover a match of each kind, in either order, at most `characters` apart."""
    others = sorted(second)
    starts = [other.start for other in others]
    pairs = (
        (one, other)
        for one in first
        for other in others[
            bisect_left(starts, one.start - characters - _LONGEST) : bisect_right(starts, one.end + characters)
        ]
    )
    return [
        Span(min(one.start, other.start), max(one.end, other.end))
        for one, other in pairs
        if _distance(one, other) <= characters and not _SENTENCE_END.search(text, *_between(one, other))
    ]


def _between(one: Span, other: Span) -> tuple[int, int]:
    return (one.end, other.start) if one.start <= other.start else (other.end, one.start)


def _distance(one: Span, other: Span) -> int:
    start, end = _between(one, other)
    return max(0, end - start)
