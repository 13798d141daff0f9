"""JSON from strangers: read without a limit of ours being hit as an error of Python's."""

import codecs
import json
from typing import cast

from pydantic import JsonValue

HALF_CHARACTER = "\ufffd"
"""What stands for half an emoji: no database and no JSON takes the half itself."""


_MOST_PARTS = 50_000
"""Objects and lists: an answer has some dozens, and hundreds of thousands would stop the event loop."""


def read_json(body: bytes) -> JsonValue:
    """Return the document; None for what is none: a page, a cut-off body, one nested too deep or of too many parts."""
    if body.count(b"[") + body.count(b"{") > _MOST_PARTS:
        return None
    try:
        return cast(JsonValue, json.loads(body))
    except (ValueError, RecursionError):
        return None


def write_json(document: JsonValue) -> bytes:
    """Return a document as UTF-8, with a mark in place of each half of a character."""
    return json.dumps(document, ensure_ascii=False).encode(errors=_REPLACED)


def _replace(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return HALF_CHARACTER * (error.end - error.start), error.end


_REPLACED = "ai_service_half_character"
codecs.register_error(_REPLACED, _replace)
