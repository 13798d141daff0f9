"""The cost of requests: the provider's own figure, the price list, nothing for our own, None if unknown."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic_ai import ModelResponse
from pydantic_ai.usage import RequestUsage

from agents.prices import Cost, bundled_prices

NOW = datetime(2026, 12, 1, tzinfo=UTC)
PRICES = bundled_prices()
OPENAI = "https://api.openai.com/v1"


def tokens_cost(provider: str, url: str, model: str) -> Decimal | None:
    return PRICES.cost_of_tokens(
        provider=provider, provider_url=url, model=model, input_tokens=1_000_000, output_tokens=0, at=NOW
    )


def answer(provider: str, model: str, usage: RequestUsage) -> ModelResponse:
    return ModelResponse(parts=[], model_name=model, provider_name=provider, usage=usage)


@pytest.mark.parametrize(
    ("provider", "url", "model", "cost"),
    [
        ("openai", OPENAI, "gpt-5.2", Decimal("1.75")),
        ("openai", "http://127.0.0.1:8080/v1", "gpt-5.2", Decimal("1.75")),
        ("openai", OPENAI, "our-own-model", None),
        ("nobody", "", "gpt-5.2", None),
        ("sandbox", "", "sandbox", Decimal(0)),
    ],
)
def test_tokens_are_priced_by_the_providers_url_and_else_by_its_name(
    provider: str, url: str, model: str, cost: Decimal | None
) -> None:
    assert tokens_cost(provider, url, model) == cost


def test_a_cost_reported_by_the_provider_wins() -> None:
    said = RequestUsage(input_tokens=100, output_tokens=20, cost=Decimal("0.5"))

    assert PRICES.cost_of_answer(answer("openrouter", "openai/gpt-5.2", said)) == Cost(Decimal("0.5"), estimated=False)


def test_the_sandbox_costs_nothing() -> None:
    assert PRICES.cost_of_answer(answer("sandbox", "sandbox", RequestUsage(input_tokens=100))) == Cost(
        Decimal(0), estimated=False
    )


@pytest.mark.parametrize("model", ["", "our-own-model"])
def test_an_unknown_model_has_no_cost(model: str) -> None:
    assert PRICES.cost_of_answer(answer("openai", model, RequestUsage(input_tokens=100))) == Cost(None, estimated=False)


def test_the_version_of_the_price_list_is_named() -> None:
    assert PRICES.version.startswith("genai-prices 0.")


def test_a_model_that_is_listed_without_a_price_is_not_free() -> None:
    assert PRICES.cost_of_answer(answer("cerebras", "qwen-3-coder-480b", RequestUsage(input_tokens=100))).usd is None
    assert tokens_cost("cerebras", "", "qwen-3-coder-480b") is None


def test_more_cached_tokens_than_there_are_have_no_cost() -> None:
    usage = RequestUsage(input_tokens=100, cache_read_tokens=200)

    assert PRICES.cost_of_answer(answer("openai", "gpt-5.2", usage)).usd is None


def test_a_tier_of_a_model_that_another_provider_resells_is_estimated() -> None:
    usage = RequestUsage(input_tokens=1_000_000)
    resold = replace(answer("azure", "gpt-5.3", usage), provider_details={"service_tier": "priority"})

    assert PRICES.cost_of_answer(resold) == Cost(Decimal("1.75"), estimated=True)


def test_the_dearest_kind_of_token_bounds_the_cost() -> None:
    def bound(provider: str, model: str) -> Decimal | None:
        return PRICES.cost_of_tokens(
            provider=provider, provider_url="", model=model, input_tokens=1_000_000, output_tokens=1_000_000, at=NOW
        )

    # input 5 and written to the cache 6.25, output 25
    assert bound("anthropic", "claude-opus-4-5") == Decimal("31.25")
    # text input 5, text output 10 and pictures 32
    assert bound("openai", "gpt-image-1.5") == Decimal(37)
