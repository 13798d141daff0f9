"""Finds what contradicts the field on the same subject: another day, time, price, percentage, code or date."""

from collections.abc import Sequence

from models.standing.grounds import Ground, Grounds
from models.standing.hours import stands_on
from models.standing.marks import Kind
from models.standing.statements import Statement
from models.standing.support import cover, has_value

_CLOSED_SETS = (Kind.MONEY, Kind.PERCENT, Kind.MULTIBUY, Kind.DATE)


def contradicted(
    said: Statement, known: Grounds, *, fields: Sequence[Ground], cited: frozenset[str]
) -> tuple[str, str] | None:
    """Return the kind of value that contradicts the brief and the field that says otherwise; None: nothing does."""
    for ground in _same_subject(said, known, fields, cited):
        field = ground.said
        if said.hours and field.hours and not stands_on(said.hours, field.hours):
            is_day = any(hours.days for hours in said.hours)
            return ("day or time" if is_day else "time"), ground.path
        for kind in _CLOSED_SETS:
            named = [value for value in said.values if value.kind is kind]
            if any(value.kind is kind for value in field.values) and not all(
                has_value(field, value) for value in named
            ):
                return kind.value, ground.path
        if ground.codes and not said.codes <= ground.codes:
            return "code", ground.path
    return None


def _same_subject(said: Statement, known: Grounds, fields: Sequence[Ground], cited: frozenset[str]) -> list[Ground]:
    """Return the fields that speak of what a sentence speaks of most: by its words, else those it cites."""
    covers = [(ground, cover(said, ground, known)) for ground in fields]
    most = max((found.found for _, found in covers), default=0)
    near = [ground for ground, found in covers if found.found == most and found.found >= max(1, found.missing)]
    if near:
        return _agreeing(said, near)
    return [ground for ground, found in covers if ground.path in cited and found.missing == 0]


def _agreeing(said: Statement, near: list[Ground]) -> list[Ground]:
    """Of fields that are equally near, none contradicts what one of them says."""
    kinds = {value.kind for value in said.values}
    for ground in near:
        has_all = all(has_value(ground.said, value) for value in said.values)
        if has_all and stands_on(said.hours, ground.said.hours):
            return []
    return [
        ground
        for ground in near
        if ground.said.hours or kinds & {value.kind for value in ground.said.values} or ground.codes
    ]
