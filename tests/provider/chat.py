"""Answers of the Chat Completions API."""

from tests.provider.reactions import Answer, Refusal, Tokens
from tests.provider.received import JsonObject


def chat_body(reply: Answer | Refusal, *, model: str, number: int, created: int) -> JsonObject:
    """Return a chat completion."""
    answer = reply if isinstance(reply, Answer) else Answer(None)
    message: JsonObject = {
        "role": "assistant",
        "content": answer.text,
        "refusal": reply.text if isinstance(reply, Refusal) else None,
    }
    body: JsonObject = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": created,
        "model": answer.model or model,
        "choices": [{"index": 0, "message": message, "finish_reason": answer.finish, "logprobs": None}],
        "service_tier": answer.service_tier,
    }
    return body if answer.tokens is None else {**body, "usage": _usage(answer.tokens)}


def _usage(tokens: Tokens) -> JsonObject:
    return {
        "prompt_tokens": tokens.input,
        "prompt_tokens_details": {"cached_tokens": tokens.cached, "cache_write_tokens": tokens.cache_write},
        "completion_tokens": tokens.output,
        "completion_tokens_details": {"reasoning_tokens": tokens.reasoning},
        "total_tokens": tokens.input + tokens.output,
    }
