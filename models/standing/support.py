"""Checks whether a field supports a sentence: the sentence's values are the field's, and so is their subject."""

from collections.abc import Sequence
from typing import NamedTuple, cast

from models.rules.dates import Reading
from models.standing.grounds import Ground, Grounds
from models.standing.hours import stands_on
from models.standing.marks import Kind, Value
from models.standing.statements import Statement
from models.standing.stems import covered

_OFFERED = {Kind.MONEY, Kind.PERCENT, Kind.MULTIBUY}
_YEARS = range(1000, 2200)


class Cover(NamedTuple):
    """What of a sentence's subject a field has."""

    found: int
    missing: int


def stands(said: Statement, ground: Ground, known: Grounds, *, own: frozenset[object]) -> bool:
    """Return whether one field says all of a sentence.

    `own` are numbers of the customer's own, which are about them and not about the business.
    """
    field = ground.said
    return (
        cover(said, ground, known).missing == 0
        and all(_has(field, value, own) for value in said.values)
        and stands_on(said.hours, field.hours)
        and said.codes <= ground.codes
        and _is_as_wide(said, field)
        and _agrees(said, field, known)
        and _gives(said, field, known)
    )


def cover(said: Statement, ground: Ground, known: Grounds) -> Cover:
    """Return how many of the words and notions of a sentence a field has, the business's own name left out."""
    found = covered(said.words, ground.said.words, known.language)
    missing = {word for word in said.words - found if not covered({word}, known.own, known.language)}
    concepts = {concept for concept in said.concepts if has_concept(ground, concept)}
    if ground.said.hours and found:
        # "late night shopping until 9 pm" says when it is open, too
        concepts |= said.concepts & {"open"}
    return Cover(len(found) + len(concepts), len(missing) + len(said.concepts) - len(concepts))


def has_concept(ground: Ground, concept: str) -> bool:
    """Return whether a field speaks of a notion, by a word or by the value that it stands for."""
    field = ground.said
    kinds = {value.kind for value in field.values}
    implied = {
        "open": bool(field.hours) and not field.words,
        "price": bool(kinds & _OFFERED) or "free" in field.concepts,
        "discount": bool({Kind.PERCENT, Kind.MULTIBUY} & kinds or ground.codes or ground.offer is not None),
    }
    return concept in field.concepts or implied.get(concept, False)


def has_value(field: Statement, value: Value) -> bool:
    """Return whether a field names a value."""
    return any(_is_same(value, known) for known in field.values)


def _has(field: Statement, value: Value, own: frozenset[object]) -> bool:
    return has_value(field, value) or (value.kind is Kind.COUNT and value.readings <= own)


def own_years(asked: Sequence[Statement]) -> frozenset[object]:
    """Return years that a customer names."""
    counted = (value.readings for said in asked for value in said.values if value.kind is Kind.COUNT)
    return frozenset(
        reading for readings in counted for reading in readings if int(str(reading).split(".")[0]) in _YEARS
    )


def _is_same(one: Value, other: Value) -> bool:
    if one.kind is not other.kind:
        # "over 60" of a brief is money where the reply says pounds, and the other way round
        plain = {Kind.MONEY, Kind.COUNT}
        return {one.kind, other.kind} == plain and one.readings == other.readings
    if one.kind is Kind.DATE:
        return any(_is_same_date(a, b) for a in one.readings for b in other.readings)
    same_unit = one.unit == other.unit or not (one.unit and other.unit) or one.kind is not Kind.MEASURE
    return same_unit and bool(one.readings & other.readings)


def _is_same_date(one: object, other: object) -> bool:
    (year, *day), (other_year, *other_day) = cast("Reading", one), cast("Reading", other)
    return day == other_day and (year is None or other_year is None or year == other_year)


def _is_as_wide(said: Statement, field: Statement) -> bool:
    """Whether a sentence says "all" or "always" only where the field does."""
    return "universal" not in said.tags or bool({"universal", "every_day"} & field.tags)


def _agrees(said: Statement, field: Statement, known: Grounds) -> bool:
    """Whether both deny the same; days on which it is closed are compared as days."""
    denied, affirmed = said.denied - {"open"}, (said.words | said.concepts) - said.denied - {"open"}
    field_affirmed = (field.words | field.concepts) - field.denied
    return len(covered(denied, field.denied, known.language)) == len(
        covered(denied, field.words | field.concepts, known.language)
    ) and len(covered(affirmed, field_affirmed, known.language)) == len(
        covered(affirmed, field.words | field.concepts, known.language)
    )


def _gives(said: Statement, field: Statement, known: Grounds) -> bool:
    """Whether what is free in a sentence is what is free in the field."""
    if "free" not in said.concepts or not said.given or not field.given:
        return True
    return bool(covered(said.given, field.given, known.language))
