"""Finds calendar dates in a text: ISO, numeric, and with month names in twelve languages. Ignores relative dates."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import regex
import yaml
from pydantic import TypeAdapter

from models.domains import Span
from models.folding import folded, holds

_MONTH_NAMES = TypeAdapter(dict[str, list[str]])
_DAY = r"(?<![\d.,/])(?P<day>\d{1,2})(?!\d)"
_FROM = r"(?<![\d.,/])(?P<other>\d{1,2})(?!\d)"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_ORDINAL = r"(?:st|nd|rd|th|er|re|º|°|ª|\.|:?[ea](?!\w))?"
_TO = r"\s?(?:[-–—/]|t/m|to|and|au|et|bis|und|al|a|y|e|ao|tot|en|till|och|do|i|по|і)\s?"
_OF = r"(?:\s{0,2}(?:of|de|di|d'|den)(?:\s|(?<='))|\s{0,2})"
_BEFORE = (
    r"(?<!\w)(?:on|by|until|till|from|le|du|au|dès le|jusqu'au|am|bis|vom|ab|zum|el|del|al|hasta|desde|il|dal|fino al"
    r"|entro il|op|tot|van|vanaf|em|até|dia|do|od|dnia|den|från|до|з|від)"
)


_ISO = regex.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_IDEOGRAPHIC = regex.compile(rf"(?<!\d)(?:{_YEAR}[年년]\s?)?(?P<month>\d{{1,2}})[月월]\s?(?P<day>\d{{1,2}})[日일]")
_NUMERIC = regex.compile(r"(?<![\d.,/-])(?P<day>\d{1,2})(\. ?|[/-])(?P<month>\d{1,2})\2(?P<year>(?:19|20)?\d\d)(?!\d)")
_NO_YEAR = regex.compile(rf"{_BEFORE}\s(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})(?![\d.,/:]*\d|\s?[%€$£])", regex.I)
_DOTTED = regex.compile(r"(?<![\d.,/-])(?P<day>\d\d)\.(?P<month>\d\d)\.(?!\d|\s?[%€$£])")


# Cheap tests that every date of a form matches; most texts fail them and need no further search.
_NUMERIC_PART = re.compile(r"\d[-./月월]")
_DAY_FIRST_PART = re.compile(r"\d(?::|[.°]?\s{0,2})[^\W\d_]")

Reading = tuple[int | None, int, int]
"""Year (None if not given), month, day."""


class FoundDate(NamedTuple):
    """A date as it stands in a text."""

    span: Span
    readings: frozenset[Reading]
    """Its possible meanings: more than one where day and month cannot be told apart."""


def dates_in(text: str) -> list[FoundDate]:
    """Return the dates in `text` (in NFKC), in order; `from 3 to 24 December` contains two."""
    kept: list[FoundDate] = []
    for date in sorted(_all_dates(text), key=lambda date: (date.span.start, -date.span.end)):
        if not kept or date.span.start >= kept[-1].span.end:
            kept.append(date)
    return kept


def is_said(date: FoundDate, known: Iterable[FoundDate]) -> bool:
    """Return whether a date matches one of the known dates; a year given on one side only does not matter."""
    said = [reading for other in known for reading in other.readings]
    return any(_is_same(reading, other) for reading in date.readings for other in said)


def _is_same(one: Reading, other: Reading) -> bool:
    return one[1:] == other[1:] and (one[0] is None or other[0] is None or one[0] == other[0])


def _all_dates(text: str) -> Iterator[FoundDate]:
    if _NUMERIC_PART.search(text):
        yield from _numeric_dates(text)
    if _DAY_FIRST_PART.search(text):
        yield from _named_dates(text, _day_first())
    if holds(text, _english_months()):
        yield from _named_dates(text, _month_first())


def _numeric_dates(text: str) -> Iterator[FoundDate]:
    for pattern in (_ISO, _IDEOGRAPHIC):
        for found in pattern.finditer(text):
            yield from _found(found.span(), found["year"], [(found["month"], found["day"])])
    for pattern in (_NUMERIC, _NO_YEAR, _DOTTED):
        for found in pattern.finditer(text):
            year = found.groupdict().get("year")
            readings = [(found["month"], found["day"])]
            if "." not in found[0] or year:
                # who writes a full stop without a year writes the day first: 10.30 is a time
                readings.append((found["day"], found["month"]))
            yield from _found(found.span(), year, readings)


def _named_dates(text: str, pattern: regex.Pattern[str]) -> Iterator[FoundDate]:
    for found in pattern.finditer(text):
        month = _month_numbers()[folded(found["month"])]
        start, end = (
            (found.start("day"), found.end()) if found.re is _day_first() else (found.start(), found.end("day"))
        )
        yield from _found((start, end), found["year"], [(month, found["day"])])
        if found["other"]:
            yield from _found(found.span("other"), found["year"], [(month, found["other"])])


def _found(
    span: tuple[int, int], year: str | None, readings: Iterable[tuple[str | int, str | int]]
) -> Iterator[FoundDate]:
    """Yield a date with the readings that are valid in a calendar, or nothing when none is."""
    full_year = int(year) + (2000 if len(year) == 2 else 0) if year else None
    pairs = ((int(month), int(day)) for month, day in readings)
    possible = frozenset((full_year, month, day) for month, day in pairs if 1 <= month <= 12 and 1 <= day <= 31)
    if possible:
        yield FoundDate(Span(*span), possible)


@cache
def _month_names() -> dict[str, list[str]]:
    text = (Path(__file__).parent / "months.yaml").read_text(encoding="utf-8")
    return _MONTH_NAMES.validate_python(yaml.load(text, Loader=yaml.CSafeLoader))


@cache
def _month_numbers() -> dict[str, int]:
    lists = _month_names().values()
    return {form: number for names in lists for number, forms in enumerate(names, 1) for form in forms.split("|")}


@cache
def _day_first() -> regex.Pattern[str]:
    names = "|".join(sorted(_month_numbers(), key=len, reverse=True))
    year = rf"(?:,?\s(?:de\s|del\s)?{_YEAR})?"
    return regex.compile(rf"(?:{_FROM}{_ORDINAL}{_TO})?{_DAY}{_ORDINAL}{_OF}(?P<month>{names})(?!\w)\.?{year}", regex.I)


@cache
def _month_first() -> regex.Pattern[str]:
    names = "|".join(sorted(_english_months(), key=len, reverse=True))
    to = rf"(?:{_ORDINAL}{_TO}(?P<other>\d{{1,2}})(?!\d))?"
    return regex.compile(
        rf"(?<!\w)(?P<month>{names})\.?\s{{1,2}}(?P<day>\d{{1,2}})(?!\d){to}{_ORDINAL}(?:,?\s{_YEAR})?"
    )


@cache
def _english_months() -> tuple[str, ...]:
    """Return English month names, capitalised: "you may 5" is not a date."""
    return tuple(form.capitalize() for names in _month_names()["en"] for form in names.split("|"))
