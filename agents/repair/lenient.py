"""Reads JSON as models write it: corrects punctuation, never values.

The text is read word by word, each string up to the first quote that can end it. Single, curly and back quotes, bare
keys, comments, commas before a bracket, Python's literals and line breaks within strings have one reading. The outcome
must then be JSON by the strict grammar. A value cut off, a missing bracket or comma, and a quote that could belong to
the text have none.
"""

import json
import math
import re

from pydantic import JsonValue

from agents.repair.unclear import Unclear

_BLANK = r"(?:[\s\ufeff]|//[^\n]*+|\#[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)*+"
_WORD = re.compile(
    rf"""{_BLANK}(?:
      (?P<mark>[{{}}\[\]:,])
    | (?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+"|'[^'\\]*+(?:\\.[^'\\]*+)*+'|`[^`\\]*+(?:\\.[^`\\]*+)*+`)
    | (?P<curly>[“”„‟][^“”„‟\\]*+(?:\\.[^“”„‟\\]*+)*+[“”‟]|[‘‚‛][^‘’‚‛\\]*+(?:\\.[^‘’‚‛\\]*+)*+’)
    | (?P<name>(?:[^\W\d]|\$)[\w$-]*+|\d++)(?=\s*+:)
    | (?P<literal>(?:true|false|null|True|False|None|-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?)(?![\w.]))
    ){_BLANK}""",
    re.VERBOSE | re.DOTALL,
)
_IN_STRING = re.compile(r"(?P<bytes>(?:\\x[0-9a-fA-F]{2})++)|\\.|[\"\x00-\x1f]", re.DOTALL)
_SWALLOWED = re.compile(r"[\"'“”]\s*+(?::|[,}\]]\s*+(?:[\"'“”{\[]|$))")
"""The end of a member within a curly string: quotes of two kinds were mixed."""
_LITERALS = {"True": "true", "False": "false", "None": "null"}
_MOST_WORDS = 20_000
"""The longest answer has some hundreds."""
_BEFORE_VALUES = frozenset("{[:,")


def parse(text: str) -> tuple[JsonValue, bool]:
    """Return the value that `text` is, and whether its marks were put right. Raises Unclear."""
    try:
        return _strict(text), False
    except Unclear:
        words, end = _words(text)
        if end < len(text):
            raise
        return _strict("".join(words)), True


def parse_first(text: str) -> tuple[JsonValue, int, bool]:
    """Return the object that `text` begins with, where it ends, and whether its marks were put right.

    Raises Unclear.
    """
    words, end = _words(text, first=True)
    body = text[:end].rstrip()
    try:
        return _strict(body), len(body), False
    except Unclear:
        return _strict("".join(words)), len(body), True


def _words(text: str, *, first: bool = False) -> tuple[list[str], int]:
    """Return the words of `text` as JSON's, and where they end: before anything but JSON's words.

    `first`: after the bracket that closes the first one.
    """
    words: list[str] = []
    position = depth = 0
    while position < len(text) and (word := _WORD.match(text, position)):
        mark = word["mark"]
        if mark in ("}", "]") and words[-1:] == [","] and words[-2:-1] not in (["{"], ["["]):
            words.pop()
        if not mark and words and words[-1] not in _BEFORE_VALUES:
            raise Unclear("a comma or a colon is missing")
        if len(words) == _MOST_WORDS:
            raise Unclear("it is too long")
        words.append(mark or _value(word))
        position = word.end()
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(mark or "", 0)
        if first and depth <= 0:
            return words, word.end("mark") if mark else position
    return words, position


def _value(word: re.Match[str]) -> str:
    if word["literal"]:
        return _LITERALS.get(word["literal"], word["literal"])
    if word["name"]:
        return f'"{word["name"]}"'
    quoted = word["string"] or word["curly"]
    if word["curly"] and _SWALLOWED.search(quoted[1:-1]):
        raise Unclear("quotes of two kinds are mixed")
    return f'"{_IN_STRING.sub(_escaped, quoted[1:-1])}"'


def _escaped(found: re.Match[str]) -> str:
    """Return a character within a string in JSON's escapes; an escape that JSON doesn't know won't parse."""
    if found["bytes"]:
        return _from_bytes(bytes.fromhex(found["bytes"].replace("\\x", "")))
    escape = found[0]
    if escape[0] == "\\":
        return escape[1] if escape[1] in "'`’‘“”" else escape
    return json.dumps(escape)[1:-1]


def _from_bytes(escaped: bytes) -> str:
    r"""Return the letters of Python's `\x` escapes, where these can't be the bytes of UTF-8 as well."""
    if not escaped.isascii():
        try:
            escaped.decode()
        except UnicodeDecodeError:
            pass
        else:
            raise Unclear("an escape can be read in two ways")
    return json.dumps(escaped.decode("latin-1"))[1:-1]


def _strict(text: str) -> JsonValue:
    try:
        value = json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse, parse_float=_finite, strict=True)
        json.dumps(value, ensure_ascii=False).encode()
    except Unclear:
        raise
    except (ValueError, RecursionError) as error:  # half an emoji is a ValueError too
        raise Unclear("it is not JSON") from error
    return value


def _refuse(constant: str) -> None:
    raise Unclear(f"{constant} is not JSON")


def _finite(number: str) -> float:
    if not math.isfinite(value := float(number)):
        raise Unclear("a number is too large")
    return value


def _distinct(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    """Return an object. Of two values of one key, one would be dropped: they must be the same."""
    found = dict(pairs)
    if len(found) < len(pairs):
        for key, value in pairs:
            if json.dumps(found[key], sort_keys=True) != json.dumps(value, sort_keys=True):
                raise Unclear("a key stands there twice with different values")
    return found
