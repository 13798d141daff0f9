"""Turns text from outside into data: one JSON document that no text in it can leave."""

import json
import re
import unicodedata

from pydantic import BaseModel, JsonValue

from deps.tasks import Task
from models.brief import Brief

_ESCAPED = re.compile("[<>&\u2028\u2029\u0085]")

_FLAGS = "|".join(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
"""The flags of England, Scotland and Wales: the only emoji that tag characters belong to."""
_HIDDEN = re.compile(
    f"({_FLAGS})"
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)


def without_hidden_characters(text: str) -> str:
    """Return `text` without characters that nobody sees but a model reads.

    Controls, bidi overrides, zero-width spaces, variation selectors of the supplement, and tag characters outside
    flag emoji go. Joiners stay: Persian and family emoji need them.
    """
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(lambda match: match[1] or "", text)


def as_document(task: Task, brief: Brief) -> str:
    """Return the user message of a question: a JSON object of `task` and the parts of the brief.

    `<`, `>`, `&` and line separators are escaped, so no text can look like a frame; hidden characters are removed.
    """
    document: dict[str, JsonValue] = {"task": _as_json(task)}
    document |= {name: _as_json(part) for name, part in brief.parts.items()}
    text = json.dumps(_cleaned(document), ensure_ascii=False, separators=(",", ":"))
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _as_json(model: BaseModel) -> JsonValue:
    """Dump without what is empty: absent and empty mean the same to a reader."""
    return {key: item for key, item in model.model_dump(mode="json").items() if item not in (None, [], {}, "")}


def _cleaned(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return without_hidden_characters(unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value
