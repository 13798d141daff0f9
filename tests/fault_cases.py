"""Faults, the policy's reaction to each, and the expected ledger rows."""

import logging
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pytest

from ai_service import AIGenerationError, Attempt
from models.attempt import AttemptStatus
from models.usage import cost_of, usage_of
from tests.provider.reactions import Reaction

RETRYABLE_LATER = {"timeout", "connection", "rate_limited", "server_error"}
"""Reasons after which the same call may succeed later."""


@dataclass(frozen=True)
class Fault:
    """One fault, and the policy's reaction to it."""

    name: str
    reaction: Reaction
    status: AttemptStatus
    http_status: int | None
    again: bool
    """Whether it is retried."""
    costs: Literal["nothing", "its usage", "the bound"]

    @property
    def requests(self) -> int:
        """Number of requests when the fault is permanent."""
        return 3 if self.again else 1

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Price:
    """Usage and cost of a scripted answer, and the bound of one without usage."""

    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    max_output_tokens: int


TEXT_PRICE = Price(100, 20, Decimal("0.000392"), 4000)
"""40 of the 100 tokens are cached; gpt-5.2."""
IMAGE_PRICE = Price(50, 1056, Decimal("0.03193"), 8000)


def assert_booked(row: Attempt, fault: Fault, price: Price) -> None:
    """Assert that a settled row records the fault as the policy says."""
    assert (row.status, row.http_status) == (fault.status, fault.http_status)
    assert row.error
    assert row.latency_ms is not None
    assert row.finished_at is not None
    assert row.finished_at >= row.started_at
    assert row.cost_usd is not None
    booked = (row.input_tokens, row.output_tokens, row.cost_usd, row.cost_estimated)
    match fault.costs:
        case "nothing":
            assert booked == (0, 0, 0, False)
        case "its usage":
            assert booked == (price.input_tokens, price.output_tokens, price.cost_usd, False)
        case "the bound":
            assert row.input_tokens > 1000
            assert row.output_tokens == price.max_output_tokens
            assert row.cost_usd > price.cost_usd
            assert row.cost_estimated


def assert_told(error: AIGenerationError, fault: Fault, rows: list[Attempt], lines: list[str]) -> None:
    """Assert that an error, its JSON and the log report the fault and agree with the rows."""
    assert (error.code, error.reason) == ("AI_GENERATION_FAILED", fault.status)
    assert error.retryable == (error.retry_after_s is not None) == (fault.status in RETRYABLE_LATER)
    assert (error.attempts, error.usage, error.cost_usd) == (rows, usage_of(rows), cost_of(rows))
    said = f"no usable answer: {fault.status} after {fault.requests} attempt(s): {rows[-1].error}; "
    assert str(error).startswith(said)
    assert error.to_dict() == {
        "code": "AI_GENERATION_FAILED",
        "message": str(error),
        "reason": fault.status,
        "retryable": error.retryable,
        "retry_after_s": error.retry_after_s,
        "attempts": fault.requests,
        "input_tokens": sum(row.input_tokens for row in rows),
        "output_tokens": sum(row.output_tokens for row in rows),
        "cost_usd": str(error.cost_usd),
        "request_id": error.request_id,
    }
    assert lines == [f"AI_GENERATION_FAILED request_id={error.request_id} feature={rows[0].feature} {error}"]


def log_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the messages logged at level warning or higher."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
