"""Reads numbers in words by inverting CLDR's spell-out rules, in every gender and case that they produce."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from unicode_rbnf import RbnfEngine

from models.rules.lexicons import primary
from models.standing.tokens import Token, tokens

_SPELT_OUT = (*range(101), *range(200, 1000, 100), *range(1000, 10_000, 1000))
_HUNDREDS = frozenset(range(100, 1000, 100))
_LONGEST = 5
"""Tokens of the longest number word: quatre-vingt-dix."""
_JOINERS = {"and", "und", "et", "y", "e", "en", "i", "og", "och"}


class _Words(NamedTuple):
    """The number words of a language."""

    values: dict[tuple[str, ...], int]
    beginnings: frozenset[str]
    """First tokens of them."""
    hundreds: tuple[str, ...]
    """Hundreds that are one word, the longest first."""


def numbers(text: tuple[Token, ...], language: str) -> Iterator[tuple[int, int, int]]:
    """Yield the numbers that words of a language name: first token, token after the last, value."""
    words = _words(primary(language).partition("-")[0])
    at = 0
    while at < len(text):
        end, value = _number(text, at, words)
        if value is not None:
            yield at, end, value
        at = max(end, at + 1)


def _number(text: tuple[Token, ...], at: int, words: _Words) -> tuple[int, int | None]:
    """Return the end and the value of the number that begins at a token; None: none begins there."""
    end, value = _longest(text, at, words)
    if value is None or value < 100:
        return end, value
    rest_at = end + 1 if end < len(text) and text[end].text in _JOINERS else end
    rest_end, rest = _number(text, rest_at, words) if rest_at < len(text) else (end, None)
    is_rest = rest is not None and 0 < rest < (100 if value < 1000 else 1000)
    return (rest_end, value + (rest or 0)) if is_rest else (end, value)


def _longest(text: tuple[Token, ...], at: int, words: _Words) -> tuple[int, int | None]:
    if text[at].text not in words.beginnings:
        return at + 1, _compound(text[at].text, words)
    for end in range(min(at + _LONGEST, len(text)), at, -1):
        spelt = tuple(token.text for token in text[at:end] if token.text != "-")
        if spelt in words.values and text[end - 1].text != "-":
            return end, words.values[spelt]
    return at + 1, None


def _compound(word: str, words: _Words) -> int | None:
    """Return the value of hundreds and a rest in one word: zweihundertfünfzig."""
    for hundreds in words.hundreds:
        if word.startswith(hundreds):
            rest = words.values.get((word.removeprefix(hundreds),))
            return words.values[(hundreds,)] + rest if rest and rest < 100 else None
    return None


@cache
def _words(language: str) -> _Words:
    found: dict[tuple[str, ...], int] = {}
    for value, spelt in _spelt_out(language):
        key = tuple(token.text for token in tokens(spelt.replace("\xad", "")) if token.text != "-")
        found.setdefault(key, value)
        if value == 100 and len(key) > 1:
            # "a hundred" is as good as "one hundred"
            found.setdefault(key[1:], value)
    beginnings = frozenset(key[0] for key in found)
    hundreds = tuple(key[0] for key, value in found.items() if value in _HUNDREDS and len(key) == 1)
    return _Words(found, beginnings, tuple(sorted(hundreds, key=len, reverse=True)))


def _spelt_out(language: str) -> Iterator[tuple[int, str]]:
    try:
        engine = RbnfEngine.for_language(language)
    except ValueError:
        return
    for value in _SPELT_OUT:
        for ruleset, spelt in engine.format_number(value).text_by_ruleset.items():
            if "ordinal" not in ruleset and "year" not in ruleset and not spelt[:1].isdigit():
                yield value, spelt
