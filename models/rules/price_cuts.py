"""Finds price reductions in a text: struck-out prices, "was … now", percentages and amounts off."""

import regex

from models.brief import BusinessContext
from models.domains import Span
from models.rules.finders import pattern_finder
from models.rules.lexicons import find
from models.rules.nearness import near

_STRUCK = pattern_finder(r"~~[^~\n]{1,30}~~|\d\u0336")
_MINUS = pattern_finder(r"(?<![\w–-])[-−–]\s?\d{1,3}\s?[%٪％]")
_AMOUNT = regex.compile(
    r"[$€£¥]\s?\d[\d.,]{0,9}"
    r"|(?<![\d.,])\d(?:[\d.,]{0,9}\d)?\s?(?:[%٪％$€£¥]|kr\b|zł\b|euros?\b|eur\b|percent\b|prozent\b|pour cent\b)",
    regex.I,
)
_REACH = 25
_REACH_OF_BEFORE = 6


def price_cuts(path: str, text: str, business: BusinessContext) -> list[Span]:
    """Return the announcements of a reduced price, without overlaps."""
    amounts = [Span(*found.span()) for found in _AMOUNT.finditer(text)]
    discounts = find(text, "price_cut", "discount", business.languages) if amounts else []
    before = find(text, "price_cut", "before", business.languages) if amounts else []
    after_before = [
        word for word in before if any(0 <= amount.start - word.end <= _REACH_OF_BEFORE for amount in amounts)
    ]
    two_prices = near(text, after_before, amounts, characters=_REACH) if len(amounts) > 1 else []
    found = [*_STRUCK(text), *_MINUS(text), *near(text, discounts, amounts, characters=_REACH), *two_prices]
    kept: list[Span] = []
    for span in sorted(found):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
