"""Gives a question's attempts the framework's interface of a text model."""

from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from pydantic_ai import ModelMessage, ModelResponse, ModelRetry, ModelSettings, RunContext
from pydantic_ai.exceptions import ContentFilterError, UnexpectedModelBehavior
from pydantic_ai.messages import ModelMessagesTypeAdapter, TextPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_core import to_json

from agents.envelope.json_bodies import HALF_CHARACTER
from agents.feedback import conversation, reason_in
from agents.outcomes import AnswerEmpty, AnswerTruncated, AnswerUnreadable
from agents.redact import redact
from agents.sending import Attempts, Inspection

_REPAIRS = "repairs"
"""What was put right in a response, in the part of it that no model gets to see."""


class AskedModel(WrapperModel):
    """A model and its fallbacks as one model, made anew for each question."""

    def __init__(self, attempts: Attempts[Model]) -> None:
        super().__init__(attempts.chain.models[0])
        self.attempts = attempts

    async def __aenter__(self) -> Self:
        """Leave the models alone: they live as long as the service."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do not close the models: the service owns them."""

    def prepare_request(
        self, model_settings: ModelSettings | None, model_request_parameters: ModelRequestParameters
    ) -> tuple[ModelSettings | None, ModelRequestParameters]:
        """Return the request as it is: the model that it is sent to prepares it."""
        return model_settings, model_request_parameters

    def prepare_messages(
        self, messages: list[ModelMessage], model_request_parameters: ModelRequestParameters | None = None
    ) -> list[ModelMessage]:
        """Return the messages as they are: each model of the chain has its own way to put them."""
        return messages

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Return a readable answer. An earlier answer to this question is first settled as refused."""
        reason = reason_in(messages[-1])
        self.attempts.refuse(reason)
        if self.attempts.left <= 0:
            raise UnexpectedModelBehavior("all attempts are used up") from ModelRetry(reason)

        told = conversation(messages)

        async def request(model: Model) -> ModelResponse:
            limit = ModelSettings(max_tokens=self.attempts.max_output_tokens)
            prepared = model.prepare_messages(told, model_request_parameters)
            response = await model.request(prepared, {**(model_settings or {}), **limit}, model_request_parameters)
            return _read_from_tool(response)

        size = _request_bytes(told, model_request_parameters)
        response = await self.attempts.send(request, request_bytes=size, inspect=_inspect)
        self.attempts.rows[-1].repairs += (response.metadata or {}).get(_REPAIRS, [])
        return response


def attempts_of(ctx: RunContext[Any]) -> Attempts[Model]:
    """Return the attempts of the question that a run asks. `Any`: whatever its agent depends on."""
    if not isinstance(ctx.model, AskedModel):
        raise TypeError(f"{type(ctx.model).__name__} is no AskedModel: run agents through agents.ask")
    return ctx.model.attempts


def _read_from_tool(response: ModelResponse) -> ModelResponse:
    """Return a response with the arguments of its tool call as its text: none was offered, some servers make one."""
    if (response.text or "").strip() or len(response.tool_calls) != 1:
        return response
    answer = TextPart(response.tool_calls[0].args_as_json_str())
    return replace(response, parts=[answer], metadata={_REPAIRS: ["arguments of a tool call read as the answer"]})


def _inspect(response: ModelResponse) -> Inspection:
    """Return a cut-off, filtered or empty answer with its fault: it must not be read as an answer."""
    name, text = response.model_name or "?", response.text or ""
    fault: Exception | None = None
    if response.finish_reason == "length":
        fault = AnswerTruncated(name, "the token limit cut the answer off")
    elif response.finish_reason == "content_filter":
        fault = ContentFilterError("the provider filtered the answer")
    elif not text.strip():
        fault = AnswerEmpty(name, "the answer holds no text")
    elif HALF_CHARACTER in text:
        fault = AnswerUnreadable(name, "the answer holds half a character")
    return Inspection(redact(text), fault)


def _request_bytes(messages: list[ModelMessage], parameters: ModelRequestParameters) -> int:
    schema = parameters.output_object.json_schema if parameters.output_object else {}
    # the schema may stand in the instructions as well
    return len(ModelMessagesTypeAdapter.dump_json(messages)) + 2 * len(to_json(schema))
