"""What a provider's error says, without its words: a status, and names that look like names.

An error may quote the key and the whole request. So a text of it is kept only where it has the form of a code and
doesn't stand in the request, and a parameter is named by the request's own key.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx2
from pydantic import JsonValue

from agents.envelope.completions import choice_of
from agents.envelope.endings import ending_of, words_of
from agents.envelope.error_codes import code_of
from agents.envelope.json_bodies import read_json
from agents.envelope.refused_parameters import parameters_in

_STATUS = re.compile(r"[45]\d\d")
_TOO_LARGE = re.compile(r"\btoo[ _-](?:large|long|big)\b|context[ _-]?(?:length|window)", re.IGNORECASE)
_LIMIT = re.compile(r"\blimit\W{0,3}(\d[\d,]{0,12})", re.IGNORECASE)
_REQUESTED = re.compile(r"\brequested\W{0,3}(\d[\d,]{0,12})", re.IGNORECASE)
_MEANINGS: tuple[tuple[int, str], ...] = (
    (400, r"filter|moderation|safety|sensitive|content_policy"),
    (429, r"rate_?limit|too_many|throttl|resource_exhausted"),
    (402, r"quota|billing|credit|balance|payment"),
    (503, r"overload|unavailable|capacity|busy|maintenance"),
    (504, r"time_?out|timed_out|deadline"),
    (401, r"auth|api_?key|credential"),
    (403, r"permission|forbidden|denied"),
    (404, r"not_found|no_such"),
    (400, r"invalid|bad_request|unsupported|unprocessable|too_large|too_long|context_length|validat"),
)
"""The HTTP status that a code stands for; the first match counts."""
_UNKNOWN = 500
_MOST_TEXTS = 500
_LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class ProviderError:
    """An error without the provider's words."""

    status: int
    code: str | None = None
    kind: str | None = None
    """What the provider calls its type."""
    parameters: tuple[str, ...] = ()
    """The parameters of the request that it does not take."""

    def as_document(self) -> dict[str, JsonValue]:
        """Return the error in the form that all SDKs read."""
        named = ", ".join(self.parameters) or None
        error: dict[str, JsonValue] = {"code": self.code, "type": self.kind, "status": self.kind, "param": named}
        return {"type": "error", "error": {"message": "the provider's words are not kept", **error}}


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a request said: an error that repeats it says nothing of its own."""

    body: Mapping[str, JsonValue]
    text: str

    @classmethod
    def of(cls, request: httpx2.Request) -> "_Sent":
        body = read_json(request.content)
        headers = " ".join(request.headers.values())
        text = f"{headers} {request.content.decode(errors='replace')}".lower()
        return cls(body if isinstance(body, dict) else {}, text)

    def as_code(self, value: JsonValue) -> str | None:
        """Return a text that looks like a code and does not stand in the request, or a short number."""
        code = code_of(value)
        return None if code is None or (isinstance(value, str) and code.lower() in self.text) else code


def error_inside(document: JsonValue) -> JsonValue:
    """Return the error that a success holds; None where it holds none, or a whole answer beside it."""
    if not isinstance(document, dict):
        return None
    choice = choice_of(document)
    ended_badly = ending_of(choice.get("finish_reason")) == "error" or document.get("status") in ("failed", "cancelled")
    found = choice.get("error") or document.get("error")
    if found:
        has_answer = bool(choice.get("message") or document.get("output")) and not ended_badly
        return None if has_answer and not choice.get("error") else {"error": found}
    if ended_badly or (document.get("type") or document.get("object")) == "error":
        return document
    return None


def read_error(document: JsonValue, *, http_status: int, request: httpx2.Request) -> ProviderError:
    """Return what an error's body says. A success takes the status that the error's code stands for."""
    main = _main(document)
    code, kind = main.get("code"), main.get("type") or main.get("status") or main.get("finish_reason")
    status = http_status if http_status >= 400 else _status_of(code, kind)
    sent = _Sent.of(request)
    texts = list(_texts(document))
    if status == 429 and any(map(_says_too_large, texts)):
        code = "request_too_large"
    parameters = parameters_in(document, texts, sent=sent.body, shown=sent.as_code)
    return ProviderError(status, None if code == status else sent.as_code(code), sent.as_code(kind), parameters)


def _main(document: JsonValue) -> dict[str, JsonValue]:
    """Return the object that says what was wrong: Google's endpoint puts it into a list, others call it `detail`."""
    if isinstance(document, list):
        document = document[0] if document else None
    if not isinstance(document, dict):
        return {}
    inner = document.get("error") or document.get("detail")
    return inner if isinstance(inner, dict) else document


def _status_of(code: JsonValue, kind: JsonValue) -> int:
    if _STATUS.fullmatch(str(code)):
        return int(str(code))
    words = f"{words_of(code)} {words_of(kind)}"
    return next((status for status, pattern in _MEANINGS if re.search(pattern, words)), _UNKNOWN)


def _says_too_large(text: str) -> bool:
    """Return whether a limit of rate is one that the request alone exceeds."""
    if _TOO_LARGE.search(text):
        return True
    limit, requested = _LIMIT.search(text), _REQUESTED.search(text)
    return bool(limit and requested and _number(requested[1]) > _number(limit[1]))


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))


def _texts(value: JsonValue) -> Iterator[str]:
    """Yield the texts of an error, to a bounded number: what nests deep is no error that anybody reads."""
    open_values, left = [value], _MOST_TEXTS
    while open_values and (left := left - 1):
        match open_values.pop():
            case str() as text:
                yield text[:_LONGEST_TEXT]
            case list() as items:
                open_values += items[:_MOST_TEXTS]
            case dict() as members:
                open_values += list(members.values())[:_MOST_TEXTS]
            case _:
                pass
