"""JSON from strangers: read without a limit of ours being hit as an error of Python's."""

import codecs
import json
from typing import cast

from pydantic import JsonValue

HALF_CHARACTER = "\ufffd"
"""What stands for half an emoji: no database and no JSON takes the half itself."""


def read_json(body: bytes) -> JsonValue:
    """Return the document; None for what is none, such as a page, a cut-off body, or one nested thousands deep."""
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
