"""Parses the JSON document of the user message back into a typed task and brief."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, UserPromptPart

from deps.tasks import PartsTask, Task, task_types
from models.brief import Brief

_EMPTY: tuple[JsonValue, ...] = (None, [], {}, "")
"""What `as_document` leaves out of a task."""


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
        document = json.loads(text)
        task = _read_task(document.pop("task"))
        brief = Brief.model_validate_json(json.dumps(document))
    except (ValidationError, KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(
            "the sandbox only answers this package: the user message is not its JSON document of a task and a brief"
        ) from error
    asked_before = len(task.rewrite) if isinstance(task, PartsTask) else 0
    return Asked(task=task, brief=brief, attempt=attempt + asked_before)


def _read_task(given: dict[str, JsonValue]) -> Task:
    kind = task_types()[str(given["kind"])]
    return kind.model_validate_json(json.dumps({**_empty_values(kind), **given}))


@cache
def _empty_values(kind: type[Task]) -> dict[str, JsonValue]:
    """Return the fields that a document leaves out when they are empty, with their empty values."""
    required = {name: field for name, field in kind.model_fields.items() if field.is_required()}
    accepted = {name: [value for value in _EMPTY if _accepts(field, value)] for name, field in required.items()}
    return {name: values[0] for name, values in accepted.items() if values}


def _accepts(field: FieldInfo, value: JsonValue) -> bool:
    try:
        TypeAdapter[object](field.rebuild_annotation()).validate_python(value)
    except ValidationError:
        return False
    return True


def answers_before(messages: Sequence[ModelMessage]) -> int:
    """Return how many answers a conversation holds."""
    return sum(isinstance(message, ModelResponse) for message in messages)
