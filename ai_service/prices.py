"""What is known of the prices of models, before anything is asked of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from agents.price_list import PriceListError, known_price, price_version, prices_from, wait_for_prices
from agents.prices import FREE_PROVIDERS
from ai_service.errors import ConfigurationError
from ai_service.settings import DEFAULT_IMAGE_MODEL, DEFAULT_MODEL, Settings
from models.vocabulary import Feature

_PATIENCE_S = 15.0
_SAME_PRICES = {"openai-chat": "openai", "openai-responses": "openai"}
"""Names of ours for a vendor's other API."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelPrices:
    """What a model costs."""

    model: str
    """As in the settings, `provider:model`."""
    prices: dict[str, Decimal] | None
    """USD by kind, e.g. `input_mtok` for a million tokens; empty: free; None: unknown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceReport:
    """Which prices hold, and what they say of some models."""

    version: str
    """As in the rows of `ai_logs`."""
    models: list[ModelPrices]


def price_report(names: list[str], *, settings: Settings) -> PriceReport:
    """Return what the prices in force say of these models; of none named, those of the settings.

    Raises ConfigurationError for prices of the settings that are not usable.
    """
    named = names or _configured(settings)
    try:
        with prices_from(settings.prices):
            wait_for_prices(settings.prices, timeout_s=_PATIENCE_S)
            return PriceReport(version=price_version(), models=[_of(name) for name in named])
    except PriceListError as error:
        raise ConfigurationError(f"AI_SERVICE_PRICES: {error}") from error


def _of(name: str) -> ModelPrices:
    provider, _, model = name.partition(":")
    if provider in FREE_PROVIDERS:
        return ModelPrices(model=name, prices={})
    found = known_price(_SAME_PRICES.get(provider, provider), model, at=datetime.now(UTC))
    return ModelPrices(model=name, prices=found)


def _configured(settings: Settings) -> list[str]:
    try:
        return list(dict.fromkeys(name for feature in Feature for name in settings.chain(feature)))
    except ConfigurationError:
        return [DEFAULT_MODEL, DEFAULT_IMAGE_MODEL]
