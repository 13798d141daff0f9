"""Computes what a request costs by a price list: 0 for our own models, None for an unknown price."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import NamedTuple

from genai_prices import Usage as PricedUsage
from genai_prices.data_snapshot import DataSnapshot
from genai_prices.types import ModelInfo, ModelPrice, PriceCalculation, Provider, TieredPrices
from pydantic_ai import ModelResponse
from pydantic_ai.images import ImageGenerationResult

FREE_PROVIDERS = frozenset({"sandbox"})
"""Providers that run here and bill nothing."""

_NOT_DEARER = frozenset(
    {"input_mtok", "output_mtok", "cache_read_mtok", "web_searches_kcount", "storage_searches_kcount"}
)
"""Prices of text; agents search nothing."""
_DEAREST_USD = 10_000
"""No request costs as much: a provider that reports more is mistaken."""
_TIER = "service_tier"
_STANDARD_TIERS = frozenset({"default", "standard", "auto", "on_demand"})
"""What providers call the tier that their price lists are of."""


class Cost(NamedTuple):
    """What an answer cost."""

    usd: Decimal | None
    """None: the model has no known price."""
    estimated: bool
    """Whether the model or the tier that served it has no known price, and another one is taken instead."""


@dataclass(frozen=True)
class PriceList:
    """Prices of models, and which ones they are. A service holds one; there is none of the process."""

    providers: DataSnapshot
    version: str
    """For the ledger."""

    def known(self, provider: str, model: str, *, at: datetime) -> dict[str, Decimal] | None:
        """Return what is known of a model's prices, by kind (`input_mtok` is USD for a million tokens); None: nothing.

        Where a price grows with the size of a request, it is that of the smallest.
        """
        for _, found in self._find(model, provider, url=None):
            prices = {
                kind: value.base if isinstance(value, TieredPrices) else value
                for kind, value in vars(found.get_prices(at)).items()
                if value is not None
            }
            return prices or None
        return None

    def cost_of_answer(self, answer: ModelResponse | ImageGenerationResult, *, asked: str | None = None) -> Cost:
        """Return what an answer cost by its own usage, and on the tier that the provider says it served it on.

        Where the name that it was served under has no price, that of the model `asked` is taken.
        """
        if (stated_usd := stated_cost(answer)) is not None:
            return Cost(stated_usd, estimated=False)
        served = self._cost_as(answer.model_name, answer)
        if served.usd is not None or asked is None:
            return served
        return Cost(self._cost_as(asked, answer).usd, estimated=True)

    def cost_of_tokens(
        self, *, provider: str, provider_url: str, model: str, input_tokens: int, output_tokens: int, at: datetime
    ) -> Decimal | None:
        """Return what so many tokens can cost in USD at the most on the standard tier; None: no price is known.

        Tokens of a kind that costs more than text (written to a cache, of a picture) are taken to be of that kind.
        """
        if provider in FREE_PROVIDERS:
            return Decimal(0)
        usage = PricedUsage(input_tokens=input_tokens, output_tokens=output_tokens)
        for owner, found in self._find(model, provider, url=provider_url):
            if (prices := _flat(found.get_prices(at))) is not None:
                return (input_tokens * prices[0] + output_tokens * prices[1]) / 1_000_000
            return _bound(found.calc_price(usage, owner, genai_request_timestamp=at), usage)
        return None

    def _cost_as(self, model_name: str | None, answer: ModelResponse | ImageGenerationResult) -> Cost:
        try:
            return self._cost(model_name or "", answer)
        except (LookupError, ValueError):
            return Cost(None, estimated=False)

    def _cost(self, model_name: str, answer: ModelResponse | ImageGenerationResult) -> Cost:
        usage, at = answer.usage, answer.timestamp
        if usage.unmeasured_requests:
            return Cost(None, estimated=False)
        # the framework looks up pictures without their tier
        tier = answer.provider_details if isinstance(answer, ModelResponse) else None
        for owner, model in self._find(model_name, answer.provider_name or "", url=answer.provider_url):
            found = model.calc_price(usage, owner, genai_request_timestamp=at, price_context=tier)
            if _is_empty(found.model_price):
                break
            if _is_priced(found, answer):
                return Cost(found.total_price, estimated=False)
            prices = [found.model_price, *_tiers(found, at).values()]
            return Cost(max(price.calc_price(usage)["total_price"] for price in prices), estimated=True)
        return Cost(None, estimated=False)

    def _find(self, model: str, provider: str, *, url: str | None) -> Iterator[tuple[Provider, ModelInfo]]:
        """Yield who sells a model: by the address, which tells resellers apart, then by the provider's name."""
        for provider_id, provider_url in ((None, url), (provider, None)):
            if model and (provider_id or provider_url):
                with suppress(LookupError):
                    yield self.providers.find_provider_model(model, None, provider_id, provider_url)


@cache
def bundled_prices() -> PriceList:
    """Return the prices of the installed genai-prices."""
    from genai_prices.data import providers  # a large module: only where it is needed

    return PriceList(DataSnapshot(providers, from_auto_update=False), f"genai-prices {version('genai-prices')}")


def stated_cost(answer: ModelResponse | ImageGenerationResult) -> Decimal | None:
    """Return a cost that no price is needed for: nothing for our own models, or what the provider says.

    None: it says nothing, or nothing that can be.
    """
    if answer.provider_name in FREE_PROVIDERS:
        return Decimal(0)
    stated = answer.usage.cost if isinstance(answer, ModelResponse) else None
    return stated if stated is not None and stated.is_finite() and 0 <= stated <= _DEAREST_USD else None


def _flat(prices: ModelPrice) -> tuple[Decimal, Decimal] | None:
    """Return the prices of a million tokens in and out, where they are all that a bound needs.

    None: tokens of another kind may cost more, or the price grows with the size of a request. The library then works
    it out, in ten times the time.
    """
    known = {kind: price for kind, price in vars(prices).items() if price is not None}
    inward, outward = known.get("input_mtok"), known.get("output_mtok")
    if known.keys() <= _NOT_DEARER and isinstance(inward, Decimal) and isinstance(outward, Decimal):
        return inward, outward
    return None


def _bound(as_text: PriceCalculation, usage: PricedUsage) -> Decimal | None:
    price = as_text.model_price
    if _is_empty(price):
        return None
    total = as_text.total_price
    if price.cache_write_mtok is not None:
        written = PricedUsage(input_tokens=usage.input_tokens, cache_write_tokens=usage.input_tokens)
        total += max(Decimal(0), price.calc_price(written)["input_price"] - as_text.input_price)
    if price.output_image_mtok is not None:
        drawn = PricedUsage(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            output_image_tokens=usage.output_tokens,
        )
        total += max(Decimal(0), price.calc_price(drawn)["output_price"] - as_text.output_price)
    return total


def _is_empty(price: ModelPrice) -> bool:
    """Return whether the list has a model without any price: an unknown price is not zero."""
    return all(value is None for value in vars(price).values())


def _is_priced(found: PriceCalculation, answer: ModelResponse | ImageGenerationResult) -> bool:
    """Return whether the price found is that of the tier that the answer was served on."""
    tier = (answer.provider_details or {}).get(_TIER)
    if tier is None or tier in _STANDARD_TIERS:
        return True
    # the framework looks up pictures without their tier
    return isinstance(answer, ModelResponse) and tier in _tiers(found, answer.timestamp)


def _tiers(found: PriceCalculation, at: datetime) -> dict[str, ModelPrice]:
    """Return the prices of the tiers that are known of a model. A provider that resells it has tiers of its own."""
    if not any(found.model is model for model in found.provider.models):
        return {}
    variants = [
        variant
        for variant in found.model.price_variants or ()
        if list(variant.when) == [_TIER] and (variant.constraint is None or variant.constraint.active(at))
    ]
    return {variant.when[_TIER]: found.model.get_prices(at, variant.when) for variant in variants}
