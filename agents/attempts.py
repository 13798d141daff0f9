"""The attempt policy of text models: each HTTP request is a row, and one owner decides on another.

Built on the framework's parts: a `WrapperModel` per attempt, chained by a `FallbackModel` whose `fallback_on` waits
and decides, and a capability that sees what validation makes of an answer.
"""

from __future__ import annotations  # the framework's node aliases exist for type checkers alone

import asyncio
from dataclasses import dataclass
from json import dumps
from types import TracebackType
from typing import Any, Self

from pydantic import ValidationError
from pydantic_ai import (
    CallToolsNode,
    ModelMessage,
    ModelRequestNode,
    ModelResponse,
    ModelRetry,
    ModelSettings,
    RunContext,
)
from pydantic_ai.capabilities import (
    AbstractCapability,
    AgentNode,
    NodeResult,
    WrapNodeRunHandler,
    WrapOutputValidateHandler,
    WrapRunHandler,
)
from pydantic_ai.exceptions import ContentFilterError, ModelRequestTimeout, UnexpectedModelBehavior
from pydantic_ai.messages import ModelMessagesTypeAdapter, RetryFeedbackPart
from pydantic_ai.models import Model, ModelRequestContext, ModelRequestParameters
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.output import OutputContext
from pydantic_ai.run import AgentRunResult
from pydantic_core import to_json

from agents.chain import Chain
from agents.outcomes import (
    UNREADABLE,
    AnswerEmpty,
    AnswerTruncated,
    AnswerUnreadable,
    DeadlineReached,
    describe,
    status_of,
)
from agents.prices import cost_of_answer
from agents.question import Question
from agents.redact import redact
from agents.repair import repair


class LoggedModel(WrapperModel):
    """One attempt: on the books before it is sent, settled or handed on after."""

    def __init__(self, wrapped: Model, question: Question) -> None:
        super().__init__(wrapped)
        self._question = question

    async def __aenter__(self) -> Self:
        """Leave the model alone: it lives as long as the service, and is no question's to open and close."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the model alone."""

    def prepare_request(
        self, model_settings: ModelSettings | None, model_request_parameters: ModelRequestParameters
    ) -> tuple[ModelSettings | None, ModelRequestParameters]:
        """Leave it to the model, which does it as it sends: twice would be for nothing."""
        return model_settings, model_request_parameters

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Send one request; a cut-off, filtered or empty answer is an error like a lost connection."""
        question = self._question
        settings: ModelSettings = {**(model_settings or {}), "max_tokens": question.max_output_tokens}
        timeout_s = question.request_timeout_s
        attempt = await question.open(self.wrapped, request_bytes=_request_bytes(messages, model_request_parameters))
        try:
            async with asyncio.timeout(timeout_s):
                response = await self.wrapped.request(messages, settings, model_request_parameters)
            raw_output = redact(response.text or "")
        except TimeoutError as error:
            timeout = ModelRequestTimeout(self.model_name, timeout_s)
            question.failed(attempt, timeout)
            raise timeout from error
        except UNREADABLE as error:
            unreadable = AnswerUnreadable(self.model_name, "the provider's success is no answer of its API")
            question.failed(attempt, unreadable)
            raise unreadable from error
        except BaseException as error:
            question.failed(attempt, error)
            raise
        cost = cost_of_answer(response)
        response.usage.cost = cost.usd  # set, or the framework would work it out once more
        question.answered(attempt, response.usage, cost=cost, raw_output=raw_output)
        if unusable := _unusable(response):
            question.failed(attempt, unusable)
            raise unusable
        return response


class Attempts(FallbackModel):
    """The attempts of a question, one after the other, on models that are open already."""

    async def __aenter__(self) -> Self:
        """Leave the models alone, as each attempt does."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the models alone."""


@dataclass
class AttemptPolicy(AbstractCapability[Any]):
    """Runs one question: the chain of models over its attempts, repair, and the verdict on each answer."""

    # `Any`: the policy is the same whatever an agent depends on.
    question: Question
    chain: Chain[Model]

    def get_wrapper_model(self, model: Model) -> Model | None:
        """Return the attempts that are left as one model."""
        chain = self.chain if model is self.chain.models[0] else Chain((model,), self.chain.breakers)
        order = chain.order(used=len(self.question.attempts), attempts=self.question.call.max_attempts)
        todo = [LoggedModel(model, self.question) for model in order]
        if len(todo) == 1:
            return todo[0]
        # a lambda, since the framework reads the types of a handler anew for each model
        return Attempts(todo[0], *todo[1:], fallback_on=lambda error: self._wait_to_retry(error))

    async def before_model_request(
        self, ctx: RunContext[Any], request_context: ModelRequestContext
    ) -> ModelRequestContext:
        """Refuse a request that the attempts or the deadline don't allow."""
        if self.question.attempts_left <= 0:
            raise UnexpectedModelBehavior(f"all {self.question.call.max_attempts} attempts are used up")
        if not self.question.call.may_ask():
            raise DeadlineReached("the deadline leaves no time for a request")
        return request_context

    async def wrap_output_validate(
        self,
        ctx: RunContext[Any],
        *,
        output_context: OutputContext,
        output: str | dict[str, Any],
        handler: WrapOutputValidateHandler,
    ) -> Any:
        """Validate; malformed JSON whose meaning is certain is repaired first, and the row says how."""
        text = (output if isinstance(output, str) else dumps(output)).strip()
        if not text.startswith("{"):
            # the handler would take the first of several fenced objects, without a word
            text = self._repaired(text)
        try:
            return await handler(text)
        except ValidationError as error:
            if not _is_malformed(error):
                raise
            return await handler(self._repaired(text))

    def _repaired(self, text: str) -> str:
        """Return the one object in `text`. Raises ModelRetry where that isn't certain."""
        repaired = repair(text)
        if repaired is None:
            raise ModelRetry("(whole): the answer must be one whole JSON object and nothing else")
        self.question.attempts[-1].repairs = repaired.changes
        return repaired.text

    async def wrap_node_run(
        self, ctx: RunContext[Any], *, node: AgentNode[Any], handler: WrapNodeRunHandler[Any]
    ) -> NodeResult[Any]:
        """Settle the row of an answer by what validation makes of it."""
        if not isinstance(node, CallToolsNode):
            return await handler(node)
        attempt = self.question.attempts[-1]
        try:
            following = await handler(node)
        except Exception as error:
            reason = _reason_of_cause(error)
            self.question.settle(attempt, status_of(error), error=reason)
            raise
        if isinstance(following, ModelRequestNode):
            self.question.settle(attempt, "invalid_output", error=_feedback(following))
        else:
            self.question.settle(attempt, "ok")
        return following

    async def wrap_run(self, ctx: RunContext[Any], *, handler: WrapRunHandler) -> AgentRunResult[Any]:
        """Leave no row open, whatever ended the run."""
        try:
            return await handler()
        finally:
            self.question.settle_open()

    async def _wait_to_retry(self, error: Exception) -> bool:
        return await self.question.wait_to_retry(error, has_other=self.chain.moves_on(len(self.question.attempts)))


def _request_bytes(messages: list[ModelMessage], parameters: ModelRequestParameters) -> int:
    schema = parameters.output_object.json_schema if parameters.output_object else {}
    return len(ModelMessagesTypeAdapter.dump_json(messages)) + len(to_json(schema))


def _unusable(response: ModelResponse) -> Exception | None:
    """Return the error of an answer that must not be read as one, although the provider sent it as a success."""
    name = response.model_name or "?"
    if response.finish_reason == "length":
        return AnswerTruncated(name, "the token limit cut the answer off")
    if response.finish_reason == "content_filter":
        return ContentFilterError("the provider filtered the answer")
    if not (response.text or "").strip() and not response.tool_calls:
        return AnswerEmpty(name, "the answer holds no text")
    return None


def _is_malformed(error: ValidationError) -> bool:
    return any(item["type"] == "json_invalid" for item in error.errors(include_url=False, include_input=False))


def _feedback(node: ModelRequestNode[Any, Any]) -> str:
    """Return why an answer is asked again: paths and reasons, without its values."""
    contents = [part.content for part in node.request.parts if isinstance(part, RetryFeedbackPart)]
    return "; ".join(
        content if isinstance(content, str) else _reasons([(item["loc"], item["msg"]) for item in content])
        for content in contents
    )


def _reason_of_cause(error: BaseException) -> str:
    """Return the innermost reason of an answer that was given up."""
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, ValidationError):
        found = cause.errors(include_url=False, include_input=False)
        return _reasons([(item["loc"], item["msg"]) for item in found])
    return str(cause) if type(cause).__name__ == "ModelRetry" else describe(error)


def _reasons(items: list[tuple[tuple[int | str, ...], str]]) -> str:
    return "; ".join(f"{'.'.join(map(str, loc)) or '(whole)'}: {message}" for loc, message in items[:5])
