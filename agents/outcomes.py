"""Classifies a failed request: its status in the ledger, and whether a retry may help."""

import asyncio
import math
from collections.abc import Sequence
from typing import Any, cast

from openai import APIConnectionError, APIStatusError, APITimeoutError
from pydantic import ValidationError
from pydantic_ai import ModelRetry
from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAPIError,
    ModelConnectionError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
    ModelServerError,
    ModelTimeoutError,
    ModelUnavailableError,
    UnexpectedModelBehavior,
    UserError,
)
from pydantic_core import ErrorDetails

from agents.envelope import ResponseRefused
from agents.envelope.endings import means_filter
from agents.envelope.error_codes import code_of
from agents.request_size import is_about_size
from models.attempt import AttemptStatus

RETRYABLE: frozenset[AttemptStatus] = frozenset(
    {"timeout", "connection", "server_error", "rate_limited", "empty", "truncated", "invalid_output"}
)
"""Statuses after which the same question is asked again."""

OUTAGES: frozenset[AttemptStatus] = frozenset({"timeout", "connection", "server_error"})
"""Statuses that say that the model is out."""

_REFUSED: frozenset[AttemptStatus] = frozenset({"rejected", "quota", "rate_limited", "server_error"})
_NOT_SENT = ("pool", "connect")
_CONNECTING = ("PoolTimeout", "ConnectTimeout", "ConnectError")
"""The same, as the transport names them: image models leave its error in the causes."""

UNREADABLE = (TypeError, AttributeError, LookupError, ValueError, ArithmeticError, AssertionError, RecursionError)
"""Errors that the SDK or the framework raises when a 200 response has a body of the wrong type (`{}`, `null`)."""

_BY_CLASS: tuple[tuple[type[Exception], AttemptStatus], ...] = (
    (ContentFilterError, "content_filter"),
    (ModelRequestTimeout, "timeout"),
    (ModelTimeoutError, "timeout"),
    (ModelConnectionError, "connection"),
    (ModelQuotaExceededError, "quota"),
    (ModelRateLimitError, "rate_limited"),
    (ModelUnavailableError, "server_error"),
    (ModelServerError, "server_error"),
    (ModelRequestRejectedError, "rejected"),
    (UserError, "rejected"),
)
"""The first match counts: subclasses stand before their parents."""

_REFUSING = (400, 422)
"""Statuses under which servers name a parameter that they don't take."""
_ACCOUNT_REFUSED = (401, 402, 403, 404)
_QUOTA_CODES = {"insufficient_quota", "billing_hard_limit_reached"}
_BAD_SAMPLE_CODES = {"json_validate_failed", "tool_use_failed", "output_parse_failed"}
"""The server checked the answer itself and refuses it: the next sample may be good."""
_TOO_LARGE_CODES = {"request_too_large"}
"""A limit of rate that this request alone exceeds: waiting is no help."""
_ASKS_FOR_A_LATER_TRY = (408, 409, 425, 498)
"""Time-out, conflict, too early, and no capacity for this tier."""


class AnswerTruncated(ModelAPIError):
    """The token limit cut the answer off. It is never used as a complete answer."""


class AnswerEmpty(ModelAPIError):
    """The answer holds no text."""


class AnswerUnreadable(ModelAPIError):
    """The provider sent a success that is no answer of its API: a gateway's page, `{}`, `null`."""


class ParameterRefused(ModelHTTPError):
    """The server doesn't take a parameter; the next attempt leaves it out."""


class PartsBroken(UnexpectedModelBehavior):
    """An answer of which some parts can be kept."""

    def __init__(self, values: dict[str, Any], broken: dict[str, str]) -> None:
        super().__init__("; ".join(broken.values()))
        # Any: the fields of an output, as Pydantic dumps them
        self.values = values
        """The whole answer, by field."""
        self.broken = broken
        """What is wrong with which of its parts."""


class AnswerUnfit(UnexpectedModelBehavior):
    """An answer that can be read and is not what was asked for; the message holds no word of the provider's."""


class DeadlineReached(UnexpectedModelBehavior):
    """The deadline leaves no time for a request: none is sent."""


def status_of(error: BaseException) -> AttemptStatus:
    """Return the ledger's status for what a request raised."""
    if (refused := _refused(error)) is not None:
        return refused.status
    if isinstance(error, AnswerTruncated):
        return "truncated"
    if isinstance(error, AnswerEmpty):
        return "empty"
    if isinstance(error, asyncio.CancelledError):
        return "cancelled"
    if isinstance(error, ModelHTTPError) and (status := _status_of_code(error)) is not None:
        return status
    for kind, status in _BY_CLASS:
        if isinstance(error, kind):
            return status
    if isinstance(error, ModelHTTPError):
        return _status_of_http(error)
    if isinstance(error, ModelAPIError):
        return _status_of_transport(error)
    return "invalid_output" if isinstance(error, UnexpectedModelBehavior) else "connection"


def refuses_account(error: BaseException) -> bool:
    """Return whether a provider refused the account or the model and not the request: another model may serve it."""
    return status_of(error) == "quota" or http_status_of(error) in _ACCOUNT_REFUSED


def is_unbilled(error: BaseException) -> bool:
    """Return whether a failed request cost nothing: the provider refused it, or it never got there."""
    if (refused := _refused(error)) is not None:
        return not refused.is_billed
    return status_of(error) in _REFUSED or (http_status_of(error) or 0) >= 400 or _was_not_sent(error)


def http_status_of(error: BaseException) -> int | None:
    """Return the HTTP status code, where there was one: 200 for a success that holds no answer."""
    if (refused := _refused(error)) is not None:
        return refused.http_status
    if isinstance(error, ModelHTTPError):
        return error.status_code
    # a picture that the provider's filter refused
    if isinstance(error.__cause__, APIStatusError):
        return error.__cause__.status_code
    return 200 if status_of(error) == "invalid_output" else None


def retry_after_s(error: BaseException) -> float | None:
    """Return the seconds the provider asked to wait, where it did."""
    if not isinstance(error, ModelAPIError):
        return None
    if error.retry_after is not None or not isinstance(error, ModelHTTPError):
        return error.retry_after
    try:  # the framework reads whole seconds, milliseconds and dates
        seconds = float((error.headers or {}).get("retry-after", ""))
    except ValueError:
        return None
    return seconds if seconds >= 0 and math.isfinite(seconds) else None


def describe(error: BaseException) -> str:
    """Return what happened, without the provider's words: they may quote a key or the prompt."""
    if isinstance(error, PartsBroken | AnswerUnfit):
        return error.message
    if (refused := _refused(error)) is not None:
        return f"HTTP {refused.http_status}: {refused.message}"
    parts = [type(error).__name__]
    if isinstance(error, ModelHTTPError):
        parts.append(f"HTTP {error.status_code}")
    if isinstance(error, ModelAPIError):
        parts += [code for word in (error.provider_error_code, error.provider_error_type) if (code := code_of(word))]
    said = " ".join(parts)
    return f"{said}: the server doesn't take {named}" if (named := refused_parameters(error)) else said


def refused_parameters(error: BaseException) -> str:
    """Return the names of the parameters that a server refuses, with commas between them; empty where it named none."""
    body: object = error.body if isinstance(error, ModelHTTPError) and error.status_code in _REFUSING else None
    named = cast(dict[str, object], body).get("param") if isinstance(body, dict) else None
    names = named.split(", ") if isinstance(named, str) else []
    return ", ".join(name for name in names if code_of(name))


def reason_of(error: BaseException) -> str:
    """Return the root cause for which an answer was rejected."""
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, ValidationError):
        return reasons_at(cause.errors(include_url=False, include_input=False))
    if isinstance(cause, ModelRetry):
        return str(cause)
    return describe(cause if isinstance(cause, PartsBroken) else error)


def reasons_at(found: Sequence[ErrorDetails]) -> str:
    """Return what was found wrong with an answer: paths and reasons, without its values."""
    return "; ".join(f"{'.'.join(map(str, item['loc'])) or '(whole)'}: {item['msg']}" for item in found[:5])


def _refused(error: BaseException) -> ResponseRefused | None:
    """Return the refusal of the HTTP client that an SDK put into an error of its own."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, ResponseRefused):
        found = found.__cause__
    return found


def _status_of_code(error: ModelHTTPError) -> AttemptStatus | None:
    """Return what the provider's code says beyond its HTTP status."""
    code = _code(error)
    if code in _BAD_SAMPLE_CODES:
        return "invalid_output"
    if code in _TOO_LARGE_CODES or (error.status_code == 429 and is_about_size(error)):
        return "rejected"
    return "content_filter" if means_filter(code) else None


def _was_not_sent(error: BaseException) -> bool:
    if isinstance(error, ModelConnectionError):
        return error.phase in _NOT_SENT
    lost = error.__cause__
    return isinstance(lost, APIConnectionError) and type(lost.__cause__).__name__ in _CONNECTING


def _status_of_http(error: ModelHTTPError) -> AttemptStatus:
    """Image models don't sort their HTTP errors into categories."""
    code = error.status_code
    if code == 402 or _code(error) in _QUOTA_CODES:
        return "quota"
    if code == 429:
        return "rate_limited"
    if code in _ASKS_FOR_A_LATER_TRY or code >= 500:
        return "server_error"
    return "rejected"


def _code(error: ModelHTTPError) -> str | None:
    """Return the provider's error code; image models leave it in the body."""
    body: object = error.body
    in_body = cast(dict[str, object], body).get("code") if isinstance(body, dict) else None
    return error.provider_error_code or (in_body if isinstance(in_body, str) else None)


def _status_of_transport(error: ModelAPIError) -> AttemptStatus:
    """A plain `ModelAPIError` is a time-out or a lost connection of an image model, or a body that can't be read."""
    if isinstance(error.__cause__, APITimeoutError):
        return "timeout"
    return "connection" if isinstance(error.__cause__, APIConnectionError) else "invalid_output"
