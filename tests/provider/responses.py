"""Answers of the Responses API."""

from pydantic import JsonValue

from tests.provider.reactions import Answer, Refusal, Tokens
from tests.provider.received import JsonObject

_INCOMPLETE = {"stop": None, "length": "max_output_tokens", "content_filter": "content_filter"}


def responses_body(reply: Answer | Refusal, *, model: str, number: int, created: int) -> JsonObject:
    """Return a Response object."""
    answer = reply if isinstance(reply, Answer) else Answer(None)
    reason = _INCOMPLETE[answer.finish]
    body: JsonObject = {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": created,
        "model": answer.model or model,
        "status": "completed" if reason is None else "incomplete",
        "incomplete_details": None if reason is None else {"reason": reason},
        "error": None,
        "instructions": None,
        "metadata": {},
        "output": _output(reply, number),
        "parallel_tool_calls": True,
        "service_tier": answer.service_tier,
        "tool_choice": "auto",
        "tools": [],
    }
    return body if answer.tokens is None else {**body, "usage": _usage(answer.tokens)}


def _output(reply: Answer | Refusal, number: int) -> JsonValue:
    if isinstance(reply, Refusal):
        part: JsonObject = {"type": "refusal", "refusal": reply.text}
    elif reply.text is None:
        return []
    else:
        part = {"type": "output_text", "text": reply.text, "annotations": [], "logprobs": []}
    return [
        {"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed", "content": [part]},
    ]


def _usage(tokens: Tokens) -> JsonObject:
    return {
        "input_tokens": tokens.input,
        "input_tokens_details": {"cached_tokens": tokens.cached, "cache_write_tokens": tokens.cache_write},
        "output_tokens": tokens.output,
        "output_tokens_details": {"reasoning_tokens": tokens.reasoning},
        "total_tokens": tokens.input + tokens.output,
    }
