"""Repair of malformed JSON where its meaning is certain, with a note of each change.

A repair may change marks, never values: each string of the repaired document stands in the answer between quotes,
in the same order, nothing else is added or dropped, and the document ends as the answer ended. What fails one of
these tests (a value cut off, a bracket missing at the end, a quote that could belong to the text) is asked again.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from json_repair import repair_json
from pydantic import JsonValue

_FENCE = re.compile(r"```[a-zA-Z]*\s*\n?(.*?)```", re.DOTALL)
_MARKS = re.compile(r"[\s\"'`{}\[\]:,\\]+")
_LITERALS = {"True": "true", "False": "false", "None": "null"}
_LITERAL = re.compile(r"\b(True|False|None)\b")
_TAIL = re.compile(r"[\]}\s,]*$")
_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class Repaired:
    """JSON that parses, and what was changed to get there."""

    text: str
    changes: list[str]


def repair(text: str) -> Repaired | None:
    """Return the JSON object meant by `text`; None: its meaning isn't certain."""
    changes: list[str] = []
    body = _without_prose(_without_fence(text, changes), changes)
    if body is None:
        return None
    if not _is_object(body):
        fixed = repair_json(body, ensure_ascii=False)
        if not _is_object(fixed) or not _means_the_same(body, fixed):
            return None
        body = fixed
        changes.append("mended quotes or commas")
    return Repaired(body, changes)


def _without_fence(text: str, changes: list[str]) -> str:
    fence = _FENCE.search(text)
    if fence is None:
        return text
    changes.append("removed a code fence")
    return fence[1]


def _without_prose(text: str, changes: list[str]) -> str | None:
    """Return the one object in `text`; None where none is whole."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    before, after = text[:start].strip(), text[end + 1 :].strip()
    if re.search(r"[\[\]\"]", after):
        return None
    if before or after:
        changes.append("removed prose around the object")
    return text[start : end + 1]


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _means_the_same(broken: str, fixed: str) -> bool:
    return (
        _content(broken) == _content(fixed)
        and _closers(broken) == _closers(fixed)
        and _quotes_each(broken, _strings(json.loads(fixed)))
    )


def _content(text: str) -> str:
    """Return what must not change: all but marks and the spelling of literals."""
    unescaped = re.sub(r"\\[nrt]", "", text)
    return _MARKS.sub("", _LITERAL.sub(lambda match: _LITERALS[match[1]], unescaped))


def _closers(text: str) -> str:
    """Return the brackets that `text` ends with."""
    tail = _TAIL.search(text)
    return re.sub(r"[\s,]", "", tail[0]) if tail else ""


def _strings(value: JsonValue) -> Iterator[str]:
    """Yield each key and string of a document, in its order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _quotes_each(broken: str, strings: Iterator[str]) -> bool:
    """Return whether each string stands between two quotes of a kind in `broken`, one after the other."""
    position = 0
    for string in strings:
        forms = {string, json.dumps(string)[1:-1], json.dumps(string, ensure_ascii=False)[1:-1]}
        quoted = [f"{quote}{form}{quote}" for form in forms for quote in _QUOTES]
        ends = [found + len(q) for q in quoted if (found := broken.find(q, position)) >= 0]
        if not ends:
            return False
        position = min(ends)
    return True
