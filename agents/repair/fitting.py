"""Fits a value to the requested schema where only one reading does.

Wrappers are taken off, keys and members of closed sets are recognised in another spelling, a nullable key that is left
out is null, keys that were not asked for are dropped. What fits in no way stays as it is: validation then says what is
wrong with it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from pydantic import JsonValue
from rapidfuzz.fuzz import ratio

from agents.repair.lenient import parse
from agents.repair.prose import takes_nothing_back
from agents.repair.reasoning import names_reasoning
from agents.repair.shapes import Shape
from agents.repair.spelling import flag, meant, number, same
from agents.repair.unclear import Unclear

Changes = list[str]
_MOST_LEVELS = 4
"""Wrappers within each other."""
_MOST_TRIED = 50
"""Values in which an object is looked for."""
_MISSPELT = 80
"""`rapidfuzz` ratio from which a key is taken for another one with a slip in it."""


def fit(value: JsonValue, shape: Shape, changes: Changes) -> JsonValue:
    """Return `value` in the shape asked for; what is done to it is added to `changes`. Raises Unclear."""
    fitted = _fitted(value, shape, changes)
    if shape.kind not in ("object", "array") and json.dumps(fitted) != json.dumps(value):
        changes.append("read a value in another spelling")
    return fitted


def _fitted(value: JsonValue, shape: Shape, changes: Changes) -> JsonValue:
    match shape.kind:
        case "object":
            return _object(value, shape, changes)
        case "array":
            return _array(value, shape, changes)
        case "string":
            text = _single(value)
            return meant(text, shape.members) if shape.members and isinstance(text, str) else text
        case "integer":
            return number(_single(value))
        case "boolean":
            return flag(_single(value))
        case _:
            return value


def _single(value: JsonValue) -> JsonValue:
    """Return the text or number that stands alone in a list or behind one key."""
    inner = value
    if isinstance(value, list | dict) and len(value) == 1:
        inner = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return value if isinstance(inner, list | dict) or inner is None else inner


def _object(value: JsonValue, shape: Shape, changes: Changes) -> JsonValue:
    if value is None:
        return None
    found = {json.dumps(each, sort_keys=True): each for each in _objects(value, shape, _MOST_LEVELS)}
    if len(found) > 1:
        raise Unclear("there is more than one object in it")
    whole = next(iter(found.values()), value)
    if whole is not value:
        changes.append("took the object out of what it was wrapped in")
    return _members(whole, shape, changes) if isinstance(whole, dict) else whole


def _objects(value: JsonValue, shape: Shape, levels: int) -> Iterator[dict[str, JsonValue]]:
    """Yield the objects of a shape in `value`: itself, or what it wraps."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") and value.strip():
        value = _decoded(value)
    if isinstance(value, dict) and _is_whole(value, shape):
        yield value
    elif isinstance(value, list) and (name := _list_alone(value, shape)):
        yield {name: value}
    elif isinstance(value, dict | list) and levels and len(value) <= _MOST_TRIED:
        inner = value.values() if isinstance(value, dict) else value
        found = [each for item in inner for each in _objects(item, shape, levels - 1)]
        if found and not takes_nothing_back("\n".join(_texts_beside(value))):
            raise Unclear("what stands beside the object may change its meaning")
        yield from found


def _decoded(text: str) -> JsonValue:
    try:
        return parse(text)[0]
    except Unclear:
        return text


def _is_whole(value: Mapping[str, JsonValue], shape: Shape) -> bool:
    """Return whether an object has all keys that can't be left out, in any spelling."""
    there = {same(key) for key in value}
    needed = {same(name) for name, field in shape.fields.items() if not field.is_optional}
    return needed <= there and not there.isdisjoint({same(name) for name in shape.fields})


def _list_alone(value: list[JsonValue], shape: Shape) -> str | None:
    """Return the name of the one field of a shape where it is a list and `value` can be that."""
    if len(shape.fields) != 1 or not value:
        return None
    name, field = next(iter(shape.fields.items()))
    if (item := field.item) is None:
        return None
    if item.kind == "object":
        fits = all(isinstance(each, dict) and _is_whole(each, item) for each in value)
    else:
        fits = all(isinstance(each, str) for each in value) and item.kind == "string"
    return name if fits else None


def _texts_beside(value: Mapping[str, JsonValue] | list[JsonValue]) -> Iterator[str]:
    items = value.items() if isinstance(value, Mapping) else (("", item) for item in value)
    for key, item in items:
        if isinstance(item, str) and item.lstrip()[:1] not in ("{", "[") and not names_reasoning(key):
            yield item


def _members(value: Mapping[str, JsonValue], shape: Shape, changes: Changes) -> JsonValue:
    """Return the members asked for. One in two spellings must have one value."""
    asked = {same(name) for name in shape.fields}
    others = [key for key in value if same(key) not in asked]
    members: dict[str, JsonValue] = {}
    for name, field in shape.fields.items():
        sent = {json.dumps(value[key], sort_keys=True): value[key] for key in value if same(key) == same(name)}
        if len(sent) > 1:
            raise Unclear(f"{name} stands there twice with different values")
        if sent:
            members[name] = fit(next(iter(sent.values())), field, changes)
        elif field.is_optional:
            members[name] = _left_out(name, field, others)
            changes.append("read a key that was left out as null or empty")
    if others:
        changes.append("dropped keys that were not asked for")
    if any(key not in shape.fields and key not in others for key in value):
        changes.append("read keys in another spelling")
    return members


def _left_out(name: str, field: Shape, others: Iterable[str]) -> JsonValue:
    """Return what a key means that isn't there: null or an empty list, unless it is misspelt."""
    if any(ratio(same(name), same(other)) >= _MISSPELT for other in others):
        raise Unclear(f"the key {name} is misspelt")
    return None if field.is_nullable else []


def _array(value: JsonValue, shape: Shape, changes: Changes) -> JsonValue:
    item = shape.item or Shape(kind="any")
    items = _items(_decoded(value) if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") else value, item)
    if value is None and shape.may_be_empty and not shape.is_nullable:
        items = []
    if items is not value:
        changes.append("read a list in another form")
    return [fit(each, item, changes) for each in items] if isinstance(items, list) else items


def _items(value: JsonValue, item: Shape) -> JsonValue:
    """Return the list that a value means: what it wraps, its members by number, or the one object in it."""
    if isinstance(value, list):
        return value[0] if len(value) == 1 and isinstance(value[0], list) and item.kind != "array" else value
    if not isinstance(value, dict):
        return value
    if item.kind == "object" and _is_whole(value, item):
        return [value]
    if len(value) == 1 and isinstance(inner := next(iter(value.values())), list):
        return inner
    numbers = [number(key) for key in value]
    if not all(isinstance(each, int) for each in numbers) or len(set(map(str, numbers))) < len(numbers):
        return value
    return [_numbered(each, key, item) for key, each in zip(numbers, value.values(), strict=True)]


def _numbered(value: JsonValue, key: JsonValue, item: Shape) -> JsonValue:
    """Return an item whose number was its key."""
    counted = [name for name, field in item.fields.items() if field.kind == "integer"]
    others = [name for name in item.fields if name not in counted]
    if len(counted) != 1:
        return value
    if not isinstance(value, dict):
        return {counted[0]: key, others[0]: value} if len(others) == 1 else value
    own = [number(value[name]) for name in value if same(name) == same(counted[0])]
    if own and own != [key]:
        raise Unclear("an entry has another number than its key")
    return {**value, **({} if own else {counted[0]: key})}
