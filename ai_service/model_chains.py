"""The models of each feature, as the settings name them."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from openai import OpenAIError
from pydantic_ai.exceptions import UserError
from pydantic_ai.images import ImageGenerationModel
from pydantic_ai.models import Model

from agents.chain import Chain
from agents.gates import Gates
from agents.model_names import check_name
from agents.price_sources import Prices
from agents.providers import Providers
from ai_service.errors import ConfigurationError
from ai_service.settings import SANDBOX, Settings
from models.vocabulary import Feature


@dataclass(frozen=True, kw_only=True)
class ModelChains:
    """Each feature's model and its fallbacks."""

    settings: Settings
    providers: Providers
    gates: Gates
    prices: Prices

    async def text(self, feature: Feature) -> Chain[Model]:
        """Return a text feature's model and its fallbacks. Raises ConfigurationError where one cannot be used."""
        names = self._names(feature)
        with _usable(feature):
            models = [await self.providers.text_model(name) for name in names]
        return Chain(tuple(models), self.gates, self.prices)

    async def of(self, feature: Feature) -> Chain[Model] | Chain[ImageGenerationModel]:
        """Return the model of any feature and its fallbacks. Raises ConfigurationError where one cannot be used."""
        return self.image() if feature is Feature.IMAGE else await self.text(feature)

    async def check(self) -> None:
        """Raise ConfigurationError for a model of the settings that cannot be used, as far as no request tells it.

        The default for pictures is not asked for: a host without them needs no key for them.
        """
        for feature in Feature:
            if self.settings.names_model(feature) and self.settings.chain(feature) != [SANDBOX]:
                await self.of(feature)

    async def unpriced(self, at: datetime) -> list[str]:
        """Return the names of the models that can be used and have no known price."""
        found: dict[str, None] = {}
        for feature in Feature:
            with suppress(ConfigurationError):
                chain = await self.of(feature)
                for model in chain.models:
                    if not self._is_priced(model, at):
                        found[f"{model.system}:{model.model_name}"] = None
        return list(found)

    def image(self) -> Chain[ImageGenerationModel]:
        """Return the image model and its fallbacks. Raises ConfigurationError where one cannot be used."""
        names = self._names(Feature.IMAGE)
        with _usable(Feature.IMAGE):
            models = [self.providers.image_model(name) for name in names]
        return Chain(tuple(models), self.gates, self.prices)

    def _is_priced(self, model: Model | ImageGenerationModel, at: datetime) -> bool:
        a_token = self.prices.current.cost_of_tokens(
            provider=model.system,
            provider_url=model.base_url or "",
            model=model.model_name,
            input_tokens=1,
            output_tokens=1,
            at=at,
        )
        return a_token is not None

    def _names(self, feature: Feature) -> list[str]:
        names = self.settings.chain(feature)
        with _usable(feature):
            for name in names:
                if name != SANDBOX:
                    check_name(name)
        return names


@contextmanager
def _usable(feature: Feature) -> Generator[None]:
    """Raise what is wrong with a model's name, its key or its provider's package as an error of the settings."""
    try:
        yield
    except (UserError, ValueError, OpenAIError, ImportError) as error:
        raise ConfigurationError(f"model of {feature}: {error}") from error
