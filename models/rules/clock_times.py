"""Finds clock times and durations in a reply that the brief lacks: 18 h equals 6 pm, 20 and 8 minutes differ."""

from collections.abc import Iterator

import regex

from models.domains import Span
from models.rules.number_words import with_all_digits

_HOUR_WORD = r"(?:[ap]\.?m\.?|o'clock|uhr|heures?|horas?|ore|uur|h)(?!\w)"
_CLOCK = regex.compile(
    rf"(?<![\d.,:])(?P<hour>\d{{1,2}})(?:[:.h]|\sh\s)(?P<minute>[0-5]\d)(?![\d.,]?\d|\s?[%€$£])"
    rf"|(?<![\d.,])(?P<hour>\d{{1,2}})\s?{_HOUR_WORD}|(?<![\d.,])(?P<hour>\d{{1,2}})\s?[時시](?![間간])",
    regex.I,
)
_DURATION = regex.compile(
    r"(?<![\d.,])(?P<number>\d{1,3})\s?(?:hours?|hrs?|minutes?|mins?|days?|weeks?|minuten?|stunden?|tage?n?|wochen?|jours?|semaines?"
    r"|minutos?|días?|dias?|semanas?|minuti|giorni|settimane|dagen|weken|minut\w{0,2}|godzin\w{0,2}|dni|tygodni\w{0,2}|timmar|dagar"
    r"|veckor|minuter|хвилин\w?|годин\w?|дн\w{1,2}|тижн\w{1,2})(?!\w)"
    r"|(?<![\d.,])(?P<number>\d{1,3})\s?(?:時間|分間?|日以内|週間|시간|분|일 이내|주 이내|ساعات|ساعة|أيام|دقيقة"
    r"|שעות|ימים|דקות)",
    regex.I,
)
_ISO_DATE = regex.compile(r"\d{4}-\d{2}-\d{2}")
"""ISO dates of the brief, removed first so that their digits are not read as times of day."""
_NUMBER = regex.compile(r"\d+")
_NOON, _DAY = 12, 24


def unsaid_times(text: str, known: list[str]) -> Iterator[tuple[str, str, Span]]:
    """Yield each time in a reply that no statement of `known` contains: its words, the text and its span there.

    That text is the reply with number words replaced by digits.
    """
    plain = with_all_digits(text)
    statements = [with_all_digits(_ISO_DATE.sub(" ", statement)) for statement in known]
    numbers = {int(number) for statement in statements for number in _NUMBER.findall(statement)}
    clock = {_time(found) for statement in statements for found in _CLOCK.finditer(statement)}
    hours = _hours(numbers, clock)
    for found in _DURATION.finditer(plain):
        if int(found["number"]) not in numbers:
            yield found[0].strip(), plain, Span(*found.span())
    for found in _CLOCK.finditer(plain):
        if not _is_said(*_time(found), hours, clock):
            yield found[0].strip(), plain, Span(*found.span())


def _time(found: regex.Match[str]) -> tuple[int, int]:
    return int(found["hour"]), int(found["minute"] or 0)


def _hours(numbers: set[int], clock: set[tuple[int, int]]) -> set[int]:
    """Return the hours that a reply may name; in a brief with the 24-hour clock, small numbers mean the morning."""
    hours = {number for number in numbers if number <= _DAY}
    afternoon = set[int]() if any(_NOON < hour for hour, _ in clock) else {hour + _NOON for hour in hours}
    return hours | afternoon | {hour % _NOON for hour in hours if hour >= _NOON} | {0}


def _is_said(hour: int, minute: int, hours: set[int], clock: set[tuple[int, int]]) -> bool:
    if minute == 0:
        return hour in hours
    same = {(known % _NOON, minutes) for known, minutes in clock}
    return (hour % _NOON, minute) in same
