"""What requests cost: genai-prices for known models, nothing for our own, and None for an unknown price."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version

from genai_prices import Usage as PricedUsage
from genai_prices import calc_price
from pydantic_ai import ModelResponse
from pydantic_ai.images import ImageGenerationResult

FREE_PROVIDERS = frozenset({"sandbox"})
"""Providers that run here and bill nothing."""


@cache
def price_version() -> str:
    """Return the version of the price list, for the ledger."""
    return f"genai-prices {version('genai-prices')}"


def cost_of_answer(answer: ModelResponse | ImageGenerationResult) -> Decimal | None:
    """Return what an answer cost in USD by its own usage; None: the model has no known price."""
    if answer.provider_name in FREE_PROVIDERS:
        return Decimal(0)
    if isinstance(answer, ModelResponse) and answer.usage.cost is not None:
        return answer.usage.cost
    try:
        return answer.cost().total_price
    except (LookupError, ValueError, AssertionError):
        return None


def cost_of_tokens(
    *, provider: str, provider_url: str, model: str, input_tokens: int, output_tokens: int, at: datetime
) -> Decimal | None:
    """Return the price in USD of so many tokens at the full text rate; None: the model has no known price."""
    if provider in FREE_PROVIDERS:
        return Decimal(0)
    usage = PricedUsage(input_tokens=input_tokens, output_tokens=output_tokens)
    with suppress(LookupError):
        return calc_price(usage, model, provider_api_url=provider_url, genai_request_timestamp=at).total_price
    with suppress(LookupError):
        return calc_price(usage, model, provider_id=provider, genai_request_timestamp=at).total_price
    return None
