"""The models of each feature, as the settings name them."""

from dataclasses import dataclass

from openai import OpenAIError
from pydantic_ai.exceptions import UserError
from pydantic_ai.images import ImageGenerationModel
from pydantic_ai.models import Model

from agents.chain import Chain
from agents.gates import Gates
from agents.price_sources import Prices
from agents.providers import Providers
from ai_service.errors import ConfigurationError
from ai_service.settings import Settings
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
        try:
            models = [await self.providers.text_model(name) for name in self.settings.chain(feature)]
        except (UserError, ValueError, OpenAIError) as error:
            raise ConfigurationError(f"model of {feature}: {error}") from error
        return Chain(tuple(models), self.gates, self.prices)

    def image(self) -> Chain[ImageGenerationModel]:
        """Return the image model and its fallbacks. Raises ConfigurationError where one cannot be used."""
        try:
            models = [self.providers.image_model(name) for name in self.settings.chain(Feature.IMAGE)]
        except (UserError, ValueError, OpenAIError) as error:
            raise ConfigurationError(f"model of {Feature.IMAGE}: {error}") from error
        return Chain(tuple(models), self.gates, self.prices)
