"""Pairs days with times of day: "Monday to Friday 9 to 18, Saturday to 13" is two pairs."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from models.standing.marks import Kind, Marks, Value

Days = frozenset[object]
Times = tuple[frozenset[object], ...]
_BREAKS = {",", ";", ":", "(", ")", ".", "!", "?", "、", "。", "،"}
_AND = {
    "and",
    "so",
    "but",
    "und",
    "aber",
    "et",
    "mais",
    "y",
    "pero",
    "e",
    "ma",
    "mas",
    "en",
    "maar",
    "och",
    "men",
    "i",
    "ale",
}


class Hours(NamedTuple):
    """Days and the times said of them."""

    days: Days | None
    """None: it does not say which."""
    times: Times
    is_denied: bool
    """Whether it says when not."""


class _Clause(NamedTuple):
    days: Days | None
    excepted: Days
    times: Times
    is_denied: bool


def hours(marked: Marks, values: Sequence[Value]) -> tuple[Hours, ...]:
    """Return the days and times of a text as they belong together, in order."""
    found: list[Hours] = []
    for clause in _clauses(marked, values):
        last = found[-1] if found else None
        if clause.excepted and last and last.days is not None and clause.days is None:
            found[-1] = last._replace(days=last.days - clause.excepted)
        if clause.days is not None:
            if last and last.days is None and last.is_denied == clause.is_denied and not clause.times:
                found[-1] = last._replace(days=clause.days - clause.excepted)
            else:
                found.append(Hours(clause.days - clause.excepted, clause.times, clause.is_denied))
        elif clause.times and last and not last.is_denied:
            found[-1] = found[-1]._replace(times=last.times + clause.times)
        elif clause.times:
            found.append(Hours(None, clause.times, clause.is_denied))
    return tuple(found)


def stands_on(said: Sequence[Hours], field: Sequence[Hours]) -> bool:
    """Whether a field says each day and time that is said, of the same days."""
    return all(_is_in(hours, field) for hours in said)


def _is_in(said: Hours, field: Sequence[Hours]) -> bool:
    affirmed = [hours for hours in field if not hours.is_denied]
    if said.is_denied:
        return _is_closed(said, field, affirmed)
    denied = {day for hours in field if hours.is_denied for day in hours.days or ()}
    if said.days is not None and said.days & denied:
        return False
    if said.times:
        return all(any(_covers(hours, said.days) and _has(hours, time) for hours in affirmed) for time in said.times)
    days = {day for hours in affirmed for day in hours.days or ()}
    if days:
        return said.days is not None and said.days <= days
    # "closed on Thursdays" leaves the other days
    return bool(denied) and said.days is not None


def _is_closed(said: Hours, field: Sequence[Hours], affirmed: Sequence[Hours]) -> bool:
    if said.days is None or said.times:
        return False
    open_days = {day for hours in affirmed for day in hours.days or ()}
    closed = {day for hours in field if hours.is_denied for day in hours.days or ()}
    return said.days <= closed or (bool(open_days) and not said.days & open_days)


def _covers(hours: Hours, days: Days | None) -> bool:
    return days is None or hours.days is None or days <= hours.days


def _has(hours: Hours, time: frozenset[object]) -> bool:
    return any(time & known for known in hours.times)


def _clauses(marked: Marks, values: Sequence[Value]) -> Iterator[_Clause]:
    shown = [value for value in values if value.kind in (Kind.WEEKDAYS, Kind.TIME)]
    starts = [0, *_ends(marked, shown), len(marked.text)]
    for start, end in pairwise(starts):
        inside = [value for value in shown if start <= value.first < end]
        if inside:
            yield _clause(marked, inside, start, end)


def _ends(marked: Marks, shown: Sequence[Value]) -> Iterator[int]:
    """Yield where clauses end: at a sign, or at an "and" that new days follow."""
    taken = {at for value in shown for at in range(value.first, value.end)}
    days = [value.first for value in shown if value.kind is Kind.WEEKDAYS]
    for at, token in enumerate(marked.text):
        is_joined = token.text in _AND and any(day > at for day in days) and any(value.first < at for value in shown)
        if at not in taken and (token.text in _BREAKS or (is_joined and not _is_list(marked, at))):
            yield at


def _is_list(marked: Marks, at: int) -> bool:
    """Whether an "and" stands between two days: Saturday and Sunday."""
    before = marked.before(at).keys() & {"weekdays", "relative_days"}
    places = (place for place in range(at + 1, at + 4) if place in marked.begins and not _is_small(marked, place))
    following = next((marked.begins[place].tags.keys() for place in places), set[str]())
    return bool(before and following & {"weekdays", "relative_days"})


def _is_small(marked: Marks, at: int) -> bool:
    return "function" in marked.after(at) and "weekdays" not in marked.after(at)


def _clause(marked: Marks, inside: Sequence[Value], start: int, end: int) -> _Clause:
    tags = {at: marked.after(at) for at in range(start, end)}
    exception = next((at for at in range(start, end) if "exception" in tags[at]), end)
    days = [value for value in inside if value.kind is Kind.WEEKDAYS]
    named = [day for value in days if value.first < exception for day in value.readings]
    excepted = frozenset(day for value in days if value.first > exception for day in value.readings)
    is_denied = any({"negation", "closed"} & found.keys() for found in tags.values())
    times = tuple(value.readings for value in inside if value.kind is Kind.TIME)
    has_days = any(value.first < exception for value in days)
    return _Clause(frozenset(named) if has_days else None, excepted, times, is_denied)
