"""Which parameters of a request an error names: by the form of OpenAI, of FastAPI, or in a sentence."""

import re
from collections.abc import Callable, Iterable, Mapping

from pydantic import JsonValue

_ESSENTIAL = frozenset({"model", "messages", "input", "instructions", "prompt", "stream"})
"""A request without them asks nothing: they are never left out."""
FORMAT_OF_ANSWER = re.compile(
    r"\b(?:response_?format|text\.format|json[_ -]?(?:schema|object|mode)|structured[_ -]outputs?|strict)\b",
    re.IGNORECASE,
)
"""How a sentence names what both APIs take as the form of the answer."""
_LEVELS = 5
"""How deep an error's fields lie at the most."""
_ECHO = re.compile(r"""\\?"(?:messages|input|prompt)\\?"\s*:|'messages'\s*:""")
"""A request that is quoted names all of its keys: none of them is at fault."""


def parameters_in(
    document: JsonValue,
    texts: Iterable[str],
    *,
    sent: Mapping[str, JsonValue],
    shown: Callable[[JsonValue], str | None],
) -> tuple[str, ...]:
    """Return the parameters that an error names, those of the request by its own keys.

    `shown` returns a text that may be shown, and None for any other.
    """
    named = [name for text in _in_fields(document) if (name := _known(text, sent) or shown(text))]
    if not named:
        named = _in_sentences([text for text in texts if not _ECHO.search(text)], sent)
    return tuple(name for name in dict.fromkeys(named) if name not in _ESSENTIAL)


def _in_fields(document: JsonValue, levels: int = _LEVELS) -> list[str]:
    """Return what `param` says, or the first step of each `loc` behind the body."""
    if isinstance(document, list) and levels:
        return [name for item in document[:20] for name in _in_fields(item, levels - 1)]
    if not isinstance(document, dict) or not levels:
        return []
    found: list[str] = []
    if isinstance(param := document.get("param"), str):
        found.append(param)
    if isinstance(path := document.get("loc"), list):
        found += [step for step in path if isinstance(step, str) and step != "body"][:1]
    for name in ("error", "detail", "message"):
        if isinstance(inner := document.get(name), dict | list):
            found += _in_fields(inner, levels - 1)
    return found


def _known(text: str, sent: Mapping[str, JsonValue]) -> str | None:
    """Return the key of the request that a path such as `response_format.type` begins with."""
    key = re.split(r"[.\[]", text, maxsplit=1)[0]
    return key if key in sent else None


def _in_sentences(texts: list[str], sent: Mapping[str, JsonValue]) -> list[str]:
    said = "\n".join(texts)
    found = [key for key in sent if key not in _ESSENTIAL and _names(said, key)]
    form = "response_format" if "response_format" in sent else "text"
    if form in sent and form not in found and FORMAT_OF_ANSWER.search(said):
        found.append(form)
    return found


def _names(said: str, key: str) -> bool:
    """Return whether a key stands in a sentence as a name: `store` is also a word."""
    quoted = rf"""["'`]{re.escape(key)}["'`.\[]|:\s*{re.escape(key)}\s*$"""
    plain = rf"(?<![\w.]){re.escape(key)}(?!\w)"
    return re.search(plain if "_" in key else quoted, said, re.MULTILINE) is not None
