"""Reserved words that make the sandbox fail on purpose, like the test cards of a payment provider.

A word found anywhere in the text of a question makes that question fail as a real provider would; every other provider
takes it for text. With `:once` behind it the first request of a document fails, the next is answered, and so on in
turn. Each model remembers the last thousand documents that failed, by their hashes.
"""

import re
from collections import OrderedDict
from hashlib import sha256

from pydantic_ai.exceptions import (
    ModelAuthenticationError,
    ModelConnectionError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelServerError,
)

RESERVED_WORDS: dict[str, str] = {
    "sandbox:timeout": "never answers, until the request's time is up",
    "sandbox:connection": "the connection is reset while the answer is read",
    "sandbox:server_error": "HTTP 500",
    "sandbox:rate_limited": "HTTP 429 with a short Retry-After",
    "sandbox:rejected": "HTTP 400",
    "sandbox:unauthorized": "HTTP 401, as with a wrong key",
    "sandbox:quota": "HTTP 429 with `insufficient_quota`: the account has no credit left",
    "sandbox:content_filter": "the provider's content filter blocks the answer",
    "sandbox:refusal": "the model declines to answer; for images the same as `content_filter`",
    "sandbox:empty": "an answer without text, or without a picture",
    "sandbox:malformed": "repairable JSON, with single quotes and a comma too many; a picture that is no base64",
    "sandbox:garbage": "text that is no JSON; a picture of no known format",
    "sandbox:truncated": "JSON cut off by the token limit; a picture cut off in the middle",
    "sandbox:invalid_output": "valid JSON of another schema; a response without the picture's field",
}
"""Each reserved word and what happens; `:once` may follow each."""

_WORD = re.compile(rf"({'|'.join(map(re.escape, RESERVED_WORDS))})(:once)?(?![\w:])")
_REMEMBERED = 1000
_RETRY_AFTER_MS = "50"
"""Short, so that tests that wait for it stay fast."""


class Failures:
    """Which failure a question asks for, with the memory that `:once` needs."""

    def __init__(self) -> None:
        self._failed: OrderedDict[bytes, None] = OrderedDict()

    def asked_for(self, text: str) -> str | None:
        """Return the reserved word to act on now, without `sandbox:`; None: answer the question."""
        found = _WORD.search(text)
        if found is None:
            return None
        word = found[1].removeprefix("sandbox:")
        return self._in_turn(text, word) if found[2] else word

    def _in_turn(self, text: str, word: str) -> str | None:
        key = sha256(text.encode()).digest()
        if key in self._failed:
            del self._failed[key]
            return None
        self._failed[key] = None
        if len(self._failed) > _REMEMBERED:
            self._failed.popitem(last=False)
        return word


def http_error(word: str, *, model_name: str) -> Exception | None:
    """Return what a text model raises for `word`; None: it is an answer, not an error."""
    if word == "connection":
        return ModelConnectionError(model_name, "Connection error.", phase="read")
    match word:
        case "server_error":
            category, status, code = ModelServerError, 500, "server_error"
        case "rate_limited":
            category, status, code = ModelRateLimitError, 429, "rate_limit_exceeded"
        case "rejected":
            category, status, code = ModelRequestRejectedError, 400, "invalid_request_error"
        case "unauthorized":
            category, status, code = ModelAuthenticationError, 401, "invalid_api_key"
        case "quota":
            category, status, code = ModelQuotaExceededError, 429, "insufficient_quota"
        case _:
            return None
    return ModelHTTPError.for_category(
        category,
        status_code=status,
        model_name=model_name,
        body=error_body(code),
        headers=headers_of(word),
        provider_error_code=code,
    )


def error_body(code: str) -> dict[str, str]:
    """Return the body of an error response."""
    return {"code": code, "message": "the brief holds a reserved word of the sandbox"}


def headers_of(word: str) -> dict[str, str]:
    """Return the headers of an error response."""
    return {"retry-after-ms": _RETRY_AFTER_MS} if word == "rate_limited" else {}
