"""A chat completion, as compatible servers send it, in OpenAI's form."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from agents.envelope.endings import ending_of
from agents.envelope.refused import no_answer
from agents.envelope.token_counts import usage_of_answer

_LONGEST_NAME = 200
_NEVER_TEXT = ("think", "reason")
"""Kinds of parts beside an answer."""


def completion(document: Mapping[str, JsonValue], *, model: str) -> dict[str, JsonValue]:
    """Return the completion with what an answer needs and little else; `model` is the one asked.

    Reasoning is left out: it is no answer, and some servers refuse it in the next request. Raises ResponseRefused where
    there is no message.
    """
    choice = choice_of(document)
    message = choice.get("message")
    if not isinstance(message, dict) and "text" not in choice:
        raise no_answer("the body is no answer: it has no message")
    said = message if isinstance(message, dict) else choice
    ending = ending_of(choice.get("finish_reason"))
    body: dict[str, JsonValue] = {
        **_short_texts(document),
        "id": _text_or(document.get("id"), ""),
        "object": "chat.completion",
        "created": _time(document.get("created")),
        "model": _text_or(document.get("model"), model),
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": text_of(said.get("content") or said.get("text")),
                    "refusal": said.get("refusal") if isinstance(said.get("refusal"), str) else None,
                    "tool_calls": _tool_calls(said),
                },
                "finish_reason": ending if ending in ("length", "content_filter") else "stop",
            }
        ],
        "usage": usage_of_answer(document.get("usage"), total_in="prompt_tokens", total_out="completion_tokens"),
    }
    return body


def _short_texts(document: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the names beside an answer: its tier has a price, and the models of some routers need their provider's."""
    return {name: value for name, value in document.items() if isinstance(value, str) and len(value) <= _LONGEST_NAME}


def choice_of(document: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the first choice of a completion, only one is asked for; empty where there is none."""
    choices = document.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else {}


def text_of(content: JsonValue) -> str | None:
    """Return the text of a message: a string, a list of parts, or an object that the server has parsed already."""
    match content:
        case str():
            return content
        case list():
            texts = [text for part in content if (text := _text_of_part(part)) is not None]
            return "".join(texts) if texts else None
        case dict() if content:
            return json.dumps(content, ensure_ascii=False)
        case _:
            return None


def _text_of_part(part: JsonValue) -> str | None:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict) or any(word in str(part.get("type")) for word in _NEVER_TEXT):
        return None
    text = part.get("text")
    return text if isinstance(text, str) else None


def _tool_calls(said: Mapping[str, JsonValue]) -> list[JsonValue] | None:
    """Return the calls of tools: none was offered, so the arguments may be the answer."""
    calls = said.get("tool_calls")
    listed = calls if isinstance(calls, list) else [{"function": said.get("function_call")}]
    functions = [call.get("function") for call in listed if isinstance(call, dict)]
    found: list[JsonValue] = [
        {
            "id": f"call_{number}",
            "type": "function",
            "function": {"name": _text_or(function.get("name"), "answer"), "arguments": arguments},
        }
        for number, function in enumerate(functions)
        if isinstance(function, dict) and (arguments := text_of(function.get("arguments"))) is not None
    ]
    return found or None


def _text_or(value: JsonValue, default: str) -> str:
    return value if isinstance(value, str) and value else default


def _time(value: JsonValue) -> int:
    """Return seconds since 1970, or 0: what nobody can have meant would not become a date."""
    return int(value) if isinstance(value, int | float) and 0 <= value < 2**32 else 0
