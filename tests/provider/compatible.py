"""Servers that speak OpenAI's Chat Completions API as their documentation and their issue trackers describe them."""

import json
from collections.abc import Callable

from pydantic import JsonValue

from tests.provider.reactions import RawBody
from tests.provider.received import JsonObject, ReceivedRequest, value_at

Server = Callable[[ReceivedRequest], RawBody]

_COMMON = {"model", "messages", "max_tokens", "response_format", "temperature", "top_p", "stop", "seed", "stream"}
_SCHEMA_IN_INSTRUCTIONS = '"properties"'


def vllm(answer: str) -> Server:
    """Return vLLM before 0.6.5: what it does not know is refused in the words of Pydantic."""

    def react(request: ReceivedRequest) -> RawBody:
        if unknown := _unknown(request):
            found = [{"type": "extra_forbidden", "loc": ("body", name), "input": 64} for name in unknown]
            return _error(
                {"object": "error", "message": str(found), "type": "BadRequestError", "param": None, "code": 400}
            )
        return _completion(answer, {"reasoning_content": None, "tool_calls": []}, stop_reason=None)

    return react


def ollama(answer: str) -> Server:
    """Return Ollama: unknown fields are ignored, reasoning has a field of its own."""
    return lambda request: _completion(answer, {"reasoning": "hm {"}, system_fingerprint="fp_ollama")


def llama_cpp(answer: str) -> Server:
    """Return llama.cpp with a schema that it can't make a grammar of: it answers freely."""

    def react(request: ReceivedRequest) -> RawBody:
        is_told = _SCHEMA_IN_INSTRUCTIONS in request.instructions
        return _completion(answer if is_told else "Here is a post about bread.", {}, timings={"predicted_n": 1})

    return react


def mistral(answer: str) -> Server:
    """Return Mistral: unknown fields are refused in FastAPI's form, content is a list with the thinking in it."""

    def react(request: ReceivedRequest) -> RawBody:
        if unknown := _unknown(request):
            detail: list[JsonValue] = [
                {"type": "extra_forbidden", "loc": ["body", name], "msg": "x"} for name in unknown
            ]
            return _error({"detail": detail}, status=422)
        thinking: JsonObject = {"type": "thinking", "thinking": [{"type": "text", "text": "hm {"}]}
        return _completion([thinking, {"type": "text", "text": answer}], {"prefix": False})

    return react


def groq(answer: str) -> Server:
    """Return Groq with a model that knows JSON mode alone."""

    def react(request: ReceivedRequest) -> RawBody:
        if unknown := _unknown(request):
            message = f"property '{unknown[0]}' is unsupported, did you mean 'stop'?"
            return _error({"error": {"message": message, "type": "invalid_request_error"}})
        if _format(request) == "json_schema":
            message = "This model does not support response format `json_schema`. See supported models at /docs"
            return _error({"error": {"message": message, "type": "invalid_request_error"}})
        return _completion(answer, {}, x_groq={"id": "req_1"}, usage_breakdown=None)

    return react


def openrouter(answer: str) -> Server:
    """Return OpenRouter, whose first upstream fails after the 200."""

    def react(request: ReceivedRequest) -> RawBody:
        if request.number == 0:
            error: JsonObject = {"code": 502, "message": "Provider returned error", "metadata": {"raw": "x"}}
            message: JsonObject = {"role": "assistant", "content": ""}
            choice: JsonObject = {"error": error, "finish_reason": "error", "message": message}
            return RawBody(json.dumps({"id": "gen-1", "choices": [choice], "created": None, "provider": "p"}))
        return _completion(answer, {"reasoning": None}, provider="p", created=None)

    return react


def azure(answer: str) -> Server:
    """Return Azure with an API version before schemas."""

    def react(request: ReceivedRequest) -> RawBody:
        if _format(request) == "json_schema":
            message = (
                "response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later"
            )
            return _error({"error": {"code": "BadRequest", "message": message, "param": None, "type": None}})
        results: JsonObject = {"hate": {"filtered": False, "severity": "safe"}}
        return _completion(answer, {}, prompt_filter_results=[{"content_filter_results": results}])

    return react


def gemini(answer: str) -> Server:
    """Return Gemini's endpoint: errors come in a list, the usage has no details."""

    def react(request: ReceivedRequest) -> RawBody:
        if unknown := _unknown(request):
            message = "\n".join(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.' for name in unknown
            )
            error: JsonObject = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
            return _error([{"error": error}])
        return _completion(answer, {})

    return react


def takes_no_format(answer: str) -> Server:
    """Return a server that refuses every form of an answer."""

    def react(request: ReceivedRequest) -> RawBody:
        if request.at("response_format") is not None:
            error: JsonObject = {
                "message": "unknown parameter",
                "param": "response_format",
                "code": "unknown_parameter",
            }
            return _error({"error": error})
        return _completion(answer, {})

    return react


SERVERS: dict[str, Callable[[str], Server]] = {
    "vllm": vllm,
    "ollama": ollama,
    "llama.cpp": llama_cpp,
    "mistral": mistral,
    "groq": groq,
    "openrouter": openrouter,
    "azure": azure,
    "gemini": gemini,
    "without a format": takes_no_format,
}


def _unknown(request: ReceivedRequest) -> list[str]:
    return sorted(set(request.body) - _COMMON)


def _format(request: ReceivedRequest) -> JsonValue:
    return value_at(request.at("response_format"), "type")


def _completion(content: JsonValue, message: JsonObject, **changed: JsonValue) -> RawBody:
    said: JsonObject = {"role": "assistant", "content": content, **message}
    document: JsonObject = {
        "id": "1",
        "object": "chat.completion",
        "created": 1_767_225_600,
        "model": "served",
        "choices": [{"index": 0, "message": said, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }
    return RawBody(json.dumps({**document, **changed}))


def _error(document: JsonValue, *, status: int = 400) -> RawBody:
    return RawBody(json.dumps(document), status=status)
