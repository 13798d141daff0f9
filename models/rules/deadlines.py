"""Finds deadlines without a date near an offer: "only this weekend", "the price holds until Friday"."""

from bisect import bisect_left
from collections.abc import Sequence

import regex

from models.domains import Span
from models.rules.lexicons import find
from models.rules.nearness import near

_AMOUNT = regex.compile(r"\d\s?[%٪€$£¥₹₴₪₦元円]|[€$£¥₹₴₪₦]\s?\d")
_GAP = 16
_REACH = 60
_LONGEST = 100
"""Maximum length of a matched offer phrase, in characters."""


def deadlines(text: str, stated: str) -> list[Span]:
    """Return the deadlines that `stated` lacks, where the same sentence names an offer or an amount."""
    found = sorted({*find(text, "deadlines", "only"), *_until_a_day(text)})
    if not found:
        return []
    known = stated.casefold()
    unknown = [span for span in found if text[span.start : span.end].casefold() not in known]
    amounts = [Span(*amount.span()) for amount in _AMOUNT.finditer(text)]
    offers = sorted([*find(text, "deadlines", "offer"), *amounts])
    return [span for span in unknown if _is_near(text, span, offers)]


def _is_near(text: str, span: Span, offers: Sequence[Span]) -> bool:
    around = _between(offers, span.start - _REACH - _LONGEST, span.end + _REACH)
    return bool(near(text, [span], around, characters=_REACH))


def _until_a_day(text: str) -> list[Span]:
    """Return spans such as "until next Friday"."""
    untils = find(text, "deadlines", "until")
    days = find(text, "deadlines", "day") if untils else []
    return [
        Span(until.start, day.end)
        for until in untils
        for day in _between(days, until.end + 1, until.end + _GAP)
        if _leads(text[until.end : day.start])
    ]


def _between(spans: Sequence[Span], first: int, last: int) -> Sequence[Span]:
    """Return the spans that start between `first` and `last`, inclusive; `spans` is sorted."""
    return spans[bisect_left(spans, (first,)) : bisect_left(spans, (last + 1,))]


def _leads(between: str) -> bool:
    """Return whether the text in between is empty or one word such as "next" or "this"."""
    words = regex.findall(r"\w+", between)
    return len(words) <= 1 and all(find(word, "deadlines", "which") for word in words)
