"""Reads times of the day, told from counts and prices by their neighbours: from 9, at 10.30, 9 to 17 h."""

from collections.abc import Iterator

import regex

from models.standing.marks import Kind, Marks, Number, Value

_NOON, _DAY_MINUTES, _HALF_DAY = 12, 24 * 60, 12 * 60
_CLOCK_TEXT = regex.compile(r"(?P<hour>[01]?\d|2[0-4])[:.](?P<minute>[0-5]\d)")
_WORD = regex.compile(r"\p{L}")
_HALF = "half of the day"
_AFTERNOON = 12 * 60 + 59
_PERIODS = {"noon": _NOON * 60, "midnight": 0}
_NOT_A_COUNT = {"function", "to", "at", "weekdays", "relative_days", "open", "closed", "light"}


def time_of_day(marked: Marks, number: Number, rest: Number | None) -> Value | None:
    """Return the time that a number begins; `rest` is the next number. None: it is no time."""
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


def day_periods(marked: Marks, amounts: list[Value]) -> Iterator[Value]:
    """Yield noon and midnight where they stand alone."""
    taken = {at for value in amounts for at in range(value.first, value.end)}
    for first, found in marked.begins.items():
        period = str(found.tags.get("day_periods", ""))
        if period in _PERIODS and first not in taken:
            yield Value(Kind.TIME, frozenset({_PERIODS[period]}), "", first, found.end)


def in_24_hours(amounts: list[Value]) -> list[Value]:
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
