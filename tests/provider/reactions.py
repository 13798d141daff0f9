"""The provider's possible reactions to a request: values for a test's script."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from http import HTTPStatus
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The usage of a text answer."""

    input: int = 100
    """All input tokens, cached ones included."""
    cached: int = 40
    cache_write: int = 0
    output: int = 20
    """All output tokens, reasoning included."""
    reasoning: int = 5


@dataclass(frozen=True, kw_only=True)
class ImageTokens:
    """The usage of an image answer."""

    text_input: int = 50
    image_input: int = 0
    image_output: int = 1056
    text_output: int = 0


@dataclass(frozen=True)
class Answer:
    """A text. An empty one is `Answer("")`, one without any part `Answer(None)`."""

    text: str | None
    _: KW_ONLY
    finish: Literal["stop", "length", "content_filter"] = "stop"
    """`length`: cut off by the token limit; `content_filter`: cut off by the provider's filter."""
    tokens: Tokens | None = Tokens()
    """None: no usage is reported."""
    model: str | None = None
    """Model name in the answer; None means the requested one."""
    service_tier: str = "default"


@dataclass(frozen=True)
class Sampled:
    """The smallest valid answer to any request: an object of the output schema, a text, or a picture."""


@dataclass(frozen=True)
class Refusal:
    """The model declines."""

    text: str = "I can't help with that."


@dataclass(frozen=True)
class Picture:
    """A real picture as base64, in the size that is asked for where none is said."""

    width: int | None = None
    height: int | None = None
    _: KW_ONLY
    format: Literal["PNG", "JPEG", "WEBP"] = "PNG"
    tokens: ImageTokens | None = ImageTokens()
    """None: no usage is reported."""


@dataclass(frozen=True)
class PictureText:
    """Any string in place of a picture's base64."""

    base64: str


@dataclass(frozen=True)
class PictureUrl:
    """A link to a picture, as some compatible servers give."""

    url: str


@dataclass(frozen=True)
class HttpError:
    """A status with OpenAI's JSON error body."""

    status: int
    _: KW_ONLY
    type: str = "server_error"
    code: str | None = None
    param: str | None = None
    message: str = "a scripted failure"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class RawBody:
    """A verbatim body."""

    text: str | bytes
    _: KW_ONLY
    status: int = HTTPStatus.OK
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


Reply = Answer | Sampled | Refusal | Picture | PictureText | PictureUrl | HttpError | RawBody
"""What arrives as a whole HTTP response."""


@dataclass(frozen=True)
class Reset:
    """The connection is reset before the first byte of a response."""


@dataclass(frozen=True)
class Cut:
    """The connection ends in the middle of the body of a reply."""

    reply: Reply


@dataclass(frozen=True)
class Hang:
    """The request stays open until the client disconnects; `ReceivedRequest.client_gone` is set then."""


@dataclass(frozen=True)
class Endless:
    """A body without end; what it sends is the same again and again."""

    chunk: bytes
    status: int = HTTPStatus.OK


@dataclass(frozen=True)
class Drip:
    """A reply sent byte by byte."""

    reply: Reply
    pace: Callable[[], Awaitable[object]]
    """Awaited before each byte of the body: `semaphore.acquire` of the test's semaphore, for instance."""


@dataclass(frozen=True)
class Held:
    """A reaction that waits for the test."""

    reaction: "Reaction"
    until: asyncio.Event


Reaction = Reply | Reset | Cut | Hang | Endless | Drip | Held
"""Every way to react."""


UNAUTHORIZED = HttpError(401, type="invalid_request_error", code="invalid_api_key")
MODEL_NOT_FOUND = HttpError(404, type="invalid_request_error", code="model_not_found")
QUOTA_EXHAUSTED = HttpError(429, type="insufficient_quota", code="insufficient_quota")
MODERATION_BLOCKED = HttpError(400, type="image_generation_user_error", code="moderation_blocked")
BROKEN_JSON = RawBody('{"id": "x", "choi')
NOT_AN_ANSWER = RawBody("{}")
HTML_PAGE = RawBody("<html>welcome</html>", content_type="text/html")
BAD_GATEWAY = RawBody("<html>bad gateway</html>", status=HTTPStatus.BAD_GATEWAY, content_type="text/html")


def rate_limited(retry_after: str | None = None) -> HttpError:
    """Return a 429; `retry_after` is the header's value, in seconds or as an HTTP date."""
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return HttpError(429, type="requests", code="rate_limit_exceeded", headers=headers)
