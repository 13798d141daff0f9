"""A server on loopback that answers each request as one function says, and keeps what was asked."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from pydantic import JsonValue

REPLY: dict[str, JsonValue] = {
    "reply": "Thank you so much for your kind words.",
    "intent": "praise",
    "needs_human": False,
    "needs_human_reason": None,
    "language": "en",
    "facts_used": [],
}
"""A good answer to a customer who thanks."""


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    http: web.Request
    # Any: JSON of several APIs
    body: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def document(self) -> dict[str, Any]:
        """The first user message of a chat, which is a JSON document."""
        texts = [message["content"] for message in self.body["messages"] if message["role"] == "user"]
        return json.loads(texts[0])

    @property
    def days(self) -> list[int]:
        """The days of a calendar whose themes are asked for; none for another question."""
        return [day["day"] for day in self.document["task"].get("days", [])]


Answering = Callable[[Asked], Awaitable[web.StreamResponse]]


class Loopback:
    """Answers as `answer` says, which a case sets; `asked` is what came since."""

    def __init__(self, answer: Answering | None = None) -> None:
        self.asked: list[Asked] = []
        self.base_url = ""
        """Its address, `http://127.0.0.1:PORT/v1`, within the `async with` block."""
        self.port = 0
        self._answer = answer
        self._mistakes: list[Exception] = []
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.01)

    def set(self, answer: Answering) -> None:
        """Forget what was asked, and answer in another way from now on."""
        self.asked, self._answer = [], answer

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        if self._mistakes:  # a client reports a mistake in a case as a provider's error; it must not pass as one
            raise self._mistakes[0]

    async def _serve(self, http: web.Request) -> web.StreamResponse:
        raw = await http.read()
        asked = Asked(http, json.loads(raw) if raw else {})
        self.asked.append(asked)
        if self._answer is None:
            return web.Response(status=500)
        try:
            return await self._answer(asked)
        except ConnectionResetError:
            raise
        except Exception as mistake:  # the edge: aiohttp would log it and answer 500
            self._mistakes.append(mistake)
            raise


def completion(content: str | None, *, finish: JsonValue = "stop", **changes: JsonValue) -> web.Response:
    """Return a whole chat completion with this content; `changes` replace its fields."""
    choice: JsonValue = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}
    usage: JsonValue = {"prompt_tokens": 812, "completion_tokens": 64, "total_tokens": 876}
    body: dict[str, JsonValue] = {"id": "x", "object": "chat.completion", "created": 1, "model": "gpt-5.2"}
    return web.json_response({**body, "choices": [choice], "usage": usage, **changes})


def good_reply(**changes: JsonValue) -> web.Response:
    """Return the good answer to a customer."""
    return completion(json.dumps(REPLY), **changes)
