"""Finds the values of a text with their units, told apart by their neighbours: `$65.00` is not a time of day."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import regex

from models.domains import Span
from models.rules.dates import dates_in
from models.rules.finders import phones
from models.standing.numerals import numbers
from models.standing.tags import Table, Tagged, Tags
from models.standing.tokens import Token


class Kind(StrEnum):
    """What a value says."""

    MONEY = "price"
    PERCENT = "percentage"
    TIME = "time"
    WEEKDAYS = "day"
    DATE = "date"
    MEASURE = "measure"
    MULTIBUY = "offer"
    COUNT = "number"


class Value(NamedTuple):
    """One value of a text."""

    kind: Kind
    readings: frozenset[object]
    """What it may mean: 9 o'clock is morning or evening. For weekdays: all of them together."""
    unit: str
    """ISO 4217 code or unit of measure; "" where it is not said."""
    first: int
    """Its first token."""
    end: int
    """The token after its last one."""


class Number(NamedTuple):
    """A number in digits or words, not yet told what of."""

    text: str
    """As written in digits; "" where it is in words."""
    amount: Decimal
    first: int
    end: int


_NOON, _DAY_MINUTES, _HALF_DAY = 12, 24 * 60, 12 * 60
_CLOCK_TEXT = regex.compile(r"(?P<hour>[01]?\d|2[0-4])[:.](?P<minute>[0-5]\d)")
_GROUPED = regex.compile(r"\d{1,3}(?:[.,]\d{3})+")
_WORD = regex.compile(r"\p{L}")
_SLANG = {f"slang_{amount}": Decimal(amount) for amount in (5, 10, 20, 50, 100)}
_PARTS = {"half": Decimal(50), "third": Decimal(100) / 3, "quarter": Decimal(25)}
_HALF = "half of the day"
_AFTERNOON = 12 * 60 + 59
_TWO = {"two", "2", "zwei", "deux", "dos", "due", "twee", "dois", "dwie", "två"}
_NEAR = 3
"""Tokens between a part and what it is a part of: half the price."""
_WEEK = frozenset(range(7))
_PERIODS = {"noon": _NOON * 60, "midnight": 0}
_UNITS = {"currencies", "slang_money", "units", "percent", "clock", "day_periods"}
_NOT_A_COUNT = {"function", "to", "at", "weekdays", "relative_days", "open", "closed", "light"}


class Marks(NamedTuple):
    """A text's tokens and what is known of each."""

    text: tuple[Token, ...]
    begins: Mapping[int, Tagged]
    """By first token."""
    ends: Mapping[int, Tagged]
    """By the token after the last one."""

    def after(self, at: int) -> Tags:
        """Return what is known of the stretch that begins at a token."""
        return self.begins[at].tags if at in self.begins else {}

    def before(self, at: int) -> Tags:
        """Return what is known of the stretch that ends before a token."""
        return self.ends[at].tags if at in self.ends else {}

    def word(self, at: int) -> str:
        """Return a token's text; "" beyond both ends."""
        return self.text[at].text if 0 <= at < len(self.text) else ""


def marks(text: tuple[Token, ...], known: Sequence[Tagged]) -> Marks:
    """Return a text with what is known of it."""
    return Marks(text, {found.first: found for found in known}, {found.end: found for found in known})


def values(normal: str, marked: Marks, known: Table, *, today: int | None = None) -> list[Value]:
    """Return the values of a normalised text; `today` is the weekday that "tomorrow" is told from, Monday is 0."""
    whole = [Value(Kind.DATE, date.readings, "", *_places(marked.text, *date.span)) for date in dates_in(normal)]
    whole += [_phone(normal, marked, span) for span in phones(normal)]
    taken = {at for value in whole for at in range(value.first, value.end)}
    found = [*whole, *_weekdays(marked, today)]
    # a weekday may be spelt like a number's word
    taken |= {at for day in found for at in range(day.first, day.end)}
    counted = [number for number in _numbers(marked, known) if not taken & {*range(number.first, number.end)}]
    amounts = _in_24_hours(list(_amounts(marked, counted)))
    parts = list(_parts(marked))
    spoken = {at for part in parts for at in range(part.first, part.end)}
    amounts = [value for value in amounts if value.first not in spoken]
    return sorted([*found, *amounts, *_periods(marked, amounts), *parts], key=lambda value: value.first)


def _phone(normal: str, marked: Marks, span: Span) -> Value:
    """Return a phone number as one value: its groups are neither times nor counts."""
    number = Decimal("".join(filter(str.isdigit, normal[span.start : span.end])))
    return Value(Kind.COUNT, frozenset({number}), "", *_places(marked.text, *span))


def _in_24_hours(amounts: list[Value]) -> list[Value]:
    """Read small hours as mornings where the text counts to 24: "8 to 18"."""
    times = [value for value in amounts if value.kind is Kind.TIME]
    if any(time.unit for time in times) or not any(_first(time) > _AFTERNOON for time in times):
        return amounts
    return [
        value._replace(readings=frozenset({_first(value)})) if value.kind is Kind.TIME else value for value in amounts
    ]


def _first(time: Value) -> int:
    """Return the reading in 24 hours: 12 is noon."""
    readings = {int(str(reading)) for reading in time.readings}
    return _NOON * 60 if readings == {0, _NOON * 60} else min(readings)


def _places(text: tuple[Token, ...], start: int, end: int) -> tuple[int, int]:
    inside = [at for at, token in enumerate(text) if token.end > start and token.start < end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _numbers(marked: Marks, known: Table) -> list[Number]:
    found = {
        at: Number(token.text, _decimal(token.text), at, at + 1)
        for at, token in enumerate(marked.text)
        if token.text[0].isdigit()
    }
    for language in known.languages:
        for first, end, amount in numbers(marked.text, language):
            is_counted = bool(marked.after(end).keys() & _UNITS) and len(marked.word(end)) > 1
            is_paid = "for" in marked.before(first) or marked.word(first - 1) == "-"
            is_article = amount == 1 and not (is_counted or is_paid)
            is_grammar = "function" in marked.after(first) and end == first + 1 and not (is_counted or is_paid)
            if not (is_article or is_grammar):
                found.setdefault(first, Number("", Decimal(amount), first, end))
    return [found[at] for at in sorted(found)]


def _decimal(text: str) -> Decimal:
    """Return a number as it is written in any country: 1.234,50 and 1,234.50 are one."""
    if _GROUPED.fullmatch(text):
        return Decimal(regex.sub(r"[.,]", "", text))
    whole, mark, rest = text.replace(":", ".").replace(",", ".").rpartition(".")
    return Decimal(f"{whole.replace('.', '')}{mark}{rest}")


def _amounts(marked: Marks, counted: list[Number]) -> Iterator[Value]:
    at = 0
    while at < len(counted):
        number, rest = counted[at], counted[at + 1] if at + 1 < len(counted) else None
        value = _money(marked, number, rest) or _percent(marked, number) or _multibuy(marked, number, rest)
        value = value or _time(marked, number, rest) or _measure(marked, number) or _count(number)
        if number.text or number.amount != 1 or value.kind is not Kind.COUNT:
            yield value
        while at < len(counted) and counted[at].first < value.end:
            at += 1
    for place in range(len(marked.text)):
        slang = next((_SLANG[tag] for tag in marked.after(place) if tag in _SLANG), None)
        if slang is not None:
            before = next((number.amount for number in counted if number.end == place), Decimal(1))
            yield Value(Kind.MONEY, frozenset({slang * before}), "", place, place + 1)
        if "for_one" in marked.after(place):
            yield Value(Kind.MULTIBUY, frozenset({(2, 1)}), "", place, marked.begins[place].end)


def _money(marked: Marks, number: Number, rest: Number | None) -> Value | None:
    before, after = marked.before(number.first), marked.after(number.end)
    if "currencies" in after or "slang_money" in after:
        end = marked.begins[number.end].end
        cents, end = _cents(marked, end, rest)
        unit = str(after.get("currencies", ""))
        return Value(Kind.MONEY, frozenset({number.amount + cents}), unit, number.first, end)
    if _iso(marked, number.end):
        return Value(
            Kind.MONEY, frozenset({number.amount}), marked.word(number.end).upper(), number.first, number.end + 1
        )
    if "currencies" in before:
        first = marked.ends[number.first].first
        return Value(Kind.MONEY, frozenset({number.amount}), str(before["currencies"]), first, number.end)
    if _iso(marked, number.first - 1):
        return Value(
            Kind.MONEY, frozenset({number.amount}), marked.word(number.first - 1).upper(), number.first - 1, number.end
        )
    return None


_ISO = regex.compile(
    r"usd|eur|gbp|jpy|inr|uah|krw|ils|sek|nok|dkk|chf|aed|sar|mxn|brl|cad|aud|pln|ngn|czk|huf|try|cny|kr|zl"
)


def _iso(marked: Marks, at: int) -> bool:
    return (
        0 <= at < len(marked.text)
        and _ISO.fullmatch(marked.word(at)) is not None
        and (marked.text[at].is_capital or len(marked.word(at)) == 2)
    )


def _cents(marked: Marks, at: int, rest: Number | None) -> tuple[Decimal, int]:
    """Return what follows the unit: six pounds fifty."""
    joined = rest is not None and (rest.first == at or (rest.first == at + 1 and "to" in marked.after(at)))
    if rest is None or not joined or not 10 <= rest.amount < 100 or rest.amount % 1:
        return Decimal(0), at
    unit = marked.after(rest.end).keys() & {"currencies", "units", "percent", "clock", "day_periods"}
    return (Decimal(0), at) if unit else (rest.amount / 100, rest.end)


def _percent(marked: Marks, number: Number) -> Value | None:
    if "percent" in marked.after(number.end):
        return Value(Kind.PERCENT, frozenset({number.amount}), "", number.first, marked.begins[number.end].end)
    if "percent" in marked.before(number.first):
        return Value(Kind.PERCENT, frozenset({number.amount}), "", number.first - 1, number.end)
    return None


def _multibuy(marked: Marks, number: Number, rest: Number | None) -> Value | None:
    """Read "two for one" and "3x2"; what three cost is no such offer."""
    if rest is None or not 0 < rest.amount < number.amount <= 10:
        return None
    between = [token.text for token in marked.text[number.end : rest.first]]
    is_crossed = between in (["x"], ["×"]) or (between == ["+"])
    is_for = len(between) in (1, 3) and "for" in marked.after(number.end + (len(between) == 3))
    units = marked.after(rest.end).keys() & {"currencies", "units", "percent", "clock"}
    if (is_crossed or is_for) and not units and not _iso(marked, rest.end):
        return Value(Kind.MULTIBUY, frozenset({(int(number.amount), int(rest.amount))}), "", number.first, rest.end)
    return None


def _time(marked: Marks, number: Number, rest: Number | None) -> Value | None:
    parts = _CLOCK_TEXT.fullmatch(number.text)
    is_hour = number.amount % 1 == 0 and number.amount <= 24
    if not parts and not is_hour:
        return None
    hour, minute = (int(parts["hour"]), int(parts["minute"])) if parts else (int(number.amount), 0)
    end, is_marked = number.end, ":" in number.text
    if "clock" in marked.after(end):
        end, is_marked = marked.begins[end].end, True
        if rest and rest.first == end and len(rest.text) == 2 and rest.amount < 60 and not parts:
            minute, end = int(rest.amount), rest.end
    period = marked.after(end).get("day_periods") or marked.before(number.first).get("day_periods")
    if "day_periods" in marked.after(end):
        end, is_marked = marked.begins[end].end, True
    if not is_marked and not _is_told(marked, number, rest, bool(parts)):
        return None
    return Value(Kind.TIME, _minutes(hour, minute, str(period or "")), _HALF if period else "", number.first, end)


def _is_told(marked: Marks, number: Number, rest: Number | None, has_minutes: bool) -> bool:
    """Whether a bare number is a time by its neighbours: from 9, 9 to 17 h, at 10.30."""
    after = marked.after(number.end)
    if after.keys() & {"units", "currencies", "percent"} and "to" not in after:
        return False
    is_led = bool({"at", "weekdays", "short_weekdays"} & marked.before(number.first).keys())
    is_range = number.amount != 1 and rest is not None and "to" in after and rest.first == marked.begins[number.end].end
    follows = marked.word(number.end)
    is_noun = bool(_WORD.match(follows)) and not (after.keys() & _NOT_A_COUNT)
    if has_minutes:
        return is_led or is_range or "to" in marked.before(number.first)
    if is_range and rest is not None:
        return rest.amount <= 24 and _is_time_later(marked, rest, is_led)
    return (is_led or "to" in marked.before(number.first)) and not is_noun and bool(number.text)


def _is_time_later(marked: Marks, rest: Number, is_led: bool) -> bool:
    after = marked.after(rest.end)
    follows = marked.word(rest.end)
    is_noun = bool(_WORD.match(follows)) and not (after.keys() & _NOT_A_COUNT)
    return (
        bool(after.keys() & {"clock", "day_periods"})
        or ":" in rest.text
        or (is_led and not is_noun and not (after.keys() & {"currencies", "percent", "units"}))
    )


def _minutes(hour: int, minute: int, period: str) -> frozenset[object]:
    """Return the minutes of the day that a time may mean: before noon and after it, where nothing tells."""
    at = (hour % 24) * 60 + minute
    if period == "am":
        return frozenset({(hour % _NOON) * 60 + minute})
    if period == "pm":
        return frozenset({(hour % _NOON) * 60 + minute + _HALF_DAY if hour <= _NOON else at})
    return frozenset({at, (at + _HALF_DAY) % _DAY_MINUTES}) if 0 < hour <= _NOON else frozenset({at})


def _measure(marked: Marks, number: Number) -> Value | None:
    unit = marked.after(number.end).get("units")
    if unit is None and marked.word(number.end) == "-":
        unit = marked.after(number.end + 1).get("units")
    if unit is None or (not number.text and len(marked.word(number.end)) == 1):
        return None
    return Value(Kind.MEASURE, frozenset({number.amount}), str(unit), number.first, number.end + 1)


def _count(number: Number) -> Value:
    return Value(Kind.COUNT, frozenset({number.amount}), "", number.first, number.end)


def _periods(marked: Marks, amounts: list[Value]) -> Iterator[Value]:
    """Yield noon and midnight where they stand alone."""
    taken = {at for value in amounts for at in range(value.first, value.end)}
    for first, found in marked.begins.items():
        period = str(found.tags.get("day_periods", ""))
        if period in _PERIODS and first not in taken:
            yield Value(Kind.TIME, frozenset({_PERIODS[period]}), "", first, found.end)


def _parts(marked: Marks) -> Iterator[Value]:
    """Yield a half, a third, two thirds off a price as percentages."""
    for first, found in marked.begins.items():
        part = next((_PARTS[tag] for tag in found.tags if tag in _PARTS), None)
        around = range(first - _NEAR, found.end + _NEAR)
        if part is not None and any({"discount", "price"} & marked.after(at).keys() for at in around):
            times = 2 if marked.word(first - 1) in _TWO else 1
            yield Value(Kind.PERCENT, frozenset({round(part * times)}), "", first - times + 1, found.end)


def _weekdays(marked: Marks, today: int | None) -> Iterator[Value]:
    """Yield days of the week, ranges expanded."""
    days = [found for found in _days(marked, today)]
    at = 0
    while at < len(days):
        first, last = days[at], days[at + 1] if at + 1 < len(days) else None
        if last is not None and _is_range(marked, first, last):
            begin, until = (next(iter(value.readings)) for value in (first, last))
            span = {
                day % 7 for day in range(int(str(begin)), int(str(begin)) + 1 + (int(str(until)) - int(str(begin))) % 7)
            }
            yield Value(Kind.WEEKDAYS, frozenset(span), "", first.first, last.end)
            at += 2
        else:
            yield first
            at += 1


def _days(marked: Marks, today: int | None) -> Iterator[Value]:
    for first in sorted(marked.begins):
        found = marked.begins[first]
        for tag, days in (("every_day", _WEEK), ("workdays", frozenset(range(5))), ("weekend", frozenset({5, 6}))):
            if tag in found.tags:
                yield Value(Kind.WEEKDAYS, days, "", first, found.end)
        if "weekdays" in found.tags:
            yield Value(Kind.WEEKDAYS, frozenset({found.tags["weekdays"]}), "", first, found.end)
        elif "short_weekdays" in found.tags and _is_abbreviation(marked, first):
            yield Value(Kind.WEEKDAYS, frozenset({found.tags["short_weekdays"]}), "", first, found.end)
        relative = 0 if "tonight" in found.tags else found.tags.get("relative_days")
        if isinstance(relative, int):
            days = frozenset({(today + relative) % 7}) if today is not None else frozenset[object]()
            yield Value(Kind.WEEKDAYS, days, "relative", first, found.end)


def _is_abbreviation(marked: Marks, at: int) -> bool:
    """Whether a short name stands beside another one: "Mo-Fr"; "sun" alone is none."""
    others = (marked.after(at + 2), marked.after(at - 2), marked.after(at + 3), marked.after(at - 3))
    signs = {marked.word(at + 1), marked.word(at - 1)} & {"-", "–", ".", "/"}
    return bool(signs) and any("short_weekdays" in tags for tags in others)


_AND = {"and", "und", "et", "y", "e", "ed", "en", "och", "i", "و", "і"}
_BETWEEN = {"between", "zwischen", "entre", "tra", "tussen", "mellan"}


def _is_range(marked: Marks, first: Value, last: Value) -> bool:
    if len(first.readings) != 1 or len(last.readings) != 1 or first.unit or last.unit:
        return False
    words = [marked.word(at) for at in range(first.end, last.first) if marked.word(at) != "."]
    at, tags = first.end, set[str]()
    while at < last.first:
        step = marked.begins.get(at)
        if step is None and marked.word(at) != ".":
            return False
        tags |= step.tags.keys() if step else set()
        at = step.end if step else at + 1
    if not words or len(words) > 3:
        return False
    is_list = words[0] in _AND and marked.word(first.first - 1) not in _BETWEEN
    return not is_list and "to" in tags
