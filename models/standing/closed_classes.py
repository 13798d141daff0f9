"""The closed classes of a language from CLDR (by Babel): weekdays, months, units, money, relative days."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, cast

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from models.rules.lexicons import primary
from models.standing.tokens import fold, tokens

Phrase = tuple[str, ...]
"""Folded tokens."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = ("duration-", "length-", "mass-", "volume-", "area-square-", "digital-", "power-", "energy-kilo")
_RARE = ("mass-pound", "duration-quarter", "-person", "length-point", "volume-drop", "volume-pinch", "volume-jigger")
_HALVES = {"am": "am", "pm": "pm", "noon": "noon", "midnight": "midnight", "morning": "am"}
_SHORTEST_STEM = 4
_SHARED = 2
"""Currencies from which on their word for money is one: there are pounds, dollars and dinars of many countries."""


class ClosedClasses(NamedTuple):
    """The words of one language, by folded tokens."""

    weekdays: dict[Phrase, int]
    """Monday is 0. Inflected forms as far as CLDR has them."""
    short_weekdays: dict[Phrase, int]
    """Abbreviations, which are words of their own in many a text."""
    relative_days: dict[Phrase, int]
    """Days from today: tomorrow is 1."""
    months: dict[Phrase, int]
    units: dict[Phrase, str]
    currencies: dict[Phrase, str]
    """ISO 4217 codes; "" where several currencies share a name: dollars."""
    percent: dict[Phrase, str]
    day_periods: dict[Phrase, str]
    """`am`, `pm`, `noon` or `midnight`."""


@cache
def closed_classes(language: str) -> ClosedClasses:
    """Return the closed classes of a language (a BCP 47 tag); empty ones where CLDR does not know it."""
    try:
        code = primary(language).partition("-")[0]
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return ClosedClasses({}, {}, {}, {}, {}, {}, {}, {})
    # Babel's public functions format single values: inverting them needs its whole tables
    data = cast("Mapping[str, Any]", locale._data)  # pyright: ignore[reportPrivateUsage]
    return ClosedClasses(
        weekdays=_phrases(_weekdays(data)),
        short_weekdays=_phrases(_names(data["days"], ("abbreviated", "short"))),
        relative_days=_phrases(_relative_days(data)),
        months=_phrases(_names(data["months"], ("wide", "abbreviated"))),
        units=_phrases(_units(data)),
        currencies=_currencies(data, code),
        percent=_phrases((name, "%") for name in _counted(data["unit_patterns"].get("concentr-percent", {}))),
        day_periods=_phrases(_day_periods(data)),
    )


def phrase(text: str) -> Phrase:
    """Return the folded tokens of a phrase, without the full stop of an abbreviation."""
    found = tuple(token.text for token in tokens(text))
    return found[:-1] if len(found) > 1 and found[-1] == "." else found


def _phrases(names: Iterable[tuple[str, Any]]) -> dict[Phrase, Any]:
    return {key: value for name, value in names if (key := phrase(name))}


def _names(tables: Mapping[str, Any], widths: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for context in ("format", "stand-alone"):
        for width in widths:
            yield from ((name, number) for number, name in tables[context].get(width, {}).items())


def _weekdays(data: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the names, and their inflections out of "next Monday", "in two Mondays"."""
    for name, day in _names(data["days"], ("wide",)):
        yield name, day
        stem = fold(name)[:_SHORTEST_STEM]
        for sentence in _sentences(data["date_fields"].get(_DAYS[day], {})):
            for token in tokens(sentence):
                if len(stem) == _SHORTEST_STEM and token.text.startswith(stem):
                    yield token.text, day


def _sentences(field: Mapping[str, Any]) -> Iterator[str]:
    for table in ("relative", "future", "past"):
        yield from (str(text) for text in field.get(table, {}).values())


def _relative_days(data: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    yield from ((name, number) for number, name in data["date_fields"].get("day", {}).get("relative", {}).items())


def _units(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for unit, widths in data["unit_patterns"].items():
        if unit.startswith(_UNITS) and not any(part in unit for part in _RARE):
            yield from ((name, unit) for name in _counted(widths))


def _counted(widths: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of a unit beside a number: "{0} hours", "{0} h"."""
    for forms in widths.values():
        for form, pattern in forms.items() if hasattr(forms, "items") else ():
            if form != "per" and "{0}" in str(pattern):
                yield str(pattern).replace("{0}", " ").strip()


def _day_periods(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the names of the halves of a day, those of the morning last: French says "du matin" of the night too."""
    yield from sorted(_named_periods(data), key=lambda period: period[1] == "am")


def _named_periods(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for widths in data["day_periods"].values():
        for width in ("wide", "abbreviated"):
            for period, name in widths.get(width, {}).items():
                yield str(name), _HALVES.get(str(period).rstrip("12"), "pm")


def _currencies(data: Mapping[str, Any], language: str) -> dict[Phrase, str]:
    """Return the names of currencies, and the word by which each is called beside a number: pounds, euros.

    That is the word of "British pounds" that other currencies share. The currency of the language's own country is
    called by the word in its place: "złotych polskich".
    """
    counted: Mapping[str, Mapping[str, object]] = data["currency_names_plural"]
    names = {
        code: [phrase(str(form)) for form in (name, *counted.get(code, {}).values())]
        for code, name in data["currency_names"].items()
        if code in _current()
    }
    first = _is_first_shared(names.values())
    heads = {code: {form[0] if first else form[-1] for form in forms if form} for code, forms in names.items()}
    holders = Counter(head for found in heads.values() for head in found)
    own = _own_currencies(language)
    found: dict[Phrase, str] = {}
    for code, forms in names.items():
        for form in filter(None, forms):
            found[form] = code
            head = form[0] if first else form[-1]
            if holders[head] >= _SHARED or code in own:
                found[(head,)] = code if holders[head] == 1 else ""
    symbols = ((phrase(str(symbol)), code) for code, symbol in data["currency_symbols"].items() if symbol != code)
    return {**{key: code for key, code in symbols if key and code in _current()}, **found}


def _is_first_shared(names: Iterable[list[Phrase]]) -> bool:
    """Whether a language says what kind of currency it is first: dólares estadounidenses."""
    forms = [form for forms in names for form in forms if len(form) > 1]
    return len({form[0] for form in forms}) < len({form[-1] for form in forms})


def _own_currencies(language: str) -> frozenset[str]:
    """Return the currencies of the country that a language is most likely spoken in."""
    likely = get_global("likely_subtags").get(language, "")
    tender = get_global("territory_currencies").get(likely.rpartition("_")[2], ())
    return frozenset(code for code, *_ in tender) & _current()


@cache
def _current() -> frozenset[str]:
    """Return the codes of the currencies that are legal tender somewhere today."""
    tenders = get_global("territory_currencies").values()
    return frozenset(code for tender in tenders for code, _, end, is_tender in tender if end is None and is_tender)
