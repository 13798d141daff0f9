"""An answer of the Responses API, as compatible servers send it, in OpenAI's form."""

from collections.abc import Mapping

from pydantic import JsonValue

from agents.envelope.completions import text_of
from agents.envelope.endings import ending_of
from agents.envelope.refused import no_answer
from agents.envelope.token_counts import usage_of_answer

_INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}


def model_response(document: Mapping[str, JsonValue], *, model: str) -> dict[str, JsonValue]:
    """Return the response with what an answer needs and nothing else; `model` is the one asked.

    Raises ResponseRefused where it has no output, or is not over yet: the framework would ask for it again, without
    a row.
    """
    output = document.get("output")
    if not isinstance(output, list) or document.get("status") in ("queued", "in_progress"):
        raise no_answer("the body is no answer: it has no finished output")
    details = document.get("incomplete_details")
    reason = _INCOMPLETE.get(ending_of(details.get("reason") if isinstance(details, dict) else None))
    served_by, number, tier = document.get("model"), document.get("id"), document.get("service_tier")
    return {
        "id": number if isinstance(number, str) else "",
        "object": "response",
        "created_at": 0,
        "model": served_by if isinstance(served_by, str) and served_by else model,
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
        "error": None,
        "output": [item for number, found in enumerate(output) if (item := _item(found, number)) is not None],
        "parallel_tool_calls": False,
        "tool_choice": "none",
        "tools": [],
        "usage": usage_of_answer(document.get("usage"), total_in="input_tokens", total_out="output_tokens"),
        **({"service_tier": tier} if isinstance(tier, str) else {}),
    }


def _item(found: JsonValue, number: int) -> JsonValue:
    """Return a message or the call of a tool; None for what is neither."""
    if not isinstance(found, dict):
        return None
    if found.get("type") == "function_call" and (arguments := text_of(found.get("arguments"))) is not None:
        call_id = f"call_{number}"
        return {"type": "function_call", "id": call_id, "call_id": call_id, "name": "answer", "arguments": arguments}
    if "content" not in found or found.get("type") not in ("message", None):
        return None
    content = found["content"]
    refusals = [part["refusal"] for part in _parts(content) if isinstance(part.get("refusal"), str)]
    parts: list[JsonValue] = [{"type": "refusal", "refusal": refusal} for refusal in refusals]
    if not parts and (text := text_of(content)) is not None:
        parts = [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]
    return {"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed", "content": parts}


def _parts(content: JsonValue) -> list[dict[str, JsonValue]]:
    return [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
