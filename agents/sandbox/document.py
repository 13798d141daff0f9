"""What the sandbox is told: the one JSON document of the user message, typed again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, JsonValue, ValidationError
from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, UserPromptPart

from deps.tasks import PartsTask, Task
from models.brief import Brief

_EMPTY: dict[str, dict[str, JsonValue]] = {
    "themes": {"avoid": []},
    "reply": {"customer_message": "", "channel": None, "thread": []},
}
"""Fields that a document leaves out when they are empty, by kind of task."""


class _Document(Brief):
    task: Annotated[Task, Field(discriminator="kind")]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as the sandbox understands it."""

    task: Task
    brief: Brief
    attempt: int
    """How often it was answered before in this conversation."""


def find_document(messages: Sequence[ModelMessage]) -> str:
    """Return the first user message of a conversation; an empty text when there is none."""
    parts = (part for message in messages if isinstance(message, ModelRequest) for part in message.parts)
    prompts = (part.content for part in parts if isinstance(part, UserPromptPart))
    return next((content for content in prompts if isinstance(content, str)), "")


def read_document(text: str, *, attempt: int) -> Asked:
    """Return the question in `text`.

    Raises ValueError when it is no document of `deps.untrusted.as_document`.
    """
    try:
        value = json.loads(text)
        task = value["task"]
        value["task"] = {**_EMPTY.get(task["kind"], {}), **task}
        document = _Document.model_validate_json(json.dumps(value))
    except (ValidationError, KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError("the sandbox answers questions of this layer alone: no document in the message") from error
    asked_before = len(document.task.rewrite) if isinstance(document.task, PartsTask) else 0
    attempt += asked_before
    return Asked(
        task=document.task, brief=Brief(business=document.business, campaign=document.campaign), attempt=attempt
    )


def answers_before(messages: Sequence[ModelMessage]) -> int:
    """Return how many answers a conversation holds."""
    return sum(isinstance(message, ModelResponse) for message in messages)
