"""Repair of malformed JSON where its meaning is certain, with a note of each change.

A repair changes marks, never values: the answer is read word by word, each string up to the first quote that can end
it, and what stands between the words is put right (single quotes, commas before a bracket, Python's literals, line
breaks within strings). The outcome must then be one whole object by the strict grammar. So nothing can be invented,
dropped or reordered; a value cut off, a missing bracket or comma, and a quote that could belong to the text are asked
again.
"""

import json
import re
from dataclasses import dataclass

from pydantic import JsonValue

_WORD = re.compile(
    r"""\s*+(?:
      (?P<mark>[{}\[\]:,])
    | (?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+"|'[^'\\]*+(?:\\.[^'\\]*+)*+')
    | (?P<literal>(?:true|false|null|True|False|None|-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?)(?![\w.]))
    )\s*+""",
    re.VERBOSE | re.DOTALL,
)
_IN_STRING = re.compile(r"\\(?:x([0-9a-fA-F]{2})|.)|[\"\x00-\x1f]", re.DOTALL)
_LITERALS = {"True": "true", "False": "false", "None": "null"}
_PART_OF_MORE = re.compile(r"[\[,]\s*$|[\"']\s*:\s*$")
"""What stands before an object that belongs to a larger document."""
_MAX_BRACKETS = 100
"""The longest answer opens 32; a parser would run out of stack on many more."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """JSON that parses, and what was changed to get there."""

    text: str
    changes: list[str]


def repair(text: str) -> Repaired | None:
    """Return the JSON object meant by `text`; None: its meaning isn't certain."""
    changes: list[str] = []
    body = _without_surroundings(text, changes)
    if body is None or body.count("{") + body.count("[") > _MAX_BRACKETS:
        return None
    if not _is_object(body):
        mended = _mended(body)
        if mended is None or not _is_object(mended):
            return None
        body = mended
        changes.append("mended quotes or commas")
    return Repaired(body, changes)


def _without_surroundings(text: str, changes: list[str]) -> str | None:
    """Return what stands from the first brace to the last; None where it isn't all, or part of something."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    before, after = text[:start], text[end + 1 :]
    if _PART_OF_MORE.search(before[-100:]) or re.search(r"[\[\]\"]", after):
        return None
    if "```" in before + after:
        changes.append("removed a code fence")
    if re.sub(r"```\w*", "", before + after).strip():
        changes.append("removed prose around the object")
    return text[start : end + 1]


def _mended(text: str) -> str | None:
    """Return `text` with its marks put right; None where it holds anything but JSON's words."""
    words: list[str] = []
    position = 0
    while position < len(text):
        word = _WORD.match(text, position)
        if word is None:
            return None
        if word["mark"] in ("}", "]") and words[-1] == "," and words[-2] not in ("{", "["):
            words.pop()
        words.append(word["mark"] or _string(word["string"]) or _LITERALS.get(word["literal"], word["literal"]))
        position = word.end()
    return "".join(words)


def _string(quoted: str | None) -> str | None:
    """Return a string in JSON's quotes and escapes; an escape that JSON doesn't know stays, and won't parse."""
    return f'"{_IN_STRING.sub(_escaped, quoted[1:-1])}"' if quoted else None


def _escaped(found: re.Match[str]) -> str:
    if found[1]:
        return f"\\u00{found[1]}"
    if found[0] == r"\'":
        return "'"
    return found[0] if found[0][0] == "\\" else json.dumps(found[0])[1:-1]


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse), dict)
    except ValueError:
        return False


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _distinct(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    """Return an object; of two values of one key, one would be dropped."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found
