"""What arrives from outside, before its fields are validated: what is blank is left out, names are read in any case."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal, Union, cast, get_args, get_origin

import regex
from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from models.choices import chosen

_VISIBLE = regex.compile(r"[^\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\N{BRAILLE PATTERN BLANK}]")

_NUL = PydanticCustomError("value_error", "holds a NUL character, which no database takes: remove it")
_TRUTH = PydanticCustomError("value_error", "a truth value does not belong here: pass what the field takes")


@dataclass(frozen=True, slots=True)
class _Field:
    """What decides how a field's value is read."""

    optional: bool
    """Whether it has a default."""
    nullable: bool
    takes_truth: bool
    choices: tuple[str, ...]
    """The names it takes; empty: it takes more than names."""


def is_blank(value: object) -> bool:
    """Return whether `value` is a text without anything that can be seen."""
    return isinstance(value, str) and not _VISIBLE.search(value)


def received(kind: type[BaseModel], data: object) -> object:
    """Return the fields of a `kind` as its validators should see them; what is no mapping stays as it is.

    Raises ValidationError for each NUL character, and each truth value in a field that takes none.
    """
    if not isinstance(data, Mapping):
        return data
    fields, kept, faults = _fields_of(kind), dict[object, object](), list[InitErrorDetails]()
    for name, value in cast(Mapping[object, object], data).items():
        field = fields.get(name) if isinstance(name, str) else None
        if field is None:
            kept[name] = value  # the model refuses it
        elif not _is_left_out(value, field):
            kept[name] = _as_read(value, field)
            faults += [_fault(error, (str(name), *path), item) for error, path, item in _faults(kept[name], field)]
    if faults:
        raise ValidationError.from_exception_data(kind.__name__, faults)
    return kept


def _is_left_out(value: object, field: _Field) -> bool:
    return (value is None and not field.nullable) or (field.optional and is_blank(value))


def _as_read(value: object, field: _Field) -> object:
    """Return a value without blank entries; a required text that is blank is empty, for its validator to refuse."""
    if isinstance(value, str):
        return "" if is_blank(value) else (chosen(value, field.choices) or value)
    if isinstance(value, list | tuple):
        return [item for item in cast("list[object]", value) if not is_blank(item)]
    return value


def _faults(value: object, field: _Field) -> Iterator[tuple[PydanticCustomError, tuple[int, ...], object]]:
    if isinstance(value, bool) and not field.takes_truth:
        yield _TRUTH, (), value
    if isinstance(value, str) and "\0" in value:
        yield _NUL, (), value
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            if isinstance(item, str) and "\0" in item:
                yield _NUL, (index,), item


def _fault(error: PydanticCustomError, path: tuple[int | str, ...], value: object) -> InitErrorDetails:
    return InitErrorDetails(type=error, loc=path, input=value)


@cache
def _fields_of(kind: type[BaseModel]) -> dict[str, _Field]:
    """Return the fields by each name that their value may arrive under."""
    fields: dict[str, _Field] = {}
    for name, field in kind.model_fields.items():
        parts = list(_parts(field.annotation))
        literals = [part for part in parts if get_origin(part) is Literal]
        read = _Field(
            optional=not field.is_required(),
            nullable=type(None) in parts,
            takes_truth=bool in parts,
            choices=tuple(value for literal in literals for value in get_args(literal) if isinstance(value, str)),
        )
        fields[name] = read
        if isinstance(field.validation_alias, str):
            fields[field.validation_alias] = read
    return fields


def _parts(annotation: object) -> Iterator[object]:
    """Yield the types that an annotation allows, without what is said about them."""
    if get_origin(annotation) is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _parts(part)
    else:
        yield annotation
