"""The two APIs of the benchmarks' provider: reads requests and builds the bodies of answers."""

import re
from typing import NamedTuple

from pydantic import JsonValue, TypeAdapter

from evals.benchmarks.plan import MARK

RESPONSES, CHAT = "/v1/responses", "/v1/chat/completions"

_MARK = re.compile(rf"{MARK}(\d+)".encode())
_LIMIT = re.compile(rb'"max_output_tokens":\s*(\d+)')
_STRATEGY = re.compile(rb'\\"kind\\":\\"(?:pillars|themes)\\"')
_BODY = TypeAdapter(dict[str, JsonValue])


class Answer(NamedTuple):
    """An answer and its billed tokens."""

    text: str
    cut_off: bool
    input_tokens: int
    output_tokens: int
    model: str = "gpt-5.2"
    """The name that it is served under."""


def call_of(body: bytes) -> int | None:
    """Return the number of a request's call; None if it has none."""
    found = _MARK.search(body)
    return int(found[1]) if found else None


def output_limit_of(body: bytes) -> int:
    """Return the token limit of a request of the Responses API; 0 if it sets none."""
    found = _LIMIT.search(body)
    return int(found[1]) if found else 0


def strategy_task_of(body: bytes) -> dict[str, JsonValue] | None:
    """Return the strategy feature's task in a request of the Responses API; None if it is another feature's."""
    if not _STRATEGY.search(body):
        return None
    for message in _items(_BODY.validate_json(body).get("input")):
        if message.get("role") == "user":
            task = _BODY.validate_json(_text(message["content"])).get("task")
            return task if isinstance(task, dict) else None
    return None


def body_of(path: str, answer: Answer, number: int) -> dict[str, JsonValue]:
    """Return the body of an answer in the format of the API at `path`."""
    return _response(answer, number) if path.endswith(RESPONSES) else _completion(answer, number)


def _response(answer: Answer, number: int) -> dict[str, JsonValue]:
    text: JsonValue = {"type": "output_text", "text": answer.text, "annotations": [], "logprobs": []}
    return {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 0,
        "model": answer.model,
        "status": "incomplete" if answer.cut_off else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if answer.cut_off else None,
        "error": None,
        "instructions": None,
        "metadata": {},
        "output": [
            {"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed", "content": [text]}
        ],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": answer.input_tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": answer.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": answer.input_tokens + answer.output_tokens,
        },
    }


def _completion(answer: Answer, number: int) -> dict[str, JsonValue]:
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 0,
        "model": answer.model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": answer.text, "refusal": None},
                "finish_reason": "length" if answer.cut_off else "stop",
                "logprobs": None,
            }
        ],
        "usage": {
            "prompt_tokens": answer.input_tokens,
            "completion_tokens": answer.output_tokens,
            "total_tokens": answer.input_tokens + answer.output_tokens,
        },
    }


def _items(value: JsonValue) -> list[dict[str, JsonValue]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(content: JsonValue) -> str:
    """Return a message's text, which the API accepts as a string or in parts."""
    return content if isinstance(content, str) else "".join(str(part.get("text", "")) for part in _items(content))
