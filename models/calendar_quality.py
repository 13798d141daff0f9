"""Measures the quality of a calendar: repetition, variety and mix."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import regex
from rapidfuzz.fuzz import token_set_ratio

from models.strategy import CalendarDay
from models.vocabulary import Quality

NEAR_DUPLICATE = 80
"""`rapidfuzz` token_set_ratio at and above which two themes count as the same."""
MAX_NEAR_DUPLICATES = 1
_WORDS = regex.compile(r"\w+")
_UNSPACED = regex.compile(r"[぀-ヿ㐀-鿿฀-๿]")


def near_duplicates(themes: Sequence[str], *, brand: str) -> list[int]:
    """Return the indices of themes that repeat an earlier one, ignoring the brand's name."""
    return list(twins(themes, brand=brand))


def twins(themes: Sequence[str], *, brand: str) -> dict[int, str]:
    """Return the first earlier theme that each one repeats, by the index of the one that repeats it."""
    plain = [_plain(theme, brand) for theme in themes]
    found: dict[int, str] = {}
    for index, theme in enumerate(plain):
        twin = next((n for n in range(index) if _is_near(theme, plain[n])), None)
        if twin is not None:
            found[index] = themes[twin]
    return found


def repeats(theme: str, others: Sequence[str], *, brand: str) -> bool:
    """Return whether `theme` repeats one of `others`."""
    plain = _plain(theme, brand)
    return any(_is_near(plain, _plain(other, brand)) for other in others)


def distinct_2(themes: Sequence[str]) -> float:
    """Return the share of unique bigrams, of words (of characters in a script without spaces)."""
    bigrams = [pair for theme in themes for pair in pairwise(_tokens(theme))]
    return len(set(bigrams)) / len(bigrams) if bigrams else 1.0


def repeated_openers(themes: Sequence[str]) -> float:
    """Return the share of themes whose first two words open an earlier theme."""
    openers = [tuple(_tokens(theme)[:2]) for theme in themes]
    return 1 - len(set(openers)) / len(openers)


def measure(calendar: Sequence[CalendarDay], *, brand: str) -> list[Quality]:
    """Return the quality of a calendar."""
    themes = [day.theme for day in calendar]
    formats = Counter(day.content_type for day in calendar)
    promo = sum(day.is_promo for day in calendar) / len(calendar)
    copies = len(near_duplicates(themes, brand=brand))
    variety, openers = distinct_2(themes), repeated_openers(themes)
    most = max(formats.values()) / len(calendar)
    return [
        _quality("c.dup", copies, MAX_NEAR_DUPLICATES, hard=True, passed=copies <= MAX_NEAR_DUPLICATES),
        _quality("c.distinct2", variety, 0.85, passed=variety >= 0.85),
        _quality("c.opener", openers, 0.20, passed=openers <= 0.20),
        _quality("c.mix", promo, 0.30, passed=promo <= 0.30),
        _quality("c.type", most, 0.50, passed=most <= 0.50),
    ]


def _quality(name: str, value: float, target: float, *, passed: bool, hard: bool = False) -> Quality:
    severity = "hard" if hard else "soft"
    return Quality(name=name, value=round(value, 3), target=target, severity=severity, passed=passed)


def _is_near(theme: str, other: str) -> bool:
    return token_set_ratio(theme, other) >= NEAR_DUPLICATE


def _plain(theme: str, brand: str) -> str:
    return " ".join(_tokens(theme.casefold().replace(brand.casefold(), " ")))


def _tokens(text: str) -> list[str]:
    folded = text.casefold()
    if _UNSPACED.search(folded):
        return [character for character in folded if character.isalnum()]
    return _WORDS.findall(folded)
