"""The sandbox as a text model: all other code treats it as any remote provider."""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio
from pydantic import BaseModel, JsonValue
from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, ModelSettings, RunContext, TextPart, UserPromptPart
from pydantic_ai.exceptions import ModelHTTPError, ModelRequestRejectedError, UserError
from pydantic_ai.messages import FinishReason
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile
from pydantic_ai.usage import RequestUsage

from agents.sandbox.document import Asked, answers_before, find_document, read_document
from agents.sandbox.phrases import has_phrases, written_in
from agents.sandbox.reserved import Failures, http_error
from agents.sandbox.writers import write

CHARACTERS_PER_TOKEN = 4
"""Usage is a rough estimate: a token for every four characters that came in or went out."""

_GARBAGE = "I would rather tell you about the weather: mild, with a light wind from the west."


class SandboxModel(Model[None]):
    """A deterministic writer in plain code: the same question, the same answer, without any network."""

    def __init__(self) -> None:
        super().__init__(
            profile=ModelProfile(supports_json_schema_output=True, default_structured_output_mode="native")
        )
        self._failures = Failures()

    @property
    def model_name(self) -> str:
        """The model's name."""
        return "sandbox"

    @property
    def system(self) -> str:
        """The provider's name."""
        return "sandbox"

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Answer the question in the first user message, or fail in the way that a reserved word in it asks for."""
        _, parameters = self.prepare_request(model_settings, model_request_parameters)
        document = find_document(messages)
        word = self._failures.asked_for(document)
        if word == "timeout":
            await anyio.sleep_forever()
        if word and (error := http_error(word, model_name=self.model_name)):
            raise error
        asked, answer = self._read(document, answers_before(messages))
        response = _failed(word, answer) if word else _response(answer.model_dump_json())
        response.model_name, response.provider_name = self.model_name, self.system
        response.provider_details = {**details_of(asked), **(response.provider_details or {})}
        response.usage = _usage(messages, parameters, response)
        return response

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        """Refuse: the layer never streams."""
        raise UserError("the sandbox does not stream: use Agent.run, not Agent.run_stream")
        yield  # an async generator, as the base class asks for

    def _read(self, document: str, attempt: int) -> tuple[Asked, BaseModel]:
        try:
            asked = read_document(document, attempt=attempt)
            return asked, write(asked)
        except ValueError as error:
            raise self._rejection(str(error)) from error

    def _rejection(self, message: str) -> ModelHTTPError:
        body = {"code": "invalid_request_error", "message": message}
        return ModelHTTPError.for_category(
            ModelRequestRejectedError, status_code=400, model_name=self.model_name, body=body
        )


def details_of(asked: Asked) -> dict[str, JsonValue]:
    """Return what every answer says of itself: that it is the sandbox's, and in which language."""
    language = asked.task.language
    return {
        "sandbox": True,
        "language": language,
        "written_in": written_in(language),
        "phrase_file": has_phrases(language),
    }


def _response(text: str, finish_reason: FinishReason = "stop") -> ModelResponse:
    return ModelResponse(parts=[TextPart(text)], finish_reason=finish_reason)


def _failed(word: str, answer: BaseModel) -> ModelResponse:
    """Return an unusable response in place of `answer`, as providers send them with status 200."""
    match word:
        case "content_filter":
            details = {"finish_reason": "content_filter"}
            return ModelResponse(parts=[], finish_reason="content_filter", provider_details=details)
        case "refusal":
            details = {"refusal": "I can’t help with that."}
            return ModelResponse(parts=[], finish_reason="content_filter", provider_details=details)
        case "empty":
            return ModelResponse(parts=[], finish_reason="stop")
        case "garbage":
            return _response(_GARBAGE)
        case "invalid_output":
            return _response('{"answer": "of another schema"}')
        case "truncated":
            text = answer.model_dump_json()
            return _response(text[: len(text) // 2], "length")
        case _:
            return _response(_malformed(answer))


def _malformed(answer: BaseModel) -> str:
    """Return the answer with its keys in single quotes and a comma too many: wrong, but not ambiguous."""
    return f"{_single_quoted(answer.model_dump(mode='json'))[:-1]},}}"


def _single_quoted(value: JsonValue) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"'{key}': {_single_quoted(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_single_quoted, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _usage(
    messages: Sequence[ModelMessage], parameters: ModelRequestParameters, response: ModelResponse
) -> RequestUsage:
    requests = [message for message in messages if isinstance(message, ModelRequest)]
    parts = [part for request in requests for part in request.parts]
    texts = [part.content for part in parts if isinstance(part, UserPromptPart) and isinstance(part.content, str)]
    texts += [message.text or "" for message in messages if isinstance(message, ModelResponse)]
    texts.append(requests[-1].instructions or "" if requests else "")
    schema = parameters.output_object.json_schema if parameters.output_object else {}
    texts.append(json.dumps(schema))
    return RequestUsage(input_tokens=tokens_in("".join(texts)), output_tokens=tokens_in(response.text or ""))


def tokens_in(text: str) -> int:
    """Return the estimate of tokens in a text."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)
