"""The smallest JSON value that a schema allows, for our own output types."""

import re

from pydantic import JsonValue

from tests.provider.received import JsonObject, ReceivedRequest, value_at

_DEFINITION_PREFIX = "#/$defs/"
_FORMATS = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com",
}
_CANDIDATES = ("#tag", "en", "https://example.com", "#aabbcc", "business.name", "a", "A", "1", "customer")
"""Strings for a schema with a pattern: the first one that matches is used."""
_MIN_LETTERS = 3


def sample_answer(request: ReceivedRequest) -> JsonObject:
    """Return a small answer that satisfies the schema of a question, and the requested length of a script."""
    value = _as_object(sample(request.schema or {}))
    is_script = "body" in value and request.user_texts[0].startswith("{")
    length = value_at(request.document, "task", "length") if is_script else None
    if isinstance(length, int):
        said = {"words": "mot ", "characters": "あ"}[str(value_at(request.document, "task", "length_unit"))]
        value["body"] = said * max(1, length - 2)
    return value


def sample(schema: JsonObject, *, root: JsonObject | None = None) -> JsonValue:
    """Return a small value that is valid for `schema`; `root` holds the definitions.

    Raises:
        ValueError: The schema holds something that no output type of ours has.
    """
    root = root or schema
    if (reference := schema.get("$ref")) is not None:
        return sample(_definition(str(reference), root), root=root)
    if "const" in schema:
        return schema["const"]
    for choices in ("enum", "anyOf", "oneOf"):
        if isinstance(found := schema.get(choices), list):
            return found[0] if choices == "enum" else sample(_as_object(found[0]), root=root)
    return _of_type(schema, root)


def _of_type(schema: JsonObject, root: JsonObject) -> JsonValue:
    match schema.get("type"):
        case "object":
            properties = _as_object(schema.get("properties", {}))
            return {name: sample(_as_object(item), root=root) for name, item in properties.items()}
        case "array":
            length = min(max(1, _bound(schema, "minItems", 0)), _bound(schema, "maxItems", 1_000_000))
            return [sample(_as_object(schema["items"]), root=root) for _ in range(length)]
        case "string":
            return _string(schema)
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return False
        case "null":
            return None
        case other:
            raise ValueError(f"no sample for the type {other!r} of {schema!r}")


def _string(schema: JsonObject) -> str:
    if (form := schema.get("format")) is not None:
        return _FORMATS[str(form)]
    shortest, longest = _bound(schema, "minLength", 0), _bound(schema, "maxLength", 1_000_000)
    pattern = schema.get("pattern")
    if not isinstance(pattern, str):
        return "x" * min(max(_MIN_LETTERS, shortest), longest)
    for candidate in _CANDIDATES:
        if shortest <= len(candidate) <= longest and re.search(pattern, candidate):
            return candidate
    raise ValueError(f"no sample for the pattern {pattern!r}: add one to the candidates")


def _number(schema: JsonObject) -> int:
    lowest = max(_bound(schema, "minimum", 1), _bound(schema, "exclusiveMinimum", 0) + 1)
    return min(lowest, _bound(schema, "maximum", lowest), _bound(schema, "exclusiveMaximum", lowest + 1) - 1)


def _bound(schema: JsonObject, keyword: str, default: int) -> int:
    value = schema.get(keyword)
    return int(value) if isinstance(value, int | float) else default


def _definition(reference: str, root: JsonObject) -> JsonObject:
    return _as_object(_as_object(root["$defs"])[reference.removeprefix(_DEFINITION_PREFIX)])


def _as_object(value: JsonValue) -> JsonObject:
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON object, got {value!r}")
    return value
