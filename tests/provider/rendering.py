"""A reply as the bytes of an HTTP response."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from tests.provider.chat import chat_body
from tests.provider.images import images_body
from tests.provider.reactions import (
    Answer,
    HttpError,
    Picture,
    PictureText,
    PictureUrl,
    RawBody,
    Refusal,
    Reply,
    Sampled,
)
from tests.provider.received import JsonObject, ReceivedRequest
from tests.provider.responses import responses_body
from tests.provider.sample import sample_answer

_CREATED = 1_767_225_600  # 2026-01-01, so that answers are the same in every run
_UNTYPED_ANSWER = "hello"


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A whole HTTP response."""

    body: bytes
    status: int = HTTPStatus.OK
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def render(reply: Reply, request: ReceivedRequest) -> Rendered:
    """Return `reply` in the format of the API of `request`.

    Raises:
        ValueError: The API has no such reply.
    """
    match reply:
        case HttpError():
            error: JsonObject = {"message": reply.message, "type": reply.type, "param": reply.param, "code": reply.code}
            return Rendered(body=_json({"error": error}), status=reply.status, headers=reply.headers)
        case RawBody():
            body = reply.text if isinstance(reply.text, bytes) else reply.text.encode()
            return Rendered(body=body, status=reply.status, content_type=reply.content_type, headers=reply.headers)
        case Sampled():
            return render(_sampled(request), request)
        case _:
            return Rendered(body=_json(_body(reply, request)))


def _body(reply: Answer | Refusal | Picture | PictureText | PictureUrl, request: ReceivedRequest) -> JsonObject:
    match request.api, reply:
        case "responses", Answer() | Refusal():
            return responses_body(reply, model=request.model, number=request.number, created=_CREATED)
        case "chat", Answer() | Refusal():
            return chat_body(reply, model=request.model, number=request.number, created=_CREATED)
        case "images", Picture() | PictureText() | PictureUrl():
            return images_body(reply, created=_CREATED, size=str(request.at("size") or "1024x1024"))
        case _:
            raise ValueError(f"{request.path} cannot answer with {reply!r}: correct the script")


def _sampled(request: ReceivedRequest) -> Answer | Picture:
    if request.api == "images":
        return Picture()
    schema = request.schema
    return Answer(_UNTYPED_ANSWER if schema is None else json.dumps(sample_answer(request)))


def _json(body: JsonObject) -> bytes:
    return json.dumps(body).encode()
