"""How text from outside becomes data: one JSON document that nothing in it can leave."""

import json
import unicodedata

from pydantic import BaseModel, JsonValue

from deps.tasks import Task
from models.brief import BusinessContext, CampaignContext

_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029\u0085"})

_INVISIBLE = {
    *range(0x00, 0x09),
    *range(0x0B, 0x0D),
    *range(0x0E, 0x20),
    *range(0x7F, 0x85),
    *range(0x86, 0xA0),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0x200B,
    0x2060,
    0xFEFF,
    *range(0xE0100, 0xE01F0),
}
_TAGS = range(0xE0000, 0xE0080)
_BLACK_FLAG, _CANCEL_TAG = "\U0001f3f4", 0xE007F


def without_hidden_characters(text: str) -> str:
    """Return `text` without characters that nobody sees but a model reads.

    Controls, bidi overrides, zero-width spaces, variation selectors of the supplement, and tag characters outside
    flag emoji go. Joiners stay: Persian and family emoji need them.
    """
    kept: list[str] = []
    in_flag = False
    for character in text:
        point = ord(character)
        if point in _TAGS:
            if in_flag:
                kept.append(character)
                in_flag = point != _CANCEL_TAG
            continue
        in_flag = character == _BLACK_FLAG
        if point not in _INVISIBLE:
            kept.append(character)
    return "".join(kept)


def as_document(*, task: Task, business: BusinessContext, campaign: CampaignContext | None) -> str:
    """Return the user message of a question: a JSON object of `task`, `business` and `campaign`.

    `<`, `>`, `&` and line separators are escaped, so no text can look like a frame; hidden characters are removed.
    """
    document: dict[str, JsonValue] = {"task": _as_json(task), "business": _as_json(business)}
    if campaign is not None:
        document["campaign"] = _as_json(campaign)
    return json.dumps(_cleaned(document), ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _as_json(model: BaseModel) -> JsonValue:
    """Dump without what is empty: absent and empty mean the same to a reader."""
    return {key: item for key, item in model.model_dump(mode="json").items() if item not in (None, [], "")}


def _cleaned(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return without_hidden_characters(unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value
