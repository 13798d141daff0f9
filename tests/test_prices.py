"""What requests cost: the provider's own word, the price list, nothing for our own, None where nobody knows."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic_ai import ModelResponse
from pydantic_ai.usage import RequestUsage

from agents.prices import cost_of_answer, cost_of_tokens, price_version

NOW = datetime(2026, 12, 1, tzinfo=UTC)
OPENAI = "https://api.openai.com/v1"


def tokens_cost(provider: str, url: str, model: str) -> Decimal | None:
    return cost_of_tokens(
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
def test_tokens_are_priced_by_where_they_went_and_else_by_the_providers_name(
    provider: str, url: str, model: str, cost: Decimal | None
) -> None:
    assert tokens_cost(provider, url, model) == cost


def test_what_the_provider_says_it_cost_counts() -> None:
    said = RequestUsage(input_tokens=100, output_tokens=20, cost=Decimal("0.5"))

    assert cost_of_answer(answer("openrouter", "openai/gpt-5.2", said)) == Decimal("0.5")


def test_the_sandbox_costs_nothing() -> None:
    assert cost_of_answer(answer("sandbox", "sandbox", RequestUsage(input_tokens=100))) == 0


@pytest.mark.parametrize("model", ["", "our-own-model"])
def test_an_unknown_model_has_no_cost(model: str) -> None:
    assert cost_of_answer(answer("openai", model, RequestUsage(input_tokens=100))) is None


def test_the_version_of_the_price_list_is_named() -> None:
    assert price_version().startswith("genai-prices 0.")
