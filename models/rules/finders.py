"""Finds hashtags, mentions, links and phone numbers in a text, each in linear time."""

from collections.abc import Callable

import regex

from models.domains import Span, links_on_x
from models.hashtags import LETTER

Finder = Callable[[str], list[Span]]

_ADDRESS = regex.compile(r"https?://[^\s<>\"']++", regex.I)
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_HOUR = r"(?:[01]?\d|2[0-4])(?:[.:h][0-5]\d)"
_NO_PHONE = rf"{_YEAR}-\d\d-\d\d|{_DAY}([. /-]){_MONTH}\1{_YEAR}|{_HOUR} ?[-–] ?{_HOUR}|{_YEAR} ?[-–/] ?{_YEAR}"
_NUMBER = r"[+(]{0,2}\d(?:[ ().-]{0,2}\d){7,18}|0\d{1,5} ?/ ?\d(?:[ -]?\d){4,9}|\d{3}[-.]\d{4}"
# Dates, opening hours and year ranges match first, so that they are not taken for phone numbers.
_JOINED = r"(?<![.,-])(?<![^\W\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}])"
_PHONE = regex.compile(rf"{_JOINED}(?:(?:{_NO_PHONE})(?!\d)|(?P<phone>{_NUMBER})(?![-\d_\p{{Latin}}]))")


def pattern_finder(pattern: str) -> Finder:
    """Return a finder for a pattern."""
    compiled = regex.compile(pattern)
    return lambda text: [Span(*found.span()) for found in compiled.finditer(text)]


hashtags = pattern_finder(rf"(?<![\w&/#＃])[#＃]\p{{Nd}}*+(?!\p{{Nd}}){LETTER}++")
mentions = pattern_finder(r"(?<![\w@./])@\w[\w.]*+")
cashtags = pattern_finder(r"(?<![\w$])\$[A-Za-z]{1,6}(?![\w$])")
angles = pattern_finder("[<>]")
invalid_on_x = pattern_finder("[\ufffe\ufeff\uffff]")
variables = pattern_finder(r"\{\{\s{0,5}\w{1,60}\s{0,5}\}\}")


def links(text: str) -> list[Span]:
    """Return the URLs with a scheme (any host), and the bare domains."""
    addresses = [Span(*found.span()) for found in _ADDRESS.finditer(text)]
    covered = {position for address in addresses for position in range(*address)}
    return sorted([*addresses, *(link for link in links_on_x(text) if link.start not in covered)])


def phones(text: str) -> list[Span]:
    """Return the phone numbers; dates, opening hours and year ranges do not count."""
    return [Span(*found.span("phone")) for found in _PHONE.finditer(text) if found["phone"]]
