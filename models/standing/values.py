"""Finds the values of a text with their units, told apart by their neighbours: `$65.00` is not a time of day."""

from collections.abc import Iterator
from decimal import Decimal

import regex

from models.domains import Span
from models.rules.dates import dates_in
from models.rules.finders import phones
from models.standing.marks import Kind, Marks, Number, Value
from models.standing.numerals import numbers
from models.standing.quantities import count, measure, money, multibuy, parts_of_price, percentage
from models.standing.tags import Table
from models.standing.times_of_day import day_periods, in_24_hours, time_of_day
from models.standing.tokens import Token
from models.standing.weekdays import weekdays

_GROUPED = regex.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SLANG = {f"slang_{amount}": Decimal(amount) for amount in (5, 10, 20, 50, 100)}
_UNITS = {"currencies", "slang_money", "units", "percent", "clock", "day_periods"}


def values(normal: str, marked: Marks, known: Table, *, today: int | None = None) -> list[Value]:
    """Return the values of a normalised text; `today` is the weekday that "tomorrow" is told from, Monday is 0."""
    whole = [Value(Kind.DATE, date.readings, "", *_places(marked.text, *date.span)) for date in dates_in(normal)]
    whole += [_phone(normal, marked, span) for span in phones(normal)]
    taken = {at for value in whole for at in range(value.first, value.end)}
    found = [*whole, *weekdays(marked, today)]
    # a weekday may be spelt like a number's word
    taken |= {at for day in found for at in range(day.first, day.end)}
    counted = [number for number in _numbers(marked, known) if not taken & {*range(number.first, number.end)}]
    amounts = in_24_hours(list(_amounts(marked, counted)))
    parts = list(parts_of_price(marked))
    spoken = {at for part in parts for at in range(part.first, part.end)}
    amounts = [value for value in amounts if value.first not in spoken]
    return sorted([*found, *amounts, *day_periods(marked, amounts), *parts], key=lambda value: value.first)


def _phone(normal: str, marked: Marks, span: Span) -> Value:
    """Return a phone number as one value: its groups are neither times nor counts."""
    number = Decimal("".join(filter(str.isdigit, normal[span.start : span.end])))
    return Value(Kind.COUNT, frozenset({number}), "", *_places(marked.text, *span))


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
        value = money(marked, number, rest) or percentage(marked, number) or multibuy(marked, number, rest)
        value = value or time_of_day(marked, number, rest) or measure(marked, number) or count(number)
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
