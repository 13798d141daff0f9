"""Resolves the parts of a JSON schema that fitting needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

Schema = Mapping[str, JsonValue]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The shape of a value that was asked for."""

    kind: str
    """A type of JSON schema, or `any`."""
    is_nullable: bool = False
    may_be_empty: bool = False
    """Whether it is a list that need not hold anything."""
    members: tuple[str, ...] = ()
    """The texts of a closed set; empty: any text."""
    fields: Mapping[str, "Shape"] = field(default_factory=dict[str, "Shape"])
    """The members of an object."""
    item: "Shape | None" = None
    """The items of a list."""

    @property
    def is_optional(self) -> bool:
        """Whether leaving it out has one meaning: null, or an empty list."""
        return self.is_nullable or self.may_be_empty


def shape_of(schema: Schema) -> Shape:
    """Return the shape that `schema` asks for. It must not refer to itself."""
    return _shape(schema, _mapping(schema.get("$defs")))


def described(schema: Schema) -> str:
    """Return what `schema` asks for, for a model that was never shown it."""
    return _words(shape_of(schema))


def _words(shape: Shape) -> str:
    if shape.kind == "object":
        fields = ", ".join(f'"{name}": {_words(field)}' for name, field in shape.fields.items())
        return f"{{{fields}}}"
    if shape.kind == "array":
        return f"[{_words(shape.item) if shape.item else 'any'}, ...]"
    words = " or ".join(f'"{member}"' for member in shape.members) or shape.kind
    return f"{words} or null" if shape.is_nullable else words


def _shape(schema: Schema, definitions: Schema, *, is_nullable: bool = False) -> Shape:
    if isinstance(reference := schema.get("$ref"), str):
        return _shape(_mapping(definitions[reference.rpartition("/")[2]]), definitions, is_nullable=is_nullable)
    if isinstance(choices := schema.get("anyOf"), list):
        others = [choice for choice in map(_mapping, choices) if choice.get("type") != "null"]
        if len(others) == 1:
            return _shape(others[0], definitions, is_nullable=len(choices) > 1)
        return Shape(kind="any", is_nullable=len(others) < len(choices))
    members, items = schema.get("enum"), schema.get("items")
    fields = {name: _shape(_mapping(item), definitions) for name, item in _mapping(schema.get("properties")).items()}
    return Shape(
        kind=str(schema.get("type", "any")),
        is_nullable=is_nullable,
        may_be_empty=schema.get("type") == "array" and not schema.get("minItems"),
        members=tuple(each for each in members if isinstance(each, str)) if isinstance(members, list) else (),
        fields=fields,
        item=_shape(items, definitions) if isinstance(items, dict) else None,
    )


def _mapping(value: JsonValue) -> Schema:
    return value if isinstance(value, dict) else {}
