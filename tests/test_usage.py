from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from models.attempt import STATUSES, Attempt
from models.usage import Usage, cost_of, usage_of
from models.vocabulary import Feature

ATTEMPT = Attempt(
    request_id="0b8a1f0e-6c58-4a51-8b71-0d6a5c1f3a10",
    question=0,
    attempt=1,
    feature=Feature.CONTENT,
    provider="openai",
    model="gpt-5.2",
    started_at=datetime(2026, 12, 1, tzinfo=UTC),
    business_id="5e0d3c1a-5f4f-4a0c-9a2e-6f0f4b1c2d3e",
)


def test_usage_is_the_sum_of_each_kind_of_token() -> None:
    first = replace(
        ATTEMPT,
        input_tokens=1000,
        cached_input_tokens=100,
        cache_write_tokens=10,
        output_tokens=300,
        reasoning_tokens=30,
        image_tokens=3,
    )

    usage = usage_of([first, replace(first, input_tokens=2, output_tokens=1)])

    assert usage == Usage(
        requests=2,
        input_tokens=1002,
        cached_input_tokens=200,
        cache_write_tokens=20,
        output_tokens=301,
        reasoning_tokens=60,
        image_tokens=6,
    )


def test_failed_attempts_are_included() -> None:
    usage = usage_of([replace(ATTEMPT, status="timeout", input_tokens=7), replace(ATTEMPT, status="ok")])

    assert (usage.requests, usage.input_tokens) == (2, 7)


def test_without_attempts_nothing_was_used_and_nothing_spent() -> None:
    assert usage_of([]) == Usage()
    assert cost_of([]) == 0


def test_the_cost_is_an_exact_sum() -> None:
    costs = ["0.1", "0.2", "0.000000000001"]

    assert cost_of(replace(ATTEMPT, cost_usd=Decimal(cost)) for cost in costs) == Decimal("0.300000000001")


def test_one_unknown_price_makes_the_cost_unknown() -> None:
    assert cost_of([replace(ATTEMPT, cost_usd=Decimal("0.1")), ATTEMPT]) is None


def test_a_request_that_cost_nothing_is_not_one_of_unknown_price() -> None:
    assert cost_of([replace(ATTEMPT, cost_usd=Decimal(0))]) == 0


def test_attempts_share_no_lists() -> None:
    first, second = replace(ATTEMPT, repairs=[]), replace(ATTEMPT, repairs=[])

    first.repairs.append("closed a bracket")

    assert second.repairs == []


def test_an_attempt_is_open_until_it_is_settled() -> None:
    assert ATTEMPT.status == "sent"
    assert STATUSES[0] == "sent"
