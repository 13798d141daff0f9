"""Reads days of the week: names, ranges, and days told from today."""

from collections.abc import Iterator

from models.standing.marks import Kind, Marks, Value

_WEEK = frozenset(range(7))
_AND = {"and", "und", "et", "y", "e", "ed", "en", "och", "i", "و", "і"}
_BETWEEN = {"between", "zwischen", "entre", "tra", "tussen", "mellan"}


def weekdays(marked: Marks, today: int | None) -> Iterator[Value]:
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
