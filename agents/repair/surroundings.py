"""Finds the one value in an answer and drops the fences, quotes, brackets and prose around it.

The prose must be one that `prose` can read. More than one object must be the same one, and nothing may look as if the
object were a part of something larger.
"""

import json
import re
from dataclasses import dataclass, field
from itertools import islice

from pydantic import JsonValue

from agents.repair.lenient import parse, parse_first
from agents.repair.prose import takes_nothing_back
from agents.repair.reasoning import MARKER, regions
from agents.repair.unclear import Unclear

_MOST_TRIES = 4
"""Places where an answer may begin that are tried: each costs as much as the text is long."""
_MOST_OBJECTS = 4
_ESCAPED = re.compile(r'\{(?:\s|\\n)*+\\"')
"""An object as the text of a string."""
_FENCE = re.compile(r"```[\w-]*")
_LARGER_BEFORE = re.compile(r"[\[,{\"'“‘]\s*$|[\"'”’]\s*:\s*$")
_LARGER_AFTER = re.compile(r"\s*[\],}:\"'”’“‘]")
_MEMBER = re.compile(r"[\"”]\s*:")
_PAIRS = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "(": ")", "*": "*", "{": "}"}
_OPENS_VALUE = '{["“`'


@dataclass
class Found:
    """The value that stands in a text, and what was taken off."""

    value: JsonValue
    changes: list[str] = field(default_factory=list[str])


def find(text: str) -> Found:
    """Return the one value that `text` holds: an object, or what may stand for one. Raises Unclear."""
    text = text.strip("\ufeff\u200b \t\r\n")
    if found := _alone(text):
        return found
    reason = Unclear("all of it is reasoning")
    for region in islice(regions(text), _MOST_TRIES):
        try:
            found = _alone(region) or _in_prose(region)
        except Unclear as error:
            reason = error
        else:
            return found if region == text else Found(found.value, ["removed reasoning or tags", *found.changes])
    raise reason


def _alone(text: str) -> Found | None:
    """Return the value that `text` is; None where something stands around it."""
    if text[:1] not in _OPENS_VALUE:
        return None
    try:
        # an object in the escapes of a string whose quotes are missing
        value, mended = parse(f'"{text}"' if text.startswith('{\\"') else text)
    except Unclear:
        return None
    return Found(value, ["mended quotes or commas"] if mended else [])


def _in_prose(text: str) -> Found:
    """Return the one value in `text`. Raises Unclear."""
    values: list[JsonValue] = []
    pieces: list[str] = []
    is_mended, position = False, 0
    while (start := _start(text, position, is_first=not values)) is not None:
        if len(values) == _MOST_OBJECTS:
            raise Unclear("there are many objects in it")
        value, length, mended = parse_first(text[start:])
        pieces.append(text[position:start])
        values.append(value)
        is_mended, position = is_mended or mended, start + length
    if not values or len({json.dumps(value, sort_keys=True) for value in values}) > 1:
        raise Unclear("there is no object in it, or more than one")
    changes = _taken_off([*pieces, text[position:]])
    return Found(values[0], [*changes, *(["mended quotes or commas"] if is_mended else [])])


def _start(text: str, position: int, *, is_first: bool) -> int | None:
    """Return where the next value begins: at a brace, at the bracket or quote right before it, or at a bracket."""
    brace = text.find("{", position)
    if brace < 0:
        bracket = text.find("[", position) if is_first else -1
        return bracket if bracket >= 0 else None
    before = text[position:brace].rstrip()
    if before.endswith("[") or (before.endswith('"') and _ESCAPED.match(text, brace)):
        return position + len(before) - 1
    return brace + 1 if text[brace : brace + 2] == "{{" else brace


def _taken_off(pieces: list[str]) -> list[str]:
    """Return notes of what stands around and between objects. Raises Unclear where it can't be left out."""
    has_fence = any("```" in piece for piece in pieces)
    bare = [_FENCE.sub("", piece) for piece in pieces]
    has_more = bool("".join(bare).strip())
    for index in range(len(bare) - 1):
        bare[index], bare[index + 1] = _without_pairs(bare[index], bare[index + 1])
        if _LARGER_BEFORE.search(bare[index][-100:]) or _LARGER_AFTER.match(bare[index + 1]):
            raise Unclear("the object is a part of something larger")
    prose = MARKER.sub(" ", "\n".join(bare)).strip(" \t\r\n;.`*>")
    if _MEMBER.search(prose) or not takes_nothing_back(prose):
        raise Unclear("what stands around the object may change its meaning")
    notes = {
        "removed a code fence": has_fence,
        "removed prose around the object": has_more,
        "took one of several objects that are the same": len(pieces) > 2,
    }
    return [note for note, is_so in notes.items() if is_so]


def _without_pairs(before: str, after: str) -> tuple[str, str]:
    """Return what stands before and after an object without the quotes and brackets that open and close around it."""
    before, after = before.rstrip(), after.lstrip()
    while before and after and _PAIRS.get(before[-1]) == after[0]:
        before, after = before[:-1].rstrip(), after[1:].lstrip()
    return before, after
