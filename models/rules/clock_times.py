"""Finds clock times and durations in a reply that the brief does not state: 18 h equals 6 pm."""

from collections.abc import Iterable, Iterator

from models.domains import Span
from models.standing.marks import Kind, Value
from models.standing.statements import named
from models.standing.tags import languages_of

_DURATION = "duration-"
_HOURS = range(25)


def unsaid_times(text: str, known: Iterable[str], languages: Iterable[str]) -> Iterator[tuple[str, Span]]:
    """Yield each time in `text` that no text of `known` states: its words and its span in the normalised text.

    `languages` are those of the reply and of the brief.
    """
    codes = languages_of(*languages)
    normal, marked, every = named(text, codes)
    times = [value for value in every if value.kind is Kind.TIME or _is_duration(value)]
    if not times:
        return
    stated = [value for statement in known for value in named(statement, codes)[2]]
    said = {reading for value in stated for reading in _readings(value)}
    for value in times:
        if not {(value.kind, reading) for reading in value.readings} & said:
            start, end = marked.text[value.first].start, marked.text[value.end - 1].end
            yield normal[start:end], Span(start, end)


def _is_duration(value: Value) -> bool:
    return value.kind is Kind.MEASURE and value.unit.startswith(_DURATION)


def _readings(value: Value) -> Iterator[tuple[Kind, object]]:
    """Yield what a value of the brief states. A bare number up to 24 may be an hour: "8-18"."""
    yield from ((value.kind, reading) for reading in value.readings)
    if value.kind is Kind.COUNT:
        for reading in value.readings:
            number = int(float(str(reading)))
            if number in _HOURS:
                yield from ((Kind.TIME, number % 24 * 60), (Kind.TIME, (number + 12) % 24 * 60))
            yield Kind.MEASURE, reading
