"""Reads amounts: money, percentages, "two for one", measures and counts."""

from collections.abc import Iterator
from decimal import Decimal

import regex

from models.standing.marks import Kind, Marks, Number, Value

_PARTS = {"half": Decimal(50), "third": Decimal(100) / 3, "quarter": Decimal(25)}
_TWO = {"two", "2", "zwei", "deux", "dos", "due", "twee", "dois", "dwie", "två"}
_NEAR = 3
"""Tokens between a part and what it is a part of: half the price."""
_ISO = regex.compile(
    r"usd|eur|gbp|jpy|inr|uah|krw|ils|sek|nok|dkk|chf|aed|sar|mxn|brl|cad|aud|pln|ngn|czk|huf|try|cny|kr|zl"
)


def money(marked: Marks, number: Number, rest: Number | None) -> Value | None:
    """Return the amount of money that a number begins; `rest` is the next number. None: it is none."""
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


def percentage(marked: Marks, number: Number) -> Value | None:
    """Return a number as a percentage; None: it is none."""
    if "percent" in marked.after(number.end):
        return Value(Kind.PERCENT, frozenset({number.amount}), "", number.first, marked.begins[number.end].end)
    if "percent" in marked.before(number.first):
        return Value(Kind.PERCENT, frozenset({number.amount}), "", number.first - 1, number.end)
    return None


def multibuy(marked: Marks, number: Number, rest: Number | None) -> Value | None:
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


def measure(marked: Marks, number: Number) -> Value | None:
    """Return a number with its unit of measure; None: it has none."""
    unit = marked.after(number.end).get("units")
    if unit is None and marked.word(number.end) == "-":
        unit = marked.after(number.end + 1).get("units")
    if unit is None or (not number.text and len(marked.word(number.end)) == 1):
        return None
    return Value(Kind.MEASURE, frozenset({number.amount}), str(unit), number.first, number.end + 1)


def count(number: Number) -> Value:
    """Return a number that nothing around it explains."""
    return Value(Kind.COUNT, frozenset({number.amount}), "", number.first, number.end)


def parts_of_price(marked: Marks) -> Iterator[Value]:
    """Yield a half, a third, two thirds off a price as percentages."""
    for first, found in marked.begins.items():
        part = next((_PARTS[tag] for tag in found.tags if tag in _PARTS), None)
        around = range(first - _NEAR, found.end + _NEAR)
        if part is not None and any({"discount", "price"} & marked.after(at).keys() for at in around):
            times = 2 if marked.word(first - 1) in _TWO else 1
            yield Value(Kind.PERCENT, frozenset({round(part * times)}), "", first - times + 1, found.end)
