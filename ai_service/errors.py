"""What the layer raises.

AIServiceError
├── InvalidRequest          the caller's arguments or brief
├── NotFound                an id that is not there
├── ConfigurationError      the settings
├── BudgetExceeded          no room in a budget for the next request
├── IdempotencyConflict     a key used before for something else
├── Overloaded              more calls at once than this process takes
├── StaleRevision           somebody else changed it first
├── StorageUnavailable      the database refuses
└── AIGenerationError       the provider, after all that could be tried
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from pydantic import JsonValue, ValidationError
from pydantic_core import ErrorDetails

from models.attempt import Attempt
from models.usage import Usage, cost_of, usage_of


class AIServiceError(Exception):
    """Base of everything the layer raises. `code` is stable; the message says what to do."""

    code: ClassVar[str] = "AI_SERVICE_ERROR"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the error for a host's JSON response."""
        return {"code": self.code, "message": str(self)}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input."""

    field: str
    """Path of the field, e.g. `business.offers.0.price`."""
    message: str
    """What is wrong with the value."""
    fix: str
    """The way out."""

    def __str__(self) -> str:
        return f"{self.field}: {self.message} ({self.fix})"


class InvalidRequest(AIServiceError):
    """An argument or a brief is not usable. Nothing was sent."""

    code = "INVALID_REQUEST"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the error with its problems one by one."""
        problems: list[JsonValue] = [{"field": p.field, "message": p.message, "fix": p.fix} for p in self.problems]
        return {**super().to_dict(), "problems": problems}


class NotFound(AIServiceError):
    """An id is not there, or belongs to somebody else. Nothing was sent."""

    code = "NOT_FOUND"


class ConfigurationError(AIServiceError):
    """The settings are incomplete or contradict each other. Nothing was sent."""

    code = "CONFIGURATION"


class IdempotencyConflict(AIServiceError):
    """The idempotency key was used before with other arguments. Nothing was sent."""

    code = "IDEMPOTENCY_CONFLICT"


class Overloaded(AIServiceError):
    """More calls are running and waiting than this process takes. Nothing was sent; try again later."""

    code = "OVERLOADED"


class StaleRevision(AIServiceError):
    """Saved content was changed since it was read. Nothing was written."""

    code = "STALE_REVISION"


class StorageUnavailable(AIServiceError):
    """The database refuses. Nothing was sent that is not in the ledger."""

    code = "STORAGE_UNAVAILABLE"


class _CallFailed(AIServiceError):
    """A call that ended without a result, with all that it tried."""

    def __init__(self, message: str, *, request_id: str, attempts: list[Attempt]) -> None:
        super().__init__(message)
        self.request_id = request_id
        self.attempts = attempts

    @property
    def usage(self) -> Usage:
        """Tokens of all attempts."""
        return usage_of(self.attempts)

    @property
    def cost_usd(self) -> Decimal | None:
        """Cost of all attempts in USD; None where a price is unknown."""
        return cost_of(self.attempts)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the error with attempts, tokens and cost."""
        return {
            **super().to_dict(),
            "attempts": len(self.attempts),
            "input_tokens": self.usage.input_tokens,
            "output_tokens": self.usage.output_tokens,
            "cost_usd": None if self.cost_usd is None else str(self.cost_usd),
            "request_id": self.request_id,
        }


class BudgetExceeded(_CallFailed):
    """A budget, or the call's own `spend_at_most_usd`, has no room for the next request. It was not sent.

    `attempts` and `cost_usd` say what was sent and spent before.
    """

    code = "BUDGET_EXCEEDED"

    def __init__(self, message: str, *, retryable: bool, request_id: str, attempts: list[Attempt]) -> None:
        super().__init__(message, request_id=request_id, attempts=attempts)
        self.retryable = retryable
        """Whether other requests hold what is lacking, so that the same call may succeed later."""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the error with attempts, tokens and cost."""
        return {**super().to_dict(), "retryable": self.retryable}


_WAYS_OUT = {
    "rejected": "check the key, the model's name and its settings",
    "quota": "top up the account with the provider",
    "content_filter": "the provider declines this; change the brief or the message",
    "invalid_output": "try again, or use another model",
    "empty": "try again, or use another model",
    "truncated": "raise AI_SERVICE_MAX_OUTPUT_TOKENS",
    "deadline": "try again later, or raise AI_SERVICE_DEADLINE_S",
}
_RETRYABLE = {"timeout", "connection", "server_error", "rate_limited", "deadline", "gate_closed"}


class AIGenerationError(_CallFailed):
    """No publishable answer, after all that could be tried."""

    code = "AI_GENERATION_FAILED"

    def __init__(
        self,
        *,
        reason: str,
        detail: str,
        request_id: str,
        attempts: list[Attempt],
        retry_after_s: float | None = None,
    ) -> None:
        said = f"no usable answer: {reason} after {len(attempts)} attempt(s): {detail}"
        message = f"{said}; {_WAYS_OUT.get(reason, 'try again later')}"
        super().__init__(message, request_id=request_id, attempts=attempts)
        self.reason = reason
        """Status of the last attempt, or `deadline`, or `gate_closed`: its model is out."""
        self.retryable = reason in _RETRYABLE
        """Whether the same call may well succeed later."""
        self.retry_after_s = retry_after_s if self.retryable else None
        """After how many seconds it may, where its models are known to be out; None: not known."""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the error with reason, attempts, tokens and cost."""
        said = {"reason": self.reason, "retryable": self.retryable, "retry_after_s": self.retry_after_s}
        return {**super().to_dict(), **said}


def problems_of(error: ValidationError, *, prefix: str = "") -> list[Problem]:
    """Return what Pydantic found, as field, problem and way out."""
    return [_problem(item, prefix) for item in error.errors(include_url=False)]


def _problem(item: ErrorDetails, prefix: str) -> Problem:
    field = prefix + (".".join(map(_printable, item["loc"])) or "(whole)")
    kind = item["type"]
    if kind == "value_error":
        # Our own validators say what is wrong and, after a colon, the way out.
        message, _, fix = item["msg"].removeprefix("Value error, ").partition(": ")
        return Problem(field, message, fix or _fix(""))
    if kind == "missing":
        return Problem(field, "is missing", _fix("missing"))
    if kind == "string_too_short" and not item["input"]:
        return Problem(field, "is empty", "write something that can be seen")
    return Problem(field, f"{item['msg']}, got {_shown(item['input'])}", _fix(kind))


_DATE = "write it as YYYY-MM-DD, e.g. 2026-12-01"
_MOMENT = "pass a moment with a time zone, e.g. datetime(2026, 11, 1, tzinfo=UTC)"
_NUMBER = "write a number, e.g. 7.20"
_WHOLE_NUMBER = "write a whole number"
_FIXES = {
    "missing": "add it",
    "extra_forbidden": "remove it, or correct its spelling",
    "enum": "use one of the values named",
    "literal_error": "use one of the values named",
    "string_too_long": "shorten it",
    "string_too_short": "write more",
    "string_pattern_mismatch": "write it in the form named",
    "string_type": "write a text",
    "string_unicode": "remove the half characters",
    "too_long": "remove entries",
    "too_short": "add an entry",
    "list_type": "pass a list",
    "iteration_error": "pass a list",
    "model_type": "pass its fields as a dict, or an object of the type named",
    "uuid_parsing": "pass an id that add_brief or a result returned",
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "timezone_aware": "add a time zone, e.g. datetime(2026, 11, 1, tzinfo=UTC)",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
}
_MAX_SHOWN = 60


def _fix(kind: str) -> str:
    return _FIXES.get(kind, "correct the value")


def _printable(part: int | str) -> str:
    """Return a part of a path as any encoding can write it."""
    return str(part).encode("utf-8", "backslashreplace").decode()


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
