from dataclasses import replace
from decimal import Decimal

import pytest
from pydantic import BaseModel, JsonValue, ValidationError

from ai_service import errors
from ai_service.errors import (
    AIGenerationError,
    AIServiceError,
    ConfigurationError,
    InvalidRequest,
    NotFound,
    Problem,
    StaleRevision,
    StorageUnavailable,
    problems_of,
)
from models.attempt import AttemptStatus
from tests.test_usage import ATTEMPT

REQUEST_ID = "0b8a1f0e-6c58-4a51-8b71-0d6a5c1f3a10"


def generation_error(reason: str, *costs: Decimal | None) -> AIGenerationError:
    attempts = [
        replace(ATTEMPT, input_tokens=100, output_tokens=10, cost_usd=cost, raw_output="a secret", error="sk-secret")
        for cost in costs
    ]
    return AIGenerationError(reason=reason, detail="no answer in 20 s", request_id=REQUEST_ID, attempts=attempts)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound, "NOT_FOUND"),
        (ConfigurationError, "CONFIGURATION"),
        (StaleRevision, "STALE_REVISION"),
        (StorageUnavailable, "STORAGE_UNAVAILABLE"),
    ],
)
def test_an_error_tells_a_host_its_code_and_message(error: type[AIServiceError], code: str) -> None:
    assert error("campaign 1 is not there").to_dict() == {"code": code, "message": "campaign 1 is not there"}


def test_every_error_has_its_own_code_and_is_in_the_tree() -> None:
    public = [item for name, item in vars(errors).items() if not name.startswith("_")]
    classes = [item for item in public if isinstance(item, type) and issubclass(item, AIServiceError)]

    assert len({error.code for error in classes}) == len(classes)
    assert [error.__name__ for error in classes if error.__name__ not in (errors.__doc__ or "")] == []


def test_an_invalid_request_lists_its_problems() -> None:
    error = InvalidRequest([Problem("day", "is 31, not 1 to 30", "ask for a day of the calendar")])

    assert error.to_dict() == {
        "code": "INVALID_REQUEST",
        "message": "day: is 31, not 1 to 30 (ask for a day of the calendar)",
        "problems": [{"field": "day", "message": "is 31, not 1 to 30", "fix": "ask for a day of the calendar"}],
    }


def test_a_message_holds_all_problems() -> None:
    error = InvalidRequest([Problem("a", "is missing", "add it"), Problem("b", "is missing", "add it")])

    assert str(error) == "a: is missing (add it); b: is missing (add it)"


def test_a_failed_generation_tells_reason_attempts_tokens_and_cost() -> None:
    error = generation_error("timeout", Decimal("0.01"), Decimal("0.02"))

    assert error.to_dict() == {
        "code": "AI_GENERATION_FAILED",
        "message": "no usable answer: timeout after 2 attempt(s): no answer in 20 s; try again later",
        "reason": "timeout",
        "retryable": True,
        "retry_after_s": None,
        "attempts": 2,
        "input_tokens": 200,
        "output_tokens": 20,
        "cost_usd": "0.03",
        "request_id": REQUEST_ID,
    }


def test_a_failed_generation_of_unknown_price_has_no_cost() -> None:
    assert generation_error("timeout", Decimal("0.01"), None).to_dict()["cost_usd"] is None


def test_a_failed_generation_reveals_neither_request_nor_answer() -> None:
    assert "secret" not in str(generation_error("timeout", Decimal(0)).to_dict())


@pytest.mark.parametrize("reason", ["timeout", "connection", "server_error", "rate_limited", "deadline"])
def test_transient_failures_are_retryable(reason: str) -> None:
    assert generation_error(reason).retryable


@pytest.mark.parametrize("reason", ["rejected", "quota", "content_filter", "invalid_output", "empty", "truncated"])
def test_permanent_failures_are_not_retryable(reason: AttemptStatus) -> None:
    assert not generation_error(reason).retryable


class Asked(BaseModel):
    day: int
    ids: list[int] = []


def problems_with(asked: JsonValue, prefix: str = "") -> list[Problem]:
    with pytest.raises(ValidationError) as caught:
        Asked.model_validate(asked)
    return problems_of(caught.value, prefix=prefix)


def test_problems_name_nested_fields_below_the_prefix() -> None:
    problems = problems_with({"day": 1, "ids": [1, "x"]}, prefix="request.")

    assert [problem.field for problem in problems] == ["request.ids.1"]


def test_a_missing_field_shows_no_value() -> None:
    assert problems_with({}) == [Problem("day", "is missing", "add it")]


def test_a_problem_with_the_whole_says_so() -> None:
    [problem] = problems_with("Monday")

    assert problem.field == "(whole)"


def test_a_long_value_is_shown_in_part() -> None:
    [problem] = problems_with({"day": "x" * 500})

    assert problem.message.endswith("got '" + "x" * 59 + "…")
