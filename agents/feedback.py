"""What a model is told when its answer is asked again."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic_ai import ModelMessage, ModelResponse
from pydantic_ai.messages import ModelRequest, ModelRequestPart, RetryFeedbackPart

from agents.outcomes import reasons_at

_UNMENTIONED = "Do not mention this message in the answer."


def asked_again(reason: str) -> str:
    """Return a reason as a model is told it: its end keeps the answer to what was asked."""
    return f"{reason}. {_UNMENTIONED}"


def reason_in(message: ModelMessage) -> str:
    """Return why an answer is asked again: paths and reasons, without its values."""
    return "; ".join(_reason(part) for part in message.parts if isinstance(part, RetryFeedbackPart))


def conversation(messages: Sequence[ModelMessage]) -> list[ModelMessage]:
    """Return the messages as they are sent: each reason with its end.

    After the same answer twice it is a fresh conversation without that answer: the request, and the last reason.
    """
    told = [_told(message) for message in messages]
    answers = [(message.text or "").strip() for message in told if isinstance(message, ModelResponse)]
    if len(answers) < 2 or answers[-1] != answers[-2]:
        return told
    first, last = told[0], told[-1]
    assert isinstance(first, ModelRequest) and isinstance(last, ModelRequest), "a conversation begins and ends with us"
    return [replace(last, parts=[*first.parts, *last.parts])]


def _told(message: ModelMessage) -> ModelMessage:
    if not isinstance(message, ModelRequest):
        return message
    return replace(message, parts=[_ended(part) for part in message.parts])


def _ended(part: ModelRequestPart) -> ModelRequestPart:
    return replace(part, content=asked_again(_reason(part))) if isinstance(part, RetryFeedbackPart) else part


def _reason(part: RetryFeedbackPart) -> str:
    return part.content if isinstance(part.content, str) else reasons_at(part.content)
