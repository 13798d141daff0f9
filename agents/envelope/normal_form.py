"""A response as the SDKs read it: an answer in its API's own form, or an error under the status that it stands for."""

from collections.abc import Callable, Mapping

import httpx2
from pydantic import JsonValue

from agents.envelope.completions import completion
from agents.envelope.json_bodies import read_json, write_json
from agents.envelope.model_responses import model_response
from agents.envelope.provider_errors import error_inside, read_error
from agents.envelope.refused import ResponseRefused, no_answer

_FORMS: dict[str, Callable[..., dict[str, JsonValue]]] = {
    "/chat/completions": completion,
    "/responses": model_response,
}
"""By the end of the address: what an API's answers are made into."""
_LARGEST_ERROR = 100_000
"""Bytes: a larger error is no document any more, and its status says enough."""
_PICTURES = "/images/"


def in_normal_form(request: httpx2.Request, status: int, body: bytes) -> tuple[int, bytes]:
    """Return the status and the body that an SDK may read. Raises ResponseRefused for a success that is no answer."""
    try:
        return _in_normal_form(request, status, body)
    except RecursionError:
        raise ResponseRefused("the body is nested too deep", status="server_error", http_status=status) from None


def _in_normal_form(request: httpx2.Request, status: int, body: bytes) -> tuple[int, bytes]:
    if status >= 400:
        return _as_error(read_json(body[:_LARGEST_ERROR]), status, request)
    document = read_json(body)
    if document is None:
        raise _no_json(body)
    if (error := error_inside(document)) is not None:
        return _as_error(error, status, request)
    if _PICTURES in request.url.path:
        _check_pictures(document)
        return status, body
    return status, write_json(_as_answer(document, request))


def _as_error(document: JsonValue, status: int, request: httpx2.Request) -> tuple[int, bytes]:
    error = read_error(document, http_status=status, request=request)
    return error.status, write_json(error.as_document())


def _as_answer(document: JsonValue, request: httpx2.Request) -> JsonValue:
    form = next((form for end, form in _FORMS.items() if request.url.path.endswith(end)), None)
    if form is None:
        return document
    if not isinstance(document, Mapping):
        raise no_answer("the body is no answer: it is no object")
    asked = read_json(request.content)
    return form(document, model=str(asked.get("model")) if isinstance(asked, dict) else "?")


def _check_pictures(document: JsonValue) -> None:
    """Raise ResponseRefused where there is no list of pictures. They stay as they are: they are large."""
    if not isinstance(document, dict) or not isinstance(document.get("data"), list):
        raise no_answer("the body is no answer: it has no pictures")


def _no_json(body: bytes) -> ResponseRefused:
    """Return the error of a success that is no JSON. A document that is cut off or too deep may have been generated."""
    if body.lstrip()[:1] in (b"{", b"["):
        reason = "the body is JSON that is cut off or can't be read"
        return ResponseRefused(reason, status="connection", http_status=200, is_billed=True)
    return no_answer("the body is no JSON object")
