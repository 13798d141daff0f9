"""The units of rules: how a reading is measured. Texts are counted in the units of `models.counting`."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from models.counting import Unit, count
from models.domains import Span
from models.rules.field_values import Reading
from models.rules.publishable import Media


class Measured(NamedTuple):
    """A measured value and its place."""

    value: float | str
    path: str
    span: Span | None


def measured(readings: list[Reading], unit: str, *, limit: float | None) -> list[Measured]:
    """Return readings in a unit: one count for `items`, else one value each; unknown values are left out.

    `limit` is the highest allowed value: a count of items points to the first item over the limit.
    """
    if not readings:
        return []
    if unit == "items":
        at = readings[min(int(limit or 0), len(readings) - 1)]
        return [Measured(len(readings), at.path, at.span)]
    if unit == "differing_ratios":
        return _differing_ratios(readings)
    values = ((_value(reading.value, unit), reading) for reading in readings)
    return [Measured(value, reading.path, reading.span) for value, reading in values if value is not None]


def _value(value: str | float | Media, unit: str) -> float | str | None:
    if isinstance(value, Media):
        return MEDIA_UNITS[unit](value)
    return TEXT_UNITS[unit](value) if isinstance(value, str) else value


def _differing_ratios(readings: Iterable[Reading]) -> list[Measured]:
    ratios = [(_value(reading.value, "ratio"), reading) for reading in readings]
    known = [(ratio, reading) for ratio, reading in ratios if ratio is not None]
    differing = [reading for ratio, reading in known if ratio != known[0][0]]
    return [Measured(len(differing), differing[0].path, None)] if differing else []


def _ratio(media: Media) -> float | None:
    return round(media.width / media.height, 2) if media.width and media.height else None


def _pixels(media: Media) -> int | None:
    return media.width * media.height if media.width and media.height else None


def _short_side(media: Media) -> int | None:
    return min(media.width, media.height) if media.width and media.height else None


def _counter(unit: Unit) -> Callable[[str], float]:
    return lambda text: count(text, unit)


TEXT_UNITS: dict[str, Callable[[str], float | str]] = {
    **{unit.value: _counter(unit) for unit in Unit},
    "lines": lambda text: text.count("\n") + 1,
    "value": lambda text: text,
}
MEDIA_UNITS: dict[str, Callable[[Media], float | str | None]] = {
    "mime_type": lambda media: media.mime_type,
    "width_px": lambda media: media.width,
    "height_px": lambda media: media.height,
    "short_side_px": _short_side,
    "pixels": _pixels,
    "ratio": _ratio,
    "size_bytes": lambda media: media.size_bytes,
    "duration_s": lambda media: media.duration_s,
    "frames_per_s": lambda media: media.frames_per_s,
}
