"""A text model under one question: the attempts of the question behind the framework's interface of a model."""

from types import TracebackType
from typing import Any, Self

from pydantic_ai import ModelMessage, ModelResponse, ModelRetry, ModelSettings, RunContext
from pydantic_ai.exceptions import ContentFilterError, UnexpectedModelBehavior
from pydantic_ai.messages import ModelMessagesTypeAdapter
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_core import to_json

from agents.feedback import conversation, reason_in
from agents.outcomes import AnswerEmpty, AnswerTruncated
from agents.redact import redact
from agents.sending import Attempts, Inspection


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
        """Leave the models alone."""

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
        """Return an answer that can be read; the one before, where there is one, was of no use."""
        reason = reason_in(messages[-1])
        self.attempts.refuse(reason)
        if self.attempts.left <= 0:
            raise UnexpectedModelBehavior("all attempts are used up") from ModelRetry(reason)

        told = conversation(messages)

        async def request(model: Model) -> ModelResponse:
            limit = ModelSettings(max_tokens=self.attempts.max_output_tokens)
            prepared = model.prepare_messages(told, model_request_parameters)
            return await model.request(prepared, {**(model_settings or {}), **limit}, model_request_parameters)

        size = _request_bytes(told, model_request_parameters)
        return await self.attempts.send(request, request_bytes=size, inspect=_inspect)


def attempts_of(ctx: RunContext[Any]) -> Attempts[Model]:
    """Return the attempts of the question that a run asks. `Any`: whatever its agent depends on."""
    if not isinstance(ctx.model, AskedModel):
        raise TypeError(f"{type(ctx.model).__name__} is no AskedModel: run agents through agents.ask")
    return ctx.model.attempts


def _inspect(response: ModelResponse) -> Inspection:
    """Return a cut-off, filtered or empty answer with its fault: it must not be read as an answer."""
    name, text = response.model_name or "?", response.text or ""
    fault: Exception | None = None
    if response.finish_reason == "length":
        fault = AnswerTruncated(name, "the token limit cut the answer off")
    elif response.finish_reason == "content_filter":
        fault = ContentFilterError("the provider filtered the answer")
    elif not text.strip() and not response.tool_calls:
        fault = AnswerEmpty(name, "the answer holds no text")
    return Inspection(redact(text), fault)


def _request_bytes(messages: list[ModelMessage], parameters: ModelRequestParameters) -> int:
    schema = parameters.output_object.json_schema if parameters.output_object else {}
    return len(ModelMessagesTypeAdapter.dump_json(messages)) + len(to_json(schema))
