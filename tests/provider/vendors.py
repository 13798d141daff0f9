"""Answers of Anthropic's Messages API and Google's Gemini API, as documented."""

import json

from tests.provider.reactions import RawBody
from tests.provider.received import JsonObject


def anthropic_message(text: str, *, model: str, usage: JsonObject) -> RawBody:
    """Return a message of the Messages API."""
    return _raw(
        {
            "id": "msg_01",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [{"type": "text", "text": text}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": {"service_tier": "standard", **usage},
        }
    )


def gemini_answer(text: str, *, model: str, usage: JsonObject) -> RawBody:
    """Return an answer of `generateContent`."""
    return _raw(
        {
            "candidates": [
                {"content": {"parts": [{"text": text}], "role": "model"}, "finishReason": "STOP", "index": 0}
            ],
            "usageMetadata": usage,
            "modelVersion": model,
            "responseId": "r1",
        }
    )


def _raw(document: JsonObject) -> RawBody:
    return RawBody(json.dumps(document))
