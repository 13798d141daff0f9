"""A request as the provider received it."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pydantic import JsonValue, TypeAdapter

JsonObject = dict[str, JsonValue]
Api = Literal["responses", "chat", "images"]

PATHS: dict[str, Api] = {
    "/v1/responses": "responses",
    "/v1/chat/completions": "chat",
    "/v1/images/generations": "images",
}
OTHER_VENDORS = ("/v1/messages", "/v1/models/{call}")
"""Paths of Anthropic's and Google's APIs; the script answers with a `RawBody`."""
_OBJECT = TypeAdapter(JsonObject)


class Message(NamedTuple):
    """One message of a request."""

    role: str
    text: str


@dataclass(frozen=True, eq=False)
class ReceivedRequest:
    """One HTTP request, and the state of its sender."""

    number: int
    """Order of arrival, from 0."""
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: JsonObject
    client_gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the client disconnects before the response is complete."""

    @property
    def api(self) -> Api:
        return PATHS[self.path]

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def messages(self) -> list[Message]:
        """All messages in order; the instructions of the Responses API come first, as `system`."""
        if self.api == "images":
            return [Message("user", str(self.body["prompt"]))]
        instructions = self.body.get("instructions")
        first = [Message("system", instructions)] if isinstance(instructions, str) else []
        return first + _messages(self.body.get("input" if self.api == "responses" else "messages"))

    @property
    def instructions(self) -> str:
        """The instructions to the model."""
        return "\n\n".join(message.text for message in self.messages if message.role in ("system", "developer"))

    @property
    def user_texts(self) -> list[str]:
        """The user messages, in order: the document, then the retry prompts."""
        return [message.text for message in self.messages if message.role == "user"]

    @property
    def document(self) -> JsonObject:
        """The first user message, which is a JSON document."""
        return _OBJECT.validate_json(self.user_texts[0])

    @property
    def schema(self) -> JsonObject | None:
        """The output schema; None if the request has none."""
        schema = _output_format(self).get("schema")
        return schema if isinstance(schema, dict) else None

    @property
    def strict(self) -> bool:
        """Whether strict mode is on."""
        return _output_format(self).get("strict") is True

    def at(self, *path: str | int) -> JsonValue:
        """Return the value at `path` of the body, e.g. `at("text", "format", "name")`; None if there is none."""
        return value_at(self.body, *path)


def value_at(value: JsonValue, *path: str | int) -> JsonValue:
    """Return the value at `path` of `value`; None if there is none."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _output_format(request: ReceivedRequest) -> JsonObject:
    path = ("text", "format") if request.api == "responses" else ("response_format", "json_schema")
    found = request.at(*path)
    return found if isinstance(found, dict) else {}


def _messages(items: JsonValue) -> list[Message]:
    if isinstance(items, str):
        return [Message("user", items)]
    listed = items if isinstance(items, list) else []
    return [Message(str(item.get("role")), _text(item.get("content"))) for item in listed if isinstance(item, dict)]


def _text(content: JsonValue) -> str:
    if isinstance(content, list):
        return "".join(str(value_at(part, "text") or "") for part in content)
    return content if isinstance(content, str) else ""
